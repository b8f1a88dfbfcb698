// What a person sees: the commands on a terminal of their own, which `script` makes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { cli, env, file, folder } from "./support/cli.mjs";

/** Runs a command on a terminal, where both of its outputs are one text; no secret comes out. */
function onTerminal(args, given = {}) {
	const words = [process.execPath, cli, ...args].map((word) => `'${word}'`).join(" ");
	const { status, stdout, error } = spawnSync(process.env.SCRIPT ?? "script", ["-qec", words, "/dev/null"], {
		cwd: folder,
		input: "",
		env: { PATH: process.env.PATH, SHELL: "/bin/sh", TERM: "xterm", ...env, ...given },
		encoding: "utf8",
		timeout: 60_000,
	});
	assert.equal(error, undefined, "script of util-linux is not on this machine");
	assert(!stdout.includes("KKKK") && !stdout.includes("SSSS"), "a secret is printed");
	return { status, seen: stdout.replaceAll("\r\n", "\n") };
}

const fields = { appid: "wx1", openid: "o-1", timestamp: "1393400471" };
const hopeless = file("hopeless.json", JSON.stringify({ ...fields, sign: "0".repeat(40) }));

test("diagnose tells how far it is on one line, which is empty again before the report", () => {
	for (const [lang, words] of [
		["en", "searching … "],
		["zh", "正在搜索……"],
	]) {
		const { status, seen } = onTerminal(["diagnose", hopeless, "--lang", lang]);
		assert.equal(status, 2);
		const lines = seen.split("\r");
		assert.equal(lines.shift(), "");
		const report = lines.pop();
		const percents = lines.map((line) => {
			assert(line.startsWith(words) && line.endsWith(" %\u001B[K"), line);
			return Number.parseInt(line.slice(words.length), 10);
		});
		assert(percents.length > 10, `${percents.length} steps`);
		assert.deepEqual(
			percents,
			[...new Set(percents)].sort((a, b) => a - b),
			"each percent once",
		);
		assert(percents[0] >= 0 && percents.at(-1) <= 100);
		assert(report.startsWith("\u001B[K\u001B[1;7;33m  ?  "), "then the report, in colours");
	}
});

test("a terminal gets colours, unless NO_COLOR says otherwise or it knows none", () => {
	const rows = [
		[{}, true],
		[{ NO_COLOR: "" }, true],
		[{ NO_COLOR: "1" }, false],
		[{ TERM: "dumb" }, false],
	];
	for (const [given, coloured] of rows) {
		const { status, seen } = onTerminal(["--help"], given);
		assert.deepEqual([status, seen.includes("\u001B[")], [0, coloured], JSON.stringify(given));
	}
});

test("--json on a terminal is the document after the progress, without colours", () => {
	const { status, seen } = onTerminal(["diagnose", hopeless, "--json"]);
	assert.equal(status, 2);
	const document = seen.slice(seen.lastIndexOf("\r\u001B[K") + "\r\u001B[K".length);
	assert.equal(JSON.parse(document).verdict, "unexplained");
});

test("a call over the network says that it is under way, and to whom", () => {
	// Nobody listens there.
	const sandbox = ["--sandbox", "http://127.0.0.1:9"];
	const { status, seen } = onTerminal(["token", ...sandbox]);
	assert.equal(status, 2);
	const [warned, asked, said] = seen.split("\n");
	assert(warned.startsWith("\u001B[1;7;33m*** SANDBOX ***"), warned);
	assert.equal(asked, "asking for a token …");
	assert(said.startsWith("\u001B[1;33m? ") && said.includes("NETWORK"), said);
});
