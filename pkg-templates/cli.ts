#!/usr/bin/env node
// The command line: a leaf, which alone reads arguments, the environment and the terminal.

import { readFileSync } from "node:fs";
import { nearestCommand } from "./cli/arguments.js";
import { helpOf, overview } from "./cli/help.js";
import { exitCodes, rowOf, commands as rows } from "./cli/table.js";
import { languageOf, texts } from "./cli/texts.js";
import { type Command, openWorld, type World } from "./cli/world.js";
import { WeChatPayError } from "./errors.js";

/** Loaded when they are called: most need neither a server nor a database. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
	sign: async () => (await import("./cli/sign.js")).sign,
	verify: async () => (await import("./cli/verify.js")).verify,
	explain: async () => (await import("./cli/explain.js")).explain,
	diagnose: async () => (await import("./cli/diagnose.js")).diagnose,
	deliver: async () => (await import("./cli/deliver.js")).deliver,
	token: async () => (await import("./cli/token.js")).token,
	sandbox: async () => (await import("./cli/sandbox.js")).sandbox,
	serve: async () => (await import("./cli/serve.js")).serve,
	alarms: async () => (await import("./cli/alarms.js")).alarms,
	notifications: async () => (await import("./cli/notifications.js")).notifications,
	outbox: async () => (await import("./cli/outbox.js")).outbox,
	migrate: async () => (await import("./cli/migrate.js")).migrate,
	completion: async () => (await import("./cli/completion.js")).completion,
};

async function main([name = "", ...rest]: readonly string[], world: World): Promise<number> {
	const asksForHelp = (words: readonly string[]) => {
		const end = words.indexOf("--");
		return words.slice(0, end < 0 ? undefined : end).some((word) => word === "--help" || word === "-h");
	};
	const row = rowOf(name === "help" ? (rest[0] ?? "") : name);
	if (row !== undefined && (name === "help" || asksForHelp(rest))) {
		world.out(helpOf(row, world));
		return exitCodes.yes;
	}
	const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
	if (load !== undefined) return (await load())(rest, world);
	const asked = [name, ...rest];
	if (asked.includes("--version")) {
		const manifest = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8"));
		world.out(`${manifest.version}\n`);
		return exitCodes.yes;
	}
	if (name === "help" || asksForHelp(asked)) {
		world.out(overview(world));
		return exitCodes.yes;
	}
	const known = rows.map((row) => row.name).join(", ");
	// What was typed may be a secret in the wrong place: it is not repeated.
	world.complain(
		name === "" ? overview(world) : texts[world.language].unknownCommand(known, nearestCommand(name)),
	);
	return exitCodes.unusable;
}

/** Tells a person what went wrong, and says how the command ends. */
function tell(error: unknown, command: string, world: World): number {
	if (!(error instanceof WeChatPayError)) {
		world.complain(error instanceof Error ? `${error.stack}` : "?");
		return exitCodes.unusable;
	}
	if (error.code === "STORE_FAILED" || error.code === "NETWORK") {
		world.complain(`paysign: ${error.message}`);
		return exitCodes.no;
	}
	const code = error.code === "ARGUMENT_INVALID" ? "" : ` (${error.code})`;
	const hint = rowOf(command) === undefined ? "" : `\n${texts[world.language].seeHelp(command)}`;
	world.complain(`paysign: ${error.message}${code}${hint}`);
	return exitCodes.unusable;
}

const argv = process.argv.slice(2);
const world = openWorld(languageOf(argv, process.env));
// A reader such as `head` may have seen enough.
process.stdout.on("error", () => process.exit());
try {
	process.exitCode = await main(argv, world);
} catch (error) {
	process.exitCode = tell(error, argv[0] ?? "", world);
}
