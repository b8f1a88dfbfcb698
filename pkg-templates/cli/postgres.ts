// A Postgres database, as a command is given one.

import { invalidArgument } from "../arguments.js";
import type { PostgresPool } from "../stores/postgres.js";
import { texts } from "./texts.js";
import type { World } from "./world.js";

/** What is named, or what the environment names; never with a password that others can see. */
export function urlOf(typed: string, option: string, { environment, language }: World): string | undefined {
	const { postgresWanted, postgresPassword } = texts[language];
	if (!/^postgres(?:ql)?:/.test(typed)) throw invalidArgument(option, postgresWanted(option));
	if (/^postgres(?:ql)?:$/.test(typed)) return environment.DATABASE_URL;
	if (/\/\/[^/@]*:[^/@]+@|[?&]password=/i.test(typed))
		throw invalidArgument(option, postgresPassword(option));
	return typed;
}

/** The user's own `pg`, found from where the command is run: this package depends on nothing. */
export async function openPool(
	url: string | undefined,
	{ language, complain }: World,
): Promise<PostgresPool & { end(): Promise<void> }> {
	const { createRequire } = await import("node:module");
	let pg: { Pool: new (settings: object) => PostgresPool & { end(): Promise<void> } };
	try {
		pg = createRequire(`${process.cwd()}/`)("pg");
	} catch {
		throw invalidArgument("pg", texts[language].postgresNoPg);
	}
	const pool = new pg.Pool({ ...(url === undefined ? {} : { connectionString: url }), max: 4 });
	pool.on("error", (error) => complain(error.message));
	return pool;
}
