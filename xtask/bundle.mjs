// `node xtask/bundle.mjs MODULES BUNDLED`: the package's modules, a file each, become a file for each entry.
//
// Node.js takes more time to find and open a file than to run it, and `paysign` was some fifty of them. Now it is
// two: index.js, in which are the module and its glue, and shared.js, in which is what index.js has in common with
// other entries. What only other entries share is in a shared.js of its folder. It is one graph, so each thing, and
// above all the class of the errors, is there once.
//
// What loads a module is there a second time for workerd: the same, but for the bytes.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { transform } from "esbuild";
import { rollup } from "rollup";

const [modules, bundled] = process.argv.slice(2).map((folder) => resolve(folder));
const { exports } = JSON.parse(readFileSync(join(modules, "package.json"), "utf8"));
const nameOf = (target) => target.replace(/^\.\/|\.js$/g, "");
const targets = Object.values(exports).filter((target) => target !== "./package.json");
const published = targets.map((target) => nameOf(target.default ?? target));
const forWorkerd = new Map(
	targets.filter(({ workerd }) => workerd).map((target) => [nameOf(target.default), nameOf(target.workerd)]),
);
const index = nameOf(exports["."].default);
/** What the command line and the page use beside them, by its path: nobody else can. */
const inner = ["arguments", "callbacks/request", "errors", "mask", "sandbox/fetch"];

/** The modules as TypeScript left them, with their source maps. */
const withMaps = {
	name: "with-maps",
	load(id) {
		const code = readFileSync(id, "utf8");
		// Of the bytes there is no source.
		if (id.endsWith(".bytes.js")) return { code, map: { mappings: "" } };
		if (!existsSync(`${id}.map`)) return { code, map: null };
		const map = JSON.parse(readFileSync(`${id}.map`, "utf8"));
		const sources = map.sources.map((source) => join(modules, source));
		return { code, map: { ...map, sources, sourceRoot: "" } };
	},
};

/** What the comments say stands in the declarations and in the source maps; a start need not read it. */
const withoutComments = {
	name: "without-comments",
	transform(code, id) {
		if (id.endsWith(".bytes.js")) return null;
		const options = { format: "esm", target: "es2022", charset: "utf8", legalComments: "none" };
		return transform(code, { ...options, sourcemap: "external", sourcefile: id });
	},
};

/** The file that workerd compiles, in place of the bytes. */
const withFile = {
	name: "with-file",
	resolveId(source, importer) {
		if (!source.endsWith(".bytes.js")) return null;
		return { id: resolve(dirname(importer), source.replace(/bytes\.js$/, "wasm")), external: true };
	},
};

/** The published entries that need a module. */
function usersOf(id, { getModuleInfo }) {
	const seen = new Set();
	const waiting = [id];
	for (const next of waiting) {
		if (seen.has(next)) continue;
		seen.add(next);
		waiting.push(...getModuleInfo(next).importers);
	}
	return published.filter((name) => seen.has(join(modules, `${name}.js`)));
}

function chunkOf(id, graph) {
	const users = usersOf(id, graph);
	if (users.length < 2) return undefined;
	if (users.includes(index)) return "shared";
	return graph.getModuleInfo(id).isEntry ? undefined : join(dirname(relative(modules, id)), "shared");
}

async function bundle(...plugins) {
	const entries = [...published, ...inner].map((name) => [name, join(modules, `${name}.js`)]);
	const built = await rollup({
		input: Object.fromEntries(entries),
		preserveEntrySignatures: "strict",
		external: /^node:/,
		plugins: [...plugins, withMaps, withoutComments],
		onLog(_, log) {
			throw new Error(log.message);
		},
	});
	const { output } = await built.generate({
		format: "es",
		chunkFileNames: "[name].js",
		hoistTransitiveImports: false,
		minifyInternalExports: false,
		sourcemap: true,
		sourcemapPathTransform: (source, map) => relative(modules, resolve(dirname(map), source)),
		dir: bundled,
		manualChunks: chunkOf,
	});
	return output;
}

function writeBundled(name, content) {
	const file = join(bundled, name);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, content);
}

for (const { type, fileName, code, source } of await bundle()) {
	if (type === "chunk") writeBundled(fileName, code);
	else writeBundled(fileName, JSON.stringify({ ...JSON.parse(source), sourceRoot: "paysign:///" }));
}
for (const { type, fileName, code } of await bundle(withFile)) {
	if (type !== "chunk") continue;
	const name = forWorkerd.get(nameOf(fileName));
	// Without a map: in its place the bundler of a Worker makes its own.
	if (name !== undefined) writeBundled(`${name}.js`, code.replace(/\n\/\/# sourceMappingURL=.*\n$/, "\n"));
	else if (code !== readFileSync(join(bundled, fileName), "utf8"))
		throw new Error(`${fileName} differs in workerd`);
}
