import { accountFor, type Credentials, keysOf, listOf } from "./credentials.js";
import { WeChatPayError } from "./errors.js";
import { untrapped } from "./trap.js";
import type { AppKey, Buyer } from "./wasm/load.js";
import * as core from "./wasm/load.js";

/** The account of a payment notification: two numbers and two keys. */
export interface PayNotifyCredentials extends Credentials {
	/** The merchant number that the notification must carry, digits. */
	readonly partner: string;
	/** The partnerKey, or several while it is being rotated. Not the paySignKey. */
	readonly partnerKey: AppKey | readonly AppKey[];
}

/** A payment notification as it arrives. */
export interface PayNotifyRequest {
	/** The query of the request's URL as received, with or without `?`; nothing may have decoded it. */
	readonly query: string;
	/** The request body as received. */
	readonly body: Uint8Array | string;
}

/** The order of a payment notification: the query half, signed with the partnerKey (PROTOCOL 4.1). */
export interface PaidOrder {
	/** `0` is paid. */
	readonly tradeState: string;
	readonly tradeMode: string;
	/** The merchant number. */
	readonly partner: string;
	readonly bankType: string;
	/** In fen: hundredths of a yuan, digits. */
	readonly totalFee: string;
	readonly feeType: string;
	readonly notifyId: string;
	/** WeChat's transaction number: the `transid` of the delivery notification. */
	readonly transactionId: string;
	/** The merchant's order number. */
	readonly outTradeNo: string;
	/** `yyyyMMddHHmmss`, Beijing time. */
	readonly timeEnd: string;
	readonly bankBillno?: string;
	readonly payInfo?: string;
	/** What the merchant attached to the order. */
	readonly attach?: string;
	readonly buyerAlias?: string;
	readonly transportFee?: string;
	readonly productFee?: string;
	readonly discount?: string;
	readonly signType?: string;
	readonly serviceVersion?: string;
	readonly inputCharset?: string;
	readonly signKeyIndex?: string;
}

/**
 * A verified payment notification. **Nothing binds its halves to each other**: who has seen two genuine notifications can
 * send the buyer of one with the order of the other. Take the order from `order`; believe of `buyer` only what your own
 * records of that order say too.
 */
export interface PayNotify {
	/** What was paid: signed with the partnerKey. */
	readonly order: PaidOrder;
	/** Who paid: signed with the paySignKey. */
	readonly buyer: Buyer;
	/** 64 hexadecimal digits that are equal for two notifications exactly when their query halves say the same. */
	readonly dedupKey: string;
}

/**
 * Verifies both halves of a payment notification (PROTOCOL 4.1); one half alone is refused.
 *
 * @throws {WeChatPayError} `QUERY_MALFORMED`, `XML_*`, `FIELD_*`, `SIGNATURE_*`, `APP_ID_MISMATCH`, `PARTNER_MISMATCH`: do
 *   not believe the message. `ARGUMENT_INVALID`: the call itself is wrong.
 *
 * @example
 * ```ts
 * import { verifyPayNotify, WeChatPayError } from "paysign";
 *
 * const account = {
 * 	appId: "wxd930ea5d5a258f4f",
 * 	appKey: "k".repeat(128),
 * 	partner: "1900000109",
 * 	partnerKey: "8934e7d15453e97507ef794cf7b0519d",
 * };
 * try {
 * 	verifyPayNotify({ query: "", body: "<xml></xml>" }, account);
 * } catch (error) {
 * 	if (error instanceof WeChatPayError) console.log(error.code); // QUERY_MALFORMED
 * }
 * ```
 */
export function verifyPayNotify(
	{ query, body }: PayNotifyRequest,
	credentials: PayNotifyCredentials | readonly PayNotifyCredentials[],
): PayNotify {
	const account = accountFor("payNotify", body, credentials);
	const { appId, partner } = account;
	const partnerKeys = listOf("partnerKey", account.partnerKey);
	const keys = keysOf(account);
	const verified = untrapped(() => core.verifyPayNotify(query, body, appId, keys, partner, partnerKeys));
	const [buyer, parameters, dedupKey] = verified;
	const order = Object.fromEntries(
		parameters.map(([name, value]) => [camelCase(name), decoded(name, value)]),
	);
	// The core has checked that the parameters are those of the table, the required ones among them.
	return { order: order as unknown as PaidOrder, buyer, dedupKey };
}

function camelCase(name: string): string {
	return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

// What arrives as bytes is not ASCII and, says the message, not UTF-8.
function decoded(field: string, value: string | Uint8Array): string {
	if (typeof value === "string") return value;
	try {
		return new TextDecoder("gbk", { fatal: true }).decode(value);
	} catch {
		throw new WeChatPayError(
			"FIELD_MALFORMED",
			`${field} is not GBK, which the query says it is, or this runtime cannot decode GBK.`,
			{ field },
		);
	}
}
