// SECURITY.md promises a test for each threat: each row has one, and each test it names is there.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const rows = readFileSync(`${root}SECURITY.md`, "utf8")
	.split("\n")
	.filter((line) => /^\| [TN]\d+ \|/.test(line))
	.map((line) =>
		line
			.slice(1, -1)
			.split(" | ")
			.map((cell) => cell.trim()),
	);

test("every threat from T1 to T35 has a row", () => {
	const threats = rows.map(([threat]) => threat).filter((threat) => threat.startsWith("T"));
	assert.deepEqual(
		threats,
		Array.from({ length: 35 }, (_, index) => `T${index + 1}`),
	);
});

test("every threat to notifications from N1 to N17 has a row", () => {
	const threats = rows.map(([threat]) => threat).filter((threat) => threat.startsWith("N"));
	assert.deepEqual(
		threats,
		Array.from({ length: 17 }, (_, index) => `N${index + 1}`),
	);
});

const pushes = /\n## Pushes\n.*?\n## /s.exec(readFileSync(`${root}SECURITY.md`, "utf8"))[0];
const pushRows = pushes
	.split("\n")
	.filter((line) => /^\| (?!---|threat )/.test(line))
	.map((line) => [
		"push",
		...line
			.slice(1, -1)
			.split(" | ")
			.map((cell) => cell.trim()),
	]);

test("the pushes have rows of their own", () => {
	assert.equal(pushRows.length, 9);
});

for (const [threat, attack, behaviour, tests] of [...rows, ...pushRows]) {
	test(`${threat}, ${attack}, says what happens and what proves it`, () => {
		assert(attack.length > 4 && behaviour.length > 4, "an empty cell");
		const named = [...tests.matchAll(/`([^`]+)` › ([^;]+)/g)];
		assert(named.length > 0, "no test");
		for (const [, file, name] of named) {
			assert(existsSync(`${root}tests/${file}`) || existsSync(`${root}${file}`), file);
			const path = existsSync(`${root}tests/${file}`) ? `${root}tests/${file}` : `${root}${file}`;
			assert(readFileSync(path, "utf8").includes(name.trim()), `${file} has no ${name}`);
		}
	});
}
