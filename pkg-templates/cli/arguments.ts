import { invalidArgument } from "../arguments.js";
import { commands, optionsOf, rowOf } from "./table.js";
import { texts } from "./texts.js";
import type { Language } from "./words.js";

/** What was typed. */
export interface Arguments {
	readonly flags: ReadonlySet<string>;
	readonly values: ReadonlyMap<string, string>;
	readonly operands: readonly string[];
}

/**
 * Reads `--name value`, `--name=value` and operands, as the table has them for this command. What was typed is never
 * repeated beyond a known option's name.
 */
export function parse(args: readonly string[], command: string, language: Language): Arguments {
	const { refusedSecret, unknownOption, needsValue, badLanguage, oneOf } = texts[language];
	const row = rowOf(command);
	const rows = row === undefined ? [] : optionsOf(row);
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
		const option = rows.find((candidate) => candidate.name === name);
		if (option !== undefined && option.value === undefined && inline === undefined) {
			flags.add(name);
		} else if (option?.value !== undefined) {
			const value = inline ?? left.shift();
			if (value === undefined) throw invalidArgument(name, needsValue(name));
			values.set(name, value);
		} else if (/(key|secret|token)$/i.test(typed.replace(/=.*/s, ""))) {
			throw invalidArgument("secrets", refusedSecret);
		} else {
			const known = rows.map((candidate) => candidate.name);
			throw invalidArgument("options", unknownOption(known, nearest(name, known)));
		}
	}
	const lang = values.get("lang");
	if (lang !== undefined && lang !== "en" && lang !== "zh") throw invalidArgument("lang", badLanguage);
	for (const { name, choices } of rows) {
		const value = values.get(name);
		if (value !== undefined && choices?.includes(value) === false)
			throw invalidArgument(name, oneOf(`--${name}`, choices));
	}
	return { flags, values, operands };
}

/** The whole number of an option. */
export function numberOf(
	{ values }: Arguments,
	name: string,
	fallback: number,
	{ language }: { readonly language: Language },
): number {
	const text = values.get(name);
	if (text === undefined) return fallback;
	if (!/^\d{1,15}$/.test(text)) throw invalidArgument(name, texts[language].whole(name));
	return Number(text);
}

/** The command that was probably meant. */
export function nearestCommand(typed: string): string | undefined {
	return nearest(
		typed,
		commands.map((row) => row.name),
	);
}

/** The name that differs least; nothing when all differ much. */
function nearest(typed: string, names: readonly string[]): string | undefined {
	// A secret in the wrong place is long: it is not compared.
	if (typed.length > 24) return undefined;
	const [best] = names
		.map((name) => ({ name, distance: distanceOf(typed.toLowerCase(), name) }))
		.filter(({ name, distance }) => distance <= Math.min(2, Math.floor(name.length / 2)))
		.sort((a, b) => a.distance - b.distance);
	return best?.name;
}

/** How many letters have to be changed, added or left out. */
function distanceOf(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (const [i, letter] of [...a].entries()) {
		const next = [i + 1];
		for (const [j, other] of [...b].entries()) {
			const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
			next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
		}
		row = next;
	}
	return row.at(-1) ?? 0;
}
