// The made vectors are what their script makes, wherever it runs.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const vector = (name) => fileURLToPath(new URL(`../vectors/${name}`, import.meta.url));
const rowsOf = (name) => JSON.parse(readFileSync(vector(name), "utf8")).vectors;

test("make-alarm-bodies.mjs makes alarm-bodies-more.json, byte for byte", (t) => {
	const folder = mkdtempSync(join(tmpdir(), "paysign-vectors-"));
	t.after(() => rmSync(folder, { recursive: true }));
	const made = join(folder, "made.json");
	execFileSync(process.execPath, [vector("make-alarm-bodies.mjs"), made]);
	// Not assert.equal, which would print both files.
	assert.ok(
		readFileSync(made).equals(readFileSync(vector("alarm-bodies-more.json"))),
		"alarm-bodies-more.json is not what its script makes; run it: node tests/vectors/make-alarm-bodies.mjs",
	);
});

test("each body has a name of its own, and no two are the same", () => {
	const rows = [...rowsOf("alarm-bodies.json"), ...rowsOf("alarm-bodies-more.json")];
	assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
	assert.equal(new Set(rows.map(({ body_b64 }) => body_b64)).size, rows.length);
});
