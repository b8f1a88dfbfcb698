// The guide's promises, kept: every example of the documentation runs as it stands, and its Chinese pages have the same ones.
// `UPDATE_SNAPSHOTS=1 node --test tests/docs/examples.test.mjs` writes what they print into the pages instead.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readPage, root, testExamples } from "../js/support/examples.mjs";

// Set by xtask where the machine has one.
const php = process.env.PHP;

const names = readdirSync(join(root, "docs"), { recursive: true })
	.map((file) => `docs/${file.replaceAll("\\", "/")}`)
	.filter((file) => file.endsWith(".md") && !file.includes("node_modules"))
	.sort();

for (const name of names.filter((name) => !name.endsWith(".zh.md"))) {
	const page = readPage(name);
	if (page.blocks.some(({ language }) => language === "ts")) testExamples(page, php);
}

for (const name of names.filter((name) => /^docs\/(index|guide\/.*)\.zh\.md$/.test(name))) {
	test(`${name} has the examples of the English page`, () => {
		const said = (page) => page.blocks.map(({ language, info, text }) => ({ language, info, text }));
		assert.deepEqual(said(readPage(name)), said(readPage(name.replace(".zh.md", ".md"))));
	});
}

test("the guide has its pages, in both languages, and PHP that could be checked", () => {
	assert.equal(names.filter((name) => name.startsWith("docs/guide/")).length >= 10, true);
	const fromPhp = readPage("docs/guide/from-php.md").blocks.filter(({ language }) => language === "php");
	assert.notEqual(fromPhp.length, 0);
});
