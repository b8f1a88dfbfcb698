// Node.js: the pinned one, and the machine's.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pack } from "../package/packed.mjs";
import { expected, given, made, modules, printed, roundTrip, writeOrCompare } from "./support.mjs";

let packed;
let project;

before(() => {
	packed = pack();
	project = packed.project("node", modules);
});
after(() => packed?.remove());

// cargo xtask test says which is the machine's, since this process runs on the pinned one.
const programs = {
	"the pinned Node.js": process.execPath,
	"the machine's Node.js": process.env.SYSTEM_NODE ?? "node",
};

for (const [name, program] of Object.entries(programs)) {
	test(`${name} reaches the listed verdicts, and a receiver works`, () => {
		const result = printed(program, ["print.mjs"], project);
		writeOrCompare(result.verdicts);
		assert.deepEqual(result.roundTrip, roundTrip);
	});
}

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
