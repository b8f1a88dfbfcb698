// Cloudflare's runtime forbids compiling WebAssembly from bytes, so the package takes its other road there. A Worker is
// bundled as wrangler does it: by esbuild, under the condition `workerd`, with the .wasm file as a module beside it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { pack, root } from "../package/packed.mjs";

const worker = `
import { signTestAlarm, verifyAlarm, WeChatPayError } from "paysign";

export default {
	async fetch(request) {
		const { credentials, body, sign } = await request.json();
		const bytes = sign
			? signTestAlarm(sign, credentials)
			: Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
		try {
			return Response.json({ alarm: verifyAlarm(bytes, credentials) });
		} catch (error) {
			return Response.json({ refused: error instanceof WeChatPayError, code: error.code, text: String(error) });
		}
	},
};
`;

const vectors = JSON.parse(readFileSync(join(root, "tests/vectors/alarm-bodies.json"), "utf8"));
const credentials = { appId: vectors.appid, appKey: vectors.appkey };

let packed;
let miniflare;

before(async () => {
	packed = pack();
	const project = packed.project("worker", { "worker.mjs": worker });
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
			{
				type: "CompiledWasm",
				path: "core.wasm",
				contents: outputFiles.find((file) => file.path.endsWith(".wasm")).contents,
			},
		],
	});
	await miniflare.ready;
});
after(async () => {
	await miniflare?.dispose();
	packed?.remove();
});

async function ask(question) {
	const response = await miniflare.dispatchFetch("http://worker/", {
		method: "POST",
		body: JSON.stringify({ credentials, ...question }),
	});
	return response.json();
}

test("a signed test alarm is verified", async () => {
	const { alarm } = await ask({ sign: { timeStamp: 1393860740, description: "逾期" } });
	assert.equal(alarm.appId, credentials.appId);
	assert.equal(alarm.description, "逾期");
	assert.match(alarm.dedupKey, /^[0-9a-f]{64}$/);
});

for (const { name, verdict, body_b64 } of vectors.vectors) {
	test(`${name}: ${verdict}`, async () => {
		const answer = await ask({ body: body_b64 });
		if (verdict === "ACCEPT") {
			assert.equal(answer.alarm?.appId, credentials.appId, answer.text);
		} else {
			assert.equal(answer.refused, true, `it was accepted, or another error was thrown: ${answer.text}`);
			assert.match(answer.code, /^(XML|FIELD|SIGNATURE|APP_ID)_/);
		}
	});
}
