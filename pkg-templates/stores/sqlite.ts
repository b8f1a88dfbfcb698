import { platformTicks } from "../observe.js";
import type { Store } from "../store.js";
import { groupCommits } from "./group-commit.js";
import { createSqlStore } from "./sql-store.js";
import type { CorruptDatabase } from "./sqlite-damage.js";
import { openSqlite } from "./sqlite-database.js";

export type { CorruptDatabase } from "./sqlite-damage.js";

/** Where the SQLite store keeps its file. */
export interface SqliteStoreOptions {
	/**
	 * The database file; it is created when it is missing, its folder is not. Beside it stand `-wal` and `-shm`, which
	 * belong to it. A local disk: SQLite's locks do not hold on network file systems.
	 */
	readonly path: string;
	/**
	 * Told when the file was found damaged at the start. It has been moved aside by then, whole, to a name that ends in
	 * `.corrupt-` and the time, and the store goes on with a new file. What can be read of the old one is still there:
	 * look into it, for it may hold alarms that are unhandled and deliveries that are due. Default: a warning of the process.
	 */
	readonly onCorrupt?: (corrupt: CorruptDatabase) => unknown;
	/** The clock for that name, in Unix seconds. Default: this machine's. */
	readonly now?: () => number;
}

/**
 * The durable store for one machine: a SQLite file through `node:sqlite` (Node.js 22.13 or newer, no dependency).
 * An insert that resolved has been synced to the disk (WAL with `synchronous=FULL`, read back at the start), so it
 * survives a crash of the process and of the machine. Several processes of one machine may share the file; a write
 * waits up to 5 seconds for another process, and holds up nothing else in this one.
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
export function createSqliteStore(options: SqliteStoreOptions): Store {
	const { path, onCorrupt = warn, now = () => Date.now() / 1000 } = options;
	// After the sockets that have something have been read: what came together is committed together.
	return createSqlStore(
		groupCommits(openSqlite({ path, onCorrupt, now, ticks: platformTicks }), setImmediate),
	);
}

function warn({ movedTo, reason }: CorruptDatabase): void {
	process.emitWarning(
		`The SQLite database of the store was damaged (${reason}). It is kept as ${movedTo}; the store goes on with a ` +
			"new file. Look into the old one for alarms that are unhandled and deliveries that are due.",
	);
}
