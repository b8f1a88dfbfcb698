/** What the sandbox knows about the shipping of an order. */
export interface SandboxShipment {
	readonly transid: string;
	/** WeChat's number: 1 to ship, 2 shipped, 3 received, 4 completed, 5 refunded, 6 received and not settled. */
	readonly orderState: 1 | 2 | 3 | 4 | 5 | 6;
	/** From when on WeChat reminds of it, in Unix seconds. */
	readonly deadline: number;
	/** The latest notice that was taken, as it came; `null` until there is one. */
	readonly notice: Readonly<Record<string, unknown>> | null;
	/** When everything was on its way for the first time, in Unix seconds; `null` until then. */
	readonly shippedAt: number | null;
	/** How often everything was on its way: 0, 1, or 2 after the one correction. */
	readonly finishShippingCount: 0 | 1 | 2;
	/** How many notices were taken. */
	readonly uploads: number;
	/** How many notices said nothing new, or came too late to change anything. */
	readonly repeats: number;
	/** Whether the buyer was asked to confirm the receipt, which may be done once. */
	readonly reminded: boolean;
	/** The push `trade_manage_remind_shipping`: not pushed; pushed, but not acknowledged; or acknowledged. */
	readonly push: "none" | "unacknowledged" | "acknowledged";
}

/** An event to push. */
export interface SandboxPush {
	readonly appId: string;
	/** The name of the event, such as `trade_manage_remind_access_api`. */
	readonly event: string;
	/** Its fields beside those that every event has. */
	readonly fields?: Readonly<Record<string, string | number>>;
}

/** One attempt at a push. */
export interface PushTry {
	/** The query of the URL, with its signatures. */
	readonly query: string;
	/** The body, as posted. */
	readonly body: string;
	/** The HTTP status of the answer; `null` when there was none. */
	readonly httpStatus: number | null;
	/** The body of the answer; `null` when there was none. */
	readonly answer: string | null;
}

/** An event that was pushed, and what became of it. */
export interface PushPost {
	readonly appId: string;
	readonly event: string;
	/** The order it is about; `null` for one of `sendPush`. */
	readonly transid: string | null;
	/** The XML or JSON before any encryption. */
	readonly content: string;
	/** One to three: WeChat tries again when it is not acknowledged, each time signed and encrypted anew. */
	readonly tries: readonly PushTry[];
	/** Whether the last answer was status 200 with `success` or with nothing. */
	readonly acknowledged: boolean;
}

/** What became of a check of the push URL. */
export interface UrlCheck {
	readonly httpStatus: number | null;
	readonly answer: string | null;
	/** Whether the answer was status 200 with the `echostr`, and nothing else. */
	readonly accepted: boolean;
}
