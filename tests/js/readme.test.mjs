// The README's promises, kept: every TypeScript example compiles, and runs unless its fence says `no-run`; where a
// `text output` block follows, it prints exactly that; and the demo prints exactly what the README shows of it.
// `UPDATE_SNAPSHOTS=1 cargo xtask test --only readme` writes what they print into the README instead.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
// Inside the repository, so that `paysign` resolves as it does for everyone.
const folder = join(root, "target/readme");
const demoMarker = "<!-- demo output -->";

const lines = readFileSync(join(root, "README.md"), "utf8").split("\n");
const blocks = fencedBlocks(lines);
const examples = blocks.filter((block) => block.language === "ts");

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const example of examples) writeFileSync(example.file, example.text);

test("the README has examples, and a demo to show", () => {
	assert.notEqual(examples.length, 0);
	assert.ok(lines.includes(demoMarker));
});

test("the examples compile in a strict project", () => {
	const tsconfig = {
		compilerOptions: {
			target: "es2022",
			module: "nodenext",
			moduleDetection: "force",
			lib: ["ES2022", "DOM", "DOM.Iterable"],
			types: ["node"],
			strict: true,
			exactOptionalPropertyTypes: true,
			noUncheckedIndexedAccess: true,
			verbatimModuleSyntax: true,
			erasableSyntaxOnly: true,
			noEmit: true,
		},
		include: ["*.ts"],
	};
	writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
	const tsc = join(root, "node_modules/typescript/bin/tsc");
	const { status, stdout } = run([tsc, "--pretty", "false", "--project", folder], folder);
	assert.equal(status, 0, `files are named after their line in README.md\n${stdout}`);
});

for (const example of examples) {
	if (example.info.includes("no-run")) continue;
	test(`the example in line ${example.line} runs${example.output === undefined ? "" : " and prints its output"}`, () => {
		// An example may write files; it starts in an empty folder that is its own.
		const cwd = mkdtempSync(join(tmpdir(), "paysign-readme-"));
		try {
			const { status, stdout, stderr } = run([example.file], cwd);
			assert.equal(status, 0, stderr);
			if (example.output !== undefined) prints(example.output, stdout);
		} finally {
			rmSync(cwd, { recursive: true, force: true });
		}
	});
}

test("the demo prints what the README shows", () => {
	const marker = lines.indexOf(demoMarker) + 1;
	const shown = blocks.find((block) => block.line > marker);
	assert.ok(shown !== undefined, "no block follows the marker");
	const { status, stdout, stderr } = run([join(root, "examples/demo/story.mjs")], root);
	assert.equal(status, 0, stderr);
	prints(shown, stdout);
});

const updates = [];
after(() => {
	// From the end, so that the lines before stay where they are.
	updates.sort((a, b) => b.block.line - a.block.line);
	for (const { block, text } of updates) {
		lines.splice(block.line, block.end - block.line, ...text.split("\n").slice(0, -1));
	}
	if (updates.length > 0) writeFileSync(join(root, "README.md"), lines.join("\n"));
});

function prints(block, text) {
	if (process.env.UPDATE_SNAPSHOTS === "1") updates.push({ block, text });
	else assert.equal(text, block.text);
}

function run(args, cwd) {
	return spawnSync(process.execPath, args, { cwd, encoding: "utf8", timeout: 120_000 });
}

/** The fenced blocks of a page; `line` is that of the opening fence, counted from 1. */
function fencedBlocks(lines) {
	const found = [];
	let open;
	for (const [index, line] of lines.entries()) {
		if (open === undefined) {
			const [, fence, info] = /^(`{3,})(.*)$/.exec(line) ?? [];
			if (fence === undefined) continue;
			const [language, ...rest] = info.trim().split(/\s+/);
			open = { fence, language, info: rest, line: index + 1, content: [] };
		} else if (line === open.fence) {
			const text = open.content.map((content) => `${content}\n`).join("");
			const file = join(folder, `line-${open.line}.ts`);
			found.push({ language: open.language, info: open.info, line: open.line, end: index, text, file });
			open = undefined;
		} else {
			open.content.push(line);
		}
	}
	assert.equal(open, undefined, `the fence in line ${open?.line} is not closed`);
	for (const [index, block] of found.entries()) {
		const next = found[index + 1];
		if (next?.language !== "text" || !next.info.includes("output")) continue;
		const between = lines.slice(block.end + 1, next.line - 1);
		if (between.every((line) => line === "")) block.output = next;
	}
	return found;
}
