// The types for whoever reads them: the oldest TypeScript that is promised, and every way of finding them.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { pack, root, run } from "../package/packed.mjs";

/** Found, and accepted, with the reason. */
const accepted = {
	// There is no second build: `require` loads the ES module, in every Node.js that is promised.
	CJSResolvesToESM: ["node16-cjs"],
};

let packed;
let project;
let manifest;

before(() => {
	packed = pack();
	project = packed.project("typescript");
	manifest = JSON.parse(readFileSync(join(project, "node_modules/paysign/package.json"), "utf8"));
});
after(() => packed?.remove());

test("Are the types wrong? No, but for what is accepted", async () => {
	const tarball = new Uint8Array(readFileSync(join(project, "paysign.tgz")));
	const { types, problems } = await checkPackage(createPackageFromTarballData(tarball));
	assert.deepEqual(types, { kind: "included" });
	const found = problems.map(({ kind, resolutionKind, resolutionOption, ...where }) => ({
		kind,
		how: resolutionKind ?? resolutionOption,
		where: where.entrypoint ?? where.fileName,
	}));
	assert.deepEqual(
		found.filter(({ kind, how }) => !accepted[kind]?.includes(how)),
		[],
	);
	const seen = new Set(found.map(({ kind }) => kind));
	assert.deepEqual([...seen].sort(), Object.keys(accepted).sort(), "what is accepted is still found");
});

for (const [name, options] of [
	["nodenext", { module: "nodenext" }],
	["bundler", { module: "esnext", moduleResolution: "bundler" }],
]) {
	test(`the oldest TypeScript compiles every entry, strictly, with ${name} resolution`, () => {
		const compilerOptions = {
			target: "es2022",
			lib: ["ES2022", "DOM"],
			types: ["node"],
			typeRoots: [join(root, "node_modules/@types")],
			strict: true,
			exactOptionalPropertyTypes: true,
			noUncheckedIndexedAccess: true,
			skipLibCheck: false,
			noEmit: true,
			...options,
		};
		writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["main.mts"] }));
		const entries = Object.keys(manifest.exports).filter((entry) => entry !== "./package.json");
		writeFileSync(
			join(project, "main.mts"),
			`import { type Alarm, verifyAlarm } from "paysign";
			export const alarm: Alarm = verifyAlarm("", { appId: "wxf8b4f85f3a794e77", appKey: "k" });
			// @ts-expect-error The key is not optional.
			verifyAlarm("", { appId: "wxf8b4f85f3a794e77" });
			${entries.map((entry, i) => `export * as entry${i} from "${join("paysign", entry)}";`).join("\n")}`,
		);
		const tsc = join(root, "tests/runtimes/node_modules/typescript/bin/tsc");
		try {
			run(process.execPath, [tsc, "--pretty", "false"], project);
		} catch (error) {
			assert.fail(error.stdout);
		}
	});
}
