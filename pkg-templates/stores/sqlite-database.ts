import type { DatabaseSync, StatementSync } from "node:sqlite";
import { invalidArgument } from "../arguments.js";
import { WeChatPayError } from "../errors.js";
import type { Ticks } from "../observe.js";
import { SCHEMA_VERSION, schemaSteps } from "./schema.js";
import { newerSchema } from "./set-up.js";
import { givesRows, OUR_MARK, type SqlDatabase, type SqlResult, type SqlStatement } from "./sql.js";
import { type CorruptDatabase, moveDamagedAside } from "./sqlite-damage.js";

/** How long a call waits for another connection that holds the lock. */
const BUSY_TIMEOUT_MS = 5_000;

/** `node:sqlite` blocks the process while SQLite waits. So that does not wait for long, and is asked again after a pause. */
const BLOCKED_MS = 10;
const PAUSE_MS = 5;

/**
 * How many pages of 4 KiB the `-wal` holds before they are copied into the file. SQLite's own 1000 make a busy receiver copy
 * the same pages of its index again and again; these are 16 MiB of disk.
 */
const CHECKPOINT_PAGES = 4_000;

/** SQLite's own codes, as far as they are told apart here. */
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;

export interface SqliteDatabaseOptions {
	readonly path: string;
	/** Unix seconds. */
	readonly now: () => number;
	/** Told when a damaged file was moved aside. */
	readonly onCorrupt: (corrupt: CorruptDatabase) => unknown;
	readonly ticks: Ticks;
}

/** The durable database in this file, or in a new one if the file is damaged. */
export function openSqlite({ path, now, onCorrupt, ticks }: SqliteDatabaseOptions): SqlDatabase {
	checkPath(path);
	const corrupt = attempt("move the damaged file aside", () => moveDamagedAside(path, connect, now));
	if (corrupt !== undefined) alert(onCorrupt, corrupt);
	const database = openDatabase(path);
	database.exec(`PRAGMA busy_timeout = ${BLOCKED_MS}`);
	// The texts are those of the stores, so there are not many.
	const prepared = new Map<string, (values: SqlStatement["values"]) => SqlResult>();

	function run({ text, values }: SqlStatement): SqlResult {
		const known = prepared.get(text);
		if (known !== undefined) return known(values);
		const statement = runner(database.prepare(text), givesRows(text));
		prepared.set(text, statement);
		return statement(values);
	}

	/** Does something as soon as no other connection holds the lock; what is refused for it has changed nothing. */
	async function patiently<T>(task: string, work: () => T): Promise<T> {
		const start = ticks();
		for (;;) {
			try {
				return work();
			} catch (error) {
				if (!isBusy(error) || ticks() - start >= BUSY_TIMEOUT_MS) throw storeError(task, error);
			}
			await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
		}
	}

	return {
		dialect: "sqlite",
		// `node:sqlite` has committed when it returns.
		commit(statements) {
			return patiently("keep what it was given", () => {
				let results: SqlResult[] = [];
				transaction(database, "IMMEDIATE", () => {
					results = statements.map(run);
				});
				return results;
			});
		},
		read: (statement) => patiently("be read", () => run(statement)),
		async close() {
			attempt("be closed", () => database.close());
		},
	};
}

function runner(statement: StatementSync, givesRows: boolean): (values: SqlStatement["values"]) => SqlResult {
	if (!givesRows) return (values) => ({ rows: [], changes: Number(statement.run(...values).changes) });
	return (values) => {
		const rows = statement.all(...values);
		return { rows, changes: rows.length };
	};
}

function attempt<T>(task: string, work: () => T): T {
	try {
		return work();
	} catch (error) {
		throw storeError(task, error);
	}
}

/** What the hook throws, now or later, does not keep the store from opening. */
function alert(onCorrupt: SqliteDatabaseOptions["onCorrupt"], corrupt: CorruptDatabase): void {
	(async () => onCorrupt(corrupt))().catch(() => {});
}

/** Opens the database, makes it durable, proves that it is, and sets it up where it is new. */
function openDatabase(path: string): DatabaseSync {
	const database = connect(path);
	try {
		// Before anything is changed: another program's file must stay as it is.
		transaction(database, "DEFERRED", () => checkOwner(database));
		makeDurable(database);
		transaction(database, "IMMEDIATE", () => {
			// Again, under the write lock: another process may have set it up in between.
			const version = checkOwner(database);
			for (const step of schemaSteps("sqlite", version)) database.exec(step);
			database.exec(`PRAGMA application_id = ${OUR_MARK}`);
			// A write in any case: a file that cannot be written is refused here, not with the first alarm.
			database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
		});
		// Into the file itself, so that its header says whose it is also when it is damaged.
		database.exec("PRAGMA wal_checkpoint(PASSIVE)");
		return database;
	} catch (error) {
		database.close();
		throw storeError("be set up", error);
	}
}

/** Runs `work` as one transaction. IMMEDIATE takes the write lock at once, which is the only way to wait for it. */
function transaction(database: DatabaseSync, kind: "DEFERRED" | "IMMEDIATE", work: () => void): void {
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
function storeError(task: string, error: unknown): WeChatPayError {
	if (error instanceof WeChatPayError) return error;
	return new WeChatPayError(
		"STORE_FAILED",
		`The SQLite store could not ${task}: ${reasonOf(error)}.`,
		isBusy(error) ? { retryable: true } : {},
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

function connect(path: string, { readOnly = false } = {}): DatabaseSync {
	const { DatabaseSync } = sqliteModule();
	try {
		const database = new DatabaseSync(path, { readOnly });
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

/** The version of the file's schema, 0 when it is new; throws when it is neither new nor ours. */
function checkOwner(database: DatabaseSync): number {
	const owner = read(database, "PRAGMA application_id", "application_id");
	const version = Number(read(database, "PRAGMA user_version", "user_version"));
	const objects = read(database, "SELECT count(*) AS objects FROM sqlite_schema", "objects");
	if (owner === 0 && version === 0 && objects === 0) return 0;
	if (owner !== OUR_MARK) {
		throw new WeChatPayError(
			"STORE_FAILED",
			"The file is the SQLite database of another program. Give the store a file of its own.",
		);
	}
	if (version > SCHEMA_VERSION) throw newerSchema(version);
	return version;
}

/** One fsync before each commit returns; read back, because SQLite ignores what it cannot do. */
function makeDurable(database: DatabaseSync): void {
	switchToWal(database);
	database.exec("PRAGMA synchronous = FULL");
	database.exec("PRAGMA foreign_keys = ON");
	database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
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
	const code = codeOf(error);
	return code === SQLITE_BUSY || code === SQLITE_LOCKED;
}

/** SQLite's error code: the low byte; the rest says more about it. */
function codeOf(error: unknown): number | undefined {
	return error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : undefined;
}

/** SQLite's fixed text for its error code, such as "database or disk is full"; of the file system, its code. */
function reasonOf(error: unknown): string {
	if (error instanceof Error && "errstr" in error) return String(error.errstr);
	return error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
}
