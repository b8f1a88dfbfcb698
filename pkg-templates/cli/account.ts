// The account that a command works for.

import { invalidArgument } from "../arguments.js";
import type { Arguments } from "./arguments.js";
import { fromEnvironment, fromFile, identities, variables } from "./secrets.js";
import { texts } from "./texts.js";
import type { World } from "./world.js";

/** What is known of an account, by its name in a file of secrets. */
export type Account = Readonly<Partial<Record<string, string>>>;

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

/** What signs and verifies messages of the account. */
export function keyed(account: Account, world: World): { readonly appId: string; readonly appKey: string } {
	return { appId: needed(account, "appId", world), appKey: needed(account, "appKey", world) };
}

/** What WeChat is called with for the account. */
export function callerOf(account: Account, world: World) {
	return { ...keyed(account, world), appSecret: needed(account, "appSecret", world) };
}

/** What one of the accounts of `--accounts` looks like. */
export interface AccountShape<One> {
	/** As JSON, for whoever got it wrong. */
	readonly example: string;
	isOne(row: Readonly<Record<string, unknown>>): row is One & Record<string, unknown>;
}

/** The accounts of `--accounts`, a JSON array; nothing without the option. */
export async function listedAccounts<One>(
	{ values }: Arguments,
	{ example, isOne }: AccountShape<One>,
	world: World,
): Promise<One[] | undefined> {
	const file = values.get("accounts");
	if (file === undefined) return undefined;
	const wrong = invalidArgument("accounts", texts[world.language].accountsFile(example));
	let read: unknown;
	try {
		read = JSON.parse(await world.read(file, "--accounts"));
	} catch (error) {
		// The parser's own words may quote the text.
		throw error instanceof SyntaxError ? wrong : error;
	}
	if (!Array.isArray(read)) throw wrong;
	return read.map((row: unknown) => {
		if (typeof row !== "object" || row === null || !isOne(row as Record<string, unknown>)) throw wrong;
		return row as One;
	});
}
