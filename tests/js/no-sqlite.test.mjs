import assert from "node:assert/strict";
import { it } from "node:test";
import { createSqliteStore } from "paysign/stores/sqlite";

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
