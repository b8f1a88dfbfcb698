import { invalidArgument } from "../arguments.js";
import { WeChatPayError } from "../errors.js";
import type { Store } from "../store.js";
import { setUpFirst } from "./set-up.js";
import type { SqlDatabase, SqlResult, SqlStatement } from "./sql.js";
import { createSqlStore } from "./sql-store.js";

/** The part of a D1 binding that the store uses; `env.DB` is one. */
export interface D1Binding {
	prepare(text: string): D1Statement;
	batch(statements: D1Statement[]): Promise<readonly D1Outcome[]>;
}

/** A statement of a {@link D1Binding}. */
export interface D1Statement {
	bind(...values: unknown[]): D1Statement;
}

/** What D1 gives for a statement. */
export interface D1Outcome {
	readonly results: readonly unknown[];
	readonly meta: { readonly changes?: number };
}

/** Where the D1 store keeps what it is given. */
export interface D1StoreOptions {
	/** The binding of a D1 database that the store has for itself. */
	readonly database: D1Binding;
}

/**
 * The store for Cloudflare Workers over D1. An insert that resolved is committed by D1's primary. Making the store costs
 * nothing, so it may be made for each request; the tables are made with the first use.
 *
 * @throws {WeChatPayError} `ARGUMENT_INVALID` when `database` is not a D1 binding. What is wrong with the database is
 *   a `STORE_FAILED` of the first use: tables of a newer paysign, or of another program.
 *
 * @example
 * ```ts
 * import { createAlarmReceiver } from "paysign";
 * import { createD1Store, type D1Binding } from "paysign/stores/d1";
 *
 * interface Env {
 * 	readonly DB: D1Binding;
 * 	readonly PAY_SIGN_KEY: string;
 * }
 *
 * export default {
 * 	fetch(request: Request, env: Env): Promise<Response> {
 * 		const accounts = { appId: "wxf8b4f85f3a794e77", appKey: env.PAY_SIGN_KEY };
 * 		return createAlarmReceiver({ accounts, store: createD1Store({ database: env.DB }) })(request);
 * 	},
 * };
 * ```
 */
export function createD1Store({ database }: D1StoreOptions): Store {
	if (typeof database?.batch !== "function") {
		throw invalidArgument("database", "`database` must be a D1 binding, such as `env.DB`.");
	}
	return createSqlStore(setUpFirst(d1Database(database), database));
}

// Transactions of several requests are not joined here: a request must not wait for what another one has begun, which
// ends with that other request.
function d1Database(database: D1Binding): SqlDatabase {
	/** D1 runs a batch as one transaction. */
	async function commit(statements: readonly SqlStatement[]): Promise<SqlResult[]> {
		try {
			const bound = statements.map(({ text, values }) => database.prepare(text).bind(...values));
			const outcomes = await database.batch(bound);
			return outcomes.map(({ results, meta }) => ({
				rows: results.filter(isRow),
				changes: meta.changes ?? 0,
			}));
		} catch (error) {
			throw d1Error(error);
		}
	}

	return {
		dialect: "sqlite",
		commit,
		async read(statement) {
			const [result] = await commit([statement]);
			return result ?? { rows: [], changes: 0 };
		},
		async close() {},
	};
}

function isRow(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null;
}

/** What D1 says when the database was moved, restarted or flooded. Whether a transaction was kept is not known then. */
const passing =
	/connection lost|object to be reset|code was updated|transient|overloaded|timed? ?out|SQLITE_BUSY/i;

// Without D1's own text, which may quote a value, and so without a cause.
function d1Error(error: unknown): WeChatPayError {
	const message = error instanceof Error ? error.message : "";
	const reason = /\bSQLITE_[A-Z_]+/.exec(message)?.[0] ?? /\bD1_[A-Z_]+/.exec(message)?.[0] ?? "D1_ERROR";
	const retryable = passing.test(message);
	const sentence = retryable
		? "The D1 store could not be reached, and it is not known whether anything was kept"
		: "The D1 store failed, and nothing was kept";
	return new WeChatPayError("STORE_FAILED", `${sentence} (${reason}).`, {
		reason,
		...(retryable ? { retryable } : {}),
	});
}
