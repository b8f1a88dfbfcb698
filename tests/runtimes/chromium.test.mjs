// A browser, and the strictest policy under which WebAssembly may run at all: no request, no eval, no inline script.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { pack } from "../package/packed.mjs";
import { assertResult, modules, policy } from "./support.mjs";

// A request that the policy refuses never leaves the page, so the page must tell of it.
const page = `
	globalThis.refused = [];
	addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective + " " + event.blockedURI));
	import("./main.mjs").then(
		({ result }) => { globalThis.result = result; },
		(error) => { globalThis.result = { error: String(error) }; },
	);
`;

let packed;
let script;
let server;
let browser;

before(async () => {
	packed = pack();
	const { outputFiles } = await build({
		absWorkingDir: packed.project("page", { ...modules, "page.mjs": page }),
		entryPoints: ["page.mjs"],
		bundle: true,
		write: false,
		format: "esm",
		platform: "browser",
		logLevel: "silent",
	});
	script = outputFiles[0].contents;
	browser = await chromium.launch({
		// cargo xtask test says where it is.
		executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
		// Root, as which containers run, may not use the sandbox; the rest keeps the browser from talking to anyone.
		args: [
			"--no-sandbox",
			"--disable-gpu",
			"--disable-quic",
			"--no-first-run",
			"--disable-background-networking",
			"--disable-component-update",
			"--disable-sync",
		],
	});
	server = createServer((request, response) => {
		const { pathname, searchParams } = new URL(request.url, "http://localhost");
		const csp = searchParams.get("csp");
		if (csp) response.setHeader("content-security-policy", csp);
		if (pathname === "/page.js") response.setHeader("content-type", "text/javascript").end(script);
		else if (pathname === "/") {
			const html = '<!doctype html><title>paysign</title><script type="module" src="/page.js"></script>';
			response.setHeader("content-type", "text/html").end(html);
		} else response.writeHead(404).end();
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
});
after(async () => {
	await browser?.close();
	server?.close();
	packed?.remove();
});

/** Opens the page under a policy; returns the result, the paths that were requested, and what the policy refused. */
async function open(csp) {
	const context = await browser.newContext();
	try {
		const tab = await context.newPage();
		const requests = [];
		tab.on("request", (request) => requests.push(new URL(request.url()).pathname));
		const url = `http://127.0.0.1:${server.address().port}/?csp=${encodeURIComponent(csp)}`;
		await tab.goto(url);
		const handle = await tab.waitForFunction(() => globalThis.result, undefined, { timeout: 60_000 });
		return {
			result: await handle.jsonValue(),
			requests,
			refused: await tab.evaluate(() => globalThis.refused),
		};
	} finally {
		await context.close();
	}
}

test("under a strict policy: the listed verdicts, a receiver works, nothing is fetched", async () => {
	const { result, requests, refused } = await open(policy);
	assert.equal(result.error, undefined);
	assertResult(result);
	assert.deepEqual(requests, ["/", "/page.js"]);
	assert.deepEqual(refused, []);
});

test("the policy is in force: without 'wasm-unsafe-eval' the module does not load", async () => {
	const { result, refused } = await open(policy.replace(" 'wasm-unsafe-eval'", ""));
	assert.match(result.error, /Content Security Policy/);
	assert.deepEqual(refused, ["script-src wasm-eval"]);
});
