import { integerOf, malformedError } from "../http.js";
import type { DeliveryMode, LogisticsType, ParcelContact } from "../shipping-info.js";
import { deliveryModes, logisticsTypes } from "./check.js";

/**
 * How an order stands with WeChat: to be shipped, shipped, received by the buyer, completed, refunded, received with its
 * money not settled yet; `unknown`, a state that this version does not know.
 */
export type ShippingOrderState =
	| "toShip"
	| "shipped"
	| "received"
	| "completed"
	| "refunded"
	| "awaitingSettlement"
	| "unknown";

/** The numbers of the wire. */
const orderStates: ReadonlyMap<number, ShippingOrderState> = new Map([
	[1, "toShip"],
	[2, "shipped"],
	[3, "received"],
	[4, "completed"],
	[5, "refunded"],
	[6, "awaitingSettlement"],
]);

/** A parcel as WeChat has it. */
export interface ShippedParcel {
	readonly trackingNo?: string;
	readonly expressCompany?: string;
	/** What was sent as `itemDesc`. */
	readonly goodsDesc?: string;
	/** Unix seconds. */
	readonly uploadTime?: number;
	readonly contact?: ParcelContact;
}

/** How an order was shipped, as WeChat has it. */
export interface OrderShipping {
	/** Absent where WeChat's number is not known to this version. */
	readonly deliveryMode?: DeliveryMode;
	/** Absent where WeChat's number is not known to this version. */
	readonly logisticsType?: LogisticsType;
	/** Whether everything is on its way. */
	readonly finishShipping?: boolean;
	/** What was written in the console. */
	readonly goodsDesc?: string;
	/** 0 until everything is on its way, 1 then, 2 after the one correction. */
	readonly finishShippingCount?: number;
	readonly shippingList: readonly ShippedParcel[];
}

/** An order as WeChat has it (PROTOCOL 8.1). What WeChat leaves out is absent. */
export interface ShippingOrderInfo {
	readonly transactionId?: string;
	readonly merchantId?: string;
	readonly subMerchantId?: string;
	readonly merchantTradeNo?: string;
	/** All goods, joined with semicolons, at most 120 characters and then `...`. */
	readonly description?: string;
	/** In fen, hundredths of a yuan. */
	readonly paidAmount?: number;
	readonly openid?: string;
	/** Unix seconds. */
	readonly tradeCreateTime?: number;
	/** Unix seconds: what the 48 hours are counted from. */
	readonly payTime?: number;
	readonly orderState: ShippingOrderState;
	/** Whether buyer and seller are in dispute. */
	readonly inComplaint?: boolean;
	readonly shipping?: OrderShipping;
}

type Members = ReadonlyMap<string, unknown>;

/** The order in an answer of `get_order`. */
export function readOrder(call: string, value: unknown): ShippingOrderInfo {
	const order = membersOf(value);
	const state = integerOf(order?.get("order_state"));
	if (order === undefined || state === undefined) {
		throw malformedError(call, undefined, "has no order with an order_state");
	}
	const shipping = membersOf(order.get("shipping"));
	return present({
		transactionId: text(order, "transaction_id"),
		merchantId: text(order, "merchant_id"),
		subMerchantId: text(order, "sub_merchant_id"),
		merchantTradeNo: text(order, "merchant_trade_no"),
		description: text(order, "description"),
		paidAmount: integerOf(order.get("paid_amount")),
		openid: text(order, "openid"),
		tradeCreateTime: integerOf(order.get("trade_create_time")),
		payTime: integerOf(order.get("pay_time")),
		orderState: orderStates.get(state) ?? "unknown",
		inComplaint: flag(order, "in_complaint"),
		shipping: shipping && readShipping(shipping),
	});
}

function readShipping(shipping: Members): OrderShipping {
	const list = shipping.get("shipping_list");
	return present({
		deliveryMode: nameOf(deliveryModes, shipping.get("delivery_mode")),
		logisticsType: nameOf(logisticsTypes, shipping.get("logistics_type")),
		finishShipping: flag(shipping, "finish_shipping"),
		goodsDesc: text(shipping, "goods_desc"),
		finishShippingCount: integerOf(shipping.get("finish_shipping_count")),
		shippingList: (Array.isArray(list) ? list : []).map(membersOf).filter(isThere).map(readParcel),
	});
}

function readParcel(parcel: Members): ShippedParcel {
	const contact = membersOf(parcel.get("contact"));
	return present({
		trackingNo: text(parcel, "tracking_no"),
		expressCompany: text(parcel, "express_company"),
		goodsDesc: text(parcel, "goods_desc"),
		uploadTime: integerOf(parcel.get("upload_time")),
		contact:
			contact &&
			present({
				consignorContact: text(contact, "consignor_contact"),
				receiverContact: text(contact, "receiver_contact"),
			}),
	});
}

/** The members of an object, as a map, so that no name in an answer can mean anything to JavaScript. */
function membersOf(value: unknown): Members | undefined {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
	return new Map(Object.entries(value));
}

function text(members: Members, name: string): string | undefined {
	const value = members.get(name);
	return typeof value === "string" && value !== "" ? value : undefined;
}

function flag(members: Members, name: string): boolean | undefined {
	const value = members.get(name);
	return typeof value === "boolean" ? value : undefined;
}

function nameOf<Name extends string>(
	numbers: Readonly<Record<Name, number>>,
	value: unknown,
): Name | undefined {
	const number = integerOf(value);
	return (Object.keys(numbers) as Name[]).find((name) => numbers[name] === number);
}

function isThere<T>(value: T | undefined): value is T {
	return value !== undefined;
}

/** Without the members that are undefined. */
function present<T extends object>(
	members: T,
): { [Name in keyof T as undefined extends T[Name] ? never : Name]: T[Name] } & {
	[Name in keyof T as undefined extends T[Name] ? Name : never]?: Exclude<T[Name], undefined>;
} {
	return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}
