import { createApiCaller } from "./api-caller.js";
import { apiError, errmsgOf } from "./api-error.js";
import { type ClientOptions, checkOptions } from "./client-options.js";
import { keysOf } from "./credentials.js";
import { buildDeliverNotify } from "./deliver-notify.js";
import { findErrcode } from "./errcodes.js";
import type { ApiHost } from "./http.js";
import { rawJson } from "./raw-json.js";
import type { AppKey, Delivery } from "./wasm/load.js";

export type { ClientCall, ClientEvent, ClientTiming } from "./client-events.js";
export type { ClientOptions } from "./client-options.js";
export type { ApiHost, Fetch } from "./http.js";

/** WeChat's answer to a delivery notification that it has taken. */
export interface DeliverNotifyResult {
	/** Always `0`: every other code is thrown. */
	readonly errcode: 0;
	/** WeChat's words, `ok` as a rule. At most 512 characters, with every secret of the call masked. */
	readonly errmsg: string;
}

/** Calls WeChat's API for one account. */
export interface Client {
	/** The account. */
	readonly appId: string;
	/** Which of WeChat's hosts it calls. */
	readonly host: ApiHost;
	/**
	 * Within how many milliseconds every call ends: two times a token and the message. With `tokenEndpoint: "classic"` a
	 * token may have to wait for another machine.
	 */
	readonly longestCallMs: number;
	/**
	 * An access token with some minutes of life left, for calls of your own. Concurrent callers share one request.
	 *
	 * @throws {WeChatPayError} `API_ERROR`: WeChat refuses appId, appSecret or this machine; `details` say what to
	 *   do. `NETWORK`, `TIMEOUT`, `HTTP_STATUS`, `RESPONSE_MALFORMED`, `STORE_FAILED`: no token this time, the call
	 *   may be repeated.
	 */
	accessToken(): Promise<string>;
	/**
	 * Tells WeChat that an order was delivered, or could not be (发货通知, PROTOCOL 3). Virtual goods are due within
	 * 24 h of the payment, physical ones within 72 h.
	 *
	 * When WeChat refuses the access token (40001, 40014, 42001), one fresh token is fetched and the same body is sent
	 * once more. Nothing else is repeated here. After `NETWORK`, `TIMEOUT` or `RESPONSE_MALFORMED` WeChat may have
	 * taken the notification: sending it again is the right thing to do, and no source documents harm from it.
	 *
	 * @throws {WeChatPayError} `FIELD_MALFORMED`, `FIELD_CONTAINS_KEY`: the delivery breaks the message's grammar;
	 *   nothing was sent. `API_ERROR`: WeChat refuses; `details` hold `errcode`, `errmsg`, `meaning`, `fix` and
	 *   `retryable`. `NETWORK`, `TIMEOUT`, `HTTP_STATUS`, `RESPONSE_MALFORMED`, `STORE_FAILED`: the call may be
	 *   repeated.
	 */
	deliverNotify(delivery: Delivery): Promise<DeliverNotifyResult>;
	/**
	 * Everything that {@link Client.deliverNotify} checks before it sends.
	 *
	 * @returns The delivery, with the texts that would be sent.
	 * @throws {WeChatPayError} `FIELD_MALFORMED`, `FIELD_CONTAINS_KEY`: the delivery breaks the message's grammar.
	 */
	checkDelivery(delivery: Delivery): Delivery;
}

const deliverNotifyCall = "POST /pay/delivernotify";

/**
 * Makes a client for one account. It needs no closing. Errors never hold the access token, the AppSecret, a
 * paySignKey or the URL.
 *
 * @throws {WeChatPayError} `ARGUMENT_INVALID` when an option cannot be used.
 *
 * @example
 * ```ts
 * import { createClient } from "paysign";
 * import { startSandbox } from "paysign/sandbox";
 *
 * const account = {
 * 	appId: "wxf8b4f85f3a794e77",
 * 	appSecret: "e76050733ce76050733ce76050733cdd",
 * 	appKey: "k".repeat(128),
 * };
 * const sandbox = await startSandbox({ accounts: [account] });
 * sandbox.addOrder({
 * 	appId: account.appId,
 * 	transid: "1218614901201405273313473135",
 * 	outTradeNo: "JfuKdiBig4zZnE4n",
 * 	openid: "o0pk9uIVnlY-fJkzFKEbQ6LJ4cFc",
 * 	paidAt: Math.floor(Date.now() / 1000),
 * 	goods: "virtual",
 * });
 *
 * // Without `fetch`, the client talks to WeChat.
 * const client = createClient({ ...account, fetch: sandbox.fetch });
 * const result = await client.deliverNotify({
 * 	openid: "o0pk9uIVnlY-fJkzFKEbQ6LJ4cFc",
 * 	transid: "1218614901201405273313473135",
 * 	outTradeNo: "JfuKdiBig4zZnE4n",
 * 	deliverTimestamp: Math.floor(Date.now() / 1000),
 * 	deliverStatus: 1,
 * 	deliverMsg: "ok",
 * });
 * console.log(result.errmsg); // "ok"
 * await sandbox.close();
 * ```
 */
export function createClient(options: ClientOptions): Client {
	const checked = checkOptions(options);
	const { appId, appKey } = checked;
	const keys = (): readonly AppKey[] => keysOf({ appId, appKey });
	const { host, longestCallMs, accessToken, post, emit } = createApiCaller(checked, findErrcode, keys);

	async function deliverNotify(delivery: Delivery): Promise<DeliverNotifyResult> {
		const signingKeys = keys();
		const body = buildDeliverNotify(delivery, { appId, appKey: signingKeys });
		const { answer, secrets } = await post(deliverNotifyCall, rawJson(body, "deliver_msg"), signingKeys);
		if (answer.errcode !== 0) throw apiError(deliverNotifyCall, answer, secrets);
		emit({ type: "delivered" });
		return { errcode: 0, errmsg: errmsgOf(answer, secrets) };
	}

	function checkDelivery(delivery: Delivery): Delivery {
		const body = buildDeliverNotify(delivery, { appId, appKey: keys() });
		rawJson(body, "deliver_msg");
		return {
			openid: body.openid,
			transid: body.transid,
			outTradeNo: body.out_trade_no,
			deliverTimestamp: body.deliver_timestamp,
			deliverStatus: body.deliver_status,
			deliverMsg: body.deliver_msg,
		};
	}

	return { appId, host, longestCallMs, accessToken, deliverNotify, checkDelivery };
}
