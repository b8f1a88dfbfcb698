// The day of sqlite-canary.test.mjs: argv is the folder to work in and the secrets. It prints all that a careless program
// would print, and leaves a report of what happened in report.json.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import {
	createAlarmReceiver,
	createClient,
	explainSignature,
	signMessage,
	signTestAlarm,
	verifyAlarm,
	verifyPayNotify,
	WeChatPayError,
} from "paysign";
import { startSandbox } from "paysign/sandbox";
import { createSqliteStore } from "paysign/stores/sqlite";

const [folder, secrets] = process.argv.slice(2);
const { appKey, otherKey, appSecret, partnerKey } = JSON.parse(secrets);
const account = { appId: "wxf8b4f85f3a794e77", appSecret, appKey };
const codes = new Set();
const tokens = new Set();

function print(...values) {
	for (const value of values) {
		console.log(inspect(value, { depth: 10, showHidden: true }));
		console.error(typeof value === "object" ? JSON.stringify(value) : String(value));
		if (value instanceof Error) console.error(value.stack);
	}
}

async function attempt(work) {
	try {
		print(await work());
	} catch (error) {
		print(error);
		if (!(error instanceof WeChatPayError)) throw error;
		codes.add(error.code);
	}
}

// The network: every fault at both paths, and an answer that repeats what it was sent.
const sandbox = await startSandbox({ accounts: [account] });
const order = { transid: "1218614901201405273313473135", outTradeNo: "1", openid: "o1" };
sandbox.addOrder({ appId: account.appId, ...order, paidAt: Math.floor(Date.now() / 1000), goods: "virtual" });
const delivery = { ...order, deliverTimestamp: 1401159213, deliverStatus: 1, deliverMsg: "ok" };
const watched = async (url, init) => {
	const response = await sandbox.fetch(url, init);
	const text = new URL(url).pathname.includes("token")
		? await response
				.clone()
				.text()
				.catch(() => "")
		: "";
	const [, token] = /"access_token":"([^"]+)"/.exec(text) ?? [];
	if (token) tokens.add(token);
	return response;
};
const client = (more) => createClient({ ...account, fetch: watched, timeoutMs: 300, ...more });
await attempt(() => client().deliverNotify(delivery));
const faults = [
	"busy",
	"http500",
	"http502html",
	"html",
	"empty",
	"truncated",
	"notObject",
	"redirect",
	"slow",
	"reset",
];
for (const fault of [...faults, "gzipBomb", "expiredToken", "rateLimited"]) {
	for (const path of ["/cgi-bin/stable_token", "/pay/delivernotify"]) {
		sandbox.inject({ path, fault, times: 1 });
		await attempt(() => client().deliverNotify(delivery));
	}
}
await attempt(() => client({ appSecret: appSecret.replace("CANARY", "WRONG") }).accessToken());
await attempt(() => client().deliverNotify({ ...delivery, transid: "1" }));
await attempt(() => client().deliverNotify({ ...delivery, deliverMsg: `x${appKey}` }));
await attempt(() => client().deliverNotify({ ...delivery, openid: "a&b" }));
await attempt(() => client({ appSecret: `${appSecret}\n` }));
await attempt(() => client({ appKey: `${appKey} ` }));
const echo = (url, init) => {
	const errmsg = `invalid ${url} ${init.body ?? ""} ${appKey} ${encodeURIComponent(appSecret)}`;
	return new Response(JSON.stringify({ errcode: 40013, errmsg }));
};
await attempt(() => client({ fetch: echo }).accessToken());
await attempt(() =>
	client({ fetch: (url) => Promise.reject(new TypeError(`cannot reach ${url}`)) }).deliverNotify(delivery),
);
print(client(), sandbox.requests);

// The functions, with the key where it does not belong.
const keyed = { appid: account.appId, openid: "o1", timestamp: appKey };
print(explainSignature({ message: "feedback", fields: keyed, appKey, given: "x" }));
await attempt(() => signMessage("feedback", { ...keyed, appkey: appKey }, appKey).length);
await attempt(() => signMessage("feedback", keyed, appKey).length);
await attempt(() => verifyAlarm(`<xml>${appKey}</xml>`, account).appId);
const paid = { appId: account.appId, appKey, partner: "1", partnerKey };
await attempt(() => verifyPayNotify({ query: `partner=${partnerKey}`, body: "<xml></xml>" }, paid).dedupKey);

// The receiver, on a file that stays behind.
const store = createSqliteStore({ path: join(folder, "alarms.db") });
const receiver = createAlarmReceiver({
	accounts: { appId: account.appId, appKey: [appKey, otherKey] },
	store,
	onAlarm: (received) => print(received),
	onEvent: (event) => {
		print(event);
		if ("code" in event) codes.add(event.code);
	},
});
const genuine = signTestAlarm({ timeStamp: 1401159213, description: "late" }, account);
const bodies = [
	genuine,
	genuine,
	genuine.replace("1001", "0"),
	genuine.replace(account.appId, "wx0000000000000000"),
	genuine.replace("late", `late ${appKey}`),
	genuine.replace("late", `late ${otherKey}`),
	`{"appkey":"${appKey}"}`,
	"<html></html>",
];
for (const body of bodies) {
	const answer = await receiver(new Request("http://localhost/", { method: "POST", body }));
	print(answer.status, await answer.text(), [...answer.headers]);
}
await receiver.idle();
print(await receiver.reverify());
const rows = await store.list({ limit: 100 });
const refused = await store.listQuarantine({ limit: 100 });
print(rows, refused);
await store.close();
await attempt(() => store.list({ limit: 1 }));
await attempt(() => createSqliteStore({ path: join(folder, "missing", "alarms.db") }));
await sandbox.close();
await attempt(() => client().accessToken());

const report = {
	codes: [...codes].sort(),
	stored: rows.length,
	quarantined: refused.length,
	tokens: [...tokens],
};
writeFileSync(join(folder, "report.json"), JSON.stringify(report));
