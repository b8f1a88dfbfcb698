// As secrets-memory.test.mjs, for the module of the pushes: neither the token nor the EncodingAESKey stays in its memory, as
// text or as the bytes of the AES key.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { signTestPush, verifyPush, verifyPushUrl, WeChatPayError } from "#modules/push.js";
import { initSync } from "#modules/wasm/push.js";
import { searchOf } from "./support/memory.mjs";

const remains = searchOf(initSync({}).memory);
const appId = "wx2c2769f8efd9abc2";
const foreignKey = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq";
const test16 = { timestamp: 1409735669, nonce: "1320562132", random16: new Uint8Array(16) };
const sent = (account) => signTestPush(`{"Event":"${"e".repeat(300)}"}`, account, test16);

function refused(code, call) {
	assert.throws(call, (error) => error instanceof WeChatPayError && error.code === code);
}

/** Each way the secrets take through the module, to success and to refusal. */
const calls = {
	"signs and verifies": (account) => verifyPush(sent(account), account),
	"signs and verifies in plain mode": (account) => {
		const plain = { ...account, mode: "plain" };
		verifyPush(sent(plain), plain);
	},
	"refuses a signature": (account) =>
		refused("SIGNATURE_MISMATCH", () => verifyPush(sent({ ...account, token: "another" }), account)),
	"refuses a ciphertext": (account) =>
		refused("PUSH_UNREADABLE", () => verifyPush(sent({ ...account, encodingAesKey: foreignKey }), account)),
	"tries several keys": (account) =>
		verifyPush(sent(account), { ...account, encodingAesKey: [foreignKey, account.encodingAesKey] }),
	"refuses a key beside it": (account) =>
		refused("ARGUMENT_INVALID", () =>
			verifyPush({ query: "", body: "" }, { ...account, encodingAesKey: [account.encodingAesKey, "short"] }),
		),
	"refuses a question for the URL": ({ token }) =>
		refused("SIGNATURE_MISMATCH", () =>
			verifyPushUrl("signature=0&timestamp=1&nonce=1&echostr=1", { token }),
		),
};

for (const [kind, make] of [
	["string", (text) => text],
	["Uint8Array", (text) => new TextEncoder().encode(text)],
]) {
	test(`no piece of a ${kind} secret stays in the module's memory`, () => {
		for (let round = 0; round < 5; round++) {
			for (const [name, call] of Object.entries(calls)) {
				const token = randomBytes(16).toString("hex");
				const key = randomBytes(32);
				const text = key.toString("base64").slice(0, 43);
				call({ appId, token: make(token), encodingAesKey: make(text) });
				assert.deepEqual(remains(Buffer.from(token)), [], `${name}: the token`);
				assert.deepEqual(remains(Buffer.from(text)), [], `${name}: the key as text`);
				assert.deepEqual(remains(key), [], `${name}: the key as bytes`);
			}
		}
	});
}
