import type { DatabaseSync } from "node:sqlite";
import { invalidArgument } from "../arguments.js";
import { WeChatPayError } from "../errors.js";

/** "pays" in ASCII: says in the file's header whose database it is. */
const APPLICATION_ID = 0x70617973;
const SCHEMA_VERSION = 1;
/** How long a statement waits for another connection that holds the lock. */
const BUSY_TIMEOUT_MS = 5_000;

// AUTOINCREMENT, because a `sequence` must never come back after the row that had it is released.
const SCHEMA = `
	CREATE TABLE alarms (
		sequence INTEGER PRIMARY KEY AUTOINCREMENT,
		dedup_key TEXT NOT NULL UNIQUE,
		app_id TEXT NOT NULL,
		error_type TEXT NOT NULL,
		description TEXT NOT NULL,
		alarm_content TEXT NOT NULL,
		time_stamp TEXT NOT NULL,
		app_signature TEXT NOT NULL,
		received_at INTEGER NOT NULL,
		handled_at INTEGER
	) STRICT;
	CREATE INDEX alarms_unhandled ON alarms (sequence) WHERE handled_at IS NULL;
	CREATE TABLE quarantine (
		sequence INTEGER PRIMARY KEY AUTOINCREMENT,
		digest TEXT NOT NULL UNIQUE,
		body BLOB NOT NULL,
		truncated INTEGER NOT NULL CHECK (truncated IN (0, 1)),
		code TEXT NOT NULL,
		received_at INTEGER NOT NULL
	) STRICT;
	PRAGMA application_id = ${APPLICATION_ID};
	PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Opens the database, makes it durable, proves that it is, and sets it up where it is new. */
export function openDatabase(path: string): DatabaseSync {
	checkPath(path);
	const database = connect(path);
	try {
		// Before anything is changed: another program's file must stay as it is.
		transaction(database, "DEFERRED", () => checkOwner(database));
		makeDurable(database);
		transaction(database, "IMMEDIATE", () => {
			// Again, under the write lock: another process may have set it up in between.
			const owner = checkOwner(database);
			// A write in any case: a file that cannot be written is refused here, not with the first alarm.
			database.exec(owner === "new" ? SCHEMA : `PRAGMA user_version = ${SCHEMA_VERSION}`);
		});
		return database;
	} catch (error) {
		database.close();
		throw storeError("be set up", error);
	}
}

/** Runs `work` as one transaction. IMMEDIATE takes the write lock at once, which is the only way to wait for it. */
export function transaction(database: DatabaseSync, kind: "DEFERRED" | "IMMEDIATE", work: () => void): void {
	database.exec(`BEGIN ${kind}`);
	try {
		work();
		database.exec("COMMIT");
	} catch (error) {
		// A full disk makes SQLite roll back by itself; the reason to report is the first one.
		try {
			database.exec("ROLLBACK");
		} catch {}
		throw error;
	}
}

/**
 * What SQLite threw, as the contract wants it. SQLite's own texts name tables, columns and reasons; bound values are
 * never among them, which is why the cause may be kept.
 */
export function storeError(task: string, error: unknown): WeChatPayError {
	if (error instanceof WeChatPayError) return error;
	return new WeChatPayError(
		"STORE_FAILED",
		`The SQLite store could not ${task}: ${reasonOf(error)}.`,
		{},
		{ cause: error },
	);
}

function checkPath(path: string): void {
	if (typeof path !== "string" || path === "" || path.includes("\0")) {
		throw invalidArgument("path", "`path` must be the path of the database file.");
	}
	if (path === ":memory:") {
		throw invalidArgument(
			"path",
			"A database in memory keeps nothing it acknowledged. Give `path` a file, or use createMemoryStore() in tests.",
		);
	}
}

function connect(path: string): DatabaseSync {
	const { DatabaseSync } = sqliteModule();
	try {
		const database = new DatabaseSync(path);
		// First of all settings: each of those that follow may have to wait for another process.
		database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
		return database;
	} catch (error) {
		throw new WeChatPayError(
			"STORE_FAILED",
			`The SQLite database cannot be opened: ${reasonOf(error)}. ` +
				"The folder must exist and this process must be allowed to write in it.",
			{},
			{ cause: error },
		);
	}
}

// Not an import: a static one would make this file fail to load where the module is missing, before anyone could say why.
function sqliteModule(): typeof import("node:sqlite") {
	const host = typeof process === "undefined" ? undefined : process;
	const module = host?.getBuiltinModule?.("node:sqlite");
	if (module !== undefined) return module;
	throw new WeChatPayError(
		"STORE_FAILED",
		`The SQLite store needs node:sqlite, which Node.js has since 22.13; this is ${host?.version ?? "not Node.js"}. ` +
			"Run a newer Node.js, or use another store.",
	);
}

/** Whether the file is new or ours; throws when it is neither. */
function checkOwner(database: DatabaseSync): "new" | "ours" {
	const owner = read(database, "PRAGMA application_id", "application_id");
	const version = Number(read(database, "PRAGMA user_version", "user_version"));
	const objects = read(database, "SELECT count(*) AS objects FROM sqlite_schema", "objects");
	if (owner === 0 && version === 0 && objects === 0) return "new";
	if (owner !== APPLICATION_ID) {
		throw new WeChatPayError(
			"STORE_FAILED",
			"The file is the SQLite database of another program. Give the store a file of its own.",
		);
	}
	if (version > SCHEMA_VERSION) {
		throw new WeChatPayError(
			"STORE_FAILED",
			`The database has schema version ${version}; this version of paysign knows versions up to ${SCHEMA_VERSION}. ` +
				"Install the newer paysign again, or give the store another file.",
		);
	}
	return "ours";
}

/** One fsync before each commit returns; read back, because SQLite ignores what it cannot do. */
function makeDurable(database: DatabaseSync): void {
	switchToWal(database);
	database.exec("PRAGMA synchronous = FULL");
	database.exec("PRAGMA foreign_keys = ON");
	if (read(database, "PRAGMA journal_mode", "journal_mode") !== "wal") {
		throw new WeChatPayError(
			"STORE_FAILED",
			"The database does not accept journal_mode=WAL. Put the file on a local disk of this machine.",
		);
	}
	if (read(database, "PRAGMA synchronous", "synchronous") !== 2) {
		throw new WeChatPayError(
			"STORE_FAILED",
			"The database does not accept synchronous=FULL, without which a power cut loses acknowledged alarms.",
		);
	}
}

function read(database: DatabaseSync, sql: string, column: string): unknown {
	const row: Record<string, unknown> | undefined = database.prepare(sql).get();
	return row?.[column];
}

// SQLite does not apply the busy timeout here: two processes that start at once would not wait for each other.
function switchToWal(database: DatabaseSync): void {
	const pauses = new Int32Array(new SharedArrayBuffer(4));
	for (let attemptsLeft = BUSY_TIMEOUT_MS / 50; ; attemptsLeft -= 1) {
		try {
			database.exec("PRAGMA journal_mode = WAL");
			return;
		} catch (error) {
			if (attemptsLeft <= 1 || !isBusy(error)) throw error;
			Atomics.wait(pauses, 0, 0, 50);
		}
	}
}

function isBusy(error: unknown): boolean {
	// The low byte is SQLite's error code, the rest says more about it; 5 is SQLITE_BUSY.
	return error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === 5;
}

/** SQLite's fixed text for its error code, such as "database or disk is full". */
function reasonOf(error: unknown): string {
	return error instanceof Error && "errstr" in error ? String(error.errstr) : "unknown reason";
}
