// Logs: silent unless asked, a line of JSON for each event, and nothing in it that could harm who reads it.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createClient } from "paysign";
import { createLog } from "paysign/logs";
import { account, delivery, failure, tokenFetch } from "./client-support.mjs";
import { alarmBody, setUp } from "./support/receiver.mjs";

function logged(options = {}) {
	const lines = [];
	const records = [];
	const write = (line, record) => {
		lines.push(line);
		records.push(record);
	};
	return { lines, records, log: createLog({ write, now: () => 1401159213.5, ...options }) };
}

test("each event of a receiver is one line of JSON", async () => {
	const { lines, log } = logged();
	const { send, receiver } = setUp({ onEvent: log.receiver, onAlarm: () => {} });
	await send(alarmBody("x"));
	await send("<html></html>");
	await receiver.idle();
	const [stored, refused, handled] = ["stored", "refused", "handled"].map((type) =>
		lines.map((line) => JSON.parse(line)).find(({ event }) => event === type),
	);
	assert.equal(lines.length, 3);
	assert.match(stored.dedupKey, /^[0-9a-f]{64}$/);
	assert.deepEqual(stored, {
		time: "2014-05-27T02:53:33.500Z",
		level: "info",
		component: "receiver",
		event: "stored",
		dedupKey: stored.dedupKey,
		receivedAt: 1401159213,
		stale: false,
		future: false,
	});
	assert.deepEqual(Object.keys(stored).slice(0, 4), ["time", "level", "component", "event"]);
	assert.deepEqual(
		[refused.level, refused.event, refused.code, refused.quarantined],
		["warn", "refused", "XML_ROOT", true],
	);
	assert.equal(handled.dedupKey, stored.dedupKey);
});

test("a client's events, without a token or a word of the delivery", async () => {
	const { lines, log } = logged();
	const { fetch } = tokenFetch(7200);
	const answering = async (url, init) =>
		url.includes("/pay/") ? Response.json({ errcode: 49004, errmsg: "no" }) : fetch(url, init);
	const client = createClient({ ...account, fetch: answering, onEvent: log.client });
	await failure(client.deliverNotify(delivery), "API_ERROR");
	assert.deepEqual(
		lines.map((line) => JSON.parse(line)).map(({ level, event, errcode }) => [level, event, errcode]),
		[
			["info", "tokenFetched", undefined],
			["warn", "callFailed", 49004],
		],
	);
	for (const secret of ["token-1", account.appSecret, account.appKey, delivery.transid]) {
		assert.equal(lines.join("").includes(secret), false);
	}
});

test("no text can end a line, move a cursor or hide, before or after the line is parsed", () => {
	const { lines, records, log } = logged();
	const unit = fc.oneof(
		fc.string({ unit: "binary" }),
		fc.constantFrom(
			"\n",
			"\r",
			"\u001b[2J",
			"\u0085",
			"\u009b",
			"\u2028",
			"\u202e",
			"\ufeff",
			"\ud800",
			"\0",
			'"}',
		),
	);
	fc.assert(
		fc.property(fc.array(unit), (parts) => {
			log.receiver({ type: "handlerFailed", dedupKey: "d", error: new Error(parts.join("")) });
			const shown = JSON.parse(lines.at(-1)).error;
			assert.doesNotMatch(lines.at(-1), /[\p{C}\p{Zl}\p{Zp}]/u);
			assert.doesNotMatch(shown, /[\p{C}\p{Zl}\p{Zp}]/u);
			assert.equal(shown, records.at(-1).error);
			assert.equal(shown.length <= 512, true);
		}),
	);
	log.receiver({ type: "handlerFailed", dedupKey: "d", error: new Error("two\nlines") });
	assert.equal(records.at(-1).error, "Error: two\\u{a}lines");
});

test("secrets are masked in whatever was thrown, also when they are broken up", () => {
	const { lines, log } = logged({ secrets: [account.appKey, account.appSecret] });
	const half = account.appSecret.slice(0, 9);
	for (const text of [
		`key=${account.appKey}`,
		`key=${account.appSecret}`,
		`${half}\n${account.appSecret.slice(9)}`,
		`${"x".repeat(500)}${account.appKey}`,
	]) {
		log.receiver({ type: "storeFailed", operation: "insert", error: new Error(text) });
		log.receiver({ type: "storeFailed", operation: "insert", error: text });
	}
	assert.equal(lines.length, 8);
	for (const line of lines) {
		assert.equal(line.includes(account.appSecret) || line.includes(half), false);
		assert.equal(line.includes(account.appKey.slice(0, 13)), false);
	}
});

test("whatever is thrown, and whatever the writer does, nothing comes back", async () => {
	const { lines, log } = logged();
	const noWords = {
		toString() {
			throw new Error("no");
		},
	};
	for (const error of [undefined, null, 5, Symbol("s"), Object.create(null), noWords, { toString: null }]) {
		log.receiver({ type: "verifyFailed", error });
	}
	assert.equal(lines.length, 7);
	const { log: broken } = logged({ write: () => Promise.reject(new Error("disk full")) });
	broken.receiver({ type: "verifyFailed", error: 1 });
	await new Promise((resolve) => setImmediate(resolve));
});

test("an event's member cannot take the place of the head", () => {
	const { records, log } = logged();
	log.receiver({ type: "handled", dedupKey: "d", level: "none", time: "never", component: "x", event: "y" });
	assert.deepEqual(records[0], {
		time: "2014-05-27T02:53:33.500Z",
		level: "info",
		component: "receiver",
		event: "handled",
		dedupKey: "d",
	});
});

test("leaves out what is less important, and wants a writer", () => {
	const { records, log } = logged({ least: "error" });
	log.receiver({ type: "handled", dedupKey: "d" });
	log.receiver({ type: "refused", code: "XML_ROOT", quarantined: true });
	log.receiver({ type: "keyLeakSuspected", code: "XML_ROOT" });
	assert.deepEqual(
		records.map(({ event }) => event),
		["keyLeakSuspected"],
	);
	for (const options of [{}, { write: () => {}, least: "debug" }]) {
		assert.throws(() => createLog(options), { code: "ARGUMENT_INVALID" });
	}
});
