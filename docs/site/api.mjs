// The reference of the npm package, from the TSDoc comments in its published types: a page for each entry of `exports`.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Application } from "typedoc";
import { root } from "./contents.mjs";

const folder = join(root, "target/docs/api");

export async function readApi() {
	const { exports: entries } = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8"));
	const modules = Object.entries(entries)
		.map(([entry, target]) => [entry, target.default ?? target])
		.filter(([, file]) => file.endsWith(".js"))
		.map(([entry, file]) => ({
			title: entry.replace(/^\./, "paysign"),
			types: join(root, "pkg", file.replace(/\.js$/, ".d.ts")),
			source: file.replace(/^\./, "pkg-templates").replace(/\.js$/, ".ts"),
			// The plugin names a folder's index after the folder.
			file: file.replace(/^\.\//, "").replace(/(\/index)?\.js$/, ".md"),
		}));

	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const tsconfig = join(folder, "tsconfig.json");
	const compilerOptions = {
		target: "es2022",
		module: "nodenext",
		lib: ["ES2022", "DOM", "DOM.Iterable"],
		types: ["node"],
		typeRoots: [join(root, "node_modules/@types")],
		strict: true,
		noEmit: true,
	};
	const files = modules.map(({ types }) => types);
	writeFileSync(tsconfig, JSON.stringify({ compilerOptions, files }));

	const app = await Application.bootstrapWithPlugins({
		name: "paysign",
		tsconfig,
		entryPoints: files,
		basePath: join(root, "pkg"),
		plugin: ["typedoc-plugin-markdown"],
		out: join(folder, "pages"),
		outputFileStrategy: "modules",
		hideBreadcrumbs: true,
		hidePageHeader: true,
		useHTMLAnchors: true,
		useCodeBlocks: true,
		parametersFormat: "table",
		interfacePropertiesFormat: "table",
		readme: "none",
		disableSources: true,
		excludeExternals: true,
		// A link in a comment that leads nowhere is an error.
		treatWarningsAsErrors: true,
		logLevel: "Warn",
	});
	const project = await app.convert();
	if (project === undefined) throw new Error("TypeDoc could not read the types of pkg/");
	await app.generateOutputs(project);
	if (app.logger.hasErrors() || app.logger.hasWarnings()) {
		throw new Error("TypeDoc has something to say about the comments in pkg/");
	}

	return modules.map(({ title, file, source }) => ({
		name: `api/${file.replace(/\.md$/, "")}`,
		of: source,
		markdown: readFileSync(join(folder, "pages", file), "utf8")
			.replace(/^# .*$/m, `# ${title}`)
			// Between its parts it draws lines, which headings do already.
			.replace(/^\*\*\*\n/gm, "")
			.replace(/<a id="([^"]+)"><\/a>/g, onlyOnce())
			// An anchor stands in its heading, and a section of a comment below the page's one title.
			.replace(/^(<a id="[^"]+"><\/a>)\n\n(#+) /gm, "$2 $1 ")
			.replace(/(?<=\n)# (?=\w)/g, "#### "),
	}));
}

/** Properties of the same name in several interfaces would share one anchor: the first one keeps it. */
function onlyOnce() {
	const seen = new Set();
	return (anchor, id) => {
		if (seen.has(id)) return "";
		seen.add(id);
		return anchor;
	};
}
