// Node.js: the oldest promised one of each line, the current ones, and the machine's, each by `import` and by `require`.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pack, root } from "../package/packed.mjs";
import { assertResult, expected, given, made, modules, printed, writeOrCompare } from "./support.mjs";

let packed;
let project;

before(() => {
	packed = pack();
	project = packed.project("node", {
		...modules,
		"require.cjs": 'require("paysign");',
		"sqlite.mjs":
			'import { createSqliteStore } from "paysign/stores/sqlite";\ncreateSqliteStore({ path: "a.db" });',
	});
});
after(() => packed?.remove());

const installed = (name) => join(root, "tests/runtimes/node_modules", name, "bin/node");

// cargo xtask test says which is the machine's, since this process runs on the pinned one.
const programs = {
	"the pinned Node.js": process.execPath,
	"the machine's Node.js": process.env.SYSTEM_NODE ?? "node",
	"the oldest Node.js 20": installed("node20"),
	"the oldest Node.js 22": installed("node22"),
	"Node.js 26": installed("node26"),
};

for (const [name, program] of Object.entries(programs)) {
	test(`${name}: the listed verdicts, a receiver and a diagnosis, by import`, () => {
		const result = printed(program, ["print.mjs"], project);
		if (program === process.execPath) writeOrCompare(result.verdicts);
		assertResult(result);
	});

	test(`${name}: the same by require`, () => {
		// Node.js 22.12 still calls this experimental.
		assertResult(printed(program, ["--disable-warning=ExperimentalWarning", "print.cjs"], project));
	});
}

/** What Node.js 18 says at the end, which is not supported. */
function complaint(file) {
	const { status, stderr } = spawnSync(installed("node18"), [file], { cwd: project, encoding: "utf8" });
	assert.notEqual(status, 0);
	return stderr;
}

test("a Node.js that is too old is told what to do", () => {
	// Node.js itself says this one.
	assert.match(complaint("require.cjs"), /change the require of index\.js .* to a dynamic import\(\)/);
	assert.match(
		complaint("sqlite.mjs"),
		/Node\.js has since 22\.13; this is v18\.\S+ Run a newer Node\.js, or use another store/,
	);
});

test("the list of verdicts says what the vectors say", () => {
	const lines = expected().trimEnd().split("\n");
	const rows = [...given, ...made];
	assert.equal(lines.length, rows.length);
	for (const [index, { name, verdict, threat }] of rows.entries()) {
		const [listed, found] = lines[index].split(" → ");
		assert.equal(listed, name);
		if (verdict === "ACCEPT") assert.equal(found, "ACCEPT, 200 success", name);
		// The first file names the rule as another implementation does, and has no threats: there only refusal counts.
		else if (threat === undefined)
			assert.match(found, /^(XML|FIELD|SIGNATURE|APP_ID)_[A-Z0-9_]+, 401 fail$/, name);
		else assert.equal(found, `${verdict}, 401 fail`, name);
	}
});
