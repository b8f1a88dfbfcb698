// www/ → dist/www: index.html with its English texts, style.css, and page.js with the worker inside.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describeMessages } from "paysign/diagnose";
import { pickExamples } from "./pick-examples.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = `${root}dist/www`;
const readJson = (file) => JSON.parse(readFileSync(`${root}${file}`, "utf8"));

const common = {
	absWorkingDir: root,
	bundle: true,
	write: false,
	platform: "browser",
	target: "es2022",
	charset: "utf8",
	logLevel: "warning",
};

/** A bundle as text. */
async function bundled(entry, options) {
	const { outputFiles } = await build({ ...common, entryPoints: [entry], ...options });
	return outputFiles[0].text;
}

/** Modules of this name hold a value that is made here. */
const made = (values) => ({
	name: "made",
	setup({ onResolve, onLoad }) {
		onResolve({ filter: /^made:/ }, ({ path }) => ({ path, namespace: "made" }));
		onLoad({ filter: /.*/, namespace: "made" }, ({ path }) => ({
			contents: `export default ${JSON.stringify(values[path])}`,
			loader: "js",
		}));
	},
});

const worker = await bundled("www/worker.ts", { format: "iife", minify: true });
const examples = pickExamples(
	readJson("tests/vectors/signatures.json"),
	readJson("tests/vectors/mistakes.json"),
);
const page = await bundled("www/page.ts", {
	format: "iife",
	minify: true,
	plugins: [made({ "made:worker": worker, "made:examples": examples, "made:messages": describeMessages() })],
});
const css = await build({ ...common, entryPoints: ["www/style.css"], minify: true });

// The texts stand in texts.ts alone; the page shows the English ones before its script has run.
const { texts } = await import(
	`data:text/javascript;base64,${Buffer.from(await bundled("www/texts.ts", { format: "esm" })).toString("base64")}`
);
const english = (path) => {
	const text = path.split(".").reduce((part, key) => part?.[key], texts.en);
	if (typeof text !== "string")
		throw new Error(`index.html names the text ${path}, which texts.ts does not have`);
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
};
const html = readFileSync(`${root}www/index.html`, "utf8")
	.replace(/ data-text>(\w+)</g, (_, key) => ` data-text="${key}">${english(key)}<`)
	.replace(/\{([\w.]+)\}/g, (_, path) => english(path));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const [name, content] of [
	["index.html", html],
	["style.css", css.outputFiles[0].text],
	["page.js", page],
]) {
	writeFileSync(`${out}/${name}`, content);
}
