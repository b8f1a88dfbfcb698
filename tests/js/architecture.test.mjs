// ARCHITECTURE.md's arrows and map, held against the code: what may import what stands in the tables below.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const files = (folder, extension) =>
	readdirSync(join(root, folder), { recursive: true })
		.map((file) => file.replaceAll("\\", "/"))
		.filter((file) => file.endsWith(extension))
		.sort();
const read = (folder, file) => readFileSync(join(root, folder, file), "utf8");
const withoutComments = (source) => source.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");

/** What a TypeScript file imports, files as paths from the folder it is in. */
function importsOf(folder, file) {
	const found = withoutComments(read(folder, file)).matchAll(
		/(?<![".])\b(?:from|import|require)\s*\(?\s*"([^"]+)"/g,
	);
	return [...found].map(([, name]) =>
		name.startsWith(".")
			? posix.normalize(posix.join(posix.dirname(file), name)).replace(/\.js$/, ".ts")
			: name,
	);
}

const packaged = new Map(
	files("pkg-templates", ".ts").map((file) => [file, importsOf("pkg-templates", file)]),
);
/** `stores/sqlite.ts` belongs to `stores`, `store.ts` to `store`; each module of WebAssembly is a part of its own. */
function partOf(name) {
	const module = /^wasm\/load(?:\.(\w+))?\.ts$/.exec(name);
	if (module !== null) return module[1] === undefined ? "wasm" : `wasm-${module[1]}`;
	return name.split("/")[0].replace(/\.ts$/, "");
}

/** The parts that know few others: their files may import each other and what stands here. */
const allowed = {
	// The contracts and what everybody uses.
	errors: [],
	errcodes: [],
	arguments: ["errors"],
	observe: [],
	"shipping-info": [],
	"raw-json": ["errors"],
	"caller-options": ["client-events", "errors", "http", "observe", "token", "tokens"],
	store: ["wasm", "delivery-store", "notification-store", "shipping-info"],
	"delivery-store": ["wasm", "errors", "store"],
	"notification-store": ["store"],
	token: ["wasm", "errors"],
	guard: ["errors"],
	trap: ["wasm", "guard"],
	crossing: ["wasm", "trap"],
	credentials: ["wasm", "errors", "trap"],
	alarm: ["wasm", "credentials", "crossing", "trap"],
	alarms: ["wasm", "alarm", "credentials", "errors"],
	// The leaves.
	stores: [
		"wasm",
		"store",
		"delivery-store",
		"notification-store",
		"shipping-info",
		"errors",
		"arguments",
		"observe",
	],
	tokens: ["token", "errors"],
	node: ["receiver", "metrics", "errors", "arguments"],
	// A double of WeChat that shared code with the package would share its mistakes.
	sandbox: ["errors"],
	// Between the contracts and the leaves.
	receiver: [
		"wasm",
		"alarm",
		"arguments",
		"bytes",
		"credentials",
		"errors",
		"notification-store",
		"observe",
		"store",
	],
	outbox: [
		"wasm",
		"arguments",
		"client",
		"deliver-notify",
		"delivery-store",
		"errcodes",
		"errors",
		"observe",
	],
	// Nothing of the core but types: whoever has no paySignKey needs none of it.
	shipping: [
		"wasm",
		"api-caller",
		"api-error",
		"arguments",
		"caller-options",
		"client-events",
		"delivery-store",
		"errcodes",
		"errors",
		"http",
		"outbox",
		"raw-json",
		"shipping-info",
	],
	diagnose: ["wasm", "wasm-diagnose", "errors"],
	// The notifications of APIv3, on WebCrypto alone.
	bytes: [],
	callbacks: [],
	apiv3: ["arguments", "bytes", "callbacks", "errors", "notification-store", "observe", "receiver"],
	push: [
		"wasm-push",
		"arguments",
		"bytes",
		"callbacks",
		"errors",
		"guard",
		"notification-store",
		"observe",
		"receiver",
	],
};

test("the parts of the package import what the table allows, and no other part", () => {
	const wrong = [];
	for (const [file, imports] of packaged) {
		const part = partOf(file);
		if (allowed[part] === undefined) continue;
		for (const name of imports) {
			if (!name.endsWith(".ts")) continue;
			const other = partOf(name);
			if (other !== part && !allowed[part].includes(other)) wrong.push(`${file} → ${name}`);
		}
	}
	assert.deepEqual(wrong, []);
	const parts = new Set([...packaged.keys()].map(partOf));
	assert.deepEqual(
		Object.keys(allowed).filter((part) => !parts.has(part)),
		[],
		"the table names what is not there",
	);
});

/** Where Node.js is known, and no driver of a database but as a type. */
const platform = /^(cli|node|sandbox)\/|^cli\.ts$|^stores\/sqlite/;

test("only the leaves know where they run", () => {
	const knowing = [...packaged].filter(([, imports]) => imports.some((name) => name.startsWith("node:")));
	assert.notEqual(knowing.length, 0);
	assert.deepEqual(
		knowing.map(([file]) => file).filter((file) => !platform.test(file)),
		[],
	);
	for (const file of packaged.keys()) {
		// `import type` leaves nothing behind.
		const code = withoutComments(read("pkg-templates", file)).replace(/\bimport type [^;]*;/g, "");
		assert.doesNotMatch(
			code,
			/(?<![".])\b(?:from|import)\s*\(?\s*"(?!node:)[a-z@][\w@/.-]*"/,
			`${file} depends on a package`,
		);
	}
});

/** Everything that is loaded with a file. */
function reachedFrom(file, seen = new Set()) {
	if (!seen.has(file)) {
		seen.add(file);
		for (const name of packaged.get(file) ?? []) reachedFrom(name, seen);
	}
	return seen;
}

test("`paysign` loads neither the diagnosis, nor the pushes, nor a platform, and nothing loads the command line", () => {
	const reached = [...reachedFrom("index.ts")];
	assert.ok(reached.includes("client.ts") && reached.includes("wasm/load.ts"), "it reaches the rest");
	const unwanted =
		/^wasm\/load\.(diagnose|push)\.ts$|^(diagnose|apiv3|push)[/.]|^receiver\/notifications|^node|^sandbox|^shipping[/.]|^cli[/.]|^metrics|^logs|^stores\//;
	assert.deepEqual(
		reached.filter((name) => unwanted.test(name)),
		[],
	);
	const users = (wanted) => [...packaged].filter(([, imports]) => imports.some(wanted)).map(([file]) => file);
	assert.deepEqual(
		users((name) => name === "wasm/load.diagnose.ts"),
		["diagnose.ts"],
	);
	assert.deepEqual(
		users((name) => name === "wasm/load.push.ts")
			.map(partOf)
			.filter((part) => part !== "push"),
		[],
	);
	assert.deepEqual(
		users((name) => name.startsWith("cli/")).filter((file) => partOf(file) !== "cli"),
		[],
	);
});

test("the page draws what the published package says", () => {
	const outside = new Set();
	for (const file of files("www", ".ts")) {
		for (const name of importsOf("www", file)) {
			if (name.startsWith("..") || !name.endsWith(".ts")) outside.add(name.replace(/^(\.\.\/)+/, ""));
		}
	}
	// What begins with node: is in programs that the page writes.
	const fine =
		/^(node:\w+(\/strict)?|paysign|paysign\/(apiv3\/|push\/)?diagnose|made:\w+|pkg\/(mask|callbacks\/request|cli\/(align|glyphs|words))\.ts)$/;
	assert.deepEqual(
		[...outside].filter((name) => !fine.test(name)),
		[],
	);
});

test("the core knows neither JavaScript, nor the diagnosis, nor a platform", () => {
	const wrong = [];
	for (const file of files("src", ".rs")) {
		if (file.startsWith("wasm/") || file.startsWith("tests/")) continue;
		const code = withoutComments(read("src", file)).split("#[cfg(test)]\nmod tests {")[0];
		if (/\b(wasm_bindgen|js_sys|serde_wasm_bindgen|crate::wasm)\b/.test(code))
			wrong.push(`${file} knows JavaScript`);
		if (/\bstd::(fs|net|env|time|process|thread)\b/.test(code)) wrong.push(`${file} knows a platform`);
		if (!file.startsWith("diagnose/") && /\b(crate|super)::diagnose\b/.test(code)) {
			wrong.push(`${file} knows the diagnosis`);
		}
		if (!file.startsWith("push/") && /\b(crate|super)::push\b/.test(code))
			wrong.push(`${file} knows the pushes`);
	}
	assert.deepEqual(wrong, []);
});

/** Whether there is a file of this name, in which `*` is anything. */
function matches(path) {
	const [before, behind] = posix.basename(path).split("*");
	const names = readdirSync(join(root, posix.dirname(path)));
	return names.some((name) => name.startsWith(before) && name.endsWith(behind));
}

test("the map names what is there, and every folder", () => {
	const [, map] = /\n## Map\n\n```text\n(.*?)```/s.exec(read(".", "ARCHITECTURE.md"));
	const missing = [];
	const folders = new Set();
	let folder = "";
	for (const line of map.split("\n")) {
		// Names stand first, and what they are behind two spaces, or behind the last name.
		const [, indent, names] = /^( {0,2})(\S+(?: \S+)*)/.exec(line) ?? [];
		if (names === undefined || line.startsWith("   ")) continue;
		for (const name of names.split(" ")) {
			if (!/^[\w.*/-]+(\/|\.(rs|ts|mjs|md))$/.test(name)) break;
			if (indent === "" && name.endsWith("/")) {
				folder = name;
				folders.add(name.split("/")[0]);
			}
			const path = indent === "" ? name : posix.join(folder, name);
			const there = path.includes("*") ? matches(path) : existsSync(join(root, path));
			if (!there) missing.push(path);
		}
	}
	assert.deepEqual(missing, []);
	const inRepository = readdirSync(root, { withFileTypes: true })
		.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
		.map(({ name }) => name)
		.filter((name) => !["target", "pkg", "dist", "node_modules"].includes(name));
	assert.deepEqual(
		inRepository.filter((name) => !folders.has(name)),
		[],
	);
});
