// Many bodies: a result for each, whatever is wrong with one of them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { signTestAlarm, verifyAlarm, verifyAlarms, WeChatPayError } from "paysign";

const rows = JSON.parse(readFileSync(new URL("../vectors/alarm-bodies.json", import.meta.url), "utf8"));
const account = { appId: rows.appid, appKey: rows.appkey };
const bodies = rows.vectors.map(({ body_b64 }) => new Uint8Array(Buffer.from(body_b64, "base64")));

test("each body has the result that it has alone, in order", () => {
	const results = [...verifyAlarms(bodies, account)];
	assert.equal(results.length, bodies.length);
	for (const [index, result] of results.entries()) {
		assert.equal(result.index, index);
		if (rows.vectors[index].verdict === "ACCEPT") {
			assert.deepEqual(result, { index, alarm: verifyAlarm(bodies[index], account) });
		} else {
			assert(result.error instanceof WeChatPayError);
			assert.throws(() => verifyAlarm(bodies[index], account), { code: result.error.code });
		}
	}
});

test("progress comes after every thousand and at the end", () => {
	const body = signTestAlarm({ timeStamp: 1 }, account);
	const many = [...Array(2500).keys()].map((index) => (index % 10 === 0 ? "<html>" : body));
	const said = [];
	const batch = verifyAlarms(many, account, { onProgress: (progress) => said.push(progress) });
	let step = batch.next();
	while (!step.done) step = batch.next();
	assert.deepEqual(said, [
		{ done: 1000, verified: 900, refused: 100, total: 2500 },
		{ done: 2000, verified: 1800, refused: 200, total: 2500 },
		{ done: 2500, verified: 2250, refused: 250, total: 2500 },
	]);
	assert.deepEqual(step.value, said.at(-1));
	const none = [];
	const nothing = [...verifyAlarms(new Set(), account, { onProgress: (progress) => none.push(progress) })];
	assert.deepEqual([nothing, none], [[], [{ done: 0, verified: 0, refused: 0, total: undefined }]]);
});

test("bodies are read one at a time, and what is not about a body ends the batch", () => {
	let read = 0;
	function* source() {
		for (;;) {
			read += 1;
			yield "<html>";
		}
	}
	for (const { index } of verifyAlarms(source(), account)) if (index === 4) break;
	assert.equal(read, 5);
	const lookUp = () => {
		throw new RangeError("no such account");
	};
	assert.throws(() => [...verifyAlarms(["<xml>"], { ...account, appKey: lookUp })], RangeError);
	const [result] = verifyAlarms(["<xml>"], { ...account, appKey: "short" });
	assert.equal(result.error.code, "ARGUMENT_INVALID");
});
