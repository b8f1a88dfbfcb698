import type { Page, RefusedBody } from "./store.js";

/** Which way a notification came: 消息推送 (`push`), or a callback of WeChat Pay's APIv3 (`apiv3`). */
export type NotificationSource = "push" | "apiv3";

/** A verified notification as it is put into a store. */
export interface NewNotification {
	/** Which notification it is: one key, one row. */
	readonly dedupKey: string;
	readonly source: NotificationSource;
	/** Whom it is for: the AppId of a push, the merchant number of an APIv3 notification. */
	readonly account: string;
	/** What it is about, such as `trade_manage_remind_shipping` or `TRANSACTION.SUCCESS`. */
	readonly type: string;
	/** What was verified, decrypted, as text. */
	readonly content: string;
	/** Whether a signature or a cipher covers the content. `false`: a push in plain mode (PROTOCOL 8.2). */
	readonly isProtected: boolean;
	/** When it was sent, by the signed time stamp of the request, in Unix seconds. */
	readonly sentAt: number;
}

/** A verified notification as a store keeps it. */
export interface StoredNotification extends NewNotification {
	/** Grows with each stored notification; the order in which they were stored. */
	readonly sequence: number;
	/** When it was received, in Unix seconds. */
	readonly receivedAt: number;
	/** When its handler finished with it, in Unix seconds; `null` until then. */
	readonly handledAt: number | null;
}

/** A refused notification: the body, and what else it takes to verify it again. */
export interface RefusedNotification extends RefusedBody {
	/** SHA-256 in hexadecimal over source, context and body: the same refused request is kept once. */
	readonly digest: string;
	readonly source: NotificationSource;
	/** What stood beside the body: the query of a push, the `Wechatpay-` headers of an APIv3 notification as JSON. */
	readonly context: string;
}

/** A {@link RefusedNotification} in the quarantine. */
export interface QuarantinedNotification extends RefusedNotification {
	/** Grows with each one put in. */
	readonly sequence: number;
}

/** Which part of a list of notifications to read: oldest first. */
export interface NotificationQuery extends Page {
	/** Only what came this way. */
	readonly source?: NotificationSource;
}

/**
 * Where verified pushes and APIv3 notifications are kept. The laws are those of {@link AlarmStore}, and one conformance
 * suite checks them on every store; and
 *
 * 1. **Sources are kept apart.** The bound of the quarantine holds for each source: a flood on one URL drops nothing of
 *    another's.
 * 2. A `source` that is not one of the two and a `sentAt` that is not an integer reject with `ARGUMENT_INVALID`.
 */
export interface NotificationStore {
	/** Keeps the notification if its `dedupKey` is new. */
	insert(notification: NewNotification, receivedAt: number): Promise<"inserted" | "duplicate">;
	/** Marks a notification as handled. Unknown keys and repeated calls change nothing. */
	markHandled(dedupKey: string, handledAt: number): Promise<void>;
	/** Notifications, oldest first; with `unhandled`, only those not marked as handled. */
	list(query: NotificationQuery & { readonly unhandled?: boolean }): Promise<StoredNotification[]>;
	/** Keeps a refused notification (once per digest), then drops the oldest of its source beyond `limit`. */
	quarantine(refused: RefusedNotification, limit: number): Promise<void>;
	/** Refused notifications, oldest first. */
	listQuarantine(query: NotificationQuery): Promise<QuarantinedNotification[]>;
	/** Takes one out of the quarantine. Unknown numbers change nothing. */
	release(sequence: number): Promise<void>;
}
