import { checkInteger } from "../arguments.js";
import type { AlarmStore, QuarantinedBody, StoredAlarm } from "../store.js";
import { checkPage, closedError } from "./laws.js";
import { openDatabase, storeError, transaction } from "./sqlite-database.js";

/** Where the SQLite store keeps its file. */
export interface SqliteStoreOptions {
	/**
	 * The database file; it is created when it is missing, its folder is not. Beside it stand `-wal` and `-shm`, which
	 * belong to it. A local disk: SQLite's locks do not hold on network file systems.
	 */
	readonly path: string;
}

/**
 * The durable store for one machine: a SQLite file through `node:sqlite` (Node.js 22.13 or newer, no dependency).
 * An insert that resolved has been synced to the disk (WAL with `synchronous=FULL`, read back at the start), so it
 * survives a crash of the process and of the machine. Several processes of one machine may share the file; a write
 * waits up to 5 seconds for another process, and blocks this one meanwhile.
 *
 * @throws {WeChatPayError} `STORE_FAILED`: this Node.js has no `node:sqlite`, or the file cannot be opened, is not a
 *   database, is another program's, has a newer schema, or refuses the durable settings. `ARGUMENT_INVALID`: no path,
 *   or `:memory:`, which would keep nothing of what it acknowledged.
 *
 * @example
 * ```ts
 * import { mkdtempSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { createSqliteStore } from "paysign/stores/sqlite";
 *
 * const store = createSqliteStore({ path: join(mkdtempSync(join(tmpdir(), "alarms-")), "alarms.sqlite") });
 * console.log((await store.list({ limit: 10, unhandled: true })).length); // 0
 * await store.close();
 * ```
 */
export function createSqliteStore({ path }: SqliteStoreOptions): AlarmStore {
	const database = openDatabase(path);
	const statements = {
		insert: database.prepare(
			`INSERT INTO alarms (dedup_key, app_id, error_type, description, alarm_content, time_stamp, app_signature,
				received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (dedup_key) DO NOTHING`,
		),
		markHandled: database.prepare(
			"UPDATE alarms SET handled_at = ? WHERE dedup_key = ? AND handled_at IS NULL",
		),
		list: database.prepare("SELECT * FROM alarms WHERE sequence > ? ORDER BY sequence LIMIT ?"),
		listUnhandled: database.prepare(
			"SELECT * FROM alarms WHERE sequence > ? AND handled_at IS NULL ORDER BY sequence LIMIT ?",
		),
		quarantine: database.prepare(
			`INSERT INTO quarantine (digest, body, truncated, code, received_at) VALUES (?, ?, ?, ?, ?)
				ON CONFLICT (digest) DO NOTHING`,
		),
		trimQuarantine: database.prepare(
			`DELETE FROM quarantine WHERE sequence <=
				(SELECT sequence FROM quarantine ORDER BY sequence DESC LIMIT 1 OFFSET ?)`,
		),
		listQuarantine: database.prepare("SELECT * FROM quarantine WHERE sequence > ? ORDER BY sequence LIMIT ?"),
		release: database.prepare("DELETE FROM quarantine WHERE sequence = ?"),
	};
	let closed = false;

	function attempt<T>(task: string, work: () => T): T {
		if (closed) throw closedError();
		try {
			return work();
		} catch (error) {
			throw storeError(task, error);
		}
	}

	// The methods are async so that a failure is a rejection; `node:sqlite` itself has committed when it returns.
	return {
		async insert(alarm, receivedAt) {
			const { appId, errorType, description, alarmContent, timeStamp, appSignature, dedupKey } = alarm;
			return attempt("keep an alarm", () => {
				checkInteger("receivedAt", receivedAt);
				const { changes } = statements.insert.run(
					dedupKey,
					appId,
					errorType,
					description,
					alarmContent,
					timeStamp,
					appSignature,
					receivedAt,
				);
				return Number(changes) === 1 ? "inserted" : "duplicate";
			});
		},

		async markHandled(dedupKey, handledAt) {
			attempt("mark an alarm as handled", () => {
				checkInteger("handledAt", handledAt);
				statements.markHandled.run(handledAt, dedupKey);
			});
		},

		async list(page) {
			return attempt("list alarms", () => {
				checkPage(page);
				const statement = page.unhandled === true ? statements.listUnhandled : statements.list;
				return statement.all(page.after ?? 0, page.limit).map(alarmRow);
			});
		},

		async quarantine({ digest, body, truncated, code, receivedAt }, limit) {
			attempt("keep a refused body", () => {
				checkInteger("limit", limit, 0);
				checkInteger("receivedAt", receivedAt);
				transaction(database, "IMMEDIATE", () => {
					statements.quarantine.run(digest, body, truncated ? 1 : 0, code, receivedAt);
					statements.trimQuarantine.run(limit);
				});
			});
		},

		async listQuarantine(page) {
			return attempt("list refused bodies", () => {
				checkPage(page);
				return statements.listQuarantine.all(page.after ?? 0, page.limit).map(refusedRow);
			});
		},

		async release(sequence) {
			attempt("release a refused body", () => statements.release.run(sequence));
		},

		async close() {
			if (closed) return;
			attempt("be closed", () => database.close());
			closed = true;
		},
	};
}

type Row = Record<string, unknown>;

// The tables are STRICT: a column has the type its table declares, and these conversions change nothing.
function alarmRow(row: Row): StoredAlarm {
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

function refusedRow(row: Row): QuarantinedBody {
	return {
		sequence: Number(row.sequence),
		digest: String(row.digest),
		body: row.body instanceof Uint8Array ? row.body : new Uint8Array(),
		truncated: row.truncated === 1,
		code: String(row.code),
		receivedAt: Number(row.received_at),
	};
}
