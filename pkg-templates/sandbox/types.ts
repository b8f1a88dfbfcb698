import type { PushPost, SandboxPush, SandboxShipment, UrlCheck } from "./shipping-types.js";

/** An account that the sandbox plays WeChat for. */
export interface SandboxAccount {
	readonly appId: string;
	readonly appSecret: string;
	/** The paySignKey. An account of today has none, and cannot send delivery notifications. */
	readonly appKey?: string;
	/** Where alarms are posted. Without it, none are. */
	readonly alarmUrl?: string;
	/** Where messages and events are pushed (消息推送). Without it, none are. */
	readonly pushUrl?: string;
	/** The Token of the push settings; needed for `pushUrl`. */
	readonly token?: string;
	/** The EncodingAESKey of the push settings: 43 characters. With it pushes are encrypted. */
	readonly encodingAesKey?: string;
	/**
	 * How pushes go: `plain` (明文模式), `compatible` with the plain text beside the encrypted one (兼容模式), or `encrypted`
	 * (安全模式). Default: `encrypted` with an `encodingAesKey`, else `plain`.
	 */
	readonly pushMode?: "plain" | "compatible" | "encrypted";
	/** The format of pushes. Default: `xml`. */
	readonly pushFormat?: "xml" | "json";
	/** Whether the mini program uses the order shipping service. Default: `true`. */
	readonly isTradeManaged?: boolean;
}

/** What `startSandbox` needs to know. */
export interface SandboxOptions {
	/** At least one; each AppId once. */
	readonly accounts: readonly SandboxAccount[];
	/** The clock, in Unix seconds. Default: the platform's. The sandbox never waits, it only reads this. */
	readonly now?: () => number;
	/** Numbers from 0 up to, but not including, 1, of which tokens are made. Default: `Math.random`. */
	readonly random?: () => number;
	/** How long an old token lives on beside a new one, in seconds. Default: 300, or half the life if that is less. */
	readonly overlapSeconds?: number;
	/** How long a token lives, in seconds. Default: 7200. */
	readonly tokenLifeSeconds?: number;
	/** The port on 127.0.0.1. Default: a free one. */
	readonly port?: number;
	/** Told of each request when it is answered. What it throws is ignored. */
	readonly onRequest?: (request: SandboxRequest) => unknown;
}

/** An order that was paid. */
export interface SandboxOrder {
	readonly appId: string;
	/** WeChat's transaction number; each one once. */
	readonly transid: string;
	readonly outTradeNo: string;
	/** The buyer. */
	readonly openid: string;
	/** When it was paid, in Unix seconds. */
	readonly paidAt: number;
	/** Virtual goods are due within 24 h of the payment, physical ones within 72 h. */
	readonly goods: "virtual" | "physical";
	/** The merchant that placed the order, for shipping notices that name it so. Default: `1900000109`. */
	readonly mchId?: string;
	/** Until when a pre-sale may be shipped, in Unix seconds. Default: 48 h after the payment. */
	readonly shipBy?: number;
	/** The number of the payment that this order was combined in, as `upload_combined_shipping_info` names it. */
	readonly combinedIn?: string;
}

/** What the sandbox knows about an order. */
export interface SandboxOrderState extends SandboxOrder {
	/** When the delivery notification is due, in Unix seconds. */
	readonly deadline: number;
	/** When the first notification was taken, in Unix seconds; `null` until then. */
	readonly notifiedAt: number | null;
	/** The `deliver_status` of the latest notification; `null` until there is one. */
	readonly deliverStatus: "0" | "1" | null;
	/** The `deliver_msg` of the latest notification; `null` until there is one. */
	readonly deliverMsg: string | null;
	/** How many notifications were taken. */
	readonly notifications: number;
	/** Alarm 1001: not posted; posted, but not answered with `success`; or acknowledged. */
	readonly alarm: "none" | "unacknowledged" | "acknowledged";
}

/** A path that the sandbox serves. */
export type SandboxPath =
	| "/cgi-bin/token"
	| "/cgi-bin/stable_token"
	| "/pay/delivernotify"
	| "/wxa/sec/order/upload_shipping_info"
	| "/wxa/sec/order/upload_combined_shipping_info"
	| "/wxa/sec/order/get_order"
	| "/wxa/sec/order/is_trade_managed"
	| "/wxa/sec/order/notify_confirm_receive"
	| "/wxa/sec/order/set_msg_jump_path";

/**
 * What can go wrong on the way:
 *
 * - `busy`, `rateLimited`, `expiredToken`: errcode -1, 45011, 42001;
 * - `http500`: HTTP 500 with plain text; `http502html`: HTTP 502 with a page;
 * - `html`, `empty`, `truncated`, `notObject`: HTTP 200 with a page, with nothing, with half of a JSON object, with a
 *   JSON array;
 * - `redirect`: HTTP 302 to `/redirected` of the sandbox, which logs whoever follows;
 * - `slow`: no answer until the sandbox is closed;
 * - `reset`: the connection is reset;
 * - `gzipBomb`: a success of 16 KiB that inflates to 4 MiB.
 */
export type SandboxFault =
	| "busy"
	| "rateLimited"
	| "expiredToken"
	| "http500"
	| "http502html"
	| "html"
	| "empty"
	| "truncated"
	| "notObject"
	| "redirect"
	| "slow"
	| "reset"
	| "gzipBomb";

/** Faults to inject: the next `times` requests to `path` get them. */
export interface SandboxInjection {
	readonly path: SandboxPath;
	readonly fault: SandboxFault;
	/** Default: 1. `Infinity` for all requests to come. */
	readonly times?: number;
}

/** A request that the sandbox received, with every secret replaced by `«masked»`. */
export interface SandboxRequest {
	/** When, in Unix seconds of the sandbox's clock. */
	readonly at: number;
	readonly method: string;
	/** Without the query. */
	readonly path: string;
	readonly query: string;
	readonly contentType: string;
	readonly body: string;
	/** The injected fault it met; `null` for none. */
	readonly fault: SandboxFault | null;
	/** The errcode it was answered with; `0` for a success, `null` when a fault or a wrong path gave none. */
	readonly errcode: number | null;
	/** Whether the body held the paySignKey or a member named `appkey`. WeChat takes such a body; nobody should send it. */
	readonly keyLeak: boolean;
}

/** The text of an alarm to send. */
export interface SandboxAlarm {
	readonly appId: string;
	/** Default: `1001`. */
	readonly errorType?: string;
	/** Default: `发货超时`. */
	readonly description?: string;
	readonly alarmContent: string;
	/** Unix seconds. Default: now. */
	readonly timeStamp?: number;
	/** Default: the right one. Another one makes a forgery. */
	readonly appSignature?: string;
}

/** An alarm that was posted, and what became of it. */
export interface AlarmPost {
	readonly appId: string;
	/** The order it is about; `null` for one of `sendAlarm`. */
	readonly transid: string | null;
	/** The XML, as posted. */
	readonly body: string;
	/** The HTTP status of the answer; `null` when there was none. */
	readonly httpStatus: number | null;
	/** The body of the answer; `null` when there was none. */
	readonly answer: string | null;
	/** Whether the answer was status 200 with exactly the seven bytes `success`. */
	readonly acknowledged: boolean;
}

/** A running sandbox. */
export interface Sandbox {
	/** Where it listens, such as `http://127.0.0.1:40123`. */
	readonly url: string;
	/**
	 * A `fetch` that brings requests for `https://api.weixin.qq.com` and its documented backups here and refuses every
	 * other address.
	 */
	readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
	/** The requests so far, oldest first: a copy. */
	readonly requests: readonly SandboxRequest[];
	/** Makes an order known. */
	addOrder(order: SandboxOrder): void;
	/** The state of an order, a copy; `undefined` for an unknown one. */
	order(transid: string): SandboxOrderState | undefined;
	/** Makes the next requests to a path fail. Injections for one path queue up. */
	inject(injection: SandboxInjection): void;
	/**
	 * Posts alarm 1001 for each order that was notified after its deadline, or not at all although the deadline has
	 * passed. One alarm per order: while the answer is not `success`, the same bytes are posted again at each call.
	 */
	checkDeadlines(): Promise<AlarmPost[]>;
	/** Posts an alarm now, whatever the orders say. */
	sendAlarm(alarm: SandboxAlarm): Promise<AlarmPost>;
	/** How an order stands in the order shipping service, a copy; `undefined` for an unknown one. */
	shipment(transid: string): SandboxShipment | undefined;
	/**
	 * Pushes `trade_manage_remind_shipping` for each order that is not shipped although its 48 hours, or its `shipBy`, have
	 * passed. One push per order: while it is not acknowledged, the same content is pushed again at each call.
	 */
	checkShipping(): Promise<PushPost[]>;
	/**
	 * The buyer confirms the receipt of a shipped order, or time does. Then `trade_manage_order_settlement` is pushed.
	 *
	 * @returns The push; `null` for an account without `pushUrl`.
	 */
	confirmReceipt(transid: string, by?: "buyer" | "time"): Promise<PushPost | null>;
	/** The money of a received order is settled. Then `trade_manage_order_settlement` is pushed once more. */
	settle(transid: string): Promise<PushPost | null>;
	/** The order is refunded: it cannot be shipped any more. */
	refund(transid: string): void;
	/** Pushes an event now, whatever the orders say, such as `trade_manage_remind_access_api` with a `msg`. */
	sendPush(push: SandboxPush): Promise<PushPost>;
	/** Checks an account's `pushUrl` as the console does when it is saved: a GET whose `echostr` has to come back. */
	checkPushUrl(appId: string): Promise<UrlCheck>;
	/** Stops listening and closes open connections. Repeated calls change nothing. */
	close(): Promise<void>;
}
