import { accountFor, type Credentials, keysOf } from "./credentials.js";
import { untrapped } from "./trap.js";
import type { Feedback } from "./wasm/load.js";
import * as core from "./wasm/load.js";

/**
 * Verifies a customer feedback message (维权, PROTOCOL 4.2). Its signature covers the AppId, the OpenId and the time stamp,
 * and nothing else: what the message says is in `unverified`, because anyone who has seen one can write another.
 *
 * @param body The request body as received.
 * @param credentials The account, or a list of accounts behind one URL.
 * @throws {WeChatPayError} `XML_*`, `FIELD_*`, `SIGNATURE_*`, `APP_ID_MISMATCH`: do not believe the message.
 *   `ARGUMENT_INVALID`: the call itself is wrong.
 *
 * @example
 * ```ts
 * import { signMessage, verifyFeedback } from "paysign";
 *
 * const account = { appId: "wxf8b4f85f3a794e77", appKey: "k".repeat(128) };
 * const signed = { AppId: account.appId, OpenId: "oDF3iY9P32sK_5GgYiRkjsCo45bk", TimeStamp: "1393400471" };
 * const elements = { ...signed, MsgType: "request", AppSignature: signMessage("feedback", signed, account.appKey) };
 * const xml = Object.entries({ ...elements, SignMethod: "sha1" }).map(([name, value]) => `<${name}>${value}</${name}>`);
 *
 * const feedback = verifyFeedback(`<xml>${xml.join("")}</xml>`, account);
 * console.log(feedback.openid, feedback.unverified.msgType); // oDF3iY9P32sK_5GgYiRkjsCo45bk request
 * ```
 */
export function verifyFeedback(
	body: Uint8Array | string,
	credentials: Credentials | readonly Credentials[],
): Feedback {
	const account = accountFor("feedback", body, credentials);
	const keys = keysOf(account);
	return untrapped(() => core.verifyFeedback(body, account.appId, keys));
}
