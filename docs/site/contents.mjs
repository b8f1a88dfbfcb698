// contents.json, the one table of contents, as pages in reading order: where each comes from and where it goes.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { languages } from "./texts.mjs";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Where a page of this name is in a language: English at the top, the others in a folder each. */
export const outputOf = (name, language) => (language === "en" ? `${name}.html` : `${language}/${name}.html`);

const chineseOf = (source) => source.replace(/\.md$/, ".zh.md");

/**
 * The sections with their pages, in the order of contents.json. `made` gives the Markdown of pages that have no file, by
 * name and language; `api` the pages of the package's reference, each with its name and Markdown. `of` is the file that a
 * page shows: a link to the file leads to the page.
 * `titles` are for the navigation, where the page has no title in that language.
 */
export function readContents({ made, api }) {
	const { sections } = JSON.parse(readFileSync(new URL("contents.json", import.meta.url), "utf8"));
	const read = sections.map(({ title, pages }) => ({
		title,
		pages: pages.flatMap((page) => {
			if (page.source !== undefined) return [fromFile(page)];
			if (page.made !== undefined) return [fromData(page, made)];
			if (page.rust === true)
				return [{ name: "rust/paysign/index", elsewhere: true, of: "src/lib.rs", titles: rustTitle }];
			return api.map(({ name, of, markdown }) => ({
				name,
				of,
				englishOnly: true,
				texts: { en: { markdown } },
			}));
		}),
	}));
	const listed = new Set(read.flatMap(({ pages }) => pages.map(({ source }) => source)));
	for (const file of readdirSync(join(root, "docs"), { recursive: true })) {
		const source = `docs/${file.replaceAll("\\", "/")}`;
		if (!source.endsWith(".md") || source.startsWith("docs/site/")) continue;
		if (!listed.has(source.replace(/\.zh\.md$/, ".md"))) {
			throw new Error(`${source} is not in docs/site/contents.json, so nobody would find it`);
		}
	}
	return read;
}

const rustTitle = { en: "The crate, in Rust", zh: "Rust crate" };

function fromFile({ source, titles }) {
	const name = source
		.replace(/^docs\//, "")
		.replace(/\.md$/, "")
		.toLowerCase();
	const page = { name, source, titles, texts: {} };
	for (const language of languages) {
		const file = language === "en" ? source : chineseOf(source);
		if (language !== "en" && !existsSync(join(root, file))) continue;
		const markdown = readFileSync(join(root, file), "utf8");
		// The way to the other language stands at the top of every page anyway.
		page.texts[language] = { file, markdown: markdown.replace(/^\[(English|中文)\]\(.*\)\n\n/m, "") };
	}
	return page;
}

function fromData({ made: name, of }, made) {
	return {
		name,
		of,
		texts: Object.fromEntries(languages.map((language) => [language, { markdown: made[name](language) }])),
	};
}
