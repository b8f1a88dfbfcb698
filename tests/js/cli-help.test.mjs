// The table of the command line, and what is made of it: --help, docs/cli.md and the completions of three shells.
// `UPDATE_SNAPSHOTS=1 node --test tests/js/cli-help.test.mjs` writes the table into the documents.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { variableHelp } from "../../pkg/cli/table/types.js";
import { commands, commonOptions, exitCodes, optionsOf } from "../../pkg/cli/table.js";
import { file, folder, paysign } from "./support/cli.mjs";

test("every command is there, and --help tells all that the table has, in both languages", () => {
	for (const row of commands) {
		for (const lang of ["en", "zh"]) {
			const { status, stdout, stderr } = paysign([row.name, "--help", "--lang", lang], { env: {} });
			assert.deepEqual([status, stderr], [0, ""], row.name);
			assert(stdout.startsWith(`paysign ${row.name}`));
			const flat = (text) => text.replaceAll(/\s+/g, "");
			for (const { name, value = "", help } of optionsOf(row)) {
				assert(stdout.includes(`  --${name} ${value}`.trimEnd()), `${row.name} --${name}`);
				assert(flat(stdout).includes(flat(help[lang])), `${row.name} --${name}: ${help[lang]}`);
			}
			for (const variable of row.environment) assert(stdout.includes(`  ${variable} `), variable);
			for (const [code, said] of Object.entries(row.exits)) {
				assert(flat(stdout).includes(flat(`${code} ${said[lang]}`)), `${row.name}: ${code}`);
			}
			for (const example of row.examples) assert(stdout.includes(`  ${example}\n`), example);
			if (lang === "zh") {
				assert(!/[a-z]{4,} (the|of|is|a) /.test(stdout), stdout);
			}
			assert(stdout.split("\n").length <= 50, `${row.name} fits a screen`);
		}
	}
	assert.equal(paysign(["help", "verify"]).stdout, paysign(["verify", "-h"]).stdout);
	assert.deepEqual(exitCodes, { yes: 0, no: 1, undecided: 2, unusable: 3 });
});

test("the overview is one screen and names every command", () => {
	const { stdout } = paysign(["--help"]);
	assert(stdout.split("\n").length <= 25, "24 lines");
	for (const { name, summary } of commands)
		assert(stdout.includes(`paysign ${name}`) && stdout.includes(summary.en));
});

test("a command that is almost right is suggested; a long word is not looked at", () => {
	for (const [typed, meant] of [
		["dianose", "diagnose"],
		["Serve", "serve"],
		["alarm", "alarms"],
		["outobx", "outbox"],
	]) {
		const { status, stderr } = paysign([typed]);
		assert.equal(status, 3);
		assert.match(stderr, new RegExp(`Did you mean ${meant}\\?`));
	}
	for (const typed of ["x", "K".repeat(40), "constructor"])
		assert(!paysign([typed]).stderr.includes("Did you mean"));
});

test("colours: FORCE_COLOR, then NO_COLOR, then the terminal", () => {
	const rows = [
		[{}, false],
		[{ FORCE_COLOR: "1" }, true],
		[{ FORCE_COLOR: "" }, true],
		[{ FORCE_COLOR: "1", NO_COLOR: "1" }, true],
		[{ FORCE_COLOR: "0" }, false],
		[{ NO_COLOR: "1" }, false],
	];
	for (const [env, seen] of rows) {
		assert.equal(paysign(["--help"], { env }).stdout.includes("\u001B["), seen, JSON.stringify(env));
	}
});

for (const lang of ["en", "zh"]) {
	test(`the document says what the table says (${lang})`, () => {
		const path = new URL(`../../docs/cli${lang === "zh" ? ".zh" : ""}.md`, import.meta.url);
		const text = readFileSync(path, "utf8");
		const [head, , tail] = text.split(/<!-- \/?commands -->/);
		assert.notEqual(tail, undefined, "the marks of the table");
		const expected = `${head}<!-- commands -->\n\n${documentOf(lang)}\n<!-- /commands -->${tail}`;
		if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(path, expected);
		else assert.equal(text, expected);
	});
}

test("the README's table has the commands of the table", () => {
	const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
	const rows = [...readme.matchAll(/^\| `paysign (\w+)` \| (.*) \|$/gm)].map(([, name, summary]) => [
		name,
		summary,
	]);
	assert.deepEqual(
		rows,
		commands.map(({ name, summary }) => [name, summary.en]),
	);
});

function documentOf(lang) {
	const cell = (text) => text.replaceAll("|", "\\|");
	const word = (en, zh) => (lang === "en" ? en : zh);
	const head = (...titles) => [`| ${titles.join(" | ")} |`, `|${" --- |".repeat(titles.length)}`];
	const optionRow = ({ name, value, help }) =>
		`| \`--${name}${value === undefined ? "" : cell(` ${value}`)}\` | ${cell(help[lang])} |`;
	const lines = [
		...head(word("command", "命令"), word("what it is for", "用途")),
		...commands.map(({ name, summary }) => `| [\`${name}\`](#${name}) | ${cell(summary[lang])} |`),
		"",
		word("Every command takes these:", "每个命令都有："),
		"",
		...head(word("option", "选项"), ""),
		...commonOptions.map(optionRow),
	];
	for (const { name, usage, about, options, environment, exits, examples } of commands) {
		lines.push("", `## ${name}`, "", `\`${`paysign ${name} ${usage}`.trimEnd()}\``, "", about[lang], "");
		if (options.length > 0) lines.push(...head(word("option", "选项"), ""), ...options.map(optionRow), "");
		if (environment.length > 0) {
			lines.push(...head(word("environment", "环境变量"), ""));
			lines.push(
				...environment.map((variable) => `| \`${variable}\` | ${cell(variableHelp[variable][lang])} |`),
				"",
			);
		}
		lines.push(...head(word("exit code", "退出码"), ""));
		lines.push(...Object.entries(exits).map(([code, said]) => `| ${code} | ${cell(said[lang])} |`), "");
		lines.push("```sh", ...examples, "```");
	}
	return `${lines.join("\n")}\n`;
}

/** A program of this machine that `cargo xtask test` names, or that is on PATH. */
function run(shell, args, input) {
	const program = process.env[shell.toUpperCase()] ?? shell;
	const { status, stdout, stderr, error } = spawnSync(program, args, {
		cwd: folder,
		input,
		env: { PATH: process.env.PATH, HOME: folder, TERM: "dumb" },
		encoding: "utf8",
		timeout: 30_000,
	});
	assert.equal(error, undefined, `${shell} is not on this machine`);
	assert.deepEqual([status, stderr], [0, ""], stdout);
	return stdout.split("\n").filter((line) => line !== "");
}

const names = commands.map(({ name }) => name);
const dashed = (name) =>
	optionsOf(commands.find((row) => row.name === name)).map((option) => `--${option.name}`);

/** The words so far, the last of which is being typed, and what it may become. */
const completions = [
	[["d"], ["diagnose", "deliver"]],
	[["verify", "--"], dashed("verify")],
	[["serve", "--o"], ["--operations-port"]],
	[
		["diagnose", "--message", "native"],
		["nativeUrl", "nativePackageRequest", "nativePackageResponse"],
	],
	[
		["outbox", ""],
		["list", "retry"],
	],
	[
		["outbox", "list", "--state", ""],
		["waiting", "needs-human", "expired", "delivered"],
	],
	[["verify", "message-1"], ["message-1.xml"]],
	[["verify", "--secrets", "message-1"], ["message-1.xml"]],
	[["token", "--app-id", "m"], []],
	[
		["completion", ""],
		["bash", "zsh", "fish"],
	],
];
file("message-1.xml", "");

test("bash completes what the table has", () => {
	const script = paysign(["completion", "bash"]).stdout;
	const complete = (words) => {
		const quoted = ["paysign", ...words].map((word) => `'${word}'`).join(" ");
		const call = `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _paysign 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`;
		return run("bash", ["--norc"], `${script}\n${call}\n`);
	};
	for (const [words, expected] of completions)
		assert.deepEqual(complete(words).sort(), [...expected].sort(), words.join(" "));
	assert.deepEqual(complete([""]), [...names, "--help", "--version"]);
	// bash makes three words of --lang=z.
	assert.deepEqual(complete(["sign", "--lang", "=", "z"]), ["zh"]);
	const registered = run("bash", ["--norc"], `${script}\ncomplete -p paysign\n`);
	assert.deepEqual(registered, ["complete -F _paysign paysign"]);
});

test("fish completes what the table has", () => {
	const script = file("paysign.fish", paysign(["completion", "fish"]).stdout);
	const complete = (words) =>
		run("fish", ["--no-config", "-c", `source ${script}\ncomplete -C 'paysign ${words.join(" ")}'\n`]).map(
			(line) => line.split("\t")[0],
		);
	for (const [words, expected] of completions)
		assert.deepEqual(complete(words).sort(), [...expected].sort(), words.join(" "));
	assert.deepEqual(complete([""]).sort(), [...names].sort());
});

test("zsh completes what the table has", () => {
	const script = file("_paysign", paysign(["completion", "zsh"]).stdout);
	// Its completion lives in its line editor alone: what would be offered is taken down instead.
	const complete = (words) => {
		const quoted = ["paysign", ...words].map((word) => `'${word}'`).join(" ");
		const stand = `
			compdef() { : }
			source ${script}
			words=(${quoted}); CURRENT=${words.length + 1}
			offer() { local word; for word in "$@"; do [[ "$word" == "$words[CURRENT]"* ]] && print -r -- "$word"; done; true }
			compadd() { shift; offer "$@" }
			_describe() { offer "\${(@)list%%:*}" }
			_files() { offer *(N) }
			_paysign
		`;
		return run("zsh", ["-f"], stand);
	};
	for (const [words, expected] of completions)
		assert.deepEqual(complete(words).sort(), [...expected].sort(), words.join(" "));
	assert.deepEqual(complete([""]), names);
});

test("a shell that is none is refused", () => {
	const { status, stderr } = paysign(["completion", "csh"]);
	assert.equal(status, 3);
	assert.match(stderr, /one of: bash, zsh, fish/);
});
