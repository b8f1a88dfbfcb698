// The README's table of runtimes names what is run here. `UPDATE_SNAPSHOTS=1` writes it.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../package/packed.mjs";
import { policy, vectors } from "./support.mjs";

const manifestIn = (path) => JSON.parse(readFileSync(join(root, path, "package.json"), "utf8"));
const { devDependencies: pinned } = manifestIn(".");
const { devDependencies: tried } = manifestIn("tests/runtimes");
const node = (name) => tried[name].slice("npm:node@".length);
const example = "[the example](examples/cloudflare/README.md)";

/** What is run, in which versions, how it loads the package, and the test that does it. */
const rows = [
	[
		"Node.js",
		`${node("node20")}, ${node("node22")}, ${pinned.node}, ${node("node26")}, the machine's`,
		"`import`, `require`",
		"node",
	],
	["Deno", pinned.deno, "`import`, without any permission", "deno"],
	["Bun", pinned.bun, "`import`, `require`", "bun"],
	["workerd", `miniflare ${pinned.miniflare}`, "the `.wasm` file as a module", "workerd"],
	["Cloudflare Workers", `wrangler ${pinned.wrangler}`, `${example}, bundled`, "cloudflare"],
	["Next.js", tried.next, "a route of the Node.js runtime and one of the edge runtime", "next"],
	["Jest", tried.jest, "`import`, `require`, with `--experimental-vm-modules`", "jest"],
	["Chromium, Firefox, WebKit", "the machine's", `a bundle, under \`${policy}\``, "browsers"],
	["esbuild", pinned.esbuild, "in each browser and Node.js", "browsers"],
	["Rollup", tried.rollup, "in each browser and Node.js", "browsers"],
	["Vite", tried.vite, "in each browser and Node.js", "browsers"],
	["webpack", tried.webpack, "in each browser and Node.js", "browsers"],
	[
		"TypeScript",
		`${tried.typescript}, ${pinned.typescript}`,
		"`nodenext` and `bundler` resolution, strict",
		"typescript",
	],
];

const table = [
	"| in | versions | how | tested by |",
	"| --- | --- | --- | --- |",
	...rows.map(([name, versions, how, file]) => {
		const path = `tests/runtimes/${file}.test.mjs`;
		return `| ${name} | ${versions} | ${how} | [${file}](${path}) |`;
	}),
].join("\n");

test("the README's table is the one of the pinned versions, and each row has its test", () => {
	const file = join(root, "README.md");
	const pattern = /(?<=<!-- runs on -->\n).*?(?=\n<!-- \/runs on -->)/s;
	if (process.env.UPDATE_SNAPSHOTS)
		writeFileSync(
			file,
			readFileSync(file, "utf8").replace(pattern, () => table),
		);
	const text = readFileSync(file, "utf8");
	assert.equal(pattern.exec(text)?.[0], table);
	assert.match(text, new RegExp(`\\b${vectors.bodies.length}\\sgenuine and hostile alarm bodies`));
	const tests = readdirSync(join(root, "tests/runtimes")).filter((name) => name.endsWith(".test.mjs"));
	const listed = new Set([...rows.map((row) => `${row[3]}.test.mjs`), "readme.test.mjs"]);
	assert.deepEqual([...listed].sort(), tests.sort());
});

test("the pinned runtimes are the ones that run", () => {
	for (const [folder, versions] of [
		[".", pinned],
		["tests/runtimes", tried],
	]) {
		for (const [name, version] of Object.entries(versions)) {
			const installed = manifestIn(join(folder, "node_modules", name)).version;
			assert.equal(installed, version.replace(/^npm:.*@/, ""), name);
		}
	}
	assert.equal(process.version, `v${pinned.node}`);
});

test("the example is tried with the wrangler that bundles it here", () => {
	for (const [name, version] of Object.entries(manifestIn("examples/cloudflare").devDependencies)) {
		assert.equal(version, pinned[name], name);
	}
});
