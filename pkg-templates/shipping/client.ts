import { type Answered, createApiCaller } from "../api-caller.js";
import { apiError, errmsgOf } from "../api-error.js";
import { type CallerOptions, checkCallerOptions } from "../caller-options.js";
import type { ClientCall } from "../client-events.js";
import { type ApiHost, malformedError } from "../http.js";
import { rawJson } from "../raw-json.js";
import type { CombinedShipping, Shipping, ShippingOrder } from "../shipping-info.js";
import { checkedCombined, checkedOrder, checkedShipping, token } from "./check.js";
import { findShippingErrcode } from "./errcodes.js";
import { malformed } from "./faults.js";
import { readOrder, type ShippingOrderInfo } from "./order-state.js";
import { combinedBody, orderBody, shippingBody } from "./wire.js";

/** What {@link createShippingClient} needs to know: an account without a paySignKey, which nothing here is signed with. */
export interface ShippingClientOptions extends CallerOptions {}

/** WeChat's answer to a shipping notice. */
export interface ShippingResult {
	/**
	 * - `accepted`: WeChat has taken the notice;
	 * - `unchanged`: it knew all of it already (10060023), as after a notice that was sent twice;
	 * - `alreadyShipped`: the order is shipped, and this notice was not taken, because its one correction is used (10060003)
	 *   or the buyer has received it (10060002). Of a notice that was sent twice, the first one was. A correction is lost.
	 */
	readonly outcome: "accepted" | "unchanged" | "alreadyShipped";
	/** WeChat's number. */
	readonly errcode: number;
	/** WeChat's words. At most 512 characters, with every secret of the call masked. */
	readonly errmsg: string;
}

/** An order to ask for. */
export type ShippingOrderQuery = ShippingOrder & {
	/** The sub-merchant, where a service provider's `mchId` has placed the order (wire: `sub_merchant_id`). */
	readonly subMchId?: string;
};

/** Calls WeChat's order shipping service for one mini program. */
export interface ShippingClient {
	/** The account. */
	readonly appId: string;
	/** Which of WeChat's hosts it calls. */
	readonly host: ApiHost;
	/** Within how many milliseconds every call ends: two times a token and the message. */
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
	 * Tells WeChat how an order was shipped (发货信息录入, PROTOCOL 8.1). Ordinary orders are due within 48 h of the
	 * payment; until then, and until the buyer has received it, the money is frozen. An order that is shipped may be
	 * corrected once, until the buyer has received it, by a notice with a later `uploadTime`.
	 *
	 * When WeChat refuses the access token (40001, 40014, 42001), one fresh token is fetched and the same body is sent once
	 * more. Nothing else is repeated here. After `NETWORK`, `TIMEOUT` or `RESPONSE_MALFORMED` WeChat may have taken the
	 * notice: pass the same one, with the same `uploadTime`, again.
	 *
	 * @throws {WeChatPayError} `FIELD_MISSING`, `FIELD_MALFORMED`, `FIELD_UNKNOWN`: `details.field` names what breaks the
	 *   rules; nothing was sent. `API_ERROR`: WeChat refuses; `details` hold `errcode`, `errmsg`, `meaning`, `fix` and
	 *   `retryable`. `NETWORK`, `TIMEOUT`, `HTTP_STATUS`, `RESPONSE_MALFORMED`, `STORE_FAILED`: the call may be repeated.
	 */
	uploadShippingInfo(shipping: Shipping): Promise<ShippingResult>;
	/** The same for orders that were paid together (发货信息合单录入). */
	uploadCombinedShippingInfo(shipping: CombinedShipping): Promise<ShippingResult>;
	/**
	 * How an order stands with WeChat.
	 *
	 * @throws {WeChatPayError} As {@link ShippingClient.uploadShippingInfo}; `API_ERROR` 10060001 when there is none.
	 */
	getOrder(order: ShippingOrderQuery): Promise<ShippingOrderInfo>;
	/**
	 * Whether a mini program uses the service at all.
	 *
	 * @param appId Which one. Default: the client's own; only service providers may ask for others.
	 */
	isTradeManaged(appId?: string): Promise<boolean>;
	/**
	 * Asks the buyer to confirm the receipt, once for each order, and only of what went by express.
	 *
	 * @param receivedTime When the parcel was handed over, in Unix seconds or as a `Date`: after it was shipped.
	 */
	notifyConfirmReceive(order: ShippingOrderQuery, receivedTime: number | Date): Promise<void>;
	/**
	 * Sets the page of the mini program that WeChat's messages about shipping open, for all orders; WeChat adds
	 * `transaction_id`, `merchant_id` and `merchant_trade_no` to its query.
	 *
	 * @param path Such as `pages/order/detail`; empty for WeChat's own page.
	 */
	setMsgJumpPath(path: string): Promise<void>;
	/**
	 * Everything that {@link ShippingClient.uploadShippingInfo} checks before it sends.
	 *
	 * @returns The notice as it would be sent, its `uploadTime` as the text that it will always be.
	 * @throws {WeChatPayError} `FIELD_MISSING`, `FIELD_MALFORMED`, `FIELD_UNKNOWN`.
	 */
	checkShipping(shipping: Shipping): Shipping;
}

/** What WeChat answers to a notice that is no failure. */
const outcomes: ReadonlyMap<number, ShippingResult["outcome"]> = new Map([
	[0, "accepted"],
	[10060023, "unchanged"],
	[10060003, "alreadyShipped"],
	[10060002, "alreadyShipped"],
]);

/**
 * Makes a client of the order shipping service for one mini program. It needs no closing. Errors never hold the access
 * token, the AppSecret or the URL.
 *
 * @throws {WeChatPayError} `ARGUMENT_INVALID` when an option cannot be used.
 *
 * @example
 * ```ts
 * import { startSandbox } from "paysign/sandbox";
 * import { createShippingClient } from "paysign/shipping";
 *
 * const account = { appId: "wxf8b4f85f3a794e77", appSecret: "e76050733ce76050733ce76050733cdd" };
 * const transactionId = "4200001858202306300646157659";
 * const openid = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
 * const sandbox = await startSandbox({ accounts: [account] });
 * sandbox.addOrder({
 * 	appId: account.appId,
 * 	transid: transactionId,
 * 	outTradeNo: "JfuKdiBig4zZnE4n",
 * 	openid,
 * 	paidAt: Math.floor(Date.now() / 1000),
 * 	goods: "physical",
 * });
 *
 * // Without `fetch`, the client talks to WeChat.
 * const client = createShippingClient({ ...account, fetch: sandbox.fetch });
 * const { outcome } = await client.uploadShippingInfo({
 * 	orderKey: { transactionId },
 * 	logisticsType: "express",
 * 	shippingList: [{ itemDesc: "微信红包抱枕*1个", trackingNo: "323244567777", expressCompany: "ZTO" }],
 * 	payer: { openid },
 * });
 * console.log(outcome, (await client.getOrder({ transactionId })).orderState); // accepted shipped
 * await sandbox.close();
 * ```
 */
export function createShippingClient(options: ShippingClientOptions): ShippingClient {
	const checked = checkCallerOptions(options, "createShippingClient");
	const { appId, now } = checked;
	const { host, longestCallMs, accessToken, post, emit } = createApiCaller(checked, findShippingErrcode);
	let lastUpload = 0;

	/** Later than the one before, although the clock has whole seconds: of two notices WeChat takes the later one. */
	function nextUpload(): Date {
		lastUpload = Math.max(now() * 1000, lastUpload + 1);
		return new Date(lastUpload);
	}

	async function call(name: ClientCall, body: object): Promise<Answered["answer"]> {
		const { answer, secrets } = await post(name, JSON.stringify(body));
		if (answer.errcode !== 0) throw apiError(name, answer, secrets, undefined, findShippingErrcode);
		return answer;
	}

	async function upload(name: ClientCall, body: object): Promise<ShippingResult> {
		const { answer, secrets } = await post(name, JSON.stringify(body));
		const outcome = outcomes.get(answer.errcode);
		if (outcome === undefined) throw apiError(name, answer, secrets, undefined, findShippingErrcode);
		emit({ type: "shipped", outcome });
		return { outcome, errcode: answer.errcode, errmsg: errmsgOf(answer, secrets) };
	}

	function numbersOf(query: ShippingOrderQuery): object {
		const { subMchId, ...order } = query;
		// What is left is one of the two.
		const named = checkedOrder(order as ShippingOrder, "order");
		return orderBody(named, subMchId === undefined ? undefined : token(subMchId, "sub_merchant_id", 32));
	}

	return {
		appId,
		host,
		longestCallMs,
		accessToken,
		checkShipping: (shipping) => checkedShipping(shipping, nextUpload),
		async uploadShippingInfo(shipping) {
			return upload(uploadCall, shippingBody(checkedShipping(shipping, nextUpload)));
		},
		async uploadCombinedShippingInfo(shipping) {
			return upload(uploadCombinedCall, combinedBody(checkedCombined(shipping, nextUpload)));
		},
		async getOrder(order) {
			const answer = await call(getOrderCall, numbersOf(order));
			return readOrder(getOrderCall, answer.fields.get("order"));
		},
		async isTradeManaged(other = appId) {
			const name = "POST /wxa/sec/order/is_trade_managed";
			const answer = await call(name, { appid: token(other, "appid", 64) });
			const isManaged = answer.fields.get("is_trade_managed");
			if (typeof isManaged !== "boolean") throw malformedError(name, undefined, "has no is_trade_managed");
			return isManaged;
		},
		async notifyConfirmReceive(order, receivedTime) {
			const seconds = Math.floor(receivedTime instanceof Date ? receivedTime.getTime() / 1000 : receivedTime);
			if (!(seconds >= 0 && seconds < 1e11)) {
				throw malformed("received_time", "Unix seconds, not milliseconds, or a valid Date");
			}
			await call("POST /wxa/sec/order/notify_confirm_receive", {
				...numbersOf(order),
				received_time: seconds,
			});
		},
		async setMsgJumpPath(path) {
			if (typeof path !== "string") throw malformed("path", "the path of a page, or an empty text");
			rawJson(path, "path");
			await call("POST /wxa/sec/order/set_msg_jump_path", { path });
		},
	};
}

const uploadCall = "POST /wxa/sec/order/upload_shipping_info";
const uploadCombinedCall = "POST /wxa/sec/order/upload_combined_shipping_info";
const getOrderCall = "POST /wxa/sec/order/get_order";
