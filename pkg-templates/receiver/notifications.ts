import { invalidArgument } from "../arguments.js";
import { type Bytes, joined, utf8 } from "../bytes.js";
import { WeChatPayError, type WeChatPayErrorCode } from "../errors.js";
import type {
	NewNotification,
	NotificationSource,
	NotificationStore,
	StoredNotification,
} from "../notification-store.js";
import { holdsKey } from "./keys.js";
import type { Inbox, Judgement, Keyed, Refusal } from "./protocol.js";

/** The longest context that is kept; a genuine one is a tenth of it. */
const longestContext = 4096;

/** The longest name of an event that is kept. */
const longestType = 128;

interface Kind<Message> {
	readonly source: NotificationSource;
	/** The message as it is stored. */
	rowOf(message: Message): Omit<NewNotification, "source">;
	/** The message that was stored so. */
	messageOf(row: StoredNotification): Message;
}

/** The part of a notification store that keeps one kind of message. */
export function notificationInbox<Message extends Keyed>(
	store: NotificationStore,
	{ source, rowOf, messageOf }: Kind<Message>,
): Inbox<Message, string> {
	return {
		async insert(message, receivedAt) {
			const row = rowOf(message);
			return store.insert({ ...row, source, type: printableType(row.type) }, receivedAt);
		},
		markHandled: (dedupKey, handledAt) => store.markHandled(dedupKey, handledAt),
		async list(page) {
			const rows = await store.list({ ...page, source, unhandled: true });
			return rows.map((row) => ({
				sequence: row.sequence,
				message: messageOf(row),
				receivedAt: row.receivedAt,
			}));
		},
		quarantine({ body, context, truncated, code, receivedAt }, digest, limit) {
			const kept = context.slice(0, longestContext);
			const cut = truncated || kept.length < context.length;
			return store.quarantine(
				{ digest, source, context: kept, body, truncated: cut, code, receivedAt },
				limit,
			);
		},
		listQuarantine: (page) => store.listQuarantine({ ...page, source }),
		release: (sequence) => store.release(sequence),
	};
}

/** A name is anything that the sender likes, and a database has no place for a NUL. */
function printableType(type: string): string {
	return type.slice(0, longestType).replace(/\p{Cc}/gu, "\ufffd");
}

/** The same body with another query is another request: of the two, only one may verify under the right key. */
export function identify(source: NotificationSource): (refusal: Refusal<string>) => Bytes {
	return ({ body, context }) => joined(utf8(`${source}\0${context}\0`), body);
}

/** Whether one of the keys stands in the body or beside it. */
export function refusalHolds(
	{ body, context }: Refusal<string>,
	keys: readonly (string | Uint8Array)[],
): boolean {
	return holdsKey(joined(utf8(`${context}\0`), body), keys);
}

/** Judges by one account after the other: behind one URL, only the keys tell whose a request is. */
export function judged<Message>(verdicts: readonly Judgement<Message>[]): Judgement<Message> {
	const believed = verdicts.find((verdict) => "message" in verdict);
	if (believed !== undefined) return believed;
	const codes = verdicts.map((verdict) => ("refusedFor" in verdict ? verdict.refusedFor : undefined));
	return { refusedFor: mostTelling(codes) };
}

/** What the verifier threw, as a refusal. What is about us and not about the message is thrown on. */
export function refusalOf(error: unknown): { readonly refusedFor: WeChatPayErrorCode } {
	if (error instanceof WeChatPayError && error.code !== "ARGUMENT_INVALID") return { refusedFor: error.code };
	throw error;
}

/** Of those with the keys of others, what the account says whose it is: that the key is wrong is what all others say. */
function mostTelling(codes: readonly (WeChatPayErrorCode | undefined)[]): WeChatPayErrorCode {
	const others: readonly unknown[] = [undefined, "SIGNATURE_MISMATCH", "SIGNATURE_KEY_UNKNOWN"];
	const [telling] = codes.filter((code) => !others.includes(code));
	return (
		telling ??
		(codes.includes("SIGNATURE_MISMATCH") ? "SIGNATURE_MISMATCH" : (codes[0] ?? "SIGNATURE_MISMATCH"))
	);
}

/** @throws {WeChatPayError} `ARGUMENT_INVALID` when it is no store that keeps notifications. */
export function checkStore(store: { readonly notifications: NotificationStore }): NotificationStore {
	if (typeof store?.notifications?.insert === "function") return store.notifications;
	throw invalidArgument(
		"store",
		"`store` must be a store of the package, such as createSqliteStore() gives.",
	);
}
