import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { createSqliteStore } from "paysign/stores/sqlite";
import { env, folder, paysign } from "./support/cli.mjs";

/** Takes it away from a Node.js that has it; the older one that this also runs on does not know the option. */
const without =
	process.getBuiltinModule?.("node:sqlite") === undefined
		? env
		: { ...env, NODE_OPTIONS: "--no-experimental-sqlite" };

it("without node:sqlite the store says which Node.js has it, and only when it is made", (t) => {
	// The older Node.js this also runs on has none to take away.
	t.mock.method(process, "getBuiltinModule", () => undefined);
	assert.throws(
		() => createSqliteStore({ path: "never-created.sqlite" }),
		(error) => {
			assert.equal(error.code, "STORE_FAILED");
			assert.match(error.message, /node:sqlite, which Node\.js has since 22\.13/);
			assert.equal(error.message.includes(`this is ${process.version}.`), true);
			return true;
		},
	);
});

for (const command of [
	["serve", "--port", "0"],
	["alarms", "list"],
	["outbox", "list"],
]) {
	it(`without node:sqlite paysign ${command[0]} says what to do, ends with 3 and makes no file`, () => {
		const rows = [
			["en", /^paysign: .*node:sqlite, which Node\.js has since 22\.13; this is (\S+)\. .*--postgres\.\n/],
			["zh", /^paysign: .*node:sqlite，Node\.js 22\.13 起才有；当前是 (\S+)。.*--postgres。\n/],
		];
		for (const [lang, sentence] of rows) {
			const args = [...command, "--db", "never-created.db", "--lang", lang];
			const { status, stdout, stderr } = paysign(args, { env: without });
			assert.deepEqual([status, stdout], [3, ""], stderr);
			assert.equal(sentence.exec(stderr)?.[1], process.version, stderr);
		}
		assert(!existsSync(join(folder, "never-created.db")));
	});
}
