// Deno, which asks before a program reads, writes or connects. The package does none of it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pack, root } from "../package/packed.mjs";
import { assertResult, modules, printed, roundTrip } from "./support.mjs";

const listen = `
	export function listen(receiver) {
		const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, receiver);
		return { port: server.addr.port, stop: () => server.shutdown() };
	}
`;

let packed;
let project;

before(() => {
	packed = pack();
	project = packed.project("deno", { ...modules, "listen.mjs": listen });
});
after(() => packed?.remove());

function deno(...args) {
	const program = join(root, "node_modules/deno", process.platform === "win32" ? "deno.exe" : "deno");
	const env = { DENO_DIR: join(project, "cache"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
	// What is not allowed is refused instead of asked for; and nothing is fetched.
	return printed(program, ["run", "--no-prompt", "--cached-only", ...args], project, env);
}

test("without any permission: the listed verdicts, a receiver and a diagnosis", () => {
	assertResult(deno("print.mjs"));
});

test("the receiver is a handler for Deno.serve", () => {
	assert.deepEqual(deno("--allow-net=127.0.0.1", "serve.mjs"), roundTrip);
});
