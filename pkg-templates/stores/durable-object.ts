import { invalidArgument } from "../arguments.js";
import { WeChatPayError } from "../errors.js";
import type { Store } from "../store.js";
import { setUpFirst } from "./set-up.js";
import { givesRows, type SqlDatabase, type SqlResult, type SqlRow, type SqlStatement } from "./sql.js";
import { createSqlStore } from "./sql-store.js";

/** The part of a Durable Object's storage that the store uses; `ctx.storage` of a class with SQLite is one. */
export interface DurableObjectSqlStorage {
	readonly sql: {
		exec(text: string, ...values: unknown[]): { toArray(): Record<string, unknown>[] };
	};
	transactionSync<T>(work: () => T): T;
	sync(): Promise<void>;
}

/** Where the Durable Object store keeps what it is given. */
export interface DurableObjectStoreOptions {
	/** `ctx.storage`, of a class listed under `new_sqlite_classes`. */
	readonly storage: DurableObjectSqlStorage;
}

/**
 * The store inside a Cloudflare Durable Object with SQLite. An insert that resolved is on disk: the store waits for
 * `storage.sync()`, and does not leave it to the gate that holds back the object's answers until then. The tables are made
 * with the first use.
 *
 * @throws {WeChatPayError} `ARGUMENT_INVALID` when `storage` has no SQLite. What is wrong with the database is a
 *   `STORE_FAILED` of the first use: tables of a newer paysign, or of another program.
 *
 * @example
 * ```ts
 * import { createAlarmReceiver } from "paysign";
 * import { createDurableObjectStore, type DurableObjectSqlStorage } from "paysign/stores/durable-object";
 *
 * interface Env {
 * 	readonly PAY_SIGN_KEY: string;
 * }
 *
 * export class Alarms {
 * 	readonly fetch: (request: Request) => Promise<Response>;
 *
 * 	constructor(context: { readonly storage: DurableObjectSqlStorage }, env: Env) {
 * 		this.fetch = createAlarmReceiver({
 * 			accounts: { appId: "wxf8b4f85f3a794e77", appKey: env.PAY_SIGN_KEY },
 * 			store: createDurableObjectStore({ storage: context.storage }),
 * 		});
 * 	}
 * }
 * ```
 */
export function createDurableObjectStore({ storage }: DurableObjectStoreOptions): Store {
	if (typeof storage?.transactionSync !== "function" || typeof storage.sync !== "function") {
		throw invalidArgument("storage", "`storage` must be the `ctx.storage` of a Durable Object with SQLite.");
	}
	return createSqlStore(setUpFirst(durableObjectDatabase(storage), storage));
}

function durableObjectDatabase(storage: DurableObjectSqlStorage): SqlDatabase {
	function rowsOf(text: string, values: SqlStatement["values"] = []): readonly SqlRow[] {
		return storage.sql.exec(text, ...values).toArray();
	}

	function run({ text, values }: SqlStatement): SqlResult {
		const rows = rowsOf(text, values);
		if (givesRows(text)) return { rows, changes: rows.length };
		return { rows, changes: Number(rowsOf("SELECT changes() AS changes")[0]?.changes ?? 0) };
	}

	return {
		dialect: "sqlite",
		async commit(statements) {
			try {
				const results = storage.transactionSync(() => statements.map(run));
				await storage.sync();
				return results;
			} catch (error) {
				throw storageError(error);
			}
		},
		async read(statement) {
			try {
				return run(statement);
			} catch (error) {
				throw storageError(error);
			}
		},
		async close() {},
	};
}

// Without the text of what was thrown, which may quote a value, and so without a cause.
function storageError(error: unknown): WeChatPayError {
	const message = error instanceof Error ? error.message : "";
	const reason = /\bSQLITE_[A-Z_]+/.exec(message)?.[0] ?? "no SQLite error";
	return new WeChatPayError("STORE_FAILED", `The Durable Object's storage failed (${reason}).`, { reason });
}
