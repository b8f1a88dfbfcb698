// The quick way into the module and the ordinary one say the same of every input, and the quick one is taken.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { signDeliveryThere, verifyAlarmThere } from "#modules/crossing.js";
import { buildDeliverNotify, verifyAlarm } from "#modules/index.js";
import { untrapped } from "#modules/trap.js";
import * as core from "#modules/wasm/core.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8"));

function outcome(call) {
	try {
		return call();
	} catch (error) {
		return { code: error.code, message: error.message, details: error.details };
	}
}

test("a body is verified there exactly when the ordinary function verifies it", () => {
	for (const name of ["alarm-bodies.json", "alarm-bodies-more.json"]) {
		const { appid, appkey, vectors } = read(name);
		for (const { body_b64, name } of vectors) {
			const body = new Uint8Array(Buffer.from(body_b64, "base64"));
			const ordinary = outcome(() => core.verifyAlarm(body, appid, [appkey]));
			const quick = verifyAlarmThere(body, appid, appkey);
			assert.deepEqual(quick ?? ordinary, ordinary, name);
			assert.equal(quick === undefined, ordinary.code !== undefined, name);
			for (const key of [Buffer.from(appkey), appkey]) {
				assert.deepEqual(
					outcome(() => verifyAlarm(body, { appId: appid, appKey: key })),
					ordinary,
					name,
				);
			}
		}
	}
});

const appKey = "k".repeat(128);
const delivery = {
	openid: "oX99MDgNcgwnz3zFN3DNmo8uwa-w",
	transid: "111112222233333",
	outTradeNo: "555666uuu",
	deliverTimestamp: 1369745073,
	deliverStatus: 1,
	deliverMsg: "发货成功 é",
};

test("a delivery is signed there as the ordinary function signs it", () => {
	const appId = "wxf8b4f85f3a794e77";
	const { openid, transid, outTradeNo, deliverMsg } = delivery;
	const values = [appId, openid, transid, outTradeNo, "1369745073", "1", deliverMsg];
	const ordinary = core.buildDeliverNotify(delivery, appId, [appKey]);
	assert.equal(signDeliveryThere(values, appKey), ordinary.app_signature);
	const changes = [
		{},
		...[
			"",
			"a\0b",
			"\0",
			"😀",
			"\ud83d",
			1,
			-1,
			1.5,
			null,
			undefined,
			{},
			appKey,
			"x".repeat(70_000),
		].flatMap((value) => Object.keys(delivery).map((name) => ({ [name]: value }))),
	];
	for (const change of changes) {
		const changed = { ...delivery, ...change };
		assert.deepEqual(
			outcome(() => buildDeliverNotify(changed, { appId, appKey })),
			outcome(() => core.buildDeliverNotify(changed, appId, [appKey])),
			JSON.stringify(change).slice(0, 50),
		);
	}
	for (const value of [undefined, null, 1, []]) {
		assert.deepEqual(
			outcome(() => buildDeliverNotify(value, { appId, appKey })),
			outcome(() => core.buildDeliverNotify(value, appId, [appKey])),
		);
	}
});

const genuine = (name) => {
	const { appid, appkey, vectors } = read(name);
	const { body_b64 } = vectors.find(({ verdict }) => verdict === "ACCEPT");
	return { appid, appkey, body: new Uint8Array(Buffer.from(body_b64, "base64")) };
};
const inMemory = (text) => Buffer.from(core.crossingMemory().buffer).includes(text);

test("after a trap both go through the buffer of the fresh instance", () => {
	const { appid, appkey, body } = genuine("alarm-bodies.json");
	const values = [appid, delivery.openid, delivery.transid, "n1", "1369745073", "1", "ok"];
	const before = [verifyAlarmThere(body, appid, appkey), signDeliveryThere(values, appkey)];
	assert.ok(before[0] !== undefined && before[1] !== undefined);
	// Lengths whose sum overflows: a panic, with a key read and the buffer in use.
	const trap = () => {
		const start = core.crossingBuffer();
		new Uint8Array(core.crossingMemory().buffer).fill(0x6b, start, start + 128);
		untrapped(() => core.crossAlarm(128, 0xffff_ffff, 0xffff_ffff));
	};
	for (const order of [
		[0, 1],
		[1, 0],
	]) {
		assert.throws(trap, WebAssembly.RuntimeError);
		for (const which of order) {
			const now = which === 0 ? verifyAlarmThere(body, appid, appkey) : signDeliveryThere(values, appkey);
			assert.deepEqual(now, before[which]);
		}
	}
});

test("no key stays in the memory, also when the call breaks off", () => {
	const { appid, appkey, body } = genuine("alarm-bodies.json");
	class Broken extends Uint8Array {
		get length() {
			throw new RangeError("broken off");
		}
	}
	const broken = new Broken(8);
	const begins = appkey.slice(0, 32);
	assert.throws(() => verifyAlarmThere(broken, appid, appkey), /broken off/);
	assert.ok(!inMemory(begins), "broken off");
	assert.equal(verifyAlarmThere("<xml>\ud83d", appid, appkey), undefined);
	assert.ok(!inMemory(begins), "not asked");
	assert.notEqual(verifyAlarmThere(body, appid, appkey), undefined);
	assert.ok(!inMemory(begins), "verified");
});
