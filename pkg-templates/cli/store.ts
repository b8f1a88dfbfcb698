// The store that a command is given: a SQLite file, or a Postgres database.

import { existsSync } from "node:fs";
import { invalidArgument } from "../arguments.js";
import type { Page, Store } from "../store.js";
import { createPostgresStore } from "../stores/postgres.js";
import { createSqliteStore } from "../stores/sqlite.js";
import { type Arguments, numberOf } from "./arguments.js";
import { openPool, urlOf } from "./postgres.js";
import { storeTexts } from "./texts/stores.js";
import type { World } from "./world.js";

export interface OpenStore {
	readonly kind: "sqlite" | "postgres";
	readonly store: Store;
	/** Lets go of the store and of what it stands on. */
	close(): Promise<void>;
}

/** @param mayCreate Whether a file that is not there is made. */
export async function openStore(typed: Arguments, world: World, mayCreate: boolean): Promise<OpenStore> {
	const { values } = typed;
	const text = storeTexts[world.language];
	const named = values.get("postgres");
	if (named !== undefined) {
		if (values.has("db")) throw invalidArgument("db", text.oneStore);
		const pool = await openPool(urlOf(named, "postgres", world), world);
		try {
			const schema = values.get("schema");
			const store = await createPostgresStore({ pool, ...(schema === undefined ? {} : { schema }) });
			const close = async () => {
				await store.close();
				await pool.end();
			};
			return { kind: "postgres", store, close };
		} catch (error) {
			await pool.end();
			throw error;
		}
	}
	const path = values.get("db") ?? "paysign.db";
	if (process.getBuiltinModule?.("node:sqlite") === undefined)
		throw invalidArgument("db", text.noSqlite(process.version));
	if (!mayCreate && !existsSync(path)) throw invalidArgument("db", text.noFile);
	const store = createSqliteStore({ path });
	return { kind: "sqlite", store, close: () => store.close() };
}

/** Does something with the store, and lets go of it whatever comes of it. */
export async function withStore<T>(
	typed: Arguments,
	world: World,
	use: (store: Store) => Promise<T>,
): Promise<T> {
	const opened = await openStore(typed, world, false);
	try {
		return await use(opened.store);
	} finally {
		await opened.close();
	}
}

/** The rows of `--after` and `--limit`, and whether there are more. */
export async function pageOf<Row extends { readonly sequence: number }>(
	typed: Arguments,
	world: World,
	list: (page: Page) => Promise<Row[]>,
): Promise<{ rows: Row[]; more: number | undefined }> {
	const limit = numberOf(typed, "limit", 100, world);
	if (limit < 1) throw invalidArgument("limit", storeTexts[world.language].atLeastOne);
	const after = numberOf(typed, "after", 0, world);
	const rows = await list({ limit: limit + 1, ...(typed.values.has("after") ? { after } : {}) });
	const shown = rows.slice(0, limit);
	return { rows: shown, more: rows.length > limit ? shown.at(-1)?.sequence : undefined };
}
