import type { DeliveryNotice, DeliveryStore } from "../delivery-store.js";
import type { WeChatPayErrorCode } from "../errors.js";
import type { BreakerReason } from "./breaker.js";

/**
 * What happened in an outbox, for logs and metrics. Of a delivery an event holds its `key`, which names the account and
 * the order, and nothing else; `error` is what a hook of yours or the store threw.
 */
export type OutboxEvent =
	/** A delivery is in the store, for the first time or again. */
	| { readonly type: "enqueued" | "duplicate"; readonly key: string }
	/** WeChat has taken a delivery. */
	| {
			readonly type: "delivered";
			readonly key: string;
			readonly attempts: number;
			/** Since it was enqueued. */
			readonly seconds: number;
			/** After its deadline. */
			readonly late: boolean;
	  }
	/** An attempt failed; `attemptAt` says when the next one is due, `null` that there is none. */
	| {
			readonly type: "failed";
			readonly key: string;
			readonly attempts: number;
			readonly code: WeChatPayErrorCode | null;
			readonly errcode: number | null;
			readonly attemptAt: number | null;
	  }
	/** A delivery is in danger, has expired, or needs a person. */
	| { readonly type: Exclude<DeliveryNotice, "delivered">; readonly key: string }
	/** Nothing is sent but probes: WeChat cannot be reached, or refuses the account. */
	| {
			readonly type: "breakerOpened";
			readonly reason: BreakerReason;
			readonly code: WeChatPayErrorCode | null;
			readonly errcode: number | null;
	  }
	/** Everything is sent again. */
	| { readonly type: "breakerClosed"; readonly reason: BreakerReason }
	/** A hook threw, or took too long; it is called again later. */
	| {
			readonly type: "hookFailed";
			readonly hook: DeliveryNotice;
			readonly key: string;
			readonly error: unknown;
	  }
	/** An outcome came after the lease had ended and another worker had the row: it may have been sent twice. */
	| { readonly type: "leaseLost"; readonly key: string }
	/** The store rejected. Nothing is lost: what it did not take is done again. */
	| { readonly type: "storeFailed"; readonly operation: keyof DeliveryStore; readonly error: unknown }
	/** The time of day jumped by so many seconds. Nothing expires by it until it is confirmed. */
	| { readonly type: "clockJumped"; readonly seconds: number };

/** Reports an event. Never throws. */
export type EmitOutboxEvent = (event: OutboxEvent) => void;
