// Bun.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pack, root } from "../package/packed.mjs";
import { assertResult, modules, printed, roundTrip } from "./support.mjs";

const listen = `
	export function listen(receiver) {
		return Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: receiver });
	}
`;

let packed;
let project;

before(() => {
	packed = pack();
	project = packed.project("bun", { ...modules, "listen.mjs": listen });
});
after(() => packed?.remove());

function bun(...args) {
	// Its npm package calls the program so on every system.
	const program = join(root, "node_modules/bun/bin/bun.exe");
	return printed(program, ["run", "--no-install", ...args], project);
}

test("the listed verdicts, a receiver and a diagnosis", () => {
	assertResult(bun("print.mjs"));
});

test("the same by require", () => {
	assertResult(bun("print.cjs"));
});

test("the receiver is a handler for Bun.serve", () => {
	assert.deepEqual(bun("serve.mjs"), roundTrip);
});
