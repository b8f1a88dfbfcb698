// The table of errcodes against an independent list of them, and the words of the sandbox against both.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { errcodeRow, errcodes } from "#modules/errcodes.js";
import { answers } from "#modules/sandbox/answers.js";
import { shippingAnswers } from "#modules/sandbox/shipping-answers.js";
import { findShippingErrcode, shippingErrcodes } from "#modules/shipping/errcodes.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));
const { sources, families, vectors } = read("errcodes");
const shipping = read("shipping-errcodes");

for (const [name, table, rows] of [
	["of the delivery notification", errcodes, vectors],
	["of the shipping notice", shippingErrcodes, shipping.vectors],
]) {
	test(`the table and the list ${name} have the same codes, each once, in order`, () => {
		const listed = rows.map(({ errcode }) => errcode);
		assert.deepEqual(
			table.map(({ errcode }) => errcode),
			listed,
		);
		assert.equal(new Set(listed).size, listed.length);
	});
}

function check(row, { errcode, action, says, official, source }, knownSources) {
	assert.equal(row.errcode, errcode);
	assert.equal(row.action, action);
	for (const words of says) assert.ok(`${row.meaning} ${row.fix}`.includes(words), `says ${words}`);
	assert.ok(source in knownSources && (official === null || official !== ""));
	assert.match(row.meaning, /^[^.\s].*[^.\s]$/, "a piece of a sentence");
	assert.match(row.fix, /^[A-Z].*\.$/, "a sentence");
}

for (const vector of vectors) {
	test(`errcode ${vector.errcode}`, () => {
		check(errcodeRow(vector.errcode), vector, sources);
		assert.ok(vector.family in families);
	});
}

for (const vector of shipping.vectors) {
	test(`errcode ${vector.errcode} of a shipping notice`, () => {
		check(errcodeRow(vector.errcode, findShippingErrcode), vector, shipping.sources);
	});
}

test("the general codes are those of all calls, unless they mean something else here", () => {
	const own = new Set(shipping.vectors.map(({ errcode }) => errcode));
	for (const { errcode } of vectors.filter((vector) => !own.has(vector.errcode))) {
		assert.equal(findShippingErrcode(errcode), errcodeRow(errcode));
	}
	assert.equal(findShippingErrcode(99999), undefined);
});

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

test("what the sandbox answers to a shipping notice is on the list, word for word", () => {
	for (const { errcode, errmsg } of Object.values(shippingAnswers)) {
		assert.equal(
			errmsg,
			shipping.vectors.find((vector) => vector.errcode === errcode)?.official,
			`${errcode}`,
		);
	}
});
