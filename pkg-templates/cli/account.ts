// The account that a command works for.

import { invalidArgument } from "../arguments.js";
import type { Credentials } from "../index.js";
import type { Arguments } from "./arguments.js";
import { fromEnvironment, fromFile, identities, variables } from "./secrets.js";
import { texts } from "./texts.js";
import type { World } from "./world.js";

/** What is known of an account, by its name in a file of secrets. */
export type Account = Readonly<Partial<Record<string, string>>>;

/** Credentials with their keys at hand. */
export interface KnownCredentials extends Credentials {
	readonly appKey: string | readonly string[];
}

/** The account of `--app-id`, `--secrets` and the environment: the first that says something is believed. */
export async function accountOf({ values }: Arguments, world: World): Promise<Account> {
	const file = values.get("secrets");
	const pairs = file === undefined ? [] : fromFile(await world.read(file, "--secrets"), world.language);
	const appId = values.get("app-id");
	return Object.fromEntries([
		...fromEnvironment(world.environment),
		...pairs,
		...(appId === undefined ? [] : [["appId", appId] as const]),
	]);
}

/** What the command cannot do without. */
export function needed(account: Account, name: string, { language }: World): string {
	const value = account[name];
	if (value !== undefined && value !== "") return value;
	const [variable = ""] =
		Object.entries({ ...variables, ...identities }).find(([, known]) => known === name) ?? [];
	throw invalidArgument(name, texts[language].missing(variable, name));
}

/** The accounts of `--accounts`, or the one account. */
export async function accountsOf(args: Arguments, world: World): Promise<KnownCredentials[]> {
	const file = args.values.get("accounts");
	if (file !== undefined) return listed(await world.read(file, "--accounts"), world);
	const account = await accountOf(args, world);
	return [{ appId: needed(account, "appId", world), appKey: needed(account, "appKey", world) }];
}

function listed(text: string, { language }: World): KnownCredentials[] {
	const wrong = invalidArgument("accounts", texts[language].accountsFile);
	let read: unknown;
	try {
		read = JSON.parse(text);
	} catch {
		// The parser's own words may quote the text.
		throw wrong;
	}
	if (!Array.isArray(read)) throw wrong;
	return read.map((row: { appId?: unknown; appKey?: unknown } | null) => {
		const keys = [row?.appKey].flat();
		if (typeof row?.appId !== "string" || !keys.every((key) => typeof key === "string")) throw wrong;
		return { appId: row.appId, appKey: keys };
	});
}
