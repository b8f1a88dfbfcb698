import { type Credentials, keysOf } from "./credentials.js";
import { signDeliveryThere } from "./crossing.js";
import { untrapped } from "./trap.js";
import type { AppKey, DeliverNotifyBody, Delivery } from "./wasm/load.js";
import * as core from "./wasm/load.js";

export { deliveryDeadline } from "./wasm/load.js";

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
	const { appId } = credentials;
	const keys = keysOf(credentials);
	return untrapped(
		() => quickly(delivery, appId, keys[0] as AppKey) ?? core.buildDeliverNotify(delivery, appId, keys),
	);
}

/** The same for values that are strings or whole numbers; of everything else the module says what is wrong. */
function quickly(delivery: Delivery, appid: string, key: AppKey): DeliverNotifyBody | undefined {
	if (typeof delivery !== "object" || delivery === null) return undefined;
	const { openid, transid, outTradeNo, deliverMsg } = delivery;
	const deliver_timestamp = digits(delivery.deliverTimestamp);
	const deliver_status = digits(delivery.deliverStatus);
	if (
		typeof appid !== "string" ||
		typeof openid !== "string" ||
		typeof transid !== "string" ||
		typeof outTradeNo !== "string" ||
		typeof deliverMsg !== "string" ||
		deliver_timestamp === undefined ||
		deliver_status === undefined
	)
		return undefined;
	const values = [appid, openid, transid, outTradeNo, deliver_timestamp, deliver_status, deliverMsg];
	const app_signature = signDeliveryThere(values, key);
	if (app_signature === undefined) return undefined;
	return {
		appid,
		openid,
		transid,
		out_trade_no: outTradeNo,
		deliver_timestamp,
		// The module has checked it.
		deliver_status: deliver_status as "0" | "1",
		deliver_msg: deliverMsg,
		app_signature,
		sign_method: "sha1",
	};
}

function digits(value: string | number): string | undefined {
	if (typeof value === "string") return value;
	return Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined;
}
