// Programs that make exactly one signature, for a person to compare with their own. Each is made from the recipe of the
// message, complete, and free of dependencies where the language has the digests; the secret is never written into it.

import { goProgram } from "./go.ts";
import { javaProgram } from "./java.ts";
import { nodeProgram } from "./node.ts";
import { phpProgram } from "./php.ts";
import { type Plan, planOf, type Signing } from "./plan.ts";
import { pythonProgram } from "./python.ts";
import { rustProgram } from "./rust.ts";

export type { Signing } from "./plan.ts";

const programs = {
	php: phpProgram,
	java: javaProgram,
	python: pythonProgram,
	node: nodeProgram,
	go: goProgram,
	rust: rustProgram,
} satisfies Record<string, (plan: Plan) => string>;

export type Language = keyof typeof programs;

/** The languages in the order in which they are offered. */
export const languages: ReadonlyArray<{ readonly id: Language; readonly label: string }> = [
	{ id: "php", label: "PHP" },
	{ id: "java", label: "Java" },
	{ id: "python", label: "Python" },
	{ id: "node", label: "Node.js" },
	{ id: "go", label: "Go" },
	{ id: "rust", label: "Rust" },
];

/**
 * A program that prints the signature of these fields. It reads the secret from an environment variable, which its first
 * lines name.
 *
 * @param signing Values are valid Unicode: what a message can hold, and no half of a surrogate pair.
 */
export const codeFor = (language: Language, signing: Signing): string => programs[language](planOf(signing));
