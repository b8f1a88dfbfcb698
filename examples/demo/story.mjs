// The life of a delivery and of an alarm, against a local double of WeChat: `cargo xtask demo`, or with Node.js 24
// `node examples/demo/story.mjs [--serve]`. Everything runs on this machine, and every outcome is checked.

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	createAlarmReceiver,
	createClient,
	deliveryDeadline,
	explainSignature,
	signTestAlarm,
} from "paysign";
import { serveAlarms } from "paysign/node";
import { startSandbox } from "paysign/sandbox";
import { createSqliteStore } from "paysign/stores/sqlite";
import { date, expect, tell, until, withEndings } from "./stage.mjs";
import { bad, bold, dim, good, quote, say, section, table, wrapped } from "./terminal.mjs";

// The AppId and the key of WeChat's own documentation, published with it.
const account = {
	appId: "wxf8b4f85f3a794e77",
	appSecret: "e76050733ce76050733ce76050733cdd",
	appKey:
		"2Wozy2aksie1puXUBpWD8oZxiD1DfQuEaiC7KcRATv1Ino3mdopKaPGQQ7TtkNySuAmCaDCrw4xhPY5qKTBl7Fzm" +
		"0RgR3c0WaVYIXZARsxzHV2x7iwPPzOz94dnwPWSn",
};
const openid = "o0pk9uIVnlY-fJkzFKEbQ6LJ4cFc";
const hours = 3_600;

// Time is an argument everywhere, so the story is the same each time it is told.
let clock = 1_401_159_213;
const now = () => clock;

await tell(() =>
	withServers(async (cast) => {
		await tellStory(cast);
		if (process.argv.includes("--serve")) await keepServing(cast);
	}),
);

/** Starts the receiver, its SQLite file and WeChat's double, and ends them whatever happens. */
async function withServers(play) {
	await withEndings(async (atTheEnd) => {
		const folder = mkdtempSync(join(tmpdir(), "paysign-demo-"));
		atTheEnd(() => rmSync(folder, { recursive: true, force: true }));
		const path = join(folder, "alarms.sqlite");
		const store = createSqliteStore({ path });
		atTheEnd(() => store.close());
		const events = [];
		const handled = [];
		const receiver = createAlarmReceiver({
			accounts: account,
			store,
			now,
			onAlarm: ({ alarm }) => handled.push(alarm.alarmContent),
			onEvent: (event) => events.push(event.type === "refused" ? `refused: ${event.code}` : event.type),
		});
		const server = await serveAlarms(receiver, { port: 0, path: "/wxpay/alarm" });
		atTheEnd(() => server.close());
		const accounts = [{ ...account, alarmUrl: server.url }];
		const sandbox = await startSandbox({ accounts, now, random: () => 0.5 });
		atTheEnd(() => sandbox.close());
		await play({ folder, path, receiver, server, sandbox, events, handled });
	});
}

async function tellStory({ path, receiver, server, sandbox, events, handled }) {
	const post = postTo(server.url, receiver);
	console.log(bold("A delivery, and an alarm about a late one"));
	console.log(dim(`WeChat is a double on this machine; the clock starts at ${date(clock)}.`));

	section("The client fetches an access token");
	const client = createClient({ ...account, fetch: sandbox.fetch, now, random: () => 0.5 });
	const token = await client.accessToken();
	expect(await client.accessToken(), token, "The second call must give the same token.");
	expect(sandbox.requests.length, 1, "Two calls must be one request.");
	say(
		`POST /cgi-bin/stable_token  ${good("ok")}  access_token «${token.length} characters», asked for twice, fetched once`,
	);

	section("A delivery is signed and reported in time");
	const inTime = { openid, transid: "1218614901201405273313473135", outTradeNo: "JfuKdiBig4zZnE4n" };
	sandbox.addOrder({ appId: account.appId, ...inTime, paidAt: clock - hours, goods: "virtual" });
	const { errcode, errmsg } = await client.deliverNotify(delivery(inTime));
	const sent = JSON.parse(sandbox.requests.at(-1).body);
	const { app_signature: signature, sign_method: _, ...fields } = sent;
	const { canonicalText, verdict } = explainSignature({
		message: "deliverNotify",
		fields,
		appKey: account.appKey,
		given: signature,
	});
	expect(verdict, "match", "The signature that was sent must be that of the fields that were sent.");
	expect(sandbox.requests.at(-1).keyLeak, false, "The key must not be in the message.");
	say("The text that is hashed, the key masked:");
	quote(wrapped(canonicalText));
	say(`SHA-1  ${signature}`);
	expect(
		JSON.stringify({ errcode, errmsg }),
		'{"errcode":0,"errmsg":"ok"}',
		"WeChat must take the delivery.",
	);
	say(`POST /pay/delivernotify  ${good(JSON.stringify({ errcode, errmsg }))}`);

	section("Another one is forgotten");
	const late = { openid, transid: "1218614901201405273313473136", outTradeNo: "JfuKdiBig4zZnE4o" };
	sandbox.addOrder({ appId: account.appId, ...late, paidAt: clock, goods: "virtual" });
	const deadline = deliveryDeadline(clock, "virtual");
	expect(await sandbox.checkDeadlines(), [], "Before the deadline there is no alarm.");
	say(`paid ${date(clock)}, virtual goods, due ${date(deadline)}: no alarm yet`);
	clock = deadline + 60;
	say(`the clock jumps to ${date(clock)}`);

	section("WeChat sends an alarm, and the receiver keeps it before it answers");
	const [alarm, ...others] = await sandbox.checkDeadlines();
	await receiver.idle();
	expect(others, [], "There must be one alarm.");
	expect([alarm.httpStatus, alarm.answer], [200, "success"], "The alarm must be acknowledged.");
	expect(events, ["stored", "handled"], "It must be stored, then handled.");
	expect(handled, [`transaction_id=${late.transid}`], "The handler must be told of the forgotten order.");
	quote(alarm.body);
	say(`verified, committed, answered ${good("200 success")}; then the handler was told of`, handled[0]);

	section("The same alarm comes again");
	expect(await post(alarm.body), "200 success", "A repetition must be acknowledged too.");
	expect([events.at(-1), handled.length], ["duplicate", 1], "A repetition must not be handled again.");
	say(`${good("200 success")}  a duplicate: nothing is stored, the handler is not called`);

	section("Forgeries are refused, and kept as evidence");
	const changed = alarm.body.replace("<ErrorType>1001<", "<ErrorType>0<");
	expect(await post(changed), "401 fail", "A changed value must be refused.");
	say(`${"ErrorType changed from 1001 to 0".padEnd(42)}  ${bad("401 fail")}  ${events.at(-1)}`);
	// For whoever lower-cases names and lets the last of two equal ones win, nothing has changed.
	const smuggled = changed.replace("    <TimeStamp>", "    <errortype>1001</errortype>\n    <TimeStamp>");
	expect(lenientVerifier(changed), false, "The comparison must know a wrong signature.");
	expect(lenientVerifier(smuggled), true, "The smuggled field must fool a lenient verifier.");
	expect(await post(smuggled), "401 fail", "A smuggled field must be refused.");
	say(`${"the same, with <errortype>1001</errortype>".padEnd(42)}  ${bad("401 fail")}  ${events.at(-1)}`);
	say(dim("A verifier that lower-cases the names first believes the second one: its signature is right."));
	const expected = ["refused: SIGNATURE_MISMATCH", "refused: FIELD_UNKNOWN"];
	expect(events.slice(-2), expected, "Each must be refused for its own reason.");

	section("What the SQLite file says");
	const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
	const file = new DatabaseSync(path, { readOnly: true });
	const alarms = file.prepare("SELECT * FROM alarms").all();
	const refused = file.prepare("SELECT * FROM quarantine").all();
	file.close();
	expect([alarms.length, refused.length], [1, 2], "One alarm and two refused bodies must be in the file.");
	table(
		["alarms", "error_type", "description", "alarm_content", "handled_at"],
		alarms.map((row) => [row.sequence, row.error_type, row.description, row.alarm_content, row.handled_at]),
	);
	console.log();
	table(
		["quarantine", "code", "bytes", "sha-256"],
		refused.map((row) => [row.sequence, row.code, row.body.length, `${row.digest.slice(0, 16)}…`]),
	);
	console.log(dim("\nEvery outcome above was checked."));
}

/** Keeps both servers until Ctrl-C, with an alarm to post by hand. */
async function keepServing({ folder, path, server, sandbox }) {
	const body = join(folder, "alarm.xml");
	writeFileSync(body, signTestAlarm({ timeStamp: clock, description: "sent by hand" }, account));
	section("Both servers keep running; Ctrl-C ends them");
	say(`the receiver     ${server.url}`, `the double       ${sandbox.url}`, `the SQLite file  ${path}`);
	console.log();
	say(`curl -i --data-binary @${body} ${server.url}`);
	await until("SIGINT", "SIGTERM");
	console.log();
}

function delivery(order) {
	return { ...order, deliverTimestamp: clock, deliverStatus: 1, deliverMsg: "ok" };
}

/** Posts a body to the receiver, as anyone on the internet can, and waits until it is at rest. */
function postTo(url, receiver) {
	return async (body) => {
		const response = await fetch(url, { method: "POST", body });
		const answer = `${response.status} ${await response.text()}`;
		await receiver.idle();
		return answer;
	};
}

/** How many handlers verify: a pattern for the fields, names lower-cased, the last of two equal ones wins. */
function lenientVerifier(body) {
	const fields = { appkey: account.appKey };
	for (const [, name, cdata, text] of body.matchAll(/<(\w+)>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))<\/\1>/g)) {
		fields[name.toLowerCase()] = cdata ?? text;
	}
	const { appsignature, signmethod: _, ...signed } = fields;
	const names = Object.keys(signed).sort();
	const text = names.map((name) => `${name}=${signed[name]}`).join("&");
	return createHash("sha1").update(text).digest("hex") === appsignature;
}
