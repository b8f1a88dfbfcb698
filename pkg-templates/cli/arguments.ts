import { invalidArgument } from "../arguments.js";
import { texts } from "./texts.js";
import type { Language } from "./words.js";

/** The options of a command, without their dashes. */
export interface Options {
	/** Those that stand alone. */
	readonly flags: readonly string[];
	/** Those that a value follows. */
	readonly values: readonly string[];
}

/** What was typed. */
export interface Arguments {
	readonly flags: ReadonlySet<string>;
	readonly values: ReadonlyMap<string, string>;
	readonly operands: readonly string[];
}

/** Reads `--name value`, `--name=value` and operands. What was typed is never repeated beyond a known option's name. */
export function parse(args: readonly string[], options: Options, language: Language): Arguments {
	const { refusedSecret, unknownOption, needsValue, badLanguage } = texts[language];
	const flags = new Set<string>();
	const values = new Map<string, string>();
	const operands: string[] = [];
	const left = [...args];
	for (let word = left.shift(); word !== undefined; word = left.shift()) {
		if (word === "--") {
			operands.push(...left);
			break;
		}
		if (word === "-" || !word.startsWith("-")) {
			operands.push(word);
			continue;
		}
		const typed = word === "-h" ? "--help" : word;
		const [, name = "", inline] = /^--([^=]*)(?:=(.*))?$/s.exec(typed) ?? [];
		if (options.flags.includes(name) && inline === undefined) {
			flags.add(name);
		} else if (options.values.includes(name)) {
			const value = inline ?? left.shift();
			if (value === undefined) throw invalidArgument(name, needsValue(name));
			values.set(name, value);
		} else if (/(key|secret)$/i.test(typed.replace(/=.*/s, ""))) {
			throw invalidArgument("secrets", refusedSecret);
		} else {
			throw invalidArgument("options", unknownOption([...options.values, ...options.flags]));
		}
	}
	const lang = values.get("lang");
	if (lang !== undefined && lang !== "en" && lang !== "zh") throw invalidArgument("lang", badLanguage);
	return { flags, values, operands };
}
