import type { DeliveryNotice, DeliveryStore } from "../delivery-store.js";
import type { WeChatPayErrorCode } from "../errors.js";
import { storeWatch, type Ticks } from "../observe.js";
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

/** How long something took in an outbox. */
export type OutboxTiming =
	/** One delivery notification, the access token included, until WeChat took it or it failed. */
	| { readonly operation: "attempt"; readonly failed: boolean; readonly milliseconds: number }
	/** One call of the store. */
	| {
			readonly operation: "store";
			readonly method: keyof DeliveryStore;
			readonly failed: boolean;
			readonly milliseconds: number;
	  }
	/** One call of a hook, until it settled or took too long. */
	| {
			readonly operation: "hook";
			readonly hook: DeliveryNotice;
			readonly failed: boolean;
			readonly milliseconds: number;
	  };

/** Reports an event. Never throws. */
export type EmitOutboxEvent = (event: OutboxEvent) => void;

/** Reports a timing. Never throws. */
export type TimeOutbox = (timing: OutboxTiming) => void;

/** The store, with a timing for each call and an event for each rejection. */
export function watchDeliveries<Payload>(
	store: DeliveryStore<Payload>,
	emit: EmitOutboxEvent,
	time: TimeOutbox,
	ticks: Ticks,
): DeliveryStore<Payload> {
	const watch = storeWatch<keyof DeliveryStore>(emit, time, ticks);
	return {
		enqueue: (...values) => watch("enqueue", () => store.enqueue(...values)),
		lease: (...values) => watch("lease", () => store.lease(...values)),
		settle: (...values) => watch("settle", () => store.settle(...values)),
		release: (...values) => watch("release", () => store.release(...values)),
		retry: (...values) => watch("retry", () => store.retry(...values)),
		hasten: (...values) => watch("hasten", () => store.hasten(...values)),
		get: (...values) => watch("get", () => store.get(...values)),
		list: (...values) => watch("list", () => store.list(...values)),
		counts: (...values) => watch("counts", () => store.counts(...values)),
		nextDueAt: (...values) => watch("nextDueAt", () => store.nextDueAt(...values)),
	};
}
