import { WeChatPayError } from "../errors.js";
import { isPassing, isUndone, outOfTime, postgresError } from "./postgres-errors.js";
import type { SqlDatabase, SqlResult, SqlStatement } from "./sql.js";

/** What `pg` gives for a statement. */
export interface PostgresResult {
	readonly rows: readonly Readonly<Record<string, unknown>>[];
	readonly rowCount: number | null;
}

/** A connection of a {@link PostgresPool}. */
export interface PostgresClient {
	query(text: string, values?: unknown[]): Promise<PostgresResult | readonly PostgresResult[]>;
	/** Gives it back; with `true` the connection is closed. */
	release(destroy?: boolean): void;
	on(event: "error", listener: (error: Error) => void): unknown;
	removeListener(event: "error", listener: (error: Error) => void): unknown;
}

/** The part of a `Pool` of the npm package `pg` that the store uses. */
export interface PostgresPool {
	connect(): Promise<PostgresClient>;
	on(event: "error", listener: (error: Error) => void): unknown;
	removeListener(event: "error", listener: (error: Error) => void): unknown;
}

export interface PostgresDatabaseOptions {
	readonly pool: PostgresPool;
	/** Where the tables are. Checked by the caller: it becomes part of a statement. */
	readonly schema: string;
	/** How long anything may take, in milliseconds. */
	readonly timeoutMs: number;
}

/** How long to wait before a connection that could not be had is asked for again. */
const RECONNECT_MS = 100;

type Attempt =
	| { readonly results: SqlResult[] }
	/** `undone`: certainly nothing was kept. */
	| { readonly error: unknown; readonly undone: boolean };

/** The tables of `schema`, through the user's pool. */
export function postgresDatabase({ pool, schema, timeoutMs }: PostgresDatabaseOptions): SqlDatabase {
	// Each transaction proves that its own commit will be durable: another session may be set otherwise. The limits are
	// for the server, which goes on waiting for a lock when nobody waits for it any more. `statement_timeout` would do
	// harm: it also ends a commit's wait for the standby, and the commit then counts as done.
	const begin = `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
		SET LOCAL search_path = ${schema};
		SET LOCAL lock_timeout = ${timeoutMs};
		SET LOCAL idle_in_transaction_session_timeout = ${timeoutMs};
		SELECT current_setting('synchronous_commit') AS synchronous_commit, current_setting('fsync') AS fsync`;
	const numberedTexts = new Map<string, string>();

	// An idle connection that dies is an `error` event of the pool, which would end the process if nobody listened. The
	// pool has thrown the connection away by then, and the next query gets another one.
	pool.on("error", ignore);

	/** Tries until it works, as long as there is time and nothing can have been kept. */
	async function transact(statements: readonly SqlStatement[], isRead = false): Promise<SqlResult[]> {
		const time = startTimer(timeoutMs);
		try {
			let last: unknown;
			for (;;) {
				const outcome = await attempt(statements, time);
				if ("results" in outcome) return outcome.results;
				const { error } = outcome;
				const undone = isRead || outcome.undone;
				if (!undone || !isPassing(error)) throw postgresError(error, undone);
				// A reason says more than that time is over.
				if (time.isOver()) throw postgresError(last ?? error, undone);
				last = error;
				await Promise.race([time.over, pause(RECONNECT_MS)]);
			}
		} finally {
			time.stop();
		}
	}

	async function attempt(statements: readonly SqlStatement[], time: Timer): Promise<Attempt> {
		let client: PostgresClient;
		try {
			client = await connect(pool, time);
		} catch (error) {
			return { error, undone: true };
		}
		// A connection that dies while nothing is asked of it would end the process too.
		client.on("error", ignore);
		const ask = (text: string, values?: unknown[]) => time.limit(client.query(text, values));
		let committing = false;
		try {
			checkDurable(lastOf(await ask(begin)));
			const results: SqlResult[] = [];
			for (const { text, values } of statements) {
				const { rows, rowCount } = lastOf(await ask(numbered(text), [...values]));
				results.push({ rows, changes: rowCount ?? 0 });
			}
			committing = true;
			await ask("COMMIT");
			giveBack(client);
			return { results };
		} catch (error) {
			const undone = !committing || isUndone(error);
			// A connection whose state nobody knows is closed, which undoes what it has not committed.
			if (undone && !isPassing(error) && (await rolledBack(ask))) giveBack(client);
			else client.release(true);
			return { error, undone };
		}
	}

	/** The text with `$1`, `$2` … for its `?`. */
	function numbered(text: string): string {
		let known = numberedTexts.get(text);
		if (known === undefined) {
			let number = 0;
			known = text.replaceAll("?", () => {
				number += 1;
				return `$${number}`;
			});
			numberedTexts.set(text, known);
		}
		return known;
	}

	return {
		dialect: "postgres",
		commit: (statements) => transact(statements),
		async read(statement) {
			return lastOf(await transact([statement], true));
		},
		// The pool is the user's, and stays open.
		async close() {
			pool.removeListener("error", ignore);
		},
	};
}

function ignore(): void {}

/** A connection of the pool; one that comes too late goes back unused. */
async function connect(pool: PostgresPool, time: Timer): Promise<PostgresClient> {
	let late = false;
	const connecting = pool.connect();
	connecting.then((client) => late && client.release()).catch(ignore);
	try {
		return await time.limit(connecting);
	} catch (error) {
		late = true;
		throw error;
	}
}

function giveBack(client: PostgresClient): void {
	client.removeListener("error", ignore);
	client.release();
}

async function rolledBack(ask: (text: string) => Promise<unknown>): Promise<boolean> {
	try {
		await ask("ROLLBACK");
		return true;
	} catch {
		return false;
	}
}

/** What the last statement of a message gave: `pg` has a list where there were several. */
function lastOf<T>(results: T | readonly T[]): T {
	const last = Array.isArray(results) ? results.at(-1) : results;
	if (last === undefined) throw new WeChatPayError("STORE_FAILED", "The Postgres server gave no result.");
	return last;
}

function checkDurable({ rows: [settings] }: PostgresResult): void {
	for (const name of ["synchronous_commit", "fsync"]) {
		if (settings?.[name] !== "off") continue;
		throw new WeChatPayError(
			"STORE_FAILED",
			`The Postgres session has ${name}=off, with which a crash of the server loses acknowledged alarms. ` +
				`Turn ${name} on for this server, database and role.`,
		);
	}
}

interface Timer {
	/** Resolves when the time is over. */
	readonly over: Promise<void>;
	isOver(): boolean;
	/** The same, or a rejection with {@link outOfTime}. */
	limit<T>(promise: Promise<T>): Promise<T>;
	stop(): void;
}

function startTimer(milliseconds: number): Timer {
	let isOver = false;
	let handle: ReturnType<typeof setTimeout> | undefined;
	const over = new Promise<void>((resolve) => {
		handle = setTimeout(() => {
			isOver = true;
			resolve();
		}, milliseconds);
	});
	const rejection = over.then(() => Promise.reject(outOfTime));
	rejection.catch(ignore);
	return {
		over,
		isOver: () => isOver,
		limit: (promise) => Promise.race([promise, rejection]),
		stop: () => clearTimeout(handle),
	};
}

function pause(milliseconds: number): Promise<void> {
	return new Promise((resolve) => {
		setTimeout(resolve, milliseconds);
	});
}
