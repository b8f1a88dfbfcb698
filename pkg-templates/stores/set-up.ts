import { WeChatPayError } from "../errors.js";
import { SCHEMA_VERSION, schemaSteps, tableNames } from "./schema.js";
import { type SqlDatabase, type SqlStatement, sql } from "./sql.js";

/** Where a database that is not a file of ours notes its version: one row. */
const META = "paysign_schema";

/**
 * Brings the tables of a database to {@link SCHEMA_VERSION}. Several may do so at once, and one that died anywhere in it
 * is finished by the next.
 *
 * @param first Statements that come before the others, in the same transaction.
 */
export async function setUpSchema(database: SqlDatabase, first: readonly SqlStatement[] = []): Promise<void> {
	const version = await versionOf(database);
	if (version === SCHEMA_VERSION) return;
	if (version > SCHEMA_VERSION) throw newerSchema(version);
	await database.commit([
		...first,
		// Before the tables, so that tables without it are known to be somebody else's.
		sql(`CREATE TABLE IF NOT EXISTS ${META} (
			only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
			version INTEGER NOT NULL
		)`),
		...schemaSteps(database.dialect, version).map((text) => sql(text)),
		// Never back: a newer version may have come in between.
		sql(
			`INSERT INTO ${META} (only_row, version) VALUES (1, ${SCHEMA_VERSION})
				ON CONFLICT (only_row) DO UPDATE SET version = excluded.version
				WHERE ${META}.version < excluded.version`,
		),
	]);
}

/** Databases that are known to be set up; a store may be made anew for each request. */
const setUp = new WeakSet<object>();

/**
 * The same database, set up before its first use. Callers that come during a set-up run it themselves: in a Worker a
 * request must not wait for what another request has begun.
 *
 * @param identity What the database is known by.
 */
export function setUpFirst(database: SqlDatabase, identity: object): SqlDatabase {
	async function ready(): Promise<void> {
		if (setUp.has(identity)) return;
		await setUpSchema(database);
		setUp.add(identity);
	}

	return {
		dialect: database.dialect,
		async commit(statements) {
			await ready();
			return database.commit(statements);
		},
		async read(statement) {
			await ready();
			return database.read(statement);
		},
		close: () => database.close(),
	};
}

/** What is said of a database that a later paysign has set up. */
export function newerSchema(version: number): WeChatPayError {
	return new WeChatPayError(
		"STORE_FAILED",
		`The database has schema version ${version}; this version of paysign knows versions up to ${SCHEMA_VERSION}. ` +
			"Install the newer paysign again, or give the store another database.",
	);
}

async function versionOf(database: SqlDatabase): Promise<number> {
	const { rows } = await database.read(sql(listTables[database.dialect]));
	const names = rows.map(({ name }) => String(name));
	if (names.includes(META)) {
		const [row] = (await database.read(sql(`SELECT version FROM ${META}`))).rows;
		return Number(row?.version ?? 0);
	}
	const taken = tableNames.find((name) => names.includes(name));
	if (taken === undefined) return 0;
	throw new WeChatPayError(
		"STORE_FAILED",
		`The database has a table \`${taken}\` that paysign did not make. Give the store a database of its own.`,
	);
}

const listTables: Readonly<Record<SqlDatabase["dialect"], string>> = {
	sqlite: "SELECT name FROM sqlite_schema WHERE type = 'table'",
	postgres:
		"SELECT relname AS name FROM pg_class WHERE relnamespace = to_regnamespace(current_schema()) AND relkind IN ('r', 'p')",
};
