import { checkInteger } from "../arguments.js";
import type {
	DeliveryLease,
	DeliveryProgress,
	DeliveryState,
	DeliveryStore,
	DeliveryWork,
	NewDelivery,
	StoredDelivery,
} from "../delivery-store.js";
import {
	checkLease,
	checkNewDelivery,
	checkProgress,
	checkQuery,
	checkStates,
	checkToken,
	checkWork,
	isSameDelivery,
	type PayloadShape,
} from "./delivery-laws.js";

interface Kept<Payload> extends StoredDelivery<Payload> {
	readonly leaseToken: string | null;
}

/** The deliveries of one kind of the memory store. `checkOpen` throws when that is closed. */
export function createMemoryDeliveries<Payload>(
	shape: PayloadShape<Payload>,
	checkOpen: () => void,
): DeliveryStore<Payload> {
	// Both keep the order of insertion, which is the order of `sequence`.
	const bySequence = new Map<number, Kept<Payload>>();
	const sequences = new Map<string, number>();

	function put(row: Kept<Payload>): void {
		bySequence.set(row.sequence, row);
	}

	// Member by member, as a table would keep it: whatever else hangs on the object is not part of a row.
	function copyDelivery(row: NewDelivery<Payload>): NewDelivery<Payload> {
		const { key, appId, goods, paidAt, deadline, enqueuedAt } = row;
		return { key, appId, delivery: shape.plain(row.delivery), goods, paidAt, deadline, enqueuedAt };
	}

	function copyRow(row: Kept<Payload>): StoredDelivery<Payload> {
		const { sequence, leasedUntil } = row;
		return { sequence, ...copyDelivery(row), ...copyProgress(row), leasedUntil };
	}

	return {
		async enqueue(delivery, progress) {
			checkOpen();
			checkNewDelivery(delivery, progress);
			const held = bySequence.get(sequences.get(delivery.key) ?? 0);
			if (held !== undefined) return isSameDelivery(held, delivery, shape) ? "duplicate" : "conflict";
			const sequence = bySequence.size + 1;
			sequences.set(delivery.key, sequence);
			put({
				sequence,
				...copyDelivery(delivery),
				...copyProgress(progress),
				leasedUntil: null,
				leaseToken: null,
			});
			return "inserted";
		},

		async lease(request) {
			checkOpen();
			checkLease(request);
			const { now, until, token, limit, work } = request;
			const rows = [...bySequence.values()]
				.filter((row) => isWanted(row, request))
				.sort((a, b) => (work === "attempt" ? byUrgency(a, b, now) : byNotice(a, b)))
				.slice(0, limit)
				.map((row) => ({ ...row, leaseToken: token, leasedUntil: until }));
			rows.forEach(put);
			return rows.map(copyRow);
		},

		async settle(sequence, token, progress, leaseUntil = null) {
			checkOpen();
			checkToken(token);
			checkProgress(progress);
			if (leaseUntil !== null) checkInteger("leaseUntil", leaseUntil);
			const row = bySequence.get(sequence);
			if (row?.leaseToken !== token) return false;
			const leaseToken = leaseUntil === null ? null : token;
			put({ ...row, ...copyProgress(progress), leasedUntil: leaseUntil, leaseToken });
			return true;
		},

		async release(token, sequence) {
			checkOpen();
			checkToken(token);
			for (const row of bySequence.values()) {
				if (sequence !== undefined && row.sequence !== sequence) continue;
				if (row.leaseToken === token) put({ ...row, leasedUntil: null, leaseToken: null });
			}
		},

		async retry(sequence, now) {
			checkOpen();
			checkInteger("now", now);
			const row = bySequence.get(sequence);
			if (row === undefined || row.state === "delivered") return false;
			put({ ...row, state: row.state === "needs-human" ? "waiting" : row.state, attemptAt: now });
			return true;
		},

		async hasten(appId, states, now, after = now) {
			checkOpen();
			checkStates(states);
			checkInteger("now", now);
			checkInteger("after", after);
			for (const row of bySequence.values()) {
				const waits = row.attemptAt !== null && row.attemptAt > after;
				if (row.appId === appId && states.includes(row.state) && waits) put({ ...row, attemptAt: now });
			}
		},

		async get(key) {
			checkOpen();
			const row = bySequence.get(sequences.get(key) ?? 0);
			return row === undefined ? undefined : copyRow(row);
		},

		async list(query) {
			checkOpen();
			checkQuery(query);
			const { limit, after = 0, appId, state } = query;
			return [...bySequence.values()]
				.filter((row) => row.sequence > after)
				.filter((row) => appId === undefined || row.appId === appId)
				.filter((row) => state === undefined || row.state === state)
				.slice(0, limit)
				.map(copyRow);
		},

		async counts(appId) {
			checkOpen();
			const rows = [...bySequence.values()].filter((row) => appId === undefined || row.appId === appId);
			const count = (state: DeliveryState) => rows.filter((row) => row.state === state).length;
			return {
				waiting: count("waiting"),
				"needs-human": count("needs-human"),
				expired: count("expired"),
				delivered: count("delivered"),
				nextDeadline: least(
					rows
						.filter((row) => row.state === "waiting" || row.state === "needs-human")
						.map((row) => row.deadline),
				),
			};
		},

		async nextDueAt(appId, work) {
			checkOpen();
			checkWork(work);
			const rows = [...bySequence.values()].filter((row) => row.appId === appId);
			return least(rows.map((row) => row.leasedUntil ?? dueAt(row, work)));
		},
	};
}

function dueAt(row: StoredDelivery<unknown>, work: DeliveryWork): number | null {
	return work === "attempt" ? row.attemptAt : row.noticeAt;
}

function isWanted(row: Kept<unknown>, { appId, work, dueBy, now, deadlineBy }: DeliveryLease): boolean {
	const due = dueAt(row, work);
	return (
		row.appId === appId &&
		due !== null &&
		due <= dueBy &&
		(row.leasedUntil === null || row.leasedUntil <= now) &&
		(deadlineBy === undefined || (row.deadline > now && row.deadline <= deadlineBy))
	);
}

function byUrgency(a: Kept<unknown>, b: Kept<unknown>, now: number): number {
	const isLate = (row: Kept<unknown>) => Number(row.deadline <= now);
	return isLate(a) - isLate(b) || a.deadline - b.deadline || a.sequence - b.sequence;
}

function byNotice(a: Kept<unknown>, b: Kept<unknown>): number {
	return (a.noticeAt ?? 0) - (b.noticeAt ?? 0) || a.sequence - b.sequence;
}

function least(times: readonly (number | null)[]): number | null {
	let least: number | null = null;
	for (const time of times) if (time !== null && (least === null || time < least)) least = time;
	return least;
}

function copyProgress(row: DeliveryProgress): DeliveryProgress {
	const { state, attemptAt, noticeAt, attempts, owed, owedSince, warnedAt, deliveredAt } = row;
	const { lastCode, lastErrcode, lastSentence } = row;
	const last = { lastCode, lastErrcode, lastSentence };
	return { state, attemptAt, noticeAt, attempts, owed: [...owed], owedSince, warnedAt, deliveredAt, ...last };
}
