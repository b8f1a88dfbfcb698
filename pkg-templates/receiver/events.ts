import type { WeChatPayErrorCode } from "../errors.js";
import { storeWatch, type Ticks } from "../observe.js";
import type { AlarmStore } from "../store.js";
import type { Inbox } from "./protocol.js";

/**
 * What happened in an alarm receiver, for logs and metrics. Of a message an event holds the `dedupKey` and nothing
 * else, and never a key; an `error` is what a hook of yours or the store threw.
 */
export type ReceiverEvent =
	/** A new alarm is in the store, and `success` is about to be answered. */
	| {
			readonly type: "stored";
			readonly dedupKey: string;
			/** Unix seconds. */
			readonly receivedAt: number;
			/** Its `TimeStamp` is older than `staleAfterSeconds`. */
			readonly stale: boolean;
			/** Its `TimeStamp` is more than `staleAfterSeconds` ahead of this machine's clock. */
			readonly future: boolean;
	  }
	/** An alarm that the store already has was sent again: `success`, and no call of `onAlarm`. */
	| { readonly type: "duplicate"; readonly dedupKey: string; readonly receivedAt: number }
	/** A body was not believed (401), and is in the quarantine or not. */
	| { readonly type: "refused"; readonly code: WeChatPayErrorCode; readonly quarantined: boolean }
	/** Refusals come faster than the quarantine takes them; `dropped` counts those it left out since the start. */
	| { readonly type: "quarantineDropped"; readonly dropped: number }
	/** A refused body holds a configured paySignKey. It is not stored anywhere. Find out who has the key. */
	| { readonly type: "keyLeakSuspected"; readonly code: WeChatPayErrorCode }
	/** A request was turned away by its method (405), encoding (415), pace (408), or because it broke off (400). */
	| { readonly type: "unread"; readonly status: 400 | 405 | 408 | 415 }
	/** A body could not be checked (503): the look-up of a key threw, or there is a bug. It is not a refusal. */
	| { readonly type: "verifyFailed"; readonly error: unknown }
	/** The store rejected. On `insert` the answer was 503 and nothing is acknowledged. */
	| { readonly type: "storeFailed"; readonly operation: StoreOperation; readonly error: unknown }
	/** `onAlarm` finished with an alarm, and the store knows. */
	| { readonly type: "handled"; readonly dedupKey: string }
	/** `onAlarm` threw. The alarm stays unhandled, and `resume()` offers it again. */
	| { readonly type: "handlerFailed"; readonly dedupKey: string; readonly error: unknown };

/** What happened in a push receiver. */
export type PushReceiverEvent =
	| ReceiverEvent
	/** WeChat has asked whether the URL is the account's, and was answered. It does so when the URL is saved in its console. */
	| { readonly type: "urlVerified" };

/** What happened in a receiver of APIv3's notifications. */
export type NotificationReceiverEvent =
	| ReceiverEvent
	/**
	 * WeChat Pay has sent a signature that is wrong on purpose, and was answered 401 as it must be. It is neither counted
	 * among the refused ones nor kept.
	 */
	| { readonly type: "probeRefused" };

/** The methods of a store that an event can be about. */
export type StoreOperation = Exclude<keyof AlarmStore, "close">;

/** How long something took in an alarm receiver. */
export type ReceiverTiming =
	/** From the first byte of a request that was read to its answer; what is kept of it is committed by then. */
	| { readonly operation: "answer"; readonly status: number; readonly milliseconds: number }
	/** One call of the store. */
	| {
			readonly operation: "store";
			readonly method: StoreOperation;
			readonly failed: boolean;
			readonly milliseconds: number;
	  }
	/** One call of `onAlarm`, until it settled. */
	| { readonly operation: "handler"; readonly failed: boolean; readonly milliseconds: number };

/** Reports an event. Never throws. */
export type Emit = (event: ReceiverEvent) => void;

/** Reports a timing. Never throws. */
export type Time = (timing: ReceiverTiming) => void;

/** What is kept, with a timing for each call of the store and an event for each rejection. */
export function watchInbox<Message, Context>(
	inbox: Inbox<Message, Context>,
	emit: Emit,
	time: Time,
	ticks: Ticks,
): Inbox<Message, Context> {
	const watch = storeWatch<StoreOperation>(emit, time, ticks);
	return {
		insert: (message, receivedAt) => watch("insert", () => inbox.insert(message, receivedAt)),
		markHandled: (dedupKey, handledAt) => watch("markHandled", () => inbox.markHandled(dedupKey, handledAt)),
		list: (page) => watch("list", () => inbox.list(page)),
		quarantine: (...values) => watch("quarantine", () => inbox.quarantine(...values)),
		listQuarantine: (page) => watch("listQuarantine", () => inbox.listQuarantine(page)),
		release: (sequence) => watch("release", () => inbox.release(sequence)),
	};
}
