import { checkInteger } from "../arguments.js";
import type {
	DeliveryLease,
	DeliveryNotice,
	DeliveryProgress,
	DeliveryStore,
	DeliveryWork,
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
import type { DeliveryTable } from "./schema.js";
import { insertText, type SqlDatabase, type SqlRow, type SqlStatement, type SqlValue, sql } from "./sql.js";

/** The deliveries of one kind of a store in SQL; it closes with the database. */
export function createSqlDeliveries<Payload>(
	database: SqlDatabase,
	table: DeliveryTable,
	shape: PayloadShape<Payload>,
): DeliveryStore<Payload> {
	const lock = database.dialect === "postgres" ? "FOR UPDATE SKIP LOCKED" : "";
	const insert = insertText(
		database.dialect,
		table,
		{ ...deliveryColumns, ...progressColumns },
		"delivery_key",
	);
	const progressNames = Object.keys(progressColumns);

	/** How many rows it changed. */
	async function write(text: string, ...values: readonly SqlValue[]): Promise<number> {
		const [result] = await database.commit([sql(text, ...values)]);
		return result?.changes ?? 0;
	}

	async function read(text: string, ...values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
		return (await database.read(sql(text, ...values))).rows;
	}

	/** Leases rows that match; `limit` is an expression. Materialised, because Postgres might else lock more than these. */
	function leaseWhere(
		request: DeliveryLease,
		where: string,
		order: string,
		limit: string,
		values: readonly SqlValue[],
	): SqlStatement {
		const { appId, work, dueBy, now, until, token } = request;
		return {
			text: `WITH due AS MATERIALIZED (
					SELECT sequence FROM ${table}
						WHERE app_id = ? AND ${dueColumn(work)} <= ? AND (lease_until IS NULL OR lease_until <= ?) AND ${where}
						ORDER BY ${order} LIMIT ${limit} ${lock}
				) UPDATE ${table} SET lease_token = ?, lease_until = ?
					WHERE sequence IN (SELECT sequence FROM due) RETURNING *`,
			values: [appId, dueBy, now, ...values, token, until],
		};
	}

	function leaseStatements(request: DeliveryLease): SqlStatement[] {
		const { work, now, limit, token, deadlineBy = Number.MAX_SAFE_INTEGER } = request;
		if (work === "notice") {
			const isNear = request.deadlineBy === undefined ? "deadline <= ?" : "deadline > ? AND deadline <= ?";
			const bounds = request.deadlineBy === undefined ? [deadlineBy] : [now, deadlineBy];
			return [leaseWhere(request, isNear, "notice_at, sequence", "?", [...bounds, limit])];
		}
		const inTime = leaseWhere(request, "deadline > ? AND deadline <= ?", "deadline, sequence", "?", [
			now,
			deadlineBy,
			limit,
		]);
		if (request.deadlineBy !== undefined) return [inTime];
		// What the first statement left of the limit: the token is this lease's alone.
		const left = `? - (SELECT count(*) FROM ${table} WHERE lease_token = ?)`;
		return [inTime, leaseWhere(request, "deadline <= ?", "deadline, sequence", left, [now, limit, token])];
	}

	return {
		async enqueue(delivery, progress) {
			checkNewDelivery(delivery, progress);
			const { key, appId, goods, paidAt, deadline, enqueuedAt } = delivery;
			const text = JSON.stringify(shape.plain(delivery.delivery));
			const row = [key, appId, text, goods, paidAt, deadline, enqueuedAt, ...progressValues(progress)];
			const [inserted, found] = await database.commit([
				sql(insert, ...row),
				sql(`SELECT * FROM ${table} WHERE delivery_key = ?`, key),
			]);
			if (inserted?.changes === 1) return "inserted";
			const [held] = found?.rows ?? [];
			return held !== undefined && isSameDelivery(rowOf<Payload>(held), delivery, shape)
				? "duplicate"
				: "conflict";
		},

		async lease(request) {
			checkLease(request);
			const results = await database.commit(leaseStatements(request));
			// RETURNING promises no order.
			const byDue =
				request.work === "attempt"
					? (a: StoredDelivery<Payload>, b: StoredDelivery<Payload>) => a.deadline - b.deadline
					: (a: StoredDelivery<Payload>, b: StoredDelivery<Payload>) => (a.noticeAt ?? 0) - (b.noticeAt ?? 0);
			return results.flatMap(({ rows }) =>
				rows.map(rowOf<Payload>).sort((a, b) => byDue(a, b) || a.sequence - b.sequence),
			);
		},

		async settle(sequence, token, progress, leaseUntil = null) {
			checkToken(token);
			checkProgress(progress);
			if (leaseUntil !== null) checkInteger("leaseUntil", leaseUntil);
			const changes = await write(
				`UPDATE ${table} SET ${progressNames.map((name) => `${name} = ?`).join(", ")},
					lease_token = ?, lease_until = ? WHERE sequence = ? AND lease_token = ?`,
				...progressValues(progress),
				leaseUntil === null ? null : token,
				leaseUntil,
				sequence,
				token,
			);
			return changes === 1;
		},

		async release(token, sequence) {
			checkToken(token);
			const free = `UPDATE ${table} SET lease_token = NULL, lease_until = NULL WHERE lease_token = ?`;
			if (sequence === undefined) await write(free, token);
			else await write(`${free} AND sequence = ?`, token, sequence);
		},

		async retry(sequence, now) {
			checkInteger("now", now);
			const changes = await write(
				`UPDATE ${table} SET attempt_at = ?,
					state = CASE WHEN state = 'needs-human' THEN 'waiting' ELSE state END
					WHERE sequence = ? AND state <> 'delivered'`,
				now,
				sequence,
			);
			return changes === 1;
		},

		async hasten(appId, states, now, after = now) {
			checkStates(states);
			checkInteger("now", now);
			checkInteger("after", after);
			if (states.length === 0) return;
			await write(
				`UPDATE ${table} SET attempt_at = ? WHERE app_id = ? AND attempt_at > ?
					AND state IN (${states.map(() => "?").join(", ")})`,
				now,
				appId,
				after,
				...states,
			);
		},

		async get(key) {
			const [row] = await read(`SELECT * FROM ${table} WHERE delivery_key = ?`, key);
			return row === undefined ? undefined : rowOf<Payload>(row);
		},

		async list(query) {
			checkQuery(query);
			const { limit, after = 0, appId, state } = query;
			const conditions = ["sequence > ?"];
			const values: SqlValue[] = [after];
			if (appId !== undefined) {
				conditions.push("app_id = ?");
				values.push(appId);
			}
			if (state !== undefined) {
				conditions.push("state = ?");
				values.push(state);
			}
			const rows = await read(
				`SELECT * FROM ${table} WHERE ${conditions.join(" AND ")} ORDER BY sequence LIMIT ?`,
				...values,
				limit,
			);
			return rows.map(rowOf<Payload>);
		},

		async counts(appId) {
			const where = appId === undefined ? "" : "WHERE app_id = ?";
			const rows = await read(
				`SELECT state, count(*) AS total, min(deadline) AS soonest FROM ${table} ${where} GROUP BY state`,
				...(appId === undefined ? [] : [appId]),
			);
			const byState = new Map(rows.map((row) => [row.state, row]));
			const total = (state: string) => Number(byState.get(state)?.total ?? 0);
			return {
				waiting: total("waiting"),
				"needs-human": total("needs-human"),
				expired: total("expired"),
				delivered: total("delivered"),
				nextDeadline: least([byState.get("waiting")?.soonest, byState.get("needs-human")?.soonest]),
			};
		},

		async nextDueAt(appId, work) {
			checkWork(work);
			const due = dueColumn(work);
			const [row] = await read(
				`SELECT
					(SELECT min(${due}) FROM ${table}
						WHERE app_id = ? AND ${due} IS NOT NULL AND lease_token IS NULL) AS due_at,
					(SELECT min(lease_until) FROM ${table} WHERE app_id = ? AND lease_token IS NOT NULL) AS free_at`,
				appId,
				appId,
			);
			return least([row?.due_at, row?.free_at]);
		},
	};
}

function dueColumn(work: DeliveryWork): "attempt_at" | "notice_at" {
	return work === "attempt" ? "attempt_at" : "notice_at";
}

const deliveryColumns = {
	delivery_key: "text",
	app_id: "text",
	delivery: "text",
	goods: "text",
	paid_at: "integer",
	deadline: "integer",
	enqueued_at: "integer",
} as const;

const progressColumns = {
	state: "text",
	attempt_at: "integer",
	notice_at: "integer",
	attempts: "integer",
	owed: "text",
	owed_since: "integer",
	warned_at: "integer",
	delivered_at: "integer",
	last_code: "text",
	last_errcode: "integer",
	last_sentence: "text",
} as const;

/** In the order of {@link progressColumns}. */
function progressValues(progress: DeliveryProgress): SqlValue[] {
	const { state, attemptAt, noticeAt, attempts, owed, owedSince, warnedAt, deliveredAt } = progress;
	const { lastCode, lastErrcode, lastSentence } = progress;
	return [
		state,
		attemptAt,
		noticeAt,
		attempts,
		owed.join(" "),
		owedSince,
		warnedAt,
		deliveredAt,
		lastCode,
		lastErrcode,
		lastSentence,
	];
}

// The tables have only what the statements above wrote, so the casts state what is known. Postgres gives its large
// integers as text.
function rowOf<Payload>(row: SqlRow): StoredDelivery<Payload> {
	return {
		sequence: Number(row.sequence),
		key: String(row.delivery_key),
		appId: String(row.app_id),
		delivery: JSON.parse(String(row.delivery)) as Payload,
		goods: row.goods as StoredDelivery["goods"],
		paidAt: Number(row.paid_at),
		deadline: Number(row.deadline),
		enqueuedAt: Number(row.enqueued_at),
		state: row.state as StoredDelivery["state"],
		attemptAt: integerOrNull(row.attempt_at),
		noticeAt: integerOrNull(row.notice_at),
		attempts: Number(row.attempts),
		owed: String(row.owed)
			.split(" ")
			.filter((notice) => notice !== "") as DeliveryNotice[],
		owedSince: integerOrNull(row.owed_since),
		warnedAt: integerOrNull(row.warned_at),
		deliveredAt: integerOrNull(row.delivered_at),
		lastCode: row.last_code as StoredDelivery["lastCode"],
		lastErrcode: integerOrNull(row.last_errcode),
		lastSentence: row.last_sentence === null ? null : String(row.last_sentence),
		leasedUntil: integerOrNull(row.lease_until),
	};
}

function integerOrNull(value: unknown): number | null {
	return value === null ? null : Number(value);
}

function least(times: readonly unknown[]): number | null {
	const known = times.filter((time) => time !== null && time !== undefined).map(Number);
	return known.length === 0 ? null : Math.min(...known);
}
