// The tarball is what users get. Everything here looks at it, or at a project that has installed it.
// `UPDATE_SNAPSHOTS=1 cargo xtask test --only package` rewrites files.txt and exports.txt.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { filesUnder, pack, root, run } from "./packed.mjs";

/** What a Worker or a page pays for the protocol, what a page pays for the diagnosis, and a receiver of pushes for them. Bytes after gzip. */
const wasmBudgets = { "core.wasm": 40_000, "diagnose.wasm": 120_000, "push.wasm": 45_000 };

let packed;
let installed;
let manifest;

/** Each entry's path behind the package's name, and its file everywhere but in workerd. */
const entries = () =>
	Object.entries(manifest.exports)
		.map(([subpath, target]) => [subpath, target.default ?? target])
		.filter(([, target]) => target.endsWith(".js"));

before(() => {
	packed = pack();
	installed = join(packed.project("inspected"), "node_modules/paysign");
	manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
});
after(() => packed?.remove());

test("the tarball holds exactly the files of files.txt", () => {
	snapshot("files.txt", packed.files);
});

test("each entry exports exactly the names of exports.txt", async () => {
	const lines = [];
	for (const [subpath, target] of entries()) {
		const { metafile } = await build({
			entryPoints: [join(installed, target)],
			bundle: true,
			write: false,
			metafile: true,
			format: "esm",
			platform: "neutral",
			external: ["node:*"],
			logLevel: "silent",
		});
		const [output] = Object.values(metafile.outputs);
		lines.push(...output.exports.map((name) => `${join("paysign", subpath)} ${name}`).sort());
	}
	snapshot("exports.txt", lines);
});

test("the manifest promises nothing it does not hold", () => {
	for (const kind of ["dependencies", "peerDependencies", "optionalDependencies", "bundleDependencies"]) {
		assert.equal(manifest[kind], undefined, kind);
	}
	assert.equal(manifest.scripts, undefined, "installing runs nothing");
	const targets = Object.values(manifest.exports).flatMap((target) =>
		typeof target === "string" ? target : Object.values(target),
	);
	for (const target of [...targets, ...manifest.sideEffects]) {
		assert.ok(existsSync(join(installed, target)), target);
	}
});

const importsOf = (code) =>
	[
		...code.matchAll(
			/^(?:(?:import|export)\b[^"';]*\bfrom |import )["']([^"']+)["'];$|\bimport\("([^"]+)"\)/gm,
		),
	].map(([, whole, late]) => whole ?? late);

test("every file that is imported is there, and what loads a module says that it does", () => {
	let imports = 0;
	for (const file of packed.files.filter((name) => name.endsWith(".js"))) {
		const code = readFileSync(join(installed, file), "utf8");
		for (const name of importsOf(code)) {
			imports += 1;
			if (name.startsWith(".")) assert.ok(existsSync(join(installed, file, "..", name)), `${file}: ${name}`);
			else assert.match(name, /^node:/, file);
		}
		if (!code.includes("new WebAssembly.Instance(")) continue;
		assert.ok(manifest.sideEffects.includes(`./${file}`), `${file} loads a module: bundlers must keep it`);
	}
	assert.ok(imports > 100);
});

test("`paysign` is two files, for opening one costs Node.js more than running it", () => {
	const imported = (file) => importsOf(readFileSync(join(installed, file), "utf8"));
	assert.deepEqual([...new Set(imported("index.js"))], ["./shared.js"]);
	assert.deepEqual(imported("shared.js"), []);
});

test("in workerd an entry is the same, but for the file in place of the bytes", () => {
	const code = (file) => readFileSync(join(installed, file), "utf8").split("\n");
	for (const [name, module] of [
		["index", "core"],
		["diagnose", "diagnose"],
		["push", "push"],
	]) {
		const everywhere = new Set(code(`${name}.js`));
		const other = code(`${name}.workerd.js`).filter((line) => !everywhere.has(line));
		assert.equal(other.length, 1, other.join("\n"));
		assert.match(other[0], new RegExp(`^import module(?:\\$\\d)? from '\\./wasm/${module}\\.wasm';$`));
	}
});

test("npm and crates.io get the same version", () => {
	const [, version] = /^version = "(.*)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"));
	assert.equal(manifest.version, version);
});

test("publint has nothing to say", async () => {
	const { messages } = await publint({ pkgDir: installed, pack: false, strict: true });
	assert.deepEqual(
		messages.map((message) => formatMessage(message, manifest, { color: false })),
		[],
	);
});

test("no file names the machine it was built on", () => {
	for (const file of filesUnder(installed)) {
		const content = readFileSync(file);
		for (const folder of [root, homedir()]) {
			assert.ok(!content.includes(folder), `${file.slice(installed.length)} contains a local path`);
		}
	}
});

for (const name of ["core", "diagnose", "push"]) {
	test(`the text of the ${name} module is its bytes`, async () => {
		const text = new URL(`../../target/npm/modules/wasm/${name}.bytes.js`, import.meta.url).href;
		const bytes = readFileSync(join(installed, "wasm", `${name}.wasm`));
		assert.deepEqual(Buffer.from((await import(text)).default), bytes);
		// Where there is no Buffer.
		const { Buffer: kept } = globalThis;
		try {
			globalThis.Buffer = undefined;
			const { default: looped } = await import(`${text}?looped`);
			assert.ok(!(looped instanceof kept));
			assert.deepEqual(kept.from(looped), bytes);
		} finally {
			globalThis.Buffer = kept;
		}
	});
}

for (const [name, budget] of Object.entries(wasmBudgets)) {
	test(`${name} is at most ${budget} bytes of gzip`, () => {
		const bytes = gzipSync(readFileSync(join(installed, "wasm", name)), { level: 9 }).length;
		assert.ok(bytes <= budget, `${bytes} bytes`);
	});
}

const body = `
	const account = { appId: "wxf8b4f85f3a794e77", appKey: "k".repeat(128) };
	const alarm = verifyAlarm(signTestAlarm({ timeStamp: 1393860740, description: "逾期" }, account), account);
	try {
		verifyAlarm("<html>", account);
	} catch (error) {
		console.log(alarm.errorType, alarm.description, error instanceof WeChatPayError, error.code);
	}
`;
const printed = "1001 逾期 true XML_ROOT\n";

test("an ES module imports it", () => {
	const names = "signTestAlarm, verifyAlarm, WeChatPayError";
	const project = packed.project("esm", { "main.mjs": `import { ${names} } from "paysign";${body}` });
	assert.equal(run(process.execPath, ["main.mjs"], project), printed);
});

test("a CommonJS module requires it", () => {
	const names = "signTestAlarm, verifyAlarm, WeChatPayError";
	const project = packed.project("cjs", { "main.cjs": `const { ${names} } = require("paysign");${body}` });
	assert.equal(run(process.execPath, ["main.cjs"], project), printed);
});

test("a bundle works in one file, and holds only the module that it uses, once", async () => {
	const diagnosis = `
		const given = "0".repeat(40);
		const { verdict } = diagnoseSignature({ message: "feedback", fields: {}, secrets: {}, given, budget: 1 });
		console.log(verdict);
	`;
	const event = `console.log(parsePushContent('{"Event":"wxa_punish_event"}').name);`;
	const rows = [
		["core", `import { signTestAlarm, verifyAlarm, WeChatPayError } from "paysign";${body}`, printed],
		["diagnose", `import { diagnoseSignature } from "paysign/diagnose";${diagnosis}`, "unexplained\n"],
		["push", `import { parsePushContent } from "paysign/push";${event}`, "wxa_punish_event\n"],
	];
	for (const [module, source, prints] of rows) {
		const project = packed.project(`bundle-${module}`, { "main.mjs": source });
		await build({
			absWorkingDir: project,
			entryPoints: ["main.mjs"],
			bundle: true,
			minify: true,
			sourcemap: true,
			format: "esm",
			platform: "neutral",
			outfile: "alone/bundle.mjs",
			charset: "utf8",
			logLevel: "silent",
		});
		const bundle = join(project, "alone/bundle.mjs");
		const code = readFileSync(bundle, "utf8");
		const kept = sourcesOf(code, readFileSync(`${bundle}.map`, "utf8"));
		assert.ok(kept.includes("errors.ts"));
		assert.deepEqual(
			kept.filter((source) => /^(outbox|receiver|client|stores)/.test(source)),
			[],
		);
		assert.equal(code.split("\\0asm").length, 2);
		assert.equal(run(process.execPath, [bundle], project), prints);
	}
});

/** The sources of ours of which something is left in this code; the map itself names the others, too. */
function sourcesOf(code, map) {
	const mapped = new SourceMap(JSON.parse(map));
	const sources = new Set();
	for (const [line, text] of code.split("\n").entries()) {
		for (const { index } of text.matchAll(/[\w$]+/g))
			sources.add(mapped.findEntry(line, index).originalSource);
	}
	const ours = [...sources].filter((source) => source?.startsWith("paysign:///"));
	return ours.map((source) => source.slice("paysign:///".length));
}

/** What a bundle of this keeps of the package, as the sources it was made of, and how large it is. */
async function bundleOf(contents) {
	const { outputFiles } = await build({
		stdin: { contents, resolveDir: join(installed, "../..") },
		bundle: true,
		minify: true,
		write: false,
		sourcemap: "external",
		outfile: "bundle.mjs",
		format: "esm",
		platform: "neutral",
		logLevel: "silent",
	});
	const [map, code] = [".map", ".mjs"].map((end) => outputFiles.find(({ path }) => path.endsWith(end)));
	return { files: sourcesOf(code.text, map.text), bytes: gzipSync(code.contents, { level: 9 }).length };
}

test("the notifications of APIv3 load no module, and are small", async () => {
	const { files, bytes } = await bundleOf('export { verifyNotification } from "paysign/apiv3";');
	assert.deepEqual(
		files.filter((file) => !/^apiv3[./]|^(arguments|bytes|errors)\.ts$/.test(file)),
		[],
	);
	assert.ok(bytes <= 6_000, `${bytes} bytes`);
});

test("a receiver carries nothing of another kind of messages", async () => {
	const alarms = await bundleOf('export { createAlarmReceiver } from "paysign";');
	assert.ok(alarms.files.includes("receiver/engine.ts"));
	assert.deepEqual(
		alarms.files.filter((file) => /apiv3|push|notification/.test(file)),
		[],
	);
	const pushes = await bundleOf('export { createPushReceiver } from "paysign/push";');
	assert.ok(pushes.files.includes("receiver/engine.ts"));
	assert.deepEqual(
		pushes.files.filter((file) => /wasm.core|diagnose|alarm|apiv3/.test(file)),
		[],
	);
	const notifications = await bundleOf('export { createNotificationReceiver } from "paysign/apiv3";');
	assert.ok(notifications.files.includes("receiver/engine.ts"));
	assert.deepEqual(
		notifications.files.filter((file) => /wasm|alarm|push/.test(file)),
		[],
	);
});

test("shipping notices load no module, and those who send deliveries nothing of them", async () => {
	const shipping = await bundleOf(
		'export { createShippingClient, createShippingOutbox } from "paysign/shipping";',
	);
	assert.ok(shipping.files.includes("outbox/worker.ts"));
	assert.deepEqual(
		shipping.files.filter((file) => file.startsWith("wasm/")),
		[],
	);
	const deliveries = await bundleOf('export { createClient, createDeliveryOutbox } from "paysign";');
	assert.ok(deliveries.files.includes("outbox/worker.ts"));
	assert.deepEqual(
		deliveries.files.filter((file) => file.includes("shipping")),
		[],
	);
});

test("an import that is not used, or of types alone, keeps nothing", async () => {
	const values = entries()
		.filter(([, target]) => !manifest.sideEffects.includes(target))
		.map(([entry]) => entry);
	assert(values.includes("./stores/memory"));
	const rows = [
		["ts", 'import type { Alarm } from "paysign";\nimport type { Diagnosis } from "paysign/diagnose";'],
		...values.map((entry) => ["js", `import * as unused from "${join("paysign", entry)}";`]),
	];
	for (const [loader, contents] of rows) {
		const { outputFiles } = await build({
			stdin: { contents, loader, resolveDir: join(installed, "../..") },
			bundle: true,
			write: false,
			format: "esm",
			platform: "node",
			logLevel: "silent",
		});
		assert.deepEqual(
			outputFiles.map(({ text }) => text),
			[""],
			contents,
		);
	}
});

test("each source map holds its sources, and leads from each function to the line that declares it", () => {
	const declares = /^(?:export )?(?:async )?function\*? (\w+)/;
	let functions = 0;
	for (const path of packed.files.filter((file) => file.endsWith(".js.map"))) {
		const payload = JSON.parse(readFileSync(join(installed, path), "utf8"));
		assert.equal(payload.sourceRoot, "paysign:///");
		const contents = new Map(payload.sources.map((source, index) => [source, payload.sourcesContent[index]]));
		for (const [source, content] of contents) {
			const folder =
				source.startsWith("wasm/") && source.endsWith(".js") ? "target/npm/modules" : "pkg-templates";
			assert.equal(content, readFileSync(join(root, folder, source), "utf8"), path);
		}
		const javascript = readFileSync(join(installed, path.replace(/\.map$/, "")), "utf8");
		assert.match(javascript, /\n\/\/# sourceMappingURL=.*\n?$/);
		const map = new SourceMap(payload);
		for (const [index, line] of javascript.split("\n").entries()) {
			const name = declares.exec(line)?.[1];
			// The only code that has no source gives the bytes of a module.
			if (name === undefined || /^bytes(?:\$\d+)?$/.test(name)) continue;
			const { originalLine, originalSource } = map.findEntry(index, line.indexOf(name));
			const content = contents.get(originalSource.replace("paysign:///", ""));
			const declaration = declares.exec(content.split("\n")[originalLine]);
			// Two of one name in one file are told apart by a number.
			assert.equal(declaration?.[1], name.replace(/\$\d+$/, ""), `${path}: line ${index + 1}`);
			functions += 1;
		}
	}
	assert(functions > 100, `${functions} functions`);
});

test("the command is installed under its name", () => {
	const project = packed.project("command");
	const [name] = Object.keys(manifest.bin);
	assert.ok(!manifest.bin[name].startsWith("./"), "npm drops such a command when it publishes");
	assert.match(readFileSync(join(installed, manifest.bin[name]), "utf8"), /^#!\/usr\/bin\/env node\n/);
	const version = run("npm", ["exec", "--offline", "--", name, "--version"], project);
	assert.equal(version, `${manifest.version}\n`);
});

// The public names of every entry, used the way a strict project uses them.
const consumer = `
import {
	type Alarm, buildDeliverNotify, type Credentials, createAlarmReceiver, createClient, deliveryDeadline,
	explainSignature, parseAlarm, signMessage, signTestAlarm, verifyAlarm, WeChatPayError,
} from "paysign";
import * as apiv3 from "paysign/apiv3";
import * as diagnose from "paysign/diagnose";
import * as node from "paysign/node";
import * as push from "paysign/push";
import * as sandbox from "paysign/sandbox";
import * as shipping from "paysign/shipping";
import * as memory from "paysign/stores/memory";
import * as sqlite from "paysign/stores/sqlite";

const account: Credentials = { appId: "wxf8b4f85f3a794e77", appKey: "k".repeat(128) };
const alarm: Alarm = verifyAlarm(signTestAlarm({ timeStamp: 1393860740 }, account), account);
export const text: string = alarm.dedupKey;
export const deadline: number = deliveryDeadline(1393860740, "virtual");
export const everything = [
	buildDeliverNotify, createAlarmReceiver, createClient, explainSignature, parseAlarm, signMessage, WeChatPayError,
	apiv3, diagnose, node, push, sandbox, shipping, memory, sqlite,
];
export const verdict: "match" | "explained" | "unexplained" = diagnose.diagnoseSignature({
	fields: { appid: "wx1" }, secrets: { appKey: process.env["PAY_SIGN_KEY"] },
}).verdict;
export const event: push.PushEvent = push.verifyPush(
	{ query: new URLSearchParams(), body: new Uint8Array() },
	{ appId: "wx1", token: "token", encodingAesKey: ["k".repeat(43)] },
).event;
// @ts-expect-error The key is not optional.
verifyAlarm("", { appId: "wxf8b4f85f3a794e77" });
// @ts-expect-error There is no such message.
signMessage("alarms", {}, "k");
`;

// The same in a CommonJS project, whose TypeScript must accept that `require` loads an ES module.
const commonJs = consumer.replaceAll(/import \* as (\w+) from ("[^"]+")/g, "import $1 = require($2)");

for (const [name, options] of [
	["the web's types", { lib: ["ES2022", "DOM"], types: ["node"] }],
	["Node.js's types alone", { lib: ["ES2022"], types: ["node"] }],
	[
		"bundler resolution",
		{ lib: ["ES2022", "DOM"], types: ["node"], module: "esnext", moduleResolution: "bundler" },
	],
]) {
	test(`a strict TypeScript project compiles with ${name}`, () => {
		const compilerOptions = {
			target: "es2022",
			module: "nodenext",
			strict: true,
			exactOptionalPropertyTypes: true,
			noUncheckedIndexedAccess: true,
			skipLibCheck: false,
			noEmit: true,
			typeRoots: [join(root, "node_modules/@types")],
			...options,
		};
		const project = packed.project(`types-${name.replaceAll(/\W/g, "-")}`, {
			"tsconfig.json": JSON.stringify({ compilerOptions, include: ["src"] }),
			"src/main.mts": consumer,
			...(options.module === undefined && { "src/common.cts": commonJs }),
		});
		typecheck(project);
	});
}

function typecheck(project) {
	try {
		run(
			process.execPath,
			[join(root, "node_modules/typescript/bin/tsc"), "--pretty", "false", "--project", "."],
			project,
		);
	} catch (error) {
		assert.fail(error.stdout);
	}
}

function snapshot(name, lines) {
	const file = new URL(name, import.meta.url);
	if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(file, lines.map((line) => `${line}\n`).join(""));
	const expected = readFileSync(file, "utf8").split("\n").slice(0, -1);
	const difference = {
		missing: expected.filter((line) => !lines.includes(line)),
		unexpected: lines.filter((line) => !expected.includes(line)),
	};
	assert.deepEqual(difference, { missing: [], unexpected: [] });
}
