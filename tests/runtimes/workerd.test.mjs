// Cloudflare's runtime forbids compiling WebAssembly from bytes, so the package takes its other road there. A Worker is
// bundled as wrangler does it: by esbuild, under the condition `workerd`, with the .wasm file as a module beside it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { pack, root } from "../package/packed.mjs";
import { assertResult, modules, roundTrip } from "./support.mjs";

const worker = `
import * as paysign from "./package.mjs";
import vectors from "./vectors.mjs";
import { receiverRoundTrip, verdicts } from "./verdicts.mjs";
import { diagnoseSignature } from "paysign/diagnose";

const direct = receiverRoundTrip(vectors, paysign);
const served = receiverRoundTrip(vectors, paysign);

export default {
	async fetch(request, env, context) {
		const { pathname } = new URL(request.url);
		if (pathname === "/alarm") return served.receiver(request, context);
		if (pathname === "/served") return Response.json(await served.run((body) => env.self.fetch("http://worker/alarm", { method: "POST", body })));
		if (pathname === "/diagnose") return Response.json(diagnoseSignature(await request.json()));
		const send = (body) => direct.receiver(new Request("http://worker/alarm", { method: "POST", body }));
		return Response.json({ verdicts: await verdicts(vectors, paysign), roundTrip: await direct.run(send) });
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

async function answered(path, body) {
	const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
	const response = await miniflare.dispatchFetch(`http://worker${path}`, init);
	assert.equal(response.status, 200, await response.clone().text());
	return response.json();
}

test("the listed verdicts, and a receiver works", async () => {
	assertResult(await answered("/"));
});

test("the receiver is the handler of a Worker", async () => {
	assert.deepEqual(await answered("/served"), roundTrip);
});

test("a mistake is explained", async () => {
	const file = JSON.parse(readFileSync(join(root, "tests/vectors/mistakes.json"), "utf8"));
	const { message, fields, secrets, given, expect } = file.rows.find(
		(row) => row.expect.verdict === "explained",
	);
	const options = { message, fields: Object.fromEntries(fields), secrets, given };
	const { verdict, mistakes } = await answered("/diagnose", options);
	assert.equal(verdict, "explained");
	assert.deepEqual(mistakes.map(({ id }) => id).sort(), [...expect.mistakes].sort());
});
