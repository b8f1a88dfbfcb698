// Cloudflare's runtime forbids compiling WebAssembly from bytes, so the package takes its other road there. A Worker is
// bundled as wrangler does it: by esbuild, under the condition `workerd`, with the .wasm file as a module beside it.

import assert from "node:assert/strict";
import { basename } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { pack } from "../package/packed.mjs";
import { assertResult, modules, roundTrip } from "./support.mjs";

const worker = `
import * as paysign from "./package.mjs";
import { result } from "./smoke.mjs";
import vectors from "./vectors.mjs";
import { receiverRoundTrip } from "./verdicts.mjs";

const served = receiverRoundTrip(vectors, paysign);

export default {
	async fetch(request, env, context) {
		const { pathname } = new URL(request.url);
		if (pathname === "/alarm") return served.receiver(request, context);
		if (pathname === "/served") return Response.json(await served.run((body) => env.self.fetch("http://worker/alarm", { method: "POST", body })));
		return Response.json(await result());
	},
};
`;

let packed;
let miniflare;

before(async () => {
	packed = pack();
	const project = packed.project("worker", { ...modules, "worker.mjs": worker });
	const { outputFiles } = await build({
		absWorkingDir: project,
		entryPoints: ["worker.mjs"],
		bundle: true,
		write: false,
		outdir: "out",
		format: "esm",
		conditions: ["workerd"],
		loader: { ".wasm": "copy" },
		assetNames: "[name]",
		logLevel: "silent",
	});
	const text = outputFiles.find((file) => file.path.endsWith(".js")).text;
	assert.ok(!text.includes("AGFzbQ"), "the bundle holds the module as text too");
	miniflare = new Miniflare({
		compatibilityDate: "2026-07-01",
		modules: [
			{ type: "ESModule", path: "worker.js", contents: text },
			...outputFiles
				.filter(({ path }) => path.endsWith(".wasm"))
				.map(({ path, contents }) => ({ type: "CompiledWasm", path: basename(path), contents })),
		],
		serviceBindings: { self: (request) => miniflare.dispatchFetch(request) },
	});
	await miniflare.ready;
});
after(async () => {
	await miniflare?.dispose();
	packed?.remove();
});

async function answered(path) {
	const response = await miniflare.dispatchFetch(`http://worker${path}`);
	assert.equal(response.status, 200, await response.clone().text());
	return response.json();
}

test("the listed verdicts, a receiver and a diagnosis", async () => {
	assertResult(await answered("/"));
});

test("the receiver is the handler of a Worker", async () => {
	assert.deepEqual(await answered("/served"), roundTrip);
});
