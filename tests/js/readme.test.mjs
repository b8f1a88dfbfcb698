// The README's promises, kept: its examples run, and the demo prints exactly what the README shows of it.
// `UPDATE_SNAPSHOTS=1 cargo xtask test --only readme` writes what they print into the README instead.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readPage, root, run, testExamples } from "./support/examples.mjs";

const demoMarker = "<!-- demo output -->";
const page = readPage("README.md");

testExamples(page);

test("the demo prints what the README shows", () => {
	const marker = page.lines.indexOf(demoMarker) + 1;
	assert.notEqual(marker, 0, "the README has lost its marker");
	const shown = page.blocks.find((block) => block.line > marker);
	assert.ok(shown !== undefined, "no block follows the marker");
	const { status, stdout, stderr } = run([join(root, "examples/demo/story.mjs")], root);
	assert.equal(status, 0, stderr);
	page.prints(shown, stdout);
});
