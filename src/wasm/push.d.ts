/** What every event of a push says of where it came from. All text is as received. */
export interface PushOrigin {
	/** The original id of the account, `gh_…`. */
	readonly toUserName?: string;
	/** An openid; for the events of this table it says nothing. */
	readonly fromUserName?: string;
	/** Unix seconds, digits: when WeChat made the event. */
	readonly createTime?: string;
}

/** An order of a trade event (PROTOCOL 8.2). All text is as received. */
export interface PushOrder {
	/** WeChat's transaction number. */
	readonly transactionId?: string;
	/** The merchant number. */
	readonly merchantId?: string;
	/** The number of the sub-merchant, of orders through a service provider. */
	readonly subMerchantId?: string;
	/** The merchant's order number. */
	readonly merchantTradeNo?: string;
	/** Unix seconds, digits: when it was paid. */
	readonly payTime?: string;
}

/** Goods were paid and not reported as shipped: the successor of alarm 1001. */
export interface RemindShippingEvent extends PushOrigin, PushOrder {
	readonly type: "trade_manage_remind_shipping";
	/** A sentence for a person. */
	readonly msg?: string;
}

/** The account must report shipping through the API. */
export interface RemindAccessApiEvent extends PushOrigin {
	readonly type: "trade_manage_remind_access_api";
	/** A sentence for a person. */
	readonly msg?: string;
}

/** An order was shipped and will be settled, or has been settled. Times are Unix seconds, digits. */
export interface OrderSettlementEvent extends PushOrigin, PushOrder {
	readonly type: "trade_manage_order_settlement";
	readonly shippedTime?: string;
	readonly estimatedSettlementTime?: string;
	/** `1` by itself, `2` by the buyer's hand. */
	readonly confirmReceiveMethod?: string;
	readonly confirmReceiveTime?: string;
	readonly settlementTime?: string;
}

/** Any other push, or one of the above in a shape that is not theirs. The whole of it is in `content`. */
export interface OtherEvent {
	readonly type: "other";
	/** `Event`, or `MsgType` where there is none. Empty if the content says neither, or is neither XML nor JSON. */
	readonly name: string;
	/** The fields under their wire names, if the content is flat, none stands twice and there are at most 256; else empty. */
	readonly fields: Readonly<Record<string, string>>;
}

/** What a push says. */
export type PushEvent = RemindShippingEvent | RemindAccessApiEvent | OrderSettlementEvent | OtherEvent;

/** A push that WeChat signed. */
export interface Push {
	/** The AppId of the account. */
	readonly appId: string;
	/** Whether the signature covers the content. `false` in plain mode: whoever saw one query can send any content. */
	readonly isProtected: boolean;
	/** The XML or JSON text as it was encrypted; in plain mode, the body. */
	readonly content: string;
	/** Unix seconds, of the query: when WeChat sent it. A repeated push has another one. */
	readonly timestamp: number;
	/** What it says. */
	readonly event: PushEvent;
	/** 64 hexadecimal digits that are equal for two pushes exactly when AppId and content are: a repeated push has the same. */
	readonly dedupKey: string;
}

/** A push as WeChat would send it. */
export interface TestPush {
	/** The query of the request's URL, without `?`. */
	readonly query: string;
	/** The request body. */
	readonly body: string;
}
