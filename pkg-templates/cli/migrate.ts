import { existsSync } from "node:fs";
import { invalidArgument } from "../arguments.js";
import { WeChatPayError } from "../errors.js";
import type { Store } from "../store.js";
import { type CopyPart, copyStore } from "../stores/copy.js";
import { createPostgresStore } from "../stores/postgres.js";
import { createSqliteStore } from "../stores/sqlite.js";
import { parse } from "./arguments.js";
import { openPool, urlOf } from "./postgres.js";
import { texts } from "./texts.js";
import type { Command, World } from "./world.js";

/** `paysign migrate`: from a SQLite file to Postgres. */
export const migrate: Command = async (args, world) => {
	const { values, operands } = parse(args, "migrate", world.language);
	const text = texts[world.language];
	if (operands.length > 0) throw invalidArgument("options", text.noOperand);
	const path = /^sqlite:(.+)$/s.exec(values.get("from") ?? "")?.[1];
	if (path === undefined) throw invalidArgument("from", text.migrateFrom);
	const url = urlOf(values.get("to") ?? "", "to", world);
	// Opening it would make it.
	if (!existsSync(path)) throw invalidArgument("from", text.migrateNoFile);
	const pool = await openPool(url, world);
	try {
		const from = openSource(path, text.migrateDamaged);
		try {
			const schema = values.get("schema");
			const to = await createPostgresStore({ pool, ...(schema === undefined ? {} : { schema }) });
			try {
				await copy(from, to, world);
			} finally {
				await to.close();
			}
		} finally {
			await from.close();
		}
	} catch (error) {
		if (!(error instanceof WeChatPayError) || error.code === "ARGUMENT_INVALID") throw error;
		world.complain(`paysign: ${error.message}\n${text.migrateAgain}`);
		return 1;
	} finally {
		await pool.end();
	}
	return 0;
};

async function copy(from: Store, to: Store, world: World): Promise<void> {
	const { migrateParts, migrateRow, migrateDone } = texts[world.language];
	const result = await copyStore(from, to, (part, { copied, present }) => {
		if (world.watched) world.complain(migrateRow(migrateParts[part], copied, present));
	});
	for (const part of Object.keys(migrateParts) as CopyPart[]) {
		const { copied, present } = result[part];
		world.out(`${migrateRow(migrateParts[part], copied, present)}\n`);
	}
	world.out(`${migrateDone}\n`);
}

function openSource(path: string, damaged: (movedTo: string) => string): Store {
	const found: { movedTo?: string } = {};
	const store = createSqliteStore({
		path,
		onCorrupt({ movedTo }) {
			found.movedTo = movedTo;
		},
	});
	if (found.movedTo !== undefined) throw new WeChatPayError("STORE_FAILED", damaged(found.movedTo));
	return store;
}
