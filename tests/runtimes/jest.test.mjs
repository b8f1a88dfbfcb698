// Jest, whose tests are CommonJS unless told otherwise, and which has a module system of its own.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pack, root } from "../package/packed.mjs";
import { assertResult, modules, required } from "./support.mjs";

const program = join(root, "tests/runtimes/node_modules/jest/bin/jest.js");

let packed;
let project;

before(() => {
	packed = pack();
	project = packed.project("jest", {
		...modules,
		"jest.config.json": JSON.stringify({
			transform: {},
			testMatch: ["**/*.spec.*"],
			moduleFileExtensions: ["mjs", "cjs", "js"],
		}),
		"esm.spec.mjs": `
			import { writeFileSync } from "node:fs";
			import { result } from "./smoke.mjs";
			test("esm", async () => writeFileSync("esm.json", JSON.stringify(await result())));
		`,
		"cjs.spec.cjs": `
			const { writeFileSync } = require("node:fs");
			const paysign = ${required};
			const { default: vectors } = require("./vectors.mjs");
			const { smoke } = require("./verdicts.mjs");
			test("cjs", async () => writeFileSync("cjs.json", JSON.stringify(await smoke(vectors, paysign))));
		`,
	});
});
after(() => packed?.remove());

for (const kind of ["esm.spec.mjs", "cjs.spec.cjs"]) {
	test(`a test in ${kind}: the listed verdicts, a receiver and a diagnosis`, () => {
		const args = [
			"--experimental-vm-modules",
			"--disable-warning=ExperimentalWarning",
			program,
			"--ci",
			"-i",
			kind,
		];
		const { status, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: "utf8" });
		assert.equal(status, 0, stderr.slice(0, 3000));
		assertResult(JSON.parse(readFileSync(join(project, kind.replace(/spec.*/, "json")), "utf8")));
	});
}
