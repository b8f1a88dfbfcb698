// What a release does at its end, without doing it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { root, run } from "./packed.mjs";

test("npm would publish it", () => {
	assert.match(run("npm", ["publish", "--dry-run"], join(root, "pkg")), /^\+ paysign@/m);
});

test("crates.io would get it", () => {
	// That it compiles is another check's; what is not committed yet may be looked at.
	run(
		"cargo",
		["publish", "--dry-run", "--quiet", "--no-verify", "--allow-dirty", "--package", "paysign"],
		root,
	);
});
