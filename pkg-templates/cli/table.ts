// THE TABLE: each command, what it takes, what it prints and how it ends. The parser, `--help`, the completions and
// the tests of docs/cli.md read it; nothing else says it again.

import { networkRows } from "./table/network.js";
import { signatureRows } from "./table/signatures.js";
import { storeRows } from "./table/stores.js";
import type { CommandRow, OptionRow } from "./table/types.js";

export const commands: readonly CommandRow[] = [
	...signatureRows,
	...networkRows,
	...storeRows,
	{
		name: "completion",
		usage: "bash|zsh|fish",
		words: ["bash", "zsh", "fish"],
		summary: {
			en: "prints the completions of your shell",
			zh: "输出 shell 的补全脚本",
		},
		about: {
			en: "Commands, options and the values that are known complete with the Tab key.",
			zh: "命令、选项和已知的取值可以用 Tab 键补全。",
		},
		options: [],
		environment: [],
		exits: { 0: { en: "printed", zh: "已输出" } },
		examples: [
			"source <(paysign completion bash)",
			"paysign completion fish > ~/.config/fish/completions/paysign.fish",
		],
	},
];

/** What every command takes. */
export const commonOptions: readonly OptionRow[] = [
	{
		name: "lang",
		value: "en|zh",
		choices: ["en", "zh"],
		help: {
			en: "the language; default: that of the environment (LC_ALL, LC_MESSAGES, LANG)",
			zh: "语言；默认取环境变量 LC_ALL、LC_MESSAGES、LANG",
		},
	},
	{ name: "help", help: { en: "this text", zh: "显示本说明" } },
];

/** How a command ends, for all of them; each says more in its own row. */
export const exitCodes = {
	/** What was asked for is so, or is done. */
	yes: 0,
	/** It is not so, or was refused, or failed. */
	no: 1,
	/** Nobody knows: unexplained, or no answer that decides. */
	undecided: 2,
	/** The call, the input or the set-up cannot be used. */
	unusable: 3,
} as const;

/** The row of a command. */
export function rowOf(name: string): CommandRow | undefined {
	return commands.find((row) => row.name === name);
}

/** The options of a command, its own first. */
export function optionsOf(row: CommandRow): readonly OptionRow[] {
	return [...row.options, ...commonOptions];
}
