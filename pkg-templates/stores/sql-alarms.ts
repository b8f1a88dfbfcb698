import { checkInteger } from "../arguments.js";
import type { AlarmStore, QuarantinedBody, StoredAlarm } from "../store.js";
import { checkPage } from "./laws.js";
import { insertText, type SqlDatabase, type SqlRow, sql } from "./sql.js";

/** The alarms and the quarantine of a database; it is closed by whoever opened it. */
export function createSqlAlarms(database: SqlDatabase): Omit<AlarmStore, "close"> {
	const { dialect } = database;
	const insertAlarm = insertText(
		dialect,
		"alarms",
		{
			dedup_key: "text",
			app_id: "text",
			error_type: "text",
			description: "text",
			alarm_content: "text",
			time_stamp: "text",
			app_signature: "text",
			received_at: "integer",
		},
		"dedup_key",
	);
	const insertRefused = insertText(
		dialect,
		"quarantine",
		{ digest: "text", body: "bytes", truncated: "integer", code: "text", received_at: "integer" },
		"digest",
	);

	return {
		async insert(alarm, receivedAt) {
			checkInteger("receivedAt", receivedAt);
			const { appId, errorType, description, alarmContent, timeStamp, appSignature, dedupKey } = alarm;
			const row = [dedupKey, appId, errorType, description, alarmContent, timeStamp, appSignature];
			const [outcome] = await database.commit([sql(insertAlarm, ...row, receivedAt)]);
			return outcome?.rows.length === 1 ? "inserted" : "duplicate";
		},

		async markHandled(dedupKey, handledAt) {
			checkInteger("handledAt", handledAt);
			await database.commit([
				sql(
					"UPDATE alarms SET handled_at = ? WHERE dedup_key = ? AND handled_at IS NULL",
					handledAt,
					dedupKey,
				),
			]);
		},

		async list(page) {
			checkPage(page);
			const which = page.unhandled === true ? " AND handled_at IS NULL" : "";
			const text = `SELECT * FROM alarms WHERE sequence > ?${which} ORDER BY sequence LIMIT ?`;
			const { rows } = await database.read(sql(text, page.after ?? 0, page.limit));
			return rows.map(alarmRow);
		},

		async quarantine({ digest, body, truncated, code, receivedAt }, limit) {
			checkInteger("limit", limit, 0);
			checkInteger("receivedAt", receivedAt);
			await database.commit([
				// A copy: the caller may use the bytes again before it is this transaction's turn.
				sql(insertRefused, digest, Uint8Array.from(body), truncated ? 1 : 0, code, receivedAt),
				sql(
					`DELETE FROM quarantine WHERE sequence <=
						(SELECT sequence FROM quarantine ORDER BY sequence DESC LIMIT 1 OFFSET ?)`,
					limit,
				),
			]);
		},

		async listQuarantine(page) {
			checkPage(page);
			const text = "SELECT * FROM quarantine WHERE sequence > ? ORDER BY sequence LIMIT ?";
			const { rows } = await database.read(sql(text, page.after ?? 0, page.limit));
			return rows.map(refusedRow);
		},

		async release(sequence) {
			await database.commit([sql("DELETE FROM quarantine WHERE sequence = ?", sequence)]);
		},
	};
}

// Each column has the type that its table declares; a driver may still give a large integer as text or as a bigint.
function alarmRow(row: SqlRow): StoredAlarm {
	return {
		sequence: Number(row.sequence),
		alarm: {
			appId: String(row.app_id),
			errorType: String(row.error_type),
			description: String(row.description),
			alarmContent: String(row.alarm_content),
			timeStamp: String(row.time_stamp),
			appSignature: String(row.app_signature),
			dedupKey: String(row.dedup_key),
		},
		receivedAt: Number(row.received_at),
		handledAt: row.handled_at === null ? null : Number(row.handled_at),
	};
}

function refusedRow(row: SqlRow): QuarantinedBody {
	return {
		sequence: Number(row.sequence),
		digest: String(row.digest),
		body: bytesOf(row.body),
		truncated: Number(row.truncated) === 1,
		code: String(row.code),
		receivedAt: Number(row.received_at),
	};
}

// Node's Buffer, an ArrayBuffer, D1's list of numbers: each driver has its own.
function bytesOf(value: unknown): Uint8Array {
	if (value instanceof Uint8Array) return value;
	if (value instanceof ArrayBuffer || Array.isArray(value)) return new Uint8Array(value);
	return new Uint8Array();
}
