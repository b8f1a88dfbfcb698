import { checkInteger, invalidArgument } from "../arguments.js";
import { WeChatPayError } from "../errors.js";
import type { Store } from "../store.js";
import { groupCommits } from "./group-commit.js";
import { type PostgresPool, postgresDatabase } from "./postgres-database.js";
import { setUpSchema } from "./set-up.js";
import { OUR_MARK, type SqlDatabase, sql } from "./sql.js";
import { createSqlStore } from "./sql-store.js";

export type { PostgresClient, PostgresPool, PostgresResult } from "./postgres-database.js";

/** How a Postgres store is set up. */
export interface PostgresStoreOptions {
	/**
	 * A `Pool` of the npm package `pg`, which you install, configure and close yourself. It may serve other work too. The
	 * store uses one connection for what it writes and one for each list that is read.
	 */
	readonly pool: PostgresPool;
	/** The Postgres schema that holds the tables; it is made when it is missing. Lower-case letters, digits and `_`. Default `paysign`. */
	readonly schema?: string;
	/**
	 * How long anything may take, in milliseconds: getting a connection, waiting for a lock, or for a server that is being
	 * restarted. Default 5000.
	 */
	readonly timeoutMs?: number;
}

/**
 * The durable store for many machines: a Postgres database (12 or newer) through `pg`. An insert that resolved is committed by a
 * server with `fsync` and `synchronous_commit` on, which each transaction makes sure of; with synchronous standbys it
 * has waited for them. A restart of the server is waited out for `timeoutMs`; then the store rejects, and works again
 * as soon as the server does.
 *
 * The tables are made or brought up to date before it resolves. A role that may not create tables can use those that another
 * role has set up.
 *
 * @throws {WeChatPayError} `STORE_FAILED`: the server cannot be reached or says no, is a standby, does not use UTF-8,
 *   has `fsync` or `synchronous_commit` turned off, or has the tables of a newer paysign or of another program.
 *   `ARGUMENT_INVALID` when an option cannot be used.
 *
 * @example
 * ```ts
 * import { createPostgresStore } from "paysign/stores/postgres";
 * import { Pool } from "pg";
 *
 * const pool = new Pool({ connectionString: process.env.DATABASE_URL });
 * const store = await createPostgresStore({ pool });
 * console.log((await store.list({ limit: 10, unhandled: true })).length);
 * await store.close();
 * await pool.end();
 * ```
 */
export async function createPostgresStore(options: PostgresStoreOptions): Promise<Store> {
	const { pool, schema = "paysign", timeoutMs = 5_000 } = options;
	if (typeof pool?.connect !== "function") {
		throw invalidArgument("pool", "`pool` must be a Pool of the npm package `pg`.");
	}
	if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
		throw invalidArgument(
			"schema",
			"`schema` must be the name of a Postgres schema: up to 63 lower-case letters, digits and underscores.",
		);
	}
	checkInteger("timeoutMs", timeoutMs, 1, 2_147_483_647);
	const database = postgresDatabase({ pool, schema, timeoutMs });
	try {
		const exists = await checkServer(database, schema);
		await setUpSchema(database, [
			// One at a time, whoever they are; the lock ends with the transaction.
			sql("SELECT pg_advisory_xact_lock(?, 0)", OUR_MARK),
			...(exists ? [] : [sql(`CREATE SCHEMA IF NOT EXISTS ${schema}`)]),
		]);
	} catch (error) {
		await database.close();
		throw error;
	}
	return createSqlStore(groupCommits(database, queueMicrotask));
}

/** Refuses a server that cannot keep alarms; says whether the schema exists. */
async function checkServer(database: SqlDatabase, schema: string): Promise<boolean> {
	const { rows } = await database.read(
		sql(
			`SELECT current_setting('server_encoding') AS encoding, to_regnamespace(?) IS NOT NULL AS schema_exists`,
			schema,
		),
	);
	const [server] = rows;
	if (server?.encoding !== "UTF8") {
		throw new WeChatPayError(
			"STORE_FAILED",
			"The Postgres database cannot keep every text: create it with ENCODING 'UTF8'.",
		);
	}
	return server.schema_exists === true;
}
