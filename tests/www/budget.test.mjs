// The page is small: people open it on a phone, where it hurts.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const folder = new URL("../../dist/www/", import.meta.url);

test("the page is three files of at most 260 kB in all, compressed", () => {
	const names = readdirSync(folder).sort();
	assert.deepEqual(names, ["index.html", "page.js", "style.css"]);
	const sizes = names.map((name) => gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length);
	const total = sizes.reduce((sum, size) => sum + size);
	assert(
		total <= 260_000,
		`${total} bytes: ${names.map((name, index) => `${name} ${sizes[index]}`).join(", ")}`,
	);
});
