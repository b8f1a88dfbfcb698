import { checkInteger } from "../arguments.js";
import type { NotificationSource } from "../notification-store.js";
import type { Page, RefusedBody } from "../store.js";
import { checkPage, checkSource } from "./laws.js";

interface Query extends Page {
	readonly source?: NotificationSource;
}

interface Received {
	readonly sequence: number;
	readonly receivedAt: number;
	readonly handledAt: number | null;
}

interface Inbox<Message, Kept, Refused> {
	readonly checkOpen: () => void;
	readonly keyOf: (message: Message) => string;
	/** A message as it is kept, and again as it is given away: field by field, as a table would keep it. */
	readonly keep: (message: Message) => Kept;
	readonly copy: (kept: Kept) => Kept;
	readonly copyRefused: (refused: Refused) => Refused;
}

/** What is received, kept once and handled: the counterpart of `sql-inbox.ts`, in this process. */
export function createMemoryInbox<
	Message,
	Kept extends object,
	Refused extends RefusedBody & { readonly source?: NotificationSource },
>({ checkOpen, keyOf, keep, copy, copyRefused }: Inbox<Message, Kept, Refused>) {
	// Maps keep the order of insertion, which is the order of `sequence`.
	const messages = new Map<string, { readonly kept: Kept; readonly received: Received }>();
	const refusals = new Map<string, { readonly kept: Refused; readonly sequence: number }>();
	let lastMessage = 0;
	let lastRefusal = 0;

	return {
		async insert(message: Message, receivedAt: number): Promise<"inserted" | "duplicate"> {
			checkOpen();
			checkInteger("receivedAt", receivedAt);
			const kept = keep(message);
			if (messages.has(keyOf(message))) return "duplicate";
			lastMessage += 1;
			const received = { sequence: lastMessage, receivedAt, handledAt: null };
			messages.set(keyOf(message), { kept, received });
			return "inserted";
		},

		async markHandled(dedupKey: string, handledAt: number): Promise<void> {
			checkOpen();
			checkInteger("handledAt", handledAt);
			const row = messages.get(dedupKey);
			if (row?.received.handledAt !== null) return;
			messages.set(dedupKey, { ...row, received: { ...row.received, handledAt } });
		},

		async list(query: Query & { readonly unhandled?: boolean }): Promise<(Kept & Received)[]> {
			checkOpen();
			checkPage(query);
			checkSource(query.source);
			const { limit, after = 0, unhandled = false, source } = query;
			return [...messages.values()]
				.filter(
					({ received: { sequence, handledAt } }) => sequence > after && !(unhandled && handledAt !== null),
				)
				.filter(({ kept }) => isOf(kept, source))
				.slice(0, limit)
				.map(({ kept, received }) => ({ ...received, ...copy(kept) }));
		},

		async quarantine(refused: Refused, limit: number): Promise<void> {
			checkOpen();
			checkInteger("limit", limit, 0);
			checkInteger("receivedAt", refused.receivedAt);
			const kept = copyRefused(refused);
			if (!refusals.has(kept.digest)) {
				lastRefusal += 1;
				refusals.set(kept.digest, { kept, sequence: lastRefusal });
			}
			const alike = [...refusals.values()].filter((row) => row.kept.source === kept.source);
			for (const row of alike.slice(0, Math.max(0, alike.length - limit))) refusals.delete(row.kept.digest);
		},

		async listQuarantine(query: Query): Promise<(Refused & { readonly sequence: number })[]> {
			checkOpen();
			checkPage(query);
			checkSource(query.source);
			const { limit, after = 0, source } = query;
			return [...refusals.values()]
				.filter(({ kept, sequence }) => sequence > after && isOf(kept, source))
				.slice(0, limit)
				.map(({ kept, sequence }) => ({ ...copyRefused(kept), sequence }));
		},

		async release(sequence: number): Promise<void> {
			checkOpen();
			for (const row of refusals.values()) {
				if (row.sequence === sequence) refusals.delete(row.kept.digest);
			}
		},
	};
}

function isOf(kept: object, source: NotificationSource | undefined): boolean {
	return source === undefined || ("source" in kept && kept.source === source);
}
