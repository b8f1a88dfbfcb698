// The browsers, with the strictest policy under which WebAssembly may run at all: no request, no eval, no inline script.
// Each loads what each bundler makes of the same page.

import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pack } from "../package/packed.mjs";
import { names, start } from "../www/browsers/engines.mjs";
import { bundlers } from "./bundlers.mjs";
import { assertResult, modules, policy, printed } from "./support.mjs";

const page = `
	import { result } from "./smoke.mjs";

	const settled = result();
	if (globalThis.document === undefined) console.log(JSON.stringify(await settled));
	else globalThis.result = await settled;
`;

// A request that the policy refuses never leaves the page, so the page must tell of it; not of the icon, which some
// browsers ask for by themselves.
const watch = `
	globalThis.refused = [];
	addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
		if (!blockedURI.endsWith("/favicon.ico")) refused.push(effectiveDirective + " " + blockedURI);
	});
	const bundle = new URL(location).searchParams.get("bundle");
	import("/" + bundle + "/page.js").catch((error) => { globalThis.result = { error: String(error) }; });
`;

const html = '<!doctype html><title>paysign</title><script src="/watch.js"></script>';

let packed;
let project;
let alone;
let server;
let requests;

before(async () => {
	packed = pack();
	project = packed.project("page", { ...modules, "page.mjs": page });
	alone = packed.project("alone");
	for (const [name, bundle] of Object.entries(bundlers)) await bundle(project, join(project, name));
	server = createServer(({ url }, response) => {
		const { pathname, searchParams } = new URL(url, "http://localhost");
		if (pathname !== "/favicon.ico") requests.push(pathname);
		const send = (type, content) => response.setHeader("content-type", type).end(content);
		response.setHeader("content-security-policy", searchParams.get("csp") ?? policy);
		if (pathname === "/") send("text/html", html);
		else if (pathname === "/watch.js") send("text/javascript", watch);
		else if (pathname.endsWith("/page.js")) send("text/javascript", readFileSync(join(project, pathname)));
		else response.writeHead(404).end();
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
});
after(() => {
	server?.close();
	server?.closeAllConnections();
	packed?.remove();
});

for (const name of Object.keys(bundlers)) {
	test(`the bundle of ${name} runs in Node.js too`, () => {
		cpSync(join(project, name, "page.js"), join(project, `${name}.mjs`));
		assertResult(printed(process.execPath, [`${name}.mjs`], project));
	});
}

/** Words of a part that no other part says, and no minifier changes. */
const parts = { client: "tokenRefused", outbox: "leaseLost", receiver: "keyLeakSuspected" };

for (const [name, bundle] of Object.entries(bundlers)) {
	test(`${name} takes in what is used and nothing else`, async () => {
		const bundled = async (source) => {
			writeFileSync(join(alone, "page.mjs"), source);
			await bundle(alone, join(alone, name));
			return readFileSync(join(alone, name, "page.js"), "utf8");
		};
		const holds = (text) => Object.keys(parts).filter((part) => text.includes(parts[part]));
		const all = await bundled('import * as paysign from "paysign";\nglobalThis.found = paysign;');
		assert.deepEqual(holds(all), Object.keys(parts), "the words are still theirs");
		const one = await bundled('import { verifyAlarm } from "paysign";\nglobalThis.found = verifyAlarm;');
		assert.deepEqual(holds(one), []);
		const nothing = "globalThis.found = 0;";
		assert.equal(
			await bundled(`import { createMemoryStore } from "paysign/stores/memory";\n${nothing}`),
			await bundled(nothing),
		);
	});
}

for (const engine of names) {
	describe(engine, () => {
		let driver;
		let stop;
		before(async () => {
			({ driver, stop } = await start(engine, "light"));
		});
		after(() => stop?.());

		/** Opens the page under a policy; returns the result, what was requested, and what the policy refused. */
		async function open(bundle, csp = policy) {
			// Not the result of the page before.
			await driver.get("about:blank");
			requests = [];
			const query = new URLSearchParams({ bundle, csp });
			await driver.get(`http://127.0.0.1:${server.address().port}/?${query}`);
			const result = await driver.wait(() => driver.executeScript(() => globalThis.result), 20_000);
			return { result, requests, refused: await driver.executeScript(() => globalThis.refused) };
		}

		for (const name of Object.keys(bundlers)) {
			test(`the page of ${name}: the listed verdicts, a receiver and a diagnosis; nothing is fetched`, async () => {
				const { result, requests: made, refused } = await open(name);
				assert.equal(result.error, undefined);
				assertResult(result);
				assert.deepEqual(made, ["/", "/watch.js", `/${name}/page.js`]);
				assert.deepEqual(refused, []);
			});
		}

		test("the policy is in force: without 'wasm-unsafe-eval' the module does not load", async () => {
			const { result } = await open("esbuild", policy.replace(" 'wasm-unsafe-eval'", ""));
			assert.match(result.error, /Content Security Policy|CSP|WebAssembly/);
		});
	});
}
