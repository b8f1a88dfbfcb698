// What a shipping notice says. Types only: stores keep it, and the parts that build and send it stand in shipping/.

/**
 * An order: by WeChat's number of the payment, or by the merchant that placed it and its own number. Of a service provider
 * `mchId` is its own, not that of the sub-merchant.
 */
export type ShippingOrder =
	| {
			/** WeChat's number of the payment (wire: `transaction_id`). */
			readonly transactionId: string;
	  }
	| {
			/** The merchant that placed the order (wire: `mchid`, in other calls `merchant_id`). */
			readonly mchId: string;
			/** The merchant's own number (wire: `out_trade_no`, in other calls `merchant_trade_no`). */
			readonly outTradeNo: string;
	  };

/** How goods reach the buyer. Wire: 1 express company, 2 delivery within the city, 3 nothing to carry, 4 fetched. */
export type LogisticsType = "express" | "sameCity" | "virtual" | "pickup";

/** Whether an order goes in one parcel (wire: 1) or in several (wire: 2), which only express may. */
export type DeliveryMode = "unified" | "split";

/**
 * Telephone numbers, masked, as `189****1234`, `021-****1234` or `****123-8008`: the last four digits stay, some of the
 * others are `*`. {@link maskContact} makes one.
 */
export interface ParcelContact {
	/** The sender's. At most 1024 characters. */
	readonly consignorContact?: string;
	/** The receiver's. At most 1024 characters. */
	readonly receiverContact?: string;
}

/** One parcel, or what takes its place. */
export interface Parcel {
	/** What is in it, for the buyer to read, such as `微信红包抱枕*1个`: 1 to 120 characters. */
	readonly itemDesc: string;
	/** The express company's number: 1 to 128 bytes. Express only, and needed there. */
	readonly trackingNo?: string;
	/**
	 * WeChat's id of the express company, such as `SF` or `ZTO`, from its `get_delivery_list`; within a city the company's
	 * name will do. 1 to 128 bytes. Needed for express.
	 */
	readonly expressCompany?: string;
	/** Needed for `SF`, one of the two numbers. */
	readonly contact?: ParcelContact;
}

/** How an order, or one of those that were paid together, was shipped. */
export interface ShippedGoods {
	readonly orderKey: ShippingOrder;
	readonly logisticsType: LogisticsType;
	/** Default: `unified`. */
	readonly deliveryMode?: DeliveryMode;
	/** Of a `split` order, and needed there: whether everything is on its way now. Only then is the buyer told. */
	readonly isAllDelivered?: boolean;
	/** 1 to 15 parcels, exactly one when `unified`. */
	readonly shippingList: readonly Parcel[];
}

/** The buyer. */
export interface ShippingPayer {
	/** The OpenId of the payment, as this mini program knows it: 1 to 128 bytes. */
	readonly openid: string;
}

/** When a notice was made, which orders the notices about one order: WeChat takes only a later one. */
export type UploadTime = number | Date | string;

/**
 * A shipping notice (发货信息录入, PROTOCOL 8.1), under the names of the wire in camelCase.
 *
 * The limits are those of WeChat's page of `uploadShippingInfo` (developers.weixin.qq.com, 小程序 › 服务端 ›
 * order_shipping, read in 2025).
 */
export interface Shipping extends ShippedGoods {
	/**
	 * When this notice was made: Unix seconds, fractions allowed, a `Date`, or RFC 3339 with milliseconds and a time zone,
	 * as `2022-12-15T13:29:35.120+08:00`. Default: now, and later than that of any other call of the client.
	 */
	readonly uploadTime?: UploadTime;
	readonly payer: ShippingPayer;
}

/** A notice about orders that were paid together (合单, PROTOCOL 8.1). */
export interface CombinedShipping {
	/** The payment as a whole. The orders in it are named in the same way, all by WeChat's numbers or all by the merchant's. */
	readonly orderKey: ShippingOrder;
	/** 1 to 50 of its orders: WeChat joins at most fifty. */
	readonly subOrders: readonly ShippedGoods[];
	/** As in {@link Shipping}. */
	readonly uploadTime?: UploadTime;
	readonly payer: ShippingPayer;
}
