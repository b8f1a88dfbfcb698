#!/usr/bin/env node
// The command line: a leaf, which alone reads arguments, the environment and the terminal.

import { readFileSync } from "node:fs";
import { diagnose } from "./cli/diagnose.js";
import { migrate } from "./cli/migrate.js";
import { languageOf, texts } from "./cli/texts.js";
import type { Language } from "./cli/words.js";
import { type Command, openWorld, type World } from "./cli/world.js";
import { WeChatPayError } from "./errors.js";

const commands: Readonly<Record<string, Command>> = { diagnose, migrate };

/** What ends a command that could not begin. */
const usageError = 3;

async function main([name = "", ...rest]: readonly string[], world: World): Promise<number> {
	const { help, unknownCommand } = texts[world.language];
	const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
	if (command !== undefined) return command(rest, world);
	const asked = [name, ...rest];
	if (asked.includes("--version")) {
		const manifest = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8"));
		world.out(`${manifest.version}\n`);
		return 0;
	}
	if (name === "help" || asked.includes("--help") || asked.includes("-h")) {
		world.out(help);
		return 0;
	}
	// What was typed may be a secret in the wrong place: it is not repeated.
	world.complain(name === "" ? help : unknownCommand(Object.keys(commands).join(", ")));
	return usageError;
}

function explain(error: unknown, language: Language): string {
	if (!(error instanceof WeChatPayError)) return error instanceof Error ? `${error.stack}` : "?";
	return `paysign: ${error.message}\n${texts[language].seeHelp}`;
}

const argv = process.argv.slice(2);
const world = openWorld(languageOf(argv, process.env));
// A reader such as `head` may have seen enough.
process.stdout.on("error", () => process.exit());
try {
	process.exitCode = await main(argv, world);
} catch (error) {
	world.complain(explain(error, world.language));
	process.exitCode = usageError;
}
