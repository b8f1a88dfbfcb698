import type { DeliveryStore } from "./delivery-store.js";
import type { NotificationStore } from "./notification-store.js";
import type { Shipping } from "./shipping-info.js";
import type { Alarm } from "./wasm/load.js";

/** A verified alarm as a store keeps it. */
export interface StoredAlarm {
	/** Grows with each stored alarm; the order in which they were stored. */
	readonly sequence: number;
	readonly alarm: Alarm;
	/** When it was received, in Unix seconds. */
	readonly receivedAt: number;
	/** When `onAlarm` finished with it, in Unix seconds; `null` until then. */
	readonly handledAt: number | null;
}

/** A refused body, kept because refused is not lost. */
export interface RefusedBody {
	/** SHA-256 of the body in hexadecimal: the same refused body is kept once. */
	readonly digest: string;
	/** The bytes as received, up to the receiver's limit. */
	readonly body: Uint8Array;
	/** Whether more was sent than is kept. */
	readonly truncated: boolean;
	/** The error code it was refused with. */
	readonly code: string;
	/** When it was received, in Unix seconds. */
	readonly receivedAt: number;
}

/** A {@link RefusedBody} in the quarantine. */
export interface QuarantinedBody extends RefusedBody {
	/** Grows with each body put in. */
	readonly sequence: number;
}

/** Which part of a list to read: oldest first, those after `after`. */
export interface Page {
	/** At most this many rows. */
	readonly limit: number;
	/** The `sequence` of the last row already seen. Default: from the start. */
	readonly after?: number;
}

/**
 * Where verified alarms are kept. The laws, which one conformance suite checks on every store:
 *
 * 1. **Durable when it resolves.** After `insert` resolves, the alarm survives whatever the store promises to
 *    survive; a store that cannot say so rejects with `STORE_FAILED`.
 * 2. **Insert if absent.** Of any number of concurrent inserts with one `dedupKey`, exactly one says `"inserted"`.
 * 3. **Nothing is deleted** but by `release`, and by the quarantine's own bound.
 * 4. What a caller does to an object after passing or receiving it changes nothing in the store.
 * 5. A `limit` that is not a positive integer (for `quarantine`: not a non-negative one), an `after` or a time that
 *    is not an integer reject with `ARGUMENT_INVALID`: no store may read them as "no limit".
 * 6. After `close`, every other method rejects with `STORE_FAILED`.
 */
export interface AlarmStore {
	/** Keeps the alarm if its `dedupKey` is new. */
	insert(alarm: Alarm, receivedAt: number): Promise<"inserted" | "duplicate">;
	/** Marks an alarm as handled. Unknown keys and repeated calls change nothing. */
	markHandled(dedupKey: string, handledAt: number): Promise<void>;
	/** Alarms, oldest first; with `unhandled`, only those not marked as handled. */
	list(page: Page & { readonly unhandled?: boolean }): Promise<StoredAlarm[]>;
	/** Keeps a refused body (once per digest), then drops the oldest beyond `limit`. */
	quarantine(refused: RefusedBody, limit: number): Promise<void>;
	/** Refused bodies, oldest first. */
	listQuarantine(page: Page): Promise<QuarantinedBody[]>;
	/** Takes a body out of the quarantine. Unknown numbers change nothing. */
	release(sequence: number): Promise<void>;
	/** Finishes what is under way and lets go of the store. Repeated calls change nothing. */
	close(): Promise<void>;
}

/** All that is kept, in one place and closed together: what the package's own stores are. */
export interface Store extends AlarmStore {
	readonly deliveries: DeliveryStore;
	/** The shipping notices of `paysign/shipping`. */
	readonly shipments: DeliveryStore<Shipping>;
	/** What `paysign/push` and `paysign/apiv3` receive. */
	readonly notifications: NotificationStore;
}
