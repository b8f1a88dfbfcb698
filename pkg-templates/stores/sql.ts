/** What a statement is given; what a row holds is converted where it is read. */
export type SqlValue = string | number | null | Uint8Array;

/** One statement: its text with a `?` for each of the values, which are always bound and never part of the text. */
export interface SqlStatement {
	readonly text: string;
	readonly values: readonly SqlValue[];
}

export interface SqlResult {
	/** Of a SELECT, or of a statement with RETURNING. */
	readonly rows: readonly SqlRow[];
	/** How many rows a statement inserted, updated or deleted. */
	readonly changes: number;
}

export type SqlRow = Readonly<Record<string, unknown>>;

/**
 * What a store needs of a database. Both methods reject with `STORE_FAILED`. With `details.retryable` the database was
 * busy or could not be reached, which says nothing about the statements.
 */
export interface SqlDatabase {
	readonly dialect: "sqlite" | "postgres";
	/** Runs the statements as one transaction, committed (durable) when it resolves; results in the same order. */
	commit(statements: readonly SqlStatement[]): Promise<SqlResult[]>;
	/** Runs one reading statement. */
	read(statement: SqlStatement): Promise<SqlResult>;
	/** Lets go of the database. */
	close(): Promise<void>;
}

export function sql(text: string, ...values: readonly SqlValue[]): SqlStatement {
	return { text, values };
}

/** SQLite's interfaces have one call for statements that give rows and another for those that count changes. */
export function givesRows(text: string): boolean {
	return /^\s*(?:SELECT|PRAGMA)\b|\bRETURNING\b/i.test(text);
}

/** The types of columns, by the name that the schema and the statements know them under. */
export const columnTypes = {
	sqlite: { integer: "INTEGER", text: "TEXT", bytes: "BLOB" },
	postgres: { integer: "BIGINT", text: "TEXT", bytes: "BYTEA" },
} as const;

export type ColumnType = keyof (typeof columnTypes)[SqlDatabase["dialect"]];

/** "pays" in ASCII: marks what is ours where a database is shared. */
export const OUR_MARK = 0x70617973;

/**
 * The text that inserts one row unless `unique` is there already, with a value for each of `columns` in their order.
 * `sequence` grows in the order of the commits, so that a reader who asks for what comes after a row misses none: SQLite
 * has one writer at a time; in Postgres, where a number is taken long before its row can be seen, writers of a table
 * take turns. The lock ends with the transaction.
 */
export function insertText(
	dialect: SqlDatabase["dialect"],
	table: string,
	columns: Readonly<Record<string, ColumnType>>,
	unique: string,
): string {
	const names = Object.keys(columns);
	const head = `INSERT INTO ${table} (${names.join(", ")})`;
	const tail = `ON CONFLICT (${unique}) DO NOTHING`;
	if (dialect === "sqlite") return `${head} VALUES (${names.map(() => "?").join(", ")}) ${tail}`;
	const values = Object.values(columns).map((type) => `CAST(? AS ${columnTypes.postgres[type]})`);
	const turn = `SELECT pg_advisory_xact_lock(${OUR_MARK}, CAST(CAST('${table}' AS regclass) AS oid)::integer)`;
	return `${head} SELECT ${values.join(", ")} FROM (${turn}) AS turn ${tail}`;
}
