import { WeChatPayError } from "../errors.js";
import type { StoredToken, TokenStore } from "../token.js";

/** What is needed of a `Pool` of the package `pg`. */
export interface PostgresTokenPool {
	query(
		text: string,
		values?: unknown[],
	): Promise<{ readonly rows: ReadonlyArray<Record<string, unknown>>; readonly rowCount: number | null }>;
}

/** How {@link createPostgresTokenStore} is set up. */
export interface PostgresTokenStoreOptions {
	/** A `Pool` of the package `pg`, with a listener for its `error` event. */
	readonly pool: PostgresTokenPool;
}

/** The key of the advisory lock under which the table is made: of concurrent CREATE TABLEs, all but one fail. */
const setUpLock = 7_093_180_322;

const setUp = `
	SELECT pg_advisory_xact_lock(${setUpLock});
	CREATE TABLE IF NOT EXISTS paysign_tokens (
		app_id TEXT PRIMARY KEY,
		access_token TEXT,
		refresh_at BIGINT,
		expires_at BIGINT,
		lease BIGINT NOT NULL DEFAULT 0,
		leased_until TIMESTAMPTZ
	)`;

/**
 * A {@link TokenStore} in PostgreSQL, for `tokenEndpoint: "classic"` on many machines: one of them fetches, all use
 * what it got. It makes its table, `paysign_tokens`, at the first use, in the first schema of the search path; where the
 * role may not, make it beforehand. No dependency: bring the `Pool` of the package `pg`.
 *
 * The token lies in the table in clear, as it must: whoever can read it can call WeChat for this account until the token
 * ends, so grant the table to nobody else. A dead token stays until the next one takes its place.
 *
 * @example
 * ```ts no-run
 * import pg from "pg";
 * import { createClient } from "paysign";
 * import { createPostgresTokenStore } from "paysign/tokens/postgres";
 *
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
 * pool.on("error", (error) => console.error(error.message));
 * const client = createClient({
 * 	appId: "wxf8b4f85f3a794e77",
 * 	appSecret: process.env.APP_SECRET ?? "",
 * 	appKey: process.env.PAY_SIGN_KEY ?? "",
 * 	tokenEndpoint: "classic",
 * 	tokens: createPostgresTokenStore({ pool }),
 * });
 * ```
 */
export function createPostgresTokenStore({ pool }: PostgresTokenStoreOptions): TokenStore {
	if (typeof pool?.query !== "function") {
		throw new WeChatPayError("ARGUMENT_INVALID", "`pool` must be a Pool of the package pg.", {
			field: "pool",
		});
	}
	let ready: Promise<void> | undefined;

	async function makeTable(): Promise<void> {
		// Asked first: CREATE TABLE wants a privilege even when there is nothing to create.
		const { rows } = await pool.query("SELECT to_regclass('paysign_tokens') IS NOT NULL AS there");
		// Without values it is one simple query, which Postgres runs as one transaction.
		if (rows[0]?.there !== true) await pool.query(setUp);
	}

	async function query(text: string, values: unknown[]) {
		// A failure is not remembered: the next call tries again.
		ready ??= makeTable().catch((error: unknown) => {
			ready = undefined;
			throw error;
		});
		await ready;
		return pool.query(text, values);
	}

	return {
		async read(appId) {
			const { rows } = await query(
				"SELECT access_token, refresh_at, expires_at FROM paysign_tokens WHERE app_id = $1 AND access_token IS NOT NULL",
				[appId],
			);
			return rows[0] === undefined ? undefined : tokenOf(rows[0]);
		},
		async replace(appId, previous, next) {
			const values = [appId, next.accessToken, next.refreshAt, next.expiresAt];
			if (previous === undefined) {
				const { rowCount } = await query(
					`INSERT INTO paysign_tokens AS held (app_id, access_token, refresh_at, expires_at) VALUES ($1, $2, $3, $4)
						ON CONFLICT (app_id) DO UPDATE SET access_token = $2, refresh_at = $3, expires_at = $4
						WHERE held.access_token IS NULL`,
					values,
				);
				return rowCount === 1;
			}
			const { rowCount } = await query(
				`UPDATE paysign_tokens SET access_token = $2, refresh_at = $3, expires_at = $4
					WHERE app_id = $1 AND access_token = $5 AND refresh_at = $6 AND expires_at = $7`,
				[...values, previous.accessToken, previous.refreshAt, previous.expiresAt],
			);
			return rowCount === 1;
		},
		async lease(appId, milliseconds) {
			const { rows } = await query(
				`INSERT INTO paysign_tokens AS held (app_id, lease, leased_until)
					VALUES ($1, 1, clock_timestamp() + $2 * INTERVAL '1 millisecond')
					ON CONFLICT (app_id) DO UPDATE SET lease = held.lease + 1, leased_until = excluded.leased_until
					WHERE held.leased_until IS NULL OR held.leased_until <= clock_timestamp()
					RETURNING lease`,
				[appId, milliseconds],
			);
			return rows[0] === undefined ? undefined : Number(rows[0].lease);
		},
		async release(appId, lease) {
			await query("UPDATE paysign_tokens SET leased_until = NULL WHERE app_id = $1 AND lease = $2", [
				appId,
				lease,
			]);
		},
	};
}

function tokenOf(row: Record<string, unknown>): StoredToken {
	return {
		accessToken: String(row.access_token),
		// pg gives a BIGINT as text.
		refreshAt: Number(row.refresh_at),
		expiresAt: Number(row.expires_at),
	};
}
