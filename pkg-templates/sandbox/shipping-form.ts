import { type Answer, answers } from "./answers.js";
import { shippingAnswers as says } from "./shipping-answers.js";

// The form of a shipping notice, as WeChat's pages describe it, before anybody looks at the order. Written from the pages and
// not from the client, which has rules of its own.

/** A JSON object, as received. */
export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isText = (value: unknown): value is string => typeof value === "string";
const isFilled = (value: unknown): value is string => isText(value) && value !== "";

/** What is wrong with how an order is named; `undefined` when nothing is. */
export function keyFault(key: unknown): Answer | undefined {
	if (!isJson(key) || typeof key.order_number_type !== "number") return answers.badJson;
	switch (key.order_number_type) {
		case 1:
			if (!isFilled(key.mchid)) return says.noMchId;
			return isFilled(key.out_trade_no) ? undefined : says.noOutTradeNo;
		case 2:
			return isFilled(key.transaction_id) ? undefined : says.noTransactionId;
		default:
			return says.numberType;
	}
}

/** What is wrong with the goods of one order. */
export function goodsFault(goods: Json): Answer | undefined {
	const { order_key, logistics_type, delivery_mode, is_all_delivered, shipping_list } = goods;
	const byKey = keyFault(order_key);
	if (byKey !== undefined) return byKey;
	if (typeof logistics_type !== "number" || typeof delivery_mode !== "number") return answers.badJson;
	if (![1, 2, 3, 4].includes(logistics_type)) return says.logisticsType;
	if (![1, 2].includes(delivery_mode)) return says.deliveryMode;
	if (delivery_mode === 2 && logistics_type !== 1) return says.splitNotExpress;
	if (is_all_delivered !== undefined && typeof is_all_delivered !== "boolean") return answers.badJson;
	if (delivery_mode === 2 && is_all_delivered === undefined) return says.noAllDelivered;
	if (!Array.isArray(shipping_list) || !shipping_list.every(isJson)) return answers.badJson;
	if (shipping_list.length > 15) return says.longList;
	if (delivery_mode === 1 && shipping_list.length !== 1) return says.notOneParcel;
	if (shipping_list.length === 0) return says.badArgument;
	for (const parcel of shipping_list) {
		const fault = parcelFault(parcel, logistics_type === 1);
		if (fault !== undefined) return fault;
	}
	return undefined;
}

function parcelFault(
	{ tracking_no = "", express_company = "", item_desc = "", contact = {} }: Json,
	isExpress: boolean,
): Answer | undefined {
	if (!isText(tracking_no) || !isText(express_company) || !isText(item_desc) || !isJson(contact)) {
		return answers.badJson;
	}
	if (item_desc === "") return says.noItemDesc;
	if (Array.from(item_desc).length > 120) return says.longItemDesc;
	if (isExpress && tracking_no === "") return says.noTrackingNo;
	if (isExpress && express_company === "") return says.noCompany;
	if (Buffer.byteLength(tracking_no) > 128) return says.longTrackingNo;
	if (Buffer.byteLength(express_company) > 128) return says.longCompany;
	const numbers = [contact.consignor_contact, contact.receiver_contact].filter(
		(number) => number !== undefined,
	);
	// The pages demand the mask and give no code of its own.
	if (!numbers.every((number) => isText(number) && hasMask(number))) return says.badArgument;
	return express_company === "SF" && numbers.length === 0 ? says.badArgument : undefined;
}

function hasMask(number: string): boolean {
	const signs = number.replaceAll("-", "").trim();
	return signs.includes("*") && /\d{4}$/.test(signs);
}

/** When a notice was made, in milliseconds; `undefined` when that is not RFC 3339 with milliseconds and a time zone. */
export function uploadTimeOf(value: unknown): number | undefined {
	if (!isText(value)) return undefined;
	const parts = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2}\.\d{3})(Z|[+-]\d{2}:\d{2})$/.exec(value);
	const milliseconds = Date.parse(value);
	return parts === null || Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** What a notice says, apart from when: two notices with the same text say the same. */
export function contentOf({ logistics_type, delivery_mode, is_all_delivered, shipping_list }: Json): string {
	return JSON.stringify([logistics_type, delivery_mode, is_all_delivered ?? true, shipping_list]);
}
