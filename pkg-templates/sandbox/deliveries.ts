import { type Answer, answers } from "./answers.js";
import type { OrderBook } from "./orders.js";
import { paySign } from "./signature.js";
import type { TokenDesk } from "./tokens.js";

/** A call of `/pay/delivernotify`, as received. */
export interface DeliveryCall {
	readonly method: string;
	/** `access_token` of the query; empty when it is missing. */
	readonly token: string;
	/** The raw text of the body. */
	readonly body: string;
}

const signedNames = [
	"appid",
	"openid",
	"transid",
	"out_trade_no",
	"deliver_timestamp",
	"deliver_status",
	"deliver_msg",
];

/**
 * Judges a delivery notification as WeChat would (PROTOCOL 3), and notes it if it is good: first the call, then its
 * token, then its form, then the signature, then the order.
 */
export function judgeDelivery(call: DeliveryCall, desk: TokenDesk, orders: OrderBook): Answer {
	if (call.method !== "POST") return answers.notPost;
	if (call.token === "") return answers.noToken;
	const holder = desk.holder(call.token);
	if ("errcode" in holder) return holder;
	if (call.body === "") return answers.noBody;
	// Of the raw body: an escape that means an ordinary letter is refused as well.
	if (/\\u[0-9a-f]{4}/i.test(call.body)) return answers.escapedText;
	const message = membersOf(call.body);
	if (message === undefined) return answers.badJson;
	// Numbers are tolerated where the documented sample has strings.
	const text = (name: string): string => {
		const value = message.get(name);
		return typeof value === "string" || typeof value === "number" ? String(value) : "";
	};

	// An account without a paySignKey applied after 2014, and this call is not for it.
	if (holder.appKey === undefined) return answers.unauthorised;
	if (text("appid") !== holder.appId) return answers.otherAppId;
	if (text("openid") === "" || text("transid") === "") return answers.noOpenidOrTransid;
	const signature = paySign(Object.fromEntries(signedNames.map((name) => [name, text(name)])), holder.appKey);
	if (text("sign_method") !== "sha1" || text("app_signature") !== signature) return answers.badSignature;

	const order = orders.get(text("transid"));
	if (order === undefined || order.appId !== holder.appId) return answers.noOrder;
	if (order.openid !== text("openid")) return answers.otherOpenid;
	if (order.outTradeNo !== text("out_trade_no")) return answers.noOrder;
	orders.notify(order.transid, text("deliver_status") === "1" ? "1" : "0", text("deliver_msg"));
	return answers.ok;
}

/** The members of a JSON object; `undefined` when the text is something else. */
export function membersOf(text: string): ReadonlyMap<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(text);
		if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
		return new Map(Object.entries(value));
	} catch {
		return undefined;
	}
}
