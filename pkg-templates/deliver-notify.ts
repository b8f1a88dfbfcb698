import type { DeliverNotifyBody, Delivery } from "#wasm";
import * as core from "#wasm";
import { type Credentials, keysOf } from "./credentials.js";
import { untrapped } from "./trap.js";

export { deliveryDeadline } from "#wasm";

/**
 * Builds the body of a delivery notification (发货通知, PROTOCOL 3), signed with the account's first key. Pass it to
 * `JSON.stringify`, which keeps text as raw UTF-8; a serialiser that writes `\uXXXX` would earn errcode 40033.
 *
 * @throws {WeChatPayError} `FIELD_MALFORMED` when a field breaks the message's grammar, `ARGUMENT_INVALID` when the
 *   call itself is wrong.
 *
 * @example
 * ```ts
 * import { buildDeliverNotify } from "paysign";
 *
 * const body = buildDeliverNotify(
 * 	{
 * 		openid: "oX99MDgNcgwnz3zFN3DNmo8uwa-w",
 * 		transid: "111112222233333",
 * 		outTradeNo: "555666uuu",
 * 		deliverTimestamp: 1369745073,
 * 		deliverStatus: 1,
 * 		deliverMsg: "ok",
 * 	},
 * 	{ appId: "wxf8b4f85f3a794e77", appKey: "k".repeat(128) },
 * );
 * console.log(body.app_signature.length); // 40
 * ```
 */
export function buildDeliverNotify(delivery: Delivery, credentials: Credentials): DeliverNotifyBody {
	const keys = keysOf(credentials);
	return untrapped(() => core.buildDeliverNotify(delivery, credentials.appId, keys));
}
