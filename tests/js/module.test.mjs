// What the WebAssembly modules can reach: nothing. No clock, no randomness, no file, no network, so no document can make
// them open one.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../pkg/wasm/", import.meta.url));

for (const file of readdirSync(folder).filter((name) => name.endsWith(".wasm"))) {
	test(`${file} imports values of JavaScript and our error class, and nothing else`, () => {
		const imports = WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(folder + file)));
		assert(imports.length > 0);
		for (const { module, name, kind } of imports) {
			assert.match(module, /^\.\/\w+_bg\.js$/, `${module} ${name}`);
			assert.equal(kind, "function");
			assert.match(name, /^__wb(g|indgen)_/);
			assert.doesNotMatch(
				name,
				/fetch|random|crypto|now|Date|performance|process|require|eval|setTimeout/i,
				name,
			);
		}
	});
}
