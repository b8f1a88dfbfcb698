// The table of errcodes against an independent list of them, and the words of the sandbox against both.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const inPackage = (path) => import(new URL(path, import.meta.resolve("paysign/package.json")).href);
const { errcodeRow, errcodes } = await inPackage("errcodes.js");
const { answers } = await inPackage("sandbox/answers.js");
const { sources, families, vectors } = JSON.parse(
	readFileSync(new URL("../vectors/errcodes.json", import.meta.url), "utf8"),
);

test("the table and the list have the same codes, each once, in order", () => {
	const listed = vectors.map(({ errcode }) => errcode);
	assert.deepEqual(
		errcodes.map(({ errcode }) => errcode),
		listed,
	);
	assert.equal(new Set(listed).size, listed.length);
});

for (const { errcode, official, source, family, action, says } of vectors) {
	test(`errcode ${errcode}`, () => {
		const row = errcodeRow(errcode);
		assert.equal(row.errcode, errcode);
		assert.equal(row.action, action);
		for (const words of says) assert.ok(`${row.meaning} ${row.fix}`.includes(words), `says ${words}`);
		assert.ok(source in sources && family in families && (official === null || official !== ""));
		assert.match(row.meaning, /^[^.\s].*[^.\s]$/, "a piece of a sentence");
		assert.match(row.fix, /^[A-Z].*\.$/, "a sentence");
	});
}

test("an unknown code is retried and does not pretend to be known", () => {
	const row = errcodeRow(99999);
	assert.deepEqual([row.errcode, row.action], [99999, "retry"]);
	assert.ok(!errcodes.some(({ meaning }) => meaning === row.meaning));
});

test("what the sandbox answers is on the list", () => {
	for (const { errcode, errmsg } of Object.values(answers)) {
		const row = vectors.find((vector) => vector.errcode === errcode);
		assert.ok(row !== undefined, `${errcode}`);
		// The delivery family is documented in English, word for word.
		if (row.family === "delivery") assert.equal(errmsg, row.official);
	}
});
