// The examples of a page in Markdown, run: TypeScript compiles in a strict project, and runs unless its fence says `no-run`;
// PHP is well-formed. Where a `text output` block follows, running prints exactly that. With UPDATE_SNAPSHOTS=1 what is printed
// is written into the page instead.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));

const compilerOptions = {
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
};

/** Runs a program of the current Node.js. */
export const run = (args, cwd) => runProgram(process.execPath, args, cwd);

function runProgram(program, args, cwd) {
	return spawnSync(program, args, { cwd, encoding: "utf8", timeout: 120_000 });
}

/**
 * The lines and the fenced blocks of a page, and `prints(block, text)`, which compares what was printed with a block or, with
 * UPDATE_SNAPSHOTS=1, puts it there when all tests have run.
 */
export function readPage(path) {
	const file = join(root, path);
	const lines = readFileSync(file, "utf8").split("\n");
	const updates = [];
	after(() => {
		// From the end, so that the lines before stay where they are.
		updates.sort((a, b) => b.block.line - a.block.line);
		for (const { block, text } of updates) {
			lines.splice(block.line, block.end - block.line, ...text.split("\n").slice(0, -1));
		}
		if (updates.length > 0) writeFileSync(file, lines.join("\n"));
	});
	const prints = (block, text) => {
		if (process.env.UPDATE_SNAPSHOTS === "1") updates.push({ block, text });
		else assert.equal(text, block.text);
	};
	return { path, lines, blocks: fencedBlocks(lines), prints };
}

/** Tests every example of a page. `php` is the interpreter, if there is one. */
export function testExamples({ path, blocks, prints }, php) {
	// Inside the repository, so that `paysign` resolves as it does for everyone.
	const folder = join(root, "target/examples", path.replaceAll("/", "-"));
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const written = (block, extension) => {
		const file = join(folder, `line-${block.line}.${extension}`);
		writeFileSync(file, block.text);
		return file;
	};
	const examples = blocks.filter(({ language }) => language === "ts");
	const files = new Map(examples.map((example) => [example, written(example, "ts")]));

	test(`${path}: the examples compile in a strict project`, () => {
		assert.notEqual(examples.length, 0, "there are none");
		writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
		const tsc = join(root, "node_modules/typescript/bin/tsc");
		const { status, stdout } = run([tsc, "--pretty", "false", "--project", folder], folder);
		assert.equal(status, 0, `files are named after their line in ${path}\n${stdout}`);
	});

	for (const example of examples) {
		if (example.info.includes("no-run")) continue;
		testRun(example, process.execPath, [files.get(example)]);
	}
	for (const example of php === undefined ? [] : blocks.filter(({ language }) => language === "php")) {
		const file = written(example, "php");
		if (example.output !== undefined) testRun(example, php, [file]);
		else
			test(`${path}: the PHP in line ${example.line} is well-formed`, () => {
				const { status, stdout } = runProgram(php, ["-l", file], folder);
				assert.equal(status, 0, stdout);
			});
	}

	function testRun(example, program, args) {
		const name = `${path}: the example in line ${example.line} runs`;
		test(example.output === undefined ? name : `${name} and prints its output`, () => {
			// An example may write files; it starts in an empty folder that is its own.
			const cwd = mkdtempSync(join(tmpdir(), "paysign-example-"));
			try {
				const { status, stdout, stderr } = runProgram(program, args, cwd);
				assert.equal(status, 0, stderr);
				if (example.output !== undefined) prints(example.output, stdout);
			} finally {
				rmSync(cwd, { recursive: true, force: true });
			}
		});
	}
}

/** The fenced blocks of a page; `line` is that of the opening fence, counted from 1, `output` the block of what it prints. */
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
			found.push({ language: open.language, info: open.info, line: open.line, end: index, text });
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
