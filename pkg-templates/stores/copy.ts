import type { DeliveryProgress, DeliveryStore, NewDelivery, StoredDelivery } from "../delivery-store.js";
import { WeChatPayError } from "../errors.js";
import type { RefusedNotification } from "../notification-store.js";
import type { Page, RefusedBody, Store } from "../store.js";

/** What {@link copyStore} did with rows of one kind. */
export interface CopyTally {
	/** Rows that the other store did not have. */
	copied: number;
	/** Rows that it had already. */
	present: number;
}

/** The kinds of rows, in the order in which they are copied. */
export type CopyPart =
	| "alarms"
	| "quarantine"
	| "deliveries"
	| "shipments"
	| "notifications"
	| "notificationQuarantine";

/** What {@link copyStore} did. */
export type CopyResult = Readonly<Record<CopyPart, CopyTally>>;

type Progress = (part: CopyPart, tally: CopyTally) => void;

const pageSize = 200;

/**
 * Copies all of one store into another, oldest first, and then makes sure that all of it is there. Rows that the other
 * one has already stay as they are, so it may be run again after it was interrupted, or when something has been added.
 * Nothing is taken away from `from`; leases are not copied. End what sends from `from` before: what two outboxes have,
 * two send.
 *
 * @param onProgress Told of each page.
 * @throws {WeChatPayError} `STORE_FAILED`: a store failed, or the other one lacks a row at the end; run it again.
 *   `DELIVERY_CONFLICT`: the other one has a delivery of the same key that says something else.
 *
 * @example
 * ```ts
 * import { copyStore } from "paysign/stores/copy";
 * import { createMemoryStore } from "paysign/stores/memory";
 *
 * const { alarms } = await copyStore(createMemoryStore(), createMemoryStore());
 * console.log(alarms); // { copied: 0, present: 0 }
 * ```
 */
export async function copyStore(
	from: Store,
	to: Store,
	onProgress: Progress = () => {},
): Promise<CopyResult> {
	const result = {} as Record<CopyPart, CopyTally>;
	for (const [name, { copy }] of entries)
		result[name] = await copy(from, to, (tally) => onProgress(name, tally));
	for (const [, { check }] of entries) await check(from, to);
	return result;
}

/** How rows of one kind are copied. */
interface Kind {
	copy(from: Store, to: Store, tell: (tally: CopyTally) => void): Promise<CopyTally>;
	check(from: Store, to: Store): Promise<void>;
}

interface Rows<Row> {
	/** What they are in an error. */
	readonly what: string;
	readonly read: (store: Store) => Read<Row>;
	/** Makes what writes one, and says whether it was new. */
	readonly writer: (to: Store) => Promise<(row: Row) => Promise<boolean>>;
	/** All that must be the same there. */
	readonly nameOf: (row: Row) => string;
}

const parts: Readonly<Record<CopyPart, Kind>> = {
	alarms: kind({
		what: "alarms",
		read: (store) => (page) => store.list(page),
		writer: async (to) => async (row) => {
			const outcome = await to.insert(row.alarm, row.receivedAt);
			if (row.handledAt !== null) await to.markHandled(row.alarm.dedupKey, row.handledAt);
			return outcome === "inserted";
		},
		// Not handled there although it is here would be offered again.
		nameOf: ({ alarm, handledAt }) => [alarm.dedupKey, handledAt !== null].join(" "),
	}),
	quarantine: refusedBodies<RefusedBody>("refused bodies", (store) => store),
	deliveries: deliveryRows("deliveries", (store) => store.deliveries),
	shipments: deliveryRows("shipping notices", (store) => store.shipments),
	notifications: kind({
		what: "notifications",
		read: (store) => (page) => store.notifications.list(page),
		writer: async (to) => async (row) => {
			const outcome = await to.notifications.insert(row, row.receivedAt);
			if (row.handledAt !== null) await to.notifications.markHandled(row.dedupKey, row.handledAt);
			return outcome === "inserted";
		},
		nameOf: ({ dedupKey, handledAt }) => [dedupKey, handledAt !== null].join(" "),
	}),
	notificationQuarantine: refusedBodies<RefusedNotification>(
		"refused notifications",
		(store) => store.notifications,
	),
};

const entries = Object.entries(parts) as readonly [CopyPart, Kind][];

function deliveryRows<Payload>(what: string, of: (store: Store) => DeliveryStore<Payload>): Kind {
	return kind({
		what,
		read: (store) => (page) => of(store).list(page),
		writer: async (to) => async (row) => {
			const { delivery, progress } = partsOf(row);
			const outcome = await of(to).enqueue(delivery, progress);
			if (outcome === "conflict") throw conflictError();
			return outcome === "inserted";
		},
		nameOf: ({ key, state }) => [key, state].join(" "),
	});
}

interface Quarantine<Refused> {
	quarantine(refused: Refused, limit: number): Promise<void>;
	listQuarantine(page: Page): Promise<(Refused & { readonly sequence: number })[]>;
}

function refusedBodies<Refused extends RefusedBody>(
	what: string,
	of: (store: Store) => Quarantine<Refused>,
): Kind {
	return kind({
		what,
		read: (store) => (page) => of(store).listQuarantine(page),
		async writer(to) {
			const held = new Set<string>();
			for await (const { digest } of rowsOf((page) => of(to).listQuarantine(page))) held.add(digest);
			return async (refused) => {
				// The bound belongs to whoever receives.
				await of(to).quarantine(refused, Number.MAX_SAFE_INTEGER);
				return !held.has(refused.digest);
			};
		},
		nameOf: ({ digest }) => digest,
	});
}

function kind<Row extends { readonly sequence: number }>({ what, read, writer, nameOf }: Rows<Row>): Kind {
	return {
		copy: async (from, to, tell) => copyPages(read(from), await writer(to), tell),
		check: (from, to) => checkAll(what, read(from), read(to), nameOf),
	};
}

type Read<Row> = (page: Page) => Promise<Row[]>;

async function* pagesOf<Row extends { readonly sequence: number }>(read: Read<Row>): AsyncGenerator<Row[]> {
	let page: Page = { limit: pageSize };
	for (;;) {
		const rows = await read(page);
		const last = rows.at(-1);
		if (last === undefined) return;
		yield rows;
		page = { limit: pageSize, after: last.sequence };
	}
}

/** Writes each page at once, in its order: a store commits together what comes together. */
async function copyPages<Row extends { readonly sequence: number }>(
	read: Read<Row>,
	write: (row: Row) => Promise<boolean>,
	tell: (tally: CopyTally) => void,
): Promise<CopyTally> {
	const tally = { copied: 0, present: 0 };
	for await (const rows of pagesOf(read)) {
		for (const isNew of await Promise.all(rows.map(write))) tally[isNew ? "copied" : "present"] += 1;
		tell({ ...tally });
	}
	return tally;
}

/** Whether every row is there, in whatever order; in the same order, which is the rule, it holds one page of each. */
async function checkAll<Row extends { readonly sequence: number }>(
	what: string,
	read: Read<Row>,
	readCopy: Read<Row>,
	nameOf: (row: Row) => string,
): Promise<void> {
	const passed = new Set<string>();
	const copies = rowsOf(readCopy);
	let missing = 0;
	for await (const row of rowsOf(read)) {
		const name = nameOf(row);
		if (passed.delete(name)) continue;
		let found = false;
		while (!found) {
			const { done, value } = await copies.next();
			if (done === true) break;
			found = nameOf(value) === name;
			if (!found) passed.add(nameOf(value));
		}
		if (!found) missing += 1;
	}
	if (missing > 0) throw missingError(what, missing);
}

async function* rowsOf<Row extends { readonly sequence: number }>(
	read: Read<Row>,
): AsyncGenerator<Row, void> {
	for await (const rows of pagesOf(read)) yield* rows;
}

function partsOf<Payload>(row: StoredDelivery<Payload>): {
	delivery: NewDelivery<Payload>;
	progress: DeliveryProgress;
} {
	const { sequence: _, leasedUntil: __, ...all } = row;
	const { key, appId, delivery, goods, paidAt, deadline, enqueuedAt, ...progress } = all;
	return { delivery: { key, appId, delivery, goods, paidAt, deadline, enqueuedAt }, progress };
}

function missingError(what: string, missing: number): WeChatPayError {
	return new WeChatPayError(
		"STORE_FAILED",
		`Every row should be in the other store as it is in this one, but ${missing} ${what} are missing there or stand ` +
			"differently. End whatever else writes to either store, then run the copy again; what has moved on since an " +
			"earlier copy is not brought up to date, so begin with an empty store if it stays.",
	);
}

function conflictError(): WeChatPayError {
	return new WeChatPayError(
		"DELIVERY_CONFLICT",
		"The other store has a delivery of the same order that says something else. Nothing of it was changed: look at both, " +
			"and copy into an empty store.",
	);
}
