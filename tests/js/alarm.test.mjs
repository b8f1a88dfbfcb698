// The alarm functions of the package: verdicts, credentials, bad arguments.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
	deliveryDeadline,
	parseAlarm,
	signMessage,
	signTestAlarm,
	verifyAlarm,
	WeChatPayError,
} from "paysign";

const read = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8"));
const given = read("alarm-bodies.json");
const made = read("alarm-bodies-more.json");
const account = { appId: "wxf8b4f85f3a794e77", appKey: "k".repeat(128) };
const fields = {
	timeStamp: 1393860740,
	errorType: 1001,
	description: "发货超时",
	alarmContent: "a&b=c ]]> 😀",
};
const body = signTestAlarm(fields, account);

const refusedWith =
	(code, details = {}) =>
	(error) => {
		assert(error instanceof WeChatPayError, String(error));
		assert.equal(error.code, code);
		for (const [name, value] of Object.entries(details)) assert.equal(error.details[name], value);
		return true;
	};

/** A body as bytes and, where that says the same, as text. */
function inputsOf({ body_b64 }) {
	const bytes = Buffer.from(body_b64, "base64");
	const text = bytes.toString("utf8");
	return Buffer.from(text, "utf8").equals(bytes) ? [new Uint8Array(bytes), text] : [new Uint8Array(bytes)];
}

test("every body gets its verdict, as bytes and as text", () => {
	assert.deepEqual([given.vectors.length, made.vectors.length], [69, 159]);
	assert.deepEqual([made.appid, made.appkey], [given.appid, given.appkey]);
	const credentials = { appId: given.appid, appKey: given.appkey };
	for (const row of [...given.vectors, ...made.vectors]) {
		for (const input of inputsOf(row)) {
			if (row.verdict !== "ACCEPT") {
				assert.throws(() => verifyAlarm(input, credentials), WeChatPayError, row.name);
				continue;
			}
			const { dedupKey, appSignature, ...fields } = verifyAlarm(input, credentials);
			// What comes back is the text that was signed, to the last character.
			assert.equal(signMessage("alarm", fields, given.appkey), appSignature.toLowerCase(), row.name);
		}
	}
});

test("a made body is refused with its code", () => {
	const credentials = { appId: made.appid, appKey: made.appkey };
	for (const row of made.vectors.filter(({ verdict }) => verdict !== "ACCEPT")) {
		for (const input of inputsOf(row)) {
			assert.throws(() => verifyAlarm(input, credentials), { code: row.verdict }, row.name);
		}
	}
});

test("a verified alarm holds what was signed, and nothing else", () => {
	const alarm = verifyAlarm(new TextEncoder().encode(body), account);
	const { dedupKey, appSignature, ...rest } = alarm;
	assert.deepEqual(rest, {
		appId: account.appId,
		errorType: "1001",
		description: "发货超时",
		alarmContent: "a&b=c ]]> 😀",
		timeStamp: "1393860740",
	});
	assert.match(dedupKey, /^[0-9a-f]{64}$/);
	assert.match(appSignature, /^[0-9a-f]{40}$/);
	const { verified, ...parsed } = parseAlarm(body);
	assert.equal(verified, false);
	assert.deepEqual(parsed, { ...rest, appSignature });
});

test("a test alarm has the shape of the official sample", () => {
	const lines = signTestAlarm({ timeStamp: 1393860740 }, account).split("\n");
	assert.equal(lines[0], "<xml>");
	assert.equal(lines[1], "    <AppId><![CDATA[wxf8b4f85f3a794e77]]></AppId>");
	assert.equal(lines[2], "    <ErrorType>1001</ErrorType>");
	assert.equal(lines[5], "    <TimeStamp>1393860740</TimeStamp>");
	assert.equal(lines[8], "</xml>");
});

test("keys: one, bytes, a list, a function of AppId", () => {
	const { appId, appKey } = account;
	const other = "z".repeat(128);
	const asked = [];
	const lookup = (id) => {
		asked.push(id);
		return [other, appKey];
	};
	for (const keys of [appKey, Buffer.from(appKey), [appKey], [other, appKey], lookup, () => appKey]) {
		assert.equal(verifyAlarm(body, { appId, appKey: keys }).appId, appId);
	}
	assert.deepEqual(asked, [appId]);
	assert.throws(() => verifyAlarm(body, { appId, appKey: [other] }), refusedWith("SIGNATURE_MISMATCH"));
	for (const keys of [
		undefined,
		null,
		"",
		"short",
		[],
		[""],
		{},
		5,
		() => undefined,
		[appKey, "line\n".repeat(10)],
	]) {
		assert.throws(
			() => verifyAlarm(body, { appId, appKey: keys }),
			refusedWith("ARGUMENT_INVALID"),
			String(keys),
		);
	}
});

test("several accounts behind one URL: the key is that of the alarm's account", () => {
	const second = { appId: "wx79c2bf0249ede62a", appKey: "z".repeat(128) };
	assert.equal(verifyAlarm(body, [second, account]).appId, account.appId);
	// The right key under the wrong account is not enough.
	assert.throws(
		() => verifyAlarm(body, [{ ...second, appKey: account.appKey }]),
		refusedWith("APP_ID_MISMATCH", { field: "AppId" }),
	);
	assert.throws(() => verifyAlarm(body, { ...account, appId: second.appId }), refusedWith("APP_ID_MISMATCH"));
	assert.throws(() => verifyAlarm(body, { ...account, appId: "" }), refusedWith("ARGUMENT_INVALID"));
});

test("a body that is no raw body says what to do", () => {
	for (const input of [{}, null, undefined, 5, new ArrayBuffer(2), [1]]) {
		assert.throws(() => verifyAlarm(input, account), refusedWith("ARGUMENT_INVALID", { field: "body" }));
	}
	assert.throws(() => verifyAlarm(body.replace("😀", "\ud83d"), account), refusedWith("XML_NOT_UTF8"));
	assert.throws(() => verifyAlarm(new Uint8Array(1_000_000), account), refusedWith("XML_TOO_LARGE"));
});

test("deadlines are 24 h and 72 h after payment, in seconds", () => {
	assert.equal(deliveryDeadline(1369745073, "virtual"), 1369745073 + 24 * 3600);
	assert.equal(deliveryDeadline(1369745073, "physical"), 1369745073 + 72 * 3600);
	for (const paidAt of [1369745073000, -1, 1.5, Number.NaN, "1369745073", undefined]) {
		assert.throws(
			() => deliveryDeadline(paidAt, "virtual"),
			refusedWith("ARGUMENT_INVALID", { field: "paidAt" }),
		);
	}
	for (const goods of ["Virtual", undefined, 1]) {
		assert.throws(() => deliveryDeadline(1, goods), refusedWith("ARGUMENT_INVALID", { field: "goods" }));
	}
});

test("a thousand refused calls leave the module as it was", () => {
	for (let index = 0; index < 1000; index++)
		assert.throws(() => verifyAlarm("<xml>", account), WeChatPayError);
	assert.equal(verifyAlarm(body, account).errorType, "1001");
});
