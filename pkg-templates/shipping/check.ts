import { rawJson } from "../raw-json.js";
import type {
	CombinedShipping,
	DeliveryMode,
	LogisticsType,
	Parcel,
	ParcelContact,
	ShippedGoods,
	Shipping,
	ShippingOrder,
	ShippingPayer,
	UploadTime,
} from "../shipping-info.js";
import { malformed, missing, unknownMember } from "./faults.js";
import { uploadTimeOf } from "./upload-time.js";

// The limits are those of WeChat's pages of uploadShippingInfo and uploadCombinedShippingInfo (developers.weixin.qq.com,
// order_shipping). What is checked here has the names of the program; what is said has those of the wire.

/** The numbers of the wire. */
export const logisticsTypes: Readonly<Record<LogisticsType, number>> = {
	express: 1,
	sameCity: 2,
	virtual: 3,
	pickup: 4,
};

/** The numbers of the wire. */
export const deliveryModes: Readonly<Record<DeliveryMode, number>> = { unified: 1, split: 2 };

const mostParcels = 15;
const mostOrders = 50;
/** 顺丰, in WeChat's get_delivery_list. */
const needsContact = "SF";

/** A notice in full, as it can be sent at any time. */
export function checkedShipping(shipping: Shipping, now: () => UploadTime): Shipping {
	const { payer, uploadTime, ...goods } = object(shipping, "shipping", [
		...goodsMembers,
		"uploadTime",
		"payer",
	]);
	return { ...checkedGoods(goods, ""), ...common(payer, uploadTime, now) };
}

/** A notice about several orders, in full. */
export function checkedCombined(shipping: CombinedShipping, now: () => UploadTime): CombinedShipping {
	const members = ["orderKey", "subOrders", "uploadTime", "payer"] as const;
	const { orderKey, subOrders, uploadTime, payer } = object(shipping, "shipping", members);
	const key = checkedOrder(orderKey, "order_key");
	const list = array(subOrders, "sub_orders", mostOrders);
	return {
		orderKey: key,
		subOrders: list.map((goods, index) => {
			const field = `sub_orders[${index}]`;
			const checked = checkedGoods(object(goods, field, goodsMembers), `${field}.`);
			if ("transactionId" in checked.orderKey !== "transactionId" in key) {
				throw malformed(`${field}.order_key`, "of the same kind as the order_key of the payment as a whole");
			}
			return checked;
		}),
		...common(payer, uploadTime, now),
	};
}

/** Which order, under the caller's names. */
export function checkedOrder(order: ShippingOrder, field: string): ShippingOrder {
	if (order === undefined || order === null) throw missing(field);
	if ("transactionId" in order) {
		const { transactionId } = object(order, field, ["transactionId"]);
		return { transactionId: token(transactionId, `${field}.transaction_id`, 64) };
	}
	const { mchId, outTradeNo } = object(order, field, ["mchId", "outTradeNo"]);
	const number = text(outTradeNo, `${field}.out_trade_no`);
	if (!/^[0-9A-Za-z_\-|*@]{1,32}$/.test(number)) {
		throw malformed(`${field}.out_trade_no`, "1 to 32 of A-Z a-z 0-9 _ - | * @");
	}
	return { mchId: token(mchId, `${field}.mchid`, 32), outTradeNo: number };
}

const goodsMembers = ["orderKey", "logisticsType", "deliveryMode", "isAllDelivered", "shippingList"] as const;

function checkedGoods(goods: ShippedGoods, at: string): ShippedGoods {
	const { orderKey, logisticsType, deliveryMode = "unified", isAllDelivered, shippingList } = goods;
	const order = checkedOrder(orderKey, `${at}order_key`);
	oneOf(logisticsType, `${at}logistics_type`, logisticsTypes);
	oneOf(deliveryMode, `${at}delivery_mode`, deliveryModes);
	const isSplit = deliveryMode === "split";
	if (isSplit && logisticsType !== "express") {
		throw malformed(`${at}delivery_mode`, "unified, because only express may go in several parcels");
	}
	if (isSplit && isAllDelivered === undefined) {
		throw missing(`${at}is_all_delivered`, "which an order in several parcels needs");
	}
	if (isAllDelivered !== undefined && typeof isAllDelivered !== "boolean") {
		throw malformed(`${at}is_all_delivered`, "true or false");
	}
	if (!isSplit && isAllDelivered === false) {
		throw malformed(`${at}is_all_delivered`, "true, or left out, when everything goes at once");
	}
	const parcels = array(shippingList, `${at}shipping_list`, isSplit ? mostParcels : 1);
	return {
		orderKey: order,
		logisticsType,
		deliveryMode,
		...(isAllDelivered === undefined ? {} : { isAllDelivered }),
		shippingList: parcels.map((parcel, index) =>
			checkedParcel(parcel, `${at}shipping_list[${index}]`, logisticsType),
		),
	};
}

function checkedParcel(parcel: Parcel, field: string, logisticsType: LogisticsType): Parcel {
	const members = ["itemDesc", "trackingNo", "expressCompany", "contact"] as const;
	const { itemDesc, trackingNo, expressCompany, contact } = object(parcel, field, members);
	const description = text(itemDesc, `${field}.item_desc`);
	if (description.trim() === "" || [...description].length > 120) {
		throw malformed(`${field}.item_desc`, "1 to 120 characters that say what is in the parcel");
	}
	const needed = logisticsType === "express" ? "which goods that go by express need" : undefined;
	const number = shortText(trackingNo, `${field}.tracking_no`, needed);
	const company = shortText(expressCompany, `${field}.express_company`, needed);
	const numbers = contact === undefined ? undefined : checkedContact(contact, `${field}.contact`);
	if (company === needsContact && numbers === undefined) {
		throw missing(`${field}.contact`, `one of whose numbers a parcel of ${needsContact} needs`);
	}
	return {
		itemDesc: description,
		...(number === undefined ? {} : { trackingNo: number }),
		...(company === undefined ? {} : { expressCompany: company }),
		...(numbers === undefined ? {} : { contact: numbers }),
	};
}

function checkedContact(contact: ParcelContact, field: string): ParcelContact {
	const { consignorContact, receiverContact } = object(contact, field, [
		"consignorContact",
		"receiverContact",
	]);
	if (consignorContact === undefined && receiverContact === undefined) {
		throw missing(`${field}.receiver_contact`, "and no consignor_contact either, of which it needs one");
	}
	return {
		...(consignorContact === undefined
			? {}
			: { consignorContact: maskedNumber(consignorContact, `${field}.consignor_contact`) }),
		...(receiverContact === undefined
			? {}
			: { receiverContact: maskedNumber(receiverContact, `${field}.receiver_contact`) }),
	};
}

function maskedNumber(value: string, field: string): string {
	const number = text(value, field);
	const isMasked = /^[0-9*+() -]{5,1024}$/.test(number) && number.includes("*");
	if (isMasked && /[0-9]{4}$/.test(number.replace(/[^0-9*]/g, ""))) return number;
	throw malformed(
		field,
		"a telephone number with some digits replaced by * and the last four kept, as 189****1234; maskContact() makes one",
	);
}

/**
 * A telephone number as a shipping notice wants it: the last four digits stay and of a long one the first three, all the
 * others become `*`.
 *
 * @throws {WeChatPayError} `FIELD_MALFORMED` when it has fewer than five digits.
 *
 * @example
 * ```ts
 * import { maskContact } from "paysign/shipping";
 *
 * console.log(maskContact("18912341234"), maskContact("021-65431234")); // 189****1234 021-****1234
 * ```
 */
export function maskContact(number: string): string {
	const digits = text(number, "contact").replace(/[^0-9]/g, "").length;
	if (digits < 5) throw malformed("contact", "a telephone number of five digits or more");
	const kept = digits > 8 ? 3 : 0;
	let seen = 0;
	return number.replace(/[0-9]/g, (digit) => {
		seen += 1;
		return seen <= kept || seen > digits - 4 ? digit : "*";
	});
}

function common(payer: ShippingPayer, uploadTime: UploadTime | undefined, now: () => UploadTime) {
	if (payer === undefined) throw missing("payer");
	const { openid } = object(payer, "payer", ["openid"]);
	return {
		uploadTime: uploadTimeOf(uploadTime ?? now()),
		payer: { openid: token(openid, "payer.openid", 128) },
	};
}

/** An object with no members but these. */
function object<T extends object>(value: T, field: string, members: readonly string[]): T {
	if (typeof value !== "object" || value === null || Array.isArray(value)) {
		throw malformed(field, `an object with ${members.join(", ")}`);
	}
	if (Object.keys(value).some((name) => !members.includes(name))) throw unknownMember(field, members);
	return value;
}

function array<T>(value: readonly T[], field: string, most: number): readonly T[] {
	if (value === undefined) throw missing(field);
	if (Array.isArray(value) && value.length >= 1 && value.length <= most) return value;
	throw malformed(field, most === 1 ? "a list of exactly one parcel" : `a list of 1 to ${most}`);
}

function oneOf(value: string, field: string, known: object): void {
	if (value === undefined) throw missing(field);
	if (typeof value === "string" && Object.hasOwn(known, value)) return;
	throw malformed(field, `one of ${Object.keys(known).join(", ")}`);
}

/** A text that reaches WeChat as it is. */
function text(value: unknown, field: string): string {
	if (value === undefined) throw missing(field);
	if (typeof value !== "string") throw malformed(field, "a text");
	rawJson(value, field);
	return value;
}

/** 1 to 128 bytes; `undefined` where it may be missing. */
function shortText(value: unknown, field: string, needed: string | undefined): string | undefined {
	if (value === undefined && needed !== undefined) throw missing(field, needed);
	if (value === undefined) return undefined;
	const string = text(value, field);
	const bytes = new TextEncoder().encode(string).length;
	if (string.trim() !== "" && bytes <= 128) return string;
	throw malformed(field, "1 to 128 bytes of text");
}

/** A number or a name that WeChat gave out. */
export function token(value: unknown, field: string, most: number): string {
	const string = text(value, field);
	if (string.length <= most && /^[\w-]+$/.test(string)) return string;
	throw malformed(field, `1 to ${most} of A-Z a-z 0-9 _ -, as WeChat gave it`);
}
