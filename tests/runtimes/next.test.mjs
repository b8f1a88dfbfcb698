// Next.js: one build with a route for each of its runtimes, served by itself.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { pack, root, run } from "../package/packed.mjs";
import { assertResult, modules } from "./support.mjs";

const here = join(root, "tests/runtimes");
const next = join(here, "node_modules/next/dist/bin/next");
const runtimes = ["nodejs", "edge"];

const route = (runtime) => `
	import { result } from "../../smoke.mjs";
	export const runtime = "${runtime}";
	export const dynamic = "force-dynamic";
	export const GET = async () => Response.json(await result());
`;

let packed;
let server;
let url;

before(async () => {
	// Where Next.js finds itself and React; it refuses what lies outside its root.
	packed = pack(here);
	const project = packed.project("next", {
		...modules,
		"next.config.mjs": `export default { turbopack: { root: ${JSON.stringify(here)} } };`,
		"app/layout.js": "export default ({ children }) => <html><body>{children}</body></html>;",
		...Object.fromEntries(runtimes.map((runtime) => [`app/${runtime}/route.js`, route(runtime)])),
	});
	Object.assign(process.env, { NEXT_TELEMETRY_DISABLED: "1" });
	run(process.execPath, [next, "build"], project);
	server = spawn(process.execPath, [next, "start", "--hostname", "127.0.0.1", "--port", "0"], {
		cwd: project,
	});
	for await (const line of createInterface(server.stdout)) {
		[url] = /http:\/\/\S+/.exec(line) ?? [];
		if (url !== undefined) break;
	}
});
after(async () => {
	if (server?.exitCode === null) {
		server.kill();
		await once(server, "exit");
	}
	packed?.remove();
});

for (const runtime of runtimes) {
	test(`a route of the ${runtime} runtime: the listed verdicts, a receiver and a diagnosis`, async () => {
		const response = await fetch(new URL(runtime, url));
		assert.equal(response.status, 200, await response.clone().text());
		assertResult(await response.json());
	});
}
