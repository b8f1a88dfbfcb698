import { invalidArgument } from "../arguments.js";
import { guarded } from "../guard.js";
import type { Push, PushEvent, TestPush } from "../wasm/load.push.js";
import * as module from "../wasm/load.push.js";
import { keysOf, type PushAccount, type PushRequest, type TestPushOptions } from "./account.js";

/**
 * Verifies the GET request with which WeChat asks whether the URL is the account's, and returns the text to answer it with,
 * as `text/plain` (PROTOCOL 6.6). The signature covers time and nonce and not this text, so it is letters, digits and
 * `+ / = _ -` only.
 *
 * @param query The query of the request's URL.
 * @throws {WeChatPayError} `QUERY_MALFORMED`, `FIELD_MISSING`, `FIELD_DUPLICATE`, `FIELD_MALFORMED`, `SIGNATURE_MISMATCH`:
 *   somebody else has asked. `ARGUMENT_INVALID`: the call itself is wrong.
 *
 * @example
 * ```ts
 * import { verifyPushUrl } from "paysign/push";
 *
 * const query = "signature=f21891de399b4e33a1a93c9a7b8a8fffb5a443ff&timestamp=1410685589&nonce=test&echostr=59277";
 * console.log(verifyPushUrl(query, { token: "test" })); // 59277
 * ```
 */
export function verifyPushUrl(
	query: string | URLSearchParams,
	{ token }: Pick<PushAccount, "token">,
): string {
	return untrapped(() => module.verifyPushUrl(textOf(query), token));
}

/**
 * Verifies a push 消息推送 and returns its content (PROTOCOL 6.6, 6.7, 8.2). Only what WeChat signed is returned; anything else
 * throws. In plain mode the signature does not cover the body: see {@link PushAccount.mode}.
 *
 * @throws {WeChatPayError} `QUERY_MALFORMED`, `XML_*`, `JSON_MALFORMED`, `FIELD_*`, `SIGNATURE_MISMATCH`, `PUSH_UNREADABLE`: do
 *   not believe the push. `ARGUMENT_INVALID`: the call itself is wrong.
 *
 * @example
 * ```ts
 * import { type PushAccount, signTestPush, verifyPush } from "paysign/push";
 *
 * const account: PushAccount = {
 * 	appId: "wx2c2769f8efd9abc2",
 * 	token: "spamtest",
 * 	encodingAesKey: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
 * };
 * const sent = signTestPush(
 * 	`{"MsgType":"event","Event":"trade_manage_remind_shipping","transaction_id":"4200001"}`,
 * 	account,
 * 	{ timestamp: 1409735669, nonce: "1320562132", random16: new Uint8Array(16) },
 * );
 * const { event } = verifyPush(sent, account);
 * if (event.type === "trade_manage_remind_shipping") console.log(event.transactionId); // 4200001
 * ```
 */
export function verifyPush({ query, body }: PushRequest, account: PushAccount): Push {
	const keys = keysOf(account);
	return untrapped(() => module.verifyPush(textOf(query), body, account.appId, account.token, keys));
}

/**
 * Reads the content of a push that was verified before, such as stored content. It does not throw for what it does not know:
 * that comes back as `other`.
 *
 * @throws {WeChatPayError} `ARGUMENT_INVALID` when the content is no string.
 *
 * @example
 * ```ts
 * import { parsePushContent } from "paysign/push";
 *
 * const event = parsePushContent(`{"Event":"trade_manage_remind_access_api","msg":"hello"}`);
 * if (event.type === "trade_manage_remind_access_api") console.log(event.msg); // hello
 * ```
 */
export function parsePushContent(content: string): PushEvent {
	return untrapped(() => module.parsePushContent(content));
}

/**
 * A push as WeChat would send it, for tests of your own receiver: encrypted under the account's first key, or plain. Content
 * that begins with `{` gets an envelope of JSON, any other one of XML.
 *
 * @throws {WeChatPayError} `FIELD_MALFORMED` when time or nonce break their grammar, `XML_TOO_LARGE` when the body would be
 *   too large, `ARGUMENT_INVALID`.
 *
 * @example
 * ```ts
 * import { signTestPush } from "paysign/push";
 *
 * const { query, body } = signTestPush(
 * 	"<xml><MsgType>event</MsgType><Event>trade_manage_remind_access_api</Event></xml>",
 * 	{ appId: "wx2c2769f8efd9abc2", token: "spamtest", encodingAesKey: "k".repeat(43) },
 * 	{ timestamp: 1409735669, nonce: "1320562132", random16: new Uint8Array(16) },
 * );
 * // To be sent to a receiver: new Request(`https://example.com/push?${query}`, { method: "POST", body })
 * console.log(query.includes("msg_signature="), body.includes("<Encrypt>")); // true true
 * ```
 */
export function signTestPush(
	content: string,
	account: PushAccount,
	{ timestamp, nonce, random16 }: TestPushOptions,
): TestPush {
	const { appId, token } = account;
	const keys = keysOf(account);
	return untrapped(() => module.signTestPush(content, appId, token, keys, timestamp, nonce, random16));
}

function textOf(query: string | URLSearchParams): string {
	if (typeof query === "string") return query;
	// By its tag: a runtime may have more than one class of this name.
	if (Object.prototype.toString.call(query) === "[object URLSearchParams]") return String(query);
	throw invalidArgument(
		"query",
		"`query` must be the query of the request's URL as received: a string, or URLSearchParams.",
	);
}

function untrapped<T>(call: () => T): T {
	return guarded(call, module.__wbg_reset_state);
}
