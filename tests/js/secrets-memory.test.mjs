// No key stays in the module's memory after a call: not in a freed block, not on its stack, not in a hash. What was a
// JavaScript string stays in JavaScript, which cannot wipe it (THREATS T32).

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import {
	buildDeliverNotify,
	explainSignature,
	signMessage,
	signTestAlarm,
	verifyAlarm,
	verifyPayNotify,
	WeChatPayError,
} from "#modules/index.js";
import { initSync } from "#modules/wasm/core.js";
import { searchOf } from "./support/memory.mjs";

// The package has loaded the module already, so this only hands out its exports.
const remains = searchOf(initSync({}).memory);

const appId = "wxd930ea5d5a258f4f";
const other = "o".repeat(128);
const foreign = signTestAlarm({ timeStamp: 1 }, { appId, appKey: other });
const payment = {
	query:
		"bank_type=0&fee_type=1&notify_id=n&out_trade_no=1&partner=1900000109&time_end=20130606015331&total_fee=1&" +
		"trade_mode=1&trade_state=0&transaction_id=1&sign=9EBF3EFE9CEFAF3111020DB5CAD6EE82",
	body: foreign,
};

function refused(code, call) {
	assert.throws(call, (error) => error instanceof WeChatPayError && error.code === code);
}

/** Each way a key takes through the module, to success and to refusal. `more` appends to a key of either kind. */
const calls = {
	"signs a short message": (key) => signMessage("feedback", { appid: appId, openid: "o", timestamp: 1 }, key),
	"signs a long message": (key) =>
		signMessage("jsapi", { appid: appId, timestamp: 1, noncestr: "n", package: "p".repeat(999) }, key),
	"refuses to sign": (key) =>
		refused("FIELD_MISSING", () => signMessage("feedback", { appid: appId, timestamp: 1 }, key)),
	"writes and verifies an alarm": (key) => {
		const account = { appId, appKey: key };
		verifyAlarm(signTestAlarm({ timeStamp: 1 }, account), account);
	},
	"refuses an alarm": (key) =>
		refused("SIGNATURE_MISMATCH", () => verifyAlarm(foreign, { appId, appKey: key })),
	"tries several keys": (key) => verifyAlarm(foreign, { appId, appKey: [key, other] }),
	"refuses what is not XML": (key) => refused("XML_ROOT", () => verifyAlarm("", { appId, appKey: key })),
	"refuses the key beside it": (key) =>
		refused("ARGUMENT_INVALID", () => verifyAlarm(foreign, { appId, appKey: [key, "short"] })),
	"refuses a key with a space": (key, more) =>
		refused("ARGUMENT_INVALID", () => verifyAlarm(foreign, { appId, appKey: more(key, " ") })),
	"refuses a key with a letter outside ASCII": (key, more) =>
		refused("ARGUMENT_INVALID", () => verifyAlarm(foreign, { appId, appKey: more(key, "é") })),
	"refuses a key that is too long": (key, more) =>
		refused("ARGUMENT_INVALID", () => verifyAlarm(foreign, { appId, appKey: more(key, "x".repeat(1024)) })),
	"explains a signature": (key) =>
		explainSignature({
			message: "feedback",
			fields: { appid: appId, openid: "o", timestamp: 1 },
			appKey: key,
			given: "0".repeat(40),
		}),
	"builds a delivery notification": (key) =>
		buildDeliverNotify(
			{ openid: "o", transid: "1", outTradeNo: "1", deliverTimestamp: 1, deliverStatus: 1, deliverMsg: "ok" },
			{ appId, appKey: key },
		),
	"refuses a payment under the partnerKey": (key) =>
		refused("SIGNATURE_MISMATCH", () =>
			verifyPayNotify(payment, { appId, appKey: other, partner: "1900000109", partnerKey: key }),
		),
};

const kinds = {
	string: { make: (text) => text, more: (key, end) => key + end },
	Uint8Array: {
		make: (text) => new TextEncoder().encode(text),
		more: (key, end) => Buffer.concat([key, Buffer.from(end)]),
	},
};

for (const [kind, { make, more }] of Object.entries(kinds)) {
	test(`no piece of a ${kind} key stays in the module's memory`, () => {
		// A hash works in blocks of 64 bytes: which bytes of a key lie in the last one depends on the lengths.
		for (const length of [16, 17, 31, 32, 52, 64, 76, 96, 119, 128, 136, 200, 256]) {
			for (const [name, call] of Object.entries(calls)) {
				const key = randomBytes(length).toString("base64").slice(0, length);
				call(make(key), more);
				assert.deepEqual(remains(Buffer.from(key)), [], `${name}, ${length} bytes`);
			}
		}
	});
}

test("the search finds what stays", () => {
	// A field is not a secret, so nothing wipes it.
	const text = randomBytes(64).toString("hex");
	signMessage(
		"jsapi",
		{ appid: appId, timestamp: 1, noncestr: "n", package: text },
		new TextEncoder().encode(other),
	);
	assert.notEqual(remains(Buffer.from(text)).length, 0);
});
