// `paysign serve`, `alarms`, `notifications` and `outbox`, over a SQLite file and over a real Postgres server.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createClient, createDeliveryOutbox, signTestAlarm } from "paysign";
import { createSqliteStore } from "paysign/stores/sqlite";
import { account, env, file, folder, paysign, started } from "./support/cli.mjs";
import { progressOf, rowOf, shippingOf } from "./support/deliveries.mjs";
import { startPostgres } from "./support/postgres.mjs";
import {
	keys,
	notificationAccount,
	notificationRequest,
	pushAccount,
	pushRequest,
} from "./support/receivers.mjs";
import { notificationOf, refusedNotificationOf } from "./support/store.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

const alarm = (fields, of = account) => signTestAlarm({ timeStamp: 1393860740, ...fields }, of);
const post = async (url, body) => {
	const response = await fetch(url, { method: "POST", body });
	return `${response.status} ${await response.text()}`;
};

test("serve: listens, answers, logs lines of JSON, is scraped, and ends well; alarms shows what it kept", async () => {
	const db = ["--db", "alarms.db"];
	const path = ["--path", "/wxpay/alarm"];
	const server = started(["serve", "--port", "0", "--operations-port", "0", ...path, ...db, "--json"]);
	const { event, url, operationsUrl, store } = JSON.parse(await server.line());
	assert.deepEqual([event, store, new URL(url).pathname], ["listening", "sqlite", "/wxpay/alarm"]);
	assert.equal(await post(url, alarm({ description: "发货超时" })), "200 success");
	const { component, event: what, level } = JSON.parse(await server.line());
	assert.deepEqual([component, what, level], ["receiver", "stored", "info"]);
	assert.equal(
		await post(url, alarm({ description: "发货超时" }, { ...account, appKey: "N".repeat(128) })),
		"401 fail",
	);
	assert.equal(JSON.parse(await server.line()).code, "SIGNATURE_MISMATCH");
	assert.equal(await post(new URL("/", url), "x"), "404 fail");
	assert.match(
		await (await fetch(`${operationsUrl}/metrics`)).text(),
		/paysign_alarms_stored_total\{age="stale"\} 1\n/,
	);
	assert.equal((await fetch(`${operationsUrl}/healthz`)).status, 200);

	// While it is in use.
	const en = paysign(["alarms", "list", ...db]);
	assert.match(
		en.stdout,
		/^number {2}received .*content\n1 +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}- +1001 {2}发货超时 +transaction_id=test\n$/,
	);
	const [head, row] = paysign(["alarms", "list", "--unhandled", "--lang", "zh", ...db]).stdout.split("\n");
	assert.equal(columnsBefore(head, "内容"), columnsBefore(row, "transaction_id"));
	const line = paysign(["alarms", "list", "--json", ...db]).json();
	assert.deepEqual(Object.keys(line).sort(), ["alarm", "handledAt", "receivedAt", "sequence"]);
	assert.match(paysign(["alarms", "show", "1", ...db]).stdout, /\ndedupKey {6}[0-9a-f]{64}\n/);
	assert.equal(paysign(["alarms", "show", "1", "--json", ...db]).json().alarm.description, "发货超时");
	const refused = paysign(["alarms", "list", "--quarantine", "--json", ...db]).json();
	assert.deepEqual([refused.sequence, refused.code, refused.truncated], [1, "SIGNATURE_MISMATCH", false]);
	assert.match(paysign(["alarms", "show", "1", "--quarantine", ...db]).stdout, /\n\n<xml>\n {4}<AppId>/);
	assert.equal(paysign(["alarms", "show", "2", ...db]).status, 1);

	const still = paysign(["alarms", "reverify", "--json", ...db]).json();
	assert.deepEqual(still, { inserted: 0, duplicates: 0, refused: 1, truncated: 0 });
	const accounts = file(
		"accounts.json",
		JSON.stringify([{ appId: account.appId, appKey: [account.appKey, "N".repeat(128)] }]),
	);
	const now = paysign(["alarms", "reverify", "--accounts", accounts, ...db], { env: {} });
	assert.match(now.stdout, /^0 verified and stored, 1 known already, 0 still refused/);
	assert.equal(await server.end("SIGTERM"), 0);
});

/** How many columns stand before a text: Chinese takes two each. */
function columnsBefore(line, text) {
	const before = [...line.slice(0, line.indexOf(text))];
	return before.length + before.filter((character) => /[\u2E80-\uFFEF]/.test(character)).length;
}

test("serve for people: colours when they are forced; a port that is taken, a file that is none", async () => {
	const server = started(["serve", "--port", "0", "--db", "people.db", "--lang", "zh"], {
		env: { ...env, FORCE_COLOR: "1" },
	});
	const [bold, url] = (await server.line()).split(" ");
	assert.equal(bold, "\u001B[1m正在");
	assert.equal(await post(url, "<html/>"), "401 fail");
	const line = await server.line();
	assert.equal(line.slice(8), "  \u001B[33mrefused     \u001B[0m  code=XML_TAG quarantined=true");
	const taken = paysign(["serve", "--port", new URL(url).port, "--db", "people.db"]);
	assert.deepEqual([taken.status, taken.stdout], [1, ""]);
	assert.match(taken.stderr, /EADDRINUSE/);
	assert.equal(await server.end("SIGINT"), 0);
	const none = paysign([
		"alarms",
		"list",
		"--db",
		file("text.db", "no database, whatever it is called".repeat(99)),
	]);
	assert.equal(none.status, 1);
	assert.match(none.stderr, /^paysign: /);
});

const now = () => Math.floor(Date.now() / 1000);
const callbacks = [
	{
		kind: "push",
		args: [],
		env: {
			PAYSIGN_APP_ID: pushAccount.appId,
			PAYSIGN_PUSH_TOKEN: pushAccount.token,
			PAYSIGN_ENCODING_AES_KEY: pushAccount.encodingAesKey,
		},
		newer: { PAYSIGN_ENCODING_AES_KEY: "N".repeat(43) },
		request: (text, { PAYSIGN_ENCODING_AES_KEY: encodingAesKey }) =>
			pushRequest(text, { sentAt: now(), account: { ...pushAccount, encodingAesKey } }),
		content: '{"MsgType":"event","Event":"trade_manage_remind_shipping","transaction_id":"7"}',
		success: "success",
		accounts: (env) => [
			{
				appId: env.PAYSIGN_APP_ID,
				token: env.PAYSIGN_PUSH_TOKEN,
				encodingAesKey: [pushAccount.encodingAesKey, env.PAYSIGN_ENCODING_AES_KEY],
			},
		],
	},
	{
		kind: "apiv3",
		args: ["--public-keys", file("wechatpay.pem", keys.platform.certificate)],
		env: { PAYSIGN_API_V3_KEY: keys.apiV3Key, PAYSIGN_PARTNER: "1900000001" },
		newer: { PAYSIGN_API_V3_KEY: "N".repeat(32) },
		request: (text, { PAYSIGN_API_V3_KEY: apiV3Key }) =>
			notificationRequest(text, { sentAt: now(), apiV3Key, id: `EV-${text.length}` }),
		content: '{"sub_mchid":"1900000109","record_id":"7"}',
		success: '{"code":"SUCCESS"}',
		accounts: (env) => [
			{
				mchId: env.PAYSIGN_PARTNER,
				apiV3Key: [keys.apiV3Key, env.PAYSIGN_API_V3_KEY],
				publicKeys: notificationAccount.publicKeys,
			},
		],
	},
];

for (const { kind, args, env: keysOfIt, newer, request, content, success, accounts } of callbacks) {
	test(`serve --message ${kind}: kept, shown, and verified again with a new key`, async () => {
		const db = ["--db", `${kind}.db`];
		const options = { env: keysOfIt };
		const server = started(
			["serve", "--message", kind, "--port", "0", "--operations-port", "0", "--json", ...args, ...db],
			options,
		);
		const { url, operationsUrl } = JSON.parse(await server.line());
		const send = async (text, of) => {
			const { query, headers, body } = await request(text, of);
			const response = await fetch(`${url}?${query}`, { method: "POST", headers, body });
			return `${response.status} ${await response.text()}`;
		};
		assert.equal(await send(content, keysOfIt), `200 ${success}`);
		const stored = JSON.parse(await server.line());
		assert.deepEqual([stored.component, stored.event, stored.stale], [kind, "stored", false]);
		assert.match(await send(`${content} `, { ...keysOfIt, ...newer }), /^401 /);
		assert.equal(JSON.parse(await server.line()).event, "refused");
		const metrics = await (await fetch(`${operationsUrl}/metrics`)).text();
		assert.match(
			metrics,
			new RegExp(`paysign_notifications_stored_total\\{source="${kind}",age="fresh"\\} 1\n`),
		);

		const [row] = paysign(["notifications", "list", "--json", ...db]).stdout.split("\n");
		const { source, content: kept } = JSON.parse(row);
		// Of a notification what is around it is kept, too.
		assert.deepEqual([source, kept.replaceAll("\\", "").includes(content)], [kind, true]);
		const reverify = ["notifications", "reverify", "--source", kind, ...args, ...db];
		assert.match(
			paysign(reverify, options).stdout,
			/^0 verified and stored, 0 known already, 1 still refused/,
		);
		const listed = file(`${kind}-accounts.json`, JSON.stringify(accounts({ ...keysOfIt, ...newer })));
		const again = paysign([...reverify, "--accounts", listed, "--json"], { env: {} });
		assert.deepEqual(again.json(), { inserted: 1, duplicates: 0, refused: 0, truncated: 0 });
		assert.equal(await server.end("SIGTERM"), 0);

		const bad = file("bad-accounts.json", JSON.stringify([{ appId: "wx1", appKey: "NNNN" }]));
		for (const lang of ["en", "zh"]) {
			const refused = paysign([...reverify, "--accounts", bad, "--lang", lang], { env: {} });
			assert.equal(refused.status, 3);
			assert.match(refused.stderr, /--accounts .*\[\{"(appId|mchId)":/);
			assert(!refused.stderr.includes("NNNN"));
		}
		const nobody = paysign(["notifications", "reverify", ...db], options);
		assert.deepEqual([nobody.status, nobody.stdout], [3, ""]);
		assert.match(nobody.stderr, /--source push or --source apiv3/);
	});
}

test("outbox: what is waiting, and made due", async () => {
	const store = createSqliteStore({ path: join(folder, "outbox.db") });
	const outbox = createDeliveryOutbox({ client: createClient(account), store });
	const paidAt = Math.floor(Date.now() / 1000);
	const delivery = {
		openid: "o",
		transid: "7",
		outTradeNo: "8",
		deliverTimestamp: paidAt,
		deliverStatus: 1,
		deliverMsg: "",
	};
	for (const transid of ["7", "8"])
		await outbox.enqueue({ ...delivery, transid }, { paidAt, goods: "virtual" });
	const [, second] = await store.deliveries.list({ limit: 2 });
	await store.close();
	const db = ["--db", "outbox.db"];
	const listed = paysign(["outbox", "list", "--json", "--limit", "1", ...db]);
	assert.deepEqual([listed.json().sequence, listed.json().state], [1, "waiting"]);
	assert.match(listed.stderr, /--after 1\./);
	assert.match(paysign(["outbox", "list", "--after", "1", ...db]).stdout, /\n2 +waiting .* 8 +8\n$/);
	assert.equal(
		paysign(["outbox", "list", "--state", "expired", "--lang", "zh", ...db]).stdout,
		"没有记录。\n",
	);
	const retried = paysign(["outbox", "retry", "2", "3", "--json", ...db]);
	assert.equal(retried.status, 1);
	assert.equal(retried.stdout, '{"sequence":2,"due":true}\n{"sequence":3,"due":false}\n');
	const after = createSqliteStore({ path: join(folder, "outbox.db") });
	assert((await after.deliveries.list({ limit: 2 }))[1].attemptAt >= second.attemptAt);
	await after.close();
});

test("outbox --shipments: shipping notices, by either name of their order, with numbers of their own", async () => {
	const path = join(folder, "shipments.db");
	const store = createSqliteStore({ path });
	const named = { orderKey: { mchId: "1900000109", outTradeNo: "order\u001B[31m" } };
	await store.deliveries.enqueue(rowOf(1), progressOf());
	await store.shipments.enqueue(rowOf(1, { delivery: shippingOf(1) }), progressOf());
	const later = progressOf({ state: "needs-human", attemptAt: 4_000_000_000, lastErrcode: 48001 });
	await store.shipments.enqueue(rowOf(2, { delivery: shippingOf(2, named) }), later);
	await store.close();
	const list = ["outbox", "list", "--shipments", "--db", "shipments.db"];
	const { transactionId } = shippingOf(1).orderKey;
	const [head, first, second] = paysign(list).stdout.split("\n");
	assert.match(head, / transaction_id +mchid +out_trade_no +last error$/);
	assert.match(first, new RegExp(`^1 +waiting .* ${transactionId} +- +-$`));
	assert.match(second, /^2 +needs-human .* - +1900000109 +order⟨U\+001B⟩\[31m +48001$/);
	assert.deepEqual(paysign([...list, "--json", "--limit", "1"]).json().delivery, shippingOf(1));
	const chosen = paysign([...list, "--state", "needs-human", "--lang", "zh"])
		.stdout.trimEnd()
		.split("\n");
	assert.deepEqual([chosen.length, chosen[1].split(" ")[0]], [2, "2"]);
	assert.equal(
		paysign(["outbox", "retry", "2", "--db", "shipments.db"]).status,
		1,
		"of deliveries there is one",
	);
	const retried = paysign(["outbox", "retry", "2", "--shipments", "--db", "shipments.db"]);
	assert.equal(retried.status, 0);
	const after = createSqliteStore({ path });
	const [, row] = await after.shipments.list({ limit: 2 });
	assert.equal(row.state, "waiting");
	assert.equal(row.attemptAt < 4_000_000_000, true);
	await after.close();
});

test("notifications: what receivers of pushes and of APIv3 have kept, and refused", async () => {
	const store = createSqliteStore({ path: join(folder, "notifications.db") });
	const { notifications } = store;
	await notifications.insert(notificationOf("<xml>\n\u001B[31m", { isProtected: false }), 1_393_860_750);
	const callback = { source: "apiv3", account: "1900000109", type: "VIOLATION.\u001B" };
	await notifications.insert(notificationOf('{"id":"1"}', callback), 1_393_860_760);
	await notifications.markHandled(notificationOf('{"id":"1"}').dedupKey, 1_393_860_770);
	await notifications.quarantine(refusedNotificationOf("<html>\u0007", { truncated: true }), 9);
	await notifications.quarantine(refusedNotificationOf("{", { source: "apiv3" }), 9);
	await store.close();
	const run = (...args) => paysign(["notifications", ...args, "--db", "notifications.db"]);
	const listed = run("list").stdout.split("\n");
	assert.match(listed[0], /^number +received +handled +source +account +protected +type$/);
	assert.match(listed[1], /Z +- +push +wxf8b4f85f3a794e77 +no +trade_manage_remind_shipping$/);
	assert.match(listed[2], /14-03-03 15:32:50Z +apiv3 +1900000109 +yes +VIOLATION\.⟨U\+001B⟩$/);
	const one = run("list", "--source", "apiv3", "--json").json();
	assert.deepEqual([one.sequence, one.content, one.sentAt], [2, '{"id":"1"}', 1_393_860_740]);
	assert.equal(run("list", "--unhandled", "--json").json().source, "push");
	assert.match(run("list", "--limit", "1").stderr, /--after 1\./);
	assert.match(run("list", "--lang", "zh").stdout, / push +wx\w+ +否 /);
	assert.match(
		run("show", "1").stdout,
		/\nisProtected +false\ndedupKey +[0-9a-f]{64}\n\n<xml>\n⟨U\+001B⟩\[31m\n$/,
	);
	assert.equal(run("show", "1", "--json").json().content, "<xml>\n\u001B[31m");
	for (const [number, source] of [
		["3", "push"],
		["1", "apiv3"],
	]) {
		assert.equal(run("show", number, "--source", source).status, 1);
	}
	const refused = run("list", "--quarantine", "--source", "push", "--json").json();
	assert.deepEqual([refused.code, refused.bytes, "body" in refused], ["XML_ROOT", 7, false]);
	assert.match(run("list", "--quarantine").stdout, /\n1 .* push +XML_ROOT +>7 .*\n2 .* apiv3 +XML_ROOT +1 /);
	assert.match(
		run("show", "1", "--quarantine").stdout,
		/\ncontext +context of <html>⟨U\+0007⟩\n\n<html>⟨U\+0007⟩\n… longer/,
	);
	assert.equal(run("show", "2", "--quarantine", "--json").json().body, "{");
});

test("a wrong call: 3, and what to do", () => {
	const rows = [
		[["alarms", "list", "--db", "absent.db"], env, /SQLite file is not there/],
		[["alarms", "list", "--limit", "0", "--db", "alarms.db"], env, /at least 1/],
		[["alarms", "list", "--limit", "x", "--db", "alarms.db"], env, /whole number/],
		[["alarms"], env, /list, show NUMBER, reverify/],
		[["alarms", "show"], env, /by its number/],
		[["notifications"], env, /list, show NUMBER/],
		[["notifications", "show", "x"], env, /by its number/],
		[["notifications", "list", "--source", "alarm"], env, /--source with one of: push, apiv3/],
		[["outbox", "retry"], env, /by its number/],
		[["outbox", "list", "--state", "lost"], env, /--state with one of: waiting/],
		[["serve", "--db", "a", "--postgres", "postgres:"], env, /not both/],
		[["serve", "--postgres", "postgres://u:pw@h/d"], env, /password does not belong.*--postgres/],
		[["serve", "--postgres", "postgres://h/d?password=pw"], env, /password does not belong.*--postgres/],
		[["serve", "--postgres", "mysql:"], env, /--postgres wants/],
		[["serve", "--postgres", "postgres:"], env, /npm install pg/],
		[["serve", "--db", "x.db"], {}, /Set PAYSIGN_APP_ID/],
		[["serve", "--accounts", file("bad.json", "{}")], {}, /JSON array of accounts/],
	];
	for (const [args, given, sentence] of rows) {
		const { status, stdout, stderr } = paysign(args, { env: given });
		assert.deepEqual([status, stdout], [3, ""], args.join(" "));
		assert.match(stderr, sentence);
		assert(!stderr.includes("u:pw"), "a password is repeated");
	}
});

test("over Postgres, named by DATABASE_URL alone", async () => {
	const postgres = await startPostgres();
	try {
		const { host, user, database } = postgres.connection;
		const url = `postgres://${user}@/${database}?host=${encodeURIComponent(host)}`;
		const given = { env: { ...env, DATABASE_URL: url }, cwd: root };
		const server = started(
			["serve", "--port", "0", "--postgres", "postgres:", "--schema", "shop", "--json"],
			given,
		);
		const { store, url: alarmUrl } = JSON.parse(await server.line());
		assert.equal(store, "postgres");
		assert.equal(await post(alarmUrl, alarm({})), "200 success");
		assert.equal(await server.end(), 0);
		const listed = paysign(
			["alarms", "list", "--postgres", "postgres:", "--schema", "shop", "--json"],
			given,
		);
		assert.equal(listed.json().alarm.errorType, "1001");
	} finally {
		await postgres.remove();
	}
});
