import type { WeChatPayErrorCode } from "./errors.js";
import type { Page } from "./store.js";
import type { Delivery, Goods } from "./wasm/load.js";

/**
 * How a delivery stands:
 *
 * - `waiting`: it will be sent;
 * - `needs-human`: an answer said that somebody has to act; it is still sent from time to time;
 * - `expired`: its deadline passed before WeChat took it; it is still sent for a while;
 * - `delivered`: WeChat has taken it, in time or late.
 */
export type DeliveryState = "waiting" | "needs-human" | "expired" | "delivered";

/** What a person or a program is to be told about a delivery. */
export type DeliveryNotice = "delivered" | "inDanger" | "expired" | "needsHuman";

/**
 * A delivery as it is put into a store: what never changes. All times are in whole Unix seconds.
 *
 * @typeParam Payload What is to be sent: a delivery notification, or a shipping notice of `paysign/shipping`.
 */
export interface NewDelivery<Payload = Delivery> {
	/** Which delivery it is: one key, one row. */
	readonly key: string;
	/** The account that sends it. */
	readonly appId: string;
	/** What is to be sent, without a signature: it is signed when it is sent. */
	readonly delivery: Payload;
	readonly goods: Goods;
	readonly paidAt: number;
	/** The last moment at which it is in time. */
	readonly deadline: number;
	readonly enqueuedAt: number;
}

/** What changes about a delivery, always written as a whole. All times are in whole Unix seconds. */
export interface DeliveryProgress {
	readonly state: DeliveryState;
	/** When it is to be sent next; `null`: not any more. */
	readonly attemptAt: number | null;
	/** When its worker is to look at it next without sending: the danger is near, the deadline, a hook to repeat. */
	readonly noticeAt: number | null;
	/** How often it was sent. */
	readonly attempts: number;
	/** What nobody has been told of yet. */
	readonly owed: readonly DeliveryNotice[];
	/** Since when something has been owed. */
	readonly owedSince: number | null;
	/** When it was found to be in danger. */
	readonly warnedAt: number | null;
	/** When WeChat took it. */
	readonly deliveredAt: number | null;
	/** The error of the last attempt; `null` when that was none of this package's errors. */
	readonly lastCode: WeChatPayErrorCode | null;
	/** WeChat's number for it. */
	readonly lastErrcode: number | null;
	/** What to tell a person: never a value, a key or a token. `null`: no attempt has failed. */
	readonly lastSentence: string | null;
}

/** A delivery in a store. */
export interface StoredDelivery<Payload = Delivery> extends NewDelivery<Payload>, DeliveryProgress {
	/** Grows with each delivery put in. */
	readonly sequence: number;
	/** Until when a worker has it for itself, in Unix seconds; `null`: none has. */
	readonly leasedUntil: number | null;
}

/** What a worker does: send what `attemptAt` says is due, or look at what `noticeAt` says. */
export type DeliveryWork = "attempt" | "notice";

/** Which rows a worker wants for itself. */
export interface DeliveryLease {
	readonly appId: string;
	readonly work: DeliveryWork;
	/** Rows are due if that time is this one or earlier. */
	readonly dueBy: number;
	/** Which leases have run out: those until this time or earlier. */
	readonly now: number;
	/** Until when the rows are the worker's. After `now`. */
	readonly until: number;
	/** Names this very lease, and no other one, ever. */
	readonly token: string;
	/** At most this many rows. */
	readonly limit: number;
	/** Only rows whose deadline is at this time or earlier, and after `now`. */
	readonly deadlineBy?: number;
}

/** Which part of the deliveries to read: oldest first. */
export interface DeliveryQuery extends Page {
	readonly appId?: string;
	readonly state?: DeliveryState;
}

/** How many deliveries there are, for metrics. */
export type DeliveryCounts = Readonly<Record<DeliveryState, number>> & {
	/** The soonest deadline of those that are not delivered and not expired; `null` without one. */
	readonly nextDeadline: number | null;
};

/**
 * Where deliveries are kept until WeChat has taken them, and after. The laws, which one conformance suite checks on
 * every store:
 *
 * 1. **Durable when it resolves.** After `enqueue` resolves, the delivery survives whatever the store promises to
 *    survive; a store that cannot say so rejects with `STORE_FAILED`.
 * 2. **Insert if absent.** Of any number of concurrent `enqueue`s with one `key`, exactly one says `"inserted"`. A
 *    later one changes nothing; it says `"duplicate"` when it means the same, else `"conflict"`. Everything counts
 *    for that but `enqueuedAt` and `deliverTimestamp`, or `uploadTime` of a shipping notice: whoever reports a delivery
 *    again after a crash often takes the clock anew.
 * 3. **A lease is exclusive.** Of any number of concurrent `lease`s, one at most gets a row, and until it is settled
 *    or released, or its time is over, no other one does.
 * 4. **Compare and set.** `settle` writes only while the row's lease carries that token, and says whether it did: a
 *    worker whose row was leased anew cannot overwrite what the other one writes.
 * 5. **The most urgent first.** `lease` for `attempt` gives those that can still be in time (`deadline` after `now`)
 *    before those that cannot, each by `deadline`, then by `sequence`; for `notice` by `noticeAt`, then by
 *    `sequence`. The rows come in that order.
 * 6. **Nothing is deleted.**
 * 7. What a caller does to an object after passing or receiving it changes nothing in the store.
 * 8. A time, a `limit` or an `after` that is not an integer, a `limit` below 1, an `until` that is not after `now` and
 *    an empty `token` reject with `ARGUMENT_INVALID`.
 * 9. After the store's `close`, every method rejects with `STORE_FAILED`.
 */
export interface DeliveryStore<Payload = Delivery> {
	/** Keeps the delivery if its `key` is new. */
	enqueue(
		delivery: NewDelivery<Payload>,
		progress: DeliveryProgress,
	): Promise<"inserted" | "duplicate" | "conflict">;
	/** Takes rows that are due and free, for this worker alone. */
	lease(request: DeliveryLease): Promise<StoredDelivery<Payload>[]>;
	/**
	 * Writes what became of a leased row.
	 *
	 * @param leaseUntil Keeps the lease until then. Default: the row is free again.
	 * @returns Whether the row was still this lease's, and so was written.
	 */
	settle(
		sequence: number,
		token: string,
		progress: DeliveryProgress,
		leaseUntil?: number | null,
	): Promise<boolean>;
	/** Frees the rows that still carry this lease, or that one of them, otherwise unchanged. */
	release(token: string, sequence?: number): Promise<void>;
	/**
	 * A person wants it sent now: `needs-human` becomes `waiting`, and `attemptAt` becomes `now`. A lease stays.
	 *
	 * @returns `false` when there is no such row, or it is delivered.
	 */
	retry(sequence: number, now: number): Promise<boolean>;
	/**
	 * The reason to wait is over: rows of the account in one of these states whose `attemptAt` lies after `after` become
	 * due now. Those that are not to be sent any more stay so.
	 *
	 * @param after Default: `now`.
	 */
	hasten(appId: string, states: readonly DeliveryState[], now: number, after?: number): Promise<void>;
	/** The row with this key. */
	get(key: string): Promise<StoredDelivery<Payload> | undefined>;
	/** Rows by `sequence`. */
	list(query: DeliveryQuery): Promise<StoredDelivery<Payload>[]>;
	/** Counts, of one account or of all. */
	counts(appId?: string): Promise<DeliveryCounts>;
	/**
	 * When to look at the account's rows for this work again, in Unix seconds; `null`: nothing is left to do. Never later
	 * than a row's `attemptAt` (for `notice`: `noticeAt`) or, for a leased row, than the end of its lease; possibly
	 * earlier.
	 */
	nextDueAt(appId: string, work: DeliveryWork): Promise<number | null>;
}
