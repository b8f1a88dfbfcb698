import { existsSync } from "node:fs";
import { invalidArgument } from "../arguments.js";
import { WeChatPayError } from "../errors.js";
import type { Store } from "../store.js";
import { type CopyPart, copyStore } from "../stores/copy.js";
import { createPostgresStore, type PostgresPool } from "../stores/postgres.js";
import { createSqliteStore } from "../stores/sqlite.js";
import { parse } from "./arguments.js";
import { texts } from "./texts.js";
import type { Command, World } from "./world.js";

const options = { flags: ["help"], values: ["from", "to", "schema", "lang"] };

/** `paysign migrate`: from a SQLite file to Postgres. */
export const migrate: Command = async (args, world) => {
	const { flags, values, operands } = parse(args, options, world.language);
	const text = texts[world.language];
	if (flags.has("help")) {
		world.out(text.migrateHelp);
		return 0;
	}
	if (operands.length > 0) throw invalidArgument("options", text.unknownOption(options.values));
	const path = /^sqlite:(.+)$/s.exec(values.get("from") ?? "")?.[1];
	if (path === undefined) throw invalidArgument("from", text.migrateFrom);
	const url = targetOf(values.get("to") ?? "", world);
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
		if (world.colour) world.complain(migrateRow(migrateParts[part], copied, present));
	});
	for (const part of Object.keys(migrateParts) as CopyPart[]) {
		const { copied, present } = result[part];
		world.out(`${migrateRow(migrateParts[part], copied, present)}\n`);
	}
	world.out(`${migrateDone}\n`);
}

/** What is named, or what the environment names; never with a password that others can see. */
function targetOf(to: string, { environment, language }: World): string | undefined {
	const { migrateTo, migratePassword } = texts[language];
	if (!/^postgres(?:ql)?:/.test(to)) throw invalidArgument("to", migrateTo);
	if (/^postgres(?:ql)?:$/.test(to)) return environment.DATABASE_URL;
	if (/\/\/[^/@]*:[^/@]+@|[?&]password=/i.test(to)) throw invalidArgument("to", migratePassword);
	return to;
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

/** The user's own `pg`, found from where the command is run: this package depends on nothing. */
async function openPool(
	url: string | undefined,
	{ language, complain }: World,
): Promise<PostgresPool & { end(): Promise<void> }> {
	const { createRequire } = await import("node:module");
	let pg: { Pool: new (settings: object) => PostgresPool & { end(): Promise<void> } };
	try {
		pg = createRequire(`${process.cwd()}/`)("pg");
	} catch {
		throw invalidArgument("pg", texts[language].migrateNoPg);
	}
	const pool = new pg.Pool({ ...(url === undefined ? {} : { connectionString: url }), max: 4 });
	pool.on("error", (error) => complain(error.message));
	return pool;
}
