import { checkInteger } from "../arguments.js";
import type { NotificationSource } from "../notification-store.js";
import type { Page, RefusedBody } from "../store.js";
import { checkPage, checkSource } from "./laws.js";
import { type ColumnType, insertText, type SqlDatabase, type SqlRow, type SqlValue, sql } from "./sql.js";

/** How rows of one kind lie in their table. */
interface Layout<In, Out> {
	readonly table: string;
	/** The columns that `values` gives, in its order; the table has `sequence` besides. */
	readonly columns: Readonly<Record<string, ColumnType>>;
	values(row: In): readonly SqlValue[];
	read(row: SqlRow): Out;
}

interface Inbox<Message, Stored, Refused, Quarantined> {
	/** The table has `dedup_key`, `received_at` and `handled_at`, too; the latter two are written here. */
	readonly messages: Layout<Message, Stored>;
	/** The table has `digest`. */
	readonly quarantine: Layout<Refused, Quarantined>;
	/** Both tables have a column `source`. */
	readonly hasSources: boolean;
}

interface Query extends Page {
	readonly source?: NotificationSource;
}

/**
 * What is received, kept once and handled: verified messages in one table, refused bodies in another. The laws are those
 * of `AlarmStore`.
 */
export function createSqlInbox<
	Message,
	Stored,
	Refused extends RefusedBody & { readonly source?: NotificationSource },
	Quarantined,
>(database: SqlDatabase, { messages, quarantine, hasSources }: Inbox<Message, Stored, Refused, Quarantined>) {
	const { dialect } = database;
	const columns = { ...messages.columns, received_at: "integer" } as const;
	const insertMessage = insertText(dialect, messages.table, columns, "dedup_key");
	const insertRefused = insertText(dialect, quarantine.table, quarantine.columns, "digest");
	const ofSource = hasSources ? "source = ? AND " : "";

	async function select<Out>({ table, read }: Layout<never, Out>, query: Query, which = ""): Promise<Out[]> {
		checkPage(query);
		checkSource(query.source);
		const narrowed = hasSources && query.source !== undefined;
		const text = `SELECT * FROM ${table} WHERE ${narrowed ? ofSource : ""}sequence > ?${which} ORDER BY sequence LIMIT ?`;
		const values = [...(narrowed ? [String(query.source)] : []), query.after ?? 0, query.limit];
		const { rows } = await database.read(sql(text, ...values));
		return rows.map(read);
	}

	return {
		async insert(message: Message, receivedAt: number): Promise<"inserted" | "duplicate"> {
			checkInteger("receivedAt", receivedAt);
			const [outcome] = await database.commit([sql(insertMessage, ...messages.values(message), receivedAt)]);
			return outcome?.changes === 1 ? "inserted" : "duplicate";
		},

		async markHandled(dedupKey: string, handledAt: number): Promise<void> {
			checkInteger("handledAt", handledAt);
			const text = `UPDATE ${messages.table} SET handled_at = ? WHERE dedup_key = ? AND handled_at IS NULL`;
			await database.commit([sql(text, handledAt, dedupKey)]);
		},

		async list(query: Query & { readonly unhandled?: boolean }): Promise<Stored[]> {
			return select(messages, query, query.unhandled === true ? " AND handled_at IS NULL" : "");
		},

		async quarantine(refused: Refused, limit: number): Promise<void> {
			checkInteger("limit", limit, 0);
			checkInteger("receivedAt", refused.receivedAt);
			const source = hasSources ? [String(refused.source)] : [];
			await database.commit([
				sql(insertRefused, ...quarantine.values(refused)),
				sql(
					`DELETE FROM ${quarantine.table} WHERE ${ofSource}sequence <=
						(SELECT sequence FROM ${quarantine.table} ${hasSources ? "WHERE source = ? " : ""}ORDER BY sequence DESC
							LIMIT 1 OFFSET ?)`,
					...source,
					...source,
					limit,
				),
			]);
		},

		async listQuarantine(query: Query): Promise<Quarantined[]> {
			return select(quarantine, query);
		},

		async release(sequence: number): Promise<void> {
			await database.commit([sql(`DELETE FROM ${quarantine.table} WHERE sequence = ?`, sequence)]);
		},
	};
}

/** The columns of a refused body, in the order of {@link refusedValues}. */
export const refusedColumns = {
	digest: "text",
	body: "bytes",
	truncated: "integer",
	code: "text",
	received_at: "integer",
} as const satisfies Readonly<Record<string, ColumnType>>;

export function refusedValues({ digest, body, truncated, code, receivedAt }: RefusedBody): SqlValue[] {
	// A copy: the caller may use the bytes again before it is this transaction's turn.
	return [digest, Uint8Array.from(body), truncated ? 1 : 0, code, receivedAt];
}

// Each column has the type that its table declares; a driver may still give a large integer as text or as a bigint.
export function refusedRow(row: SqlRow): RefusedBody & { readonly sequence: number } {
	return {
		sequence: Number(row.sequence),
		digest: String(row.digest),
		body: bytesOf(row.body),
		truncated: Number(row.truncated) === 1,
		code: String(row.code),
		receivedAt: Number(row.received_at),
	};
}

/** What every stored message has beside its content. */
export function receivedRow(row: SqlRow) {
	return {
		sequence: Number(row.sequence),
		receivedAt: Number(row.received_at),
		handledAt: row.handled_at === null ? null : Number(row.handled_at),
	};
}

// Node's Buffer, an ArrayBuffer, D1's list of numbers: each driver has its own.
function bytesOf(value: unknown): Uint8Array {
	if (value instanceof Uint8Array) return value;
	if (value instanceof ArrayBuffer || Array.isArray(value)) return new Uint8Array(value);
	return new Uint8Array();
}
