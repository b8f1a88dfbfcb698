/** The messages of the table in `src/message.rs`. */
export type MessageName =
	| "alarm"
	| "deliverNotify"
	| "jsapi"
	| "nativeUrl"
	| "nativePackageRequest"
	| "nativePackageResponse"
	| "payNotify"
	| "feedback"
	| "orderQuery"
	| "appPrepay"
	| "appPay"
	| "editAddress";

/** A paySignKey: 128 characters in production. Bytes can be wiped by their owner; a string cannot. */
export type AppKey = string | Uint8Array;

/** The fields of an alarm notification (PROTOCOL 2.2), as received. */
export interface AlarmFields {
	/** The account the alarm is for. */
	readonly appId: string;
	/** Decimal digits. `1001`, delivery overdue, is the only documented one: treat it as open. */
	readonly errorType: string;
	/** A short description. */
	readonly description: string;
	/** The details. For 1001 it probably holds `transaction_id=…`. */
	readonly alarmContent: string;
	/** Unix seconds, decimal digits. */
	readonly timeStamp: string;
	/** 40 hexadecimal digits, as received. */
	readonly appSignature: string;
}

/** An alarm whose signature has been verified. */
export interface Alarm extends AlarmFields {
	/** 64 hexadecimal digits that are equal for two alarms exactly when their signed fields are equal. */
	readonly dedupKey: string;
}

/** An alarm that was read and NOT verified. Anyone can have written it. */
export interface UnverifiedAlarm extends AlarmFields {
	readonly verified: false;
}

/** What a signed test alarm says. */
export interface TestAlarmFields {
	/** Unix seconds. */
	readonly timeStamp: number | string;
	/** Default `1001`. */
	readonly errorType?: number | string;
	/** Default `delivery overdue`. */
	readonly description?: string;
	/** Default `transaction_id=test`. */
	readonly alarmContent?: string;
}

/** A delivery to report (PROTOCOL 3). */
export interface Delivery {
	/** The buyer's OpenId, from the payment notification. */
	readonly openid: string;
	/** WeChat's transaction number, digits. */
	readonly transid: string;
	/** The merchant's order number. */
	readonly outTradeNo: string;
	/** When it was delivered, in Unix seconds. */
	readonly deliverTimestamp: number | string;
	/** `1` delivered, `0` failed. */
	readonly deliverStatus: 0 | 1 | "0" | "1";
	/** Free text; the reason when the status is `0`. May be empty. */
	readonly deliverMsg: string;
}

/** The body of `POST /pay/delivernotify`: serialise it with `JSON.stringify`. It cannot hold the key. */
export interface DeliverNotifyBody {
	readonly appid: string;
	readonly openid: string;
	readonly transid: string;
	readonly out_trade_no: string;
	readonly deliver_timestamp: string;
	readonly deliver_status: "0" | "1";
	readonly deliver_msg: string;
	readonly app_signature: string;
	readonly sign_method: "sha1";
}

/** A customer feedback message 维权 (PROTOCOL 4.2). Its signature covers who and when, and nothing else. */
export interface Feedback {
	/** The account it is for. */
	readonly appId: string;
	/** The buyer. */
	readonly openid: string;
	/** Unix seconds, decimal digits. */
	readonly timeStamp: string;
	/** 40 hexadecimal digits, as received. */
	readonly appSignature: string;
	/** What it says. NOT signed: whoever has seen one feedback message of this buyer can write any other. */
	readonly unverified: UnverifiedFeedback;
}

/** The part of a feedback message that no signature protects: ask WeChat before acting on it. */
export interface UnverifiedFeedback {
	/** `request`, `confirm` or `reject`. */
	readonly msgType: string | null;
	/** The number of the complaint, digits; it can exceed 64 bits. */
	readonly feedBackId: string | null;
	/** The transaction, digits. */
	readonly transId: string | null;
	readonly reason: string | null;
	/** What the buyer asks for. */
	readonly solution: string | null;
	readonly extInfo: string | null;
	/** Pictures, up to five. */
	readonly picUrls: readonly string[];
}

/** A verified request for the package of a native payment (PROTOCOL 4.3). */
export interface NativePackageRequest {
	/** The account it is for. */
	readonly appId: string;
	/** The buyer. */
	readonly openid: string;
	/** `1` if the buyer follows the account. */
	readonly isSubscribe: "0" | "1";
	/** The merchant's product. */
	readonly productId: string;
	/** Unix seconds, decimal digits. */
	readonly timeStamp: string;
	readonly nonceStr: string;
	/** 40 hexadecimal digits, as received. */
	readonly appSignature: string;
	/** 64 hexadecimal digits that are equal for two requests exactly when their signed fields are equal. */
	readonly dedupKey: string;
}

/** The answer to a request for a native package. */
export interface NativePackageResponse {
	/** The package string: the order, signed with the partnerKey. */
	readonly package: string;
	/** Unix seconds. */
	readonly timeStamp: number | string;
	/** 1 to 32 letters and digits. */
	readonly nonceStr: string;
	/** `0` to sell; anything else is an error that `retErrMsg` tells the buyer. */
	readonly retCode: number | string;
	/** The text for the buyer, without `&`. May be empty. */
	readonly retErrMsg: string;
}

/** The body half of a payment notification: signed with the paySignKey. */
export interface Buyer {
	/** The account it is for. */
	readonly appId: string;
	/** The buyer. */
	readonly openid: string;
	/** `1` if the buyer follows the account. */
	readonly isSubscribe: "0" | "1";
	/** Unix seconds, decimal digits. */
	readonly timeStamp: string;
	readonly nonceStr: string;
	/** 40 hexadecimal digits, as received. */
	readonly appSignature: string;
}

/** A payment notification as the core returns it: buyer, parameters (bytes where they are not ASCII in GBK), dedupKey. */
export type RawPayNotify = readonly [Buyer, ReadonlyArray<readonly [string, string | Uint8Array]>, string];

/** What was sold: virtual goods and services are due within 24 h of payment, physical goods within 72 h. */
export type Goods = "virtual" | "physical";

/** One step of making a signature. */
export interface ExplanationStep {
	readonly id: "fields" | "names" | "sort" | "join" | "digest";
	/** One line that says what the step does. */
	readonly title: string;
	/** What it gives, one line per field where there are several; the key is masked. */
	readonly lines: readonly string[];
}

/** A rule of the message that the given fields break. */
export interface ExplanationProblem {
	/** The code the strict functions would throw. */
	readonly code: string;
	readonly field: string | null;
	readonly sentence: string;
}

/** How a signature comes about, step by step, the key masked. */
export interface Explanation {
	readonly message: MessageName;
	/** The exact text that is hashed, with the key shown as `«128 chars»`. */
	readonly canonicalText: string;
	/** The signature of these fields under this key. */
	readonly signature: string;
	/** Whether the given signature is this one. */
	readonly verdict: "match" | "mismatch" | "not-given";
	readonly steps: readonly ExplanationStep[];
	/** Rules the fields break; empty for a message that the strict functions accept. */
	readonly problems: readonly ExplanationProblem[];
}
