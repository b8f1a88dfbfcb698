// The README's table of runtimes names what is run here.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../package/packed.mjs";
import { policy, vectors } from "./support.mjs";

const example = "[the example](examples/cloudflare/README.md)";

test("the README names the tested runtimes with their versions", () => {
	const { devDependencies: pinned } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
	const text = readFileSync(join(root, "README.md"), "utf8");
	const [, section] = /\n## Runs on\n\n(.*?)\n\n## /s.exec(text) ?? [];
	assert.match(section, new RegExp(`\\b${vectors.bodies.length}\\sgenuine and hostile alarm bodies`));
	assert.deepEqual(
		section.split("\n").filter((line) => line.startsWith("|")),
		[
			"| runtime | tested with |",
			"| --- | --- |",
			`| Node.js 20.19, 22.12 or later | ${pinned.node}, and the one of the machine |`,
			`| Deno | ${pinned.deno}, without any permission |`,
			`| Bun | ${pinned.bun} |`,
			`| Cloudflare Workers | miniflare ${pinned.miniflare}; ${example} as wrangler ${pinned.wrangler} bundles it |`,
			`| Chromium | the one of the machine, under \`${policy}\` |`,
		],
	);
});

test("the pinned runtimes are the ones that run", () => {
	const { devDependencies: pinned } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
	for (const name of ["node", "deno", "bun", "miniflare", "playwright-core"]) {
		const installed = JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8"));
		assert.equal(installed.version, pinned[name], name);
	}
	assert.equal(process.version, `v${pinned.node}`);
});

test("the example is tried with the wrangler that bundles it here", () => {
	const pinnedIn = (path) =>
		JSON.parse(readFileSync(join(root, path, "package.json"), "utf8")).devDependencies;
	const pinned = pinnedIn(".");
	for (const [name, version] of Object.entries(pinnedIn("examples/cloudflare"))) {
		assert.equal(version, pinned[name], name);
	}
});
