// docs/, the built package and the crate → dist/docs: plain files, for any path of any static host.
// node docs/site/build.mjs MISTAKES.json RUSTDOC

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { build } from "esbuild";
import { readApi } from "./api.mjs";
import { outputOf, readContents, root } from "./contents.mjs";
import { madePages } from "./generated.mjs";
import { render } from "./markdown.mjs";
import { htmlOf, relative } from "./page.mjs";
import { languages } from "./texts.mjs";

const [, , mistakesFile, rustdoc] = process.argv;
const out = join(root, "dist/docs");
const repository = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8"))
	.repository.url.replace(/^git\+/, "")
	.replace(/\.git$/, "");

const made = madePages(JSON.parse(readFileSync(mistakesFile, "utf8")));
const sections = readContents({ made, api: await readApi() });
const pages = sections.flatMap((section) => section.pages);
const images = new Set();
for (const page of pages) {
	page.rendered = {};
	for (const language of page.elsewhere === true ? [] : languages) {
		if (page.englishOnly && language !== "en") continue;
		const text = page.texts[language] ?? page.texts.en;
		const link = (address) => leadTo(address, { page, language, file: text.file });
		page.rendered[language] = render(text.markdown, { language, link });
	}
	const own = Object.entries(page.rendered).map(([language, { title }]) => [language, title]);
	page.titles = { ...Object.fromEntries(own), ...page.titles };
}

rmSync(out, { recursive: true, force: true });
const write = (name, content) => {
	const file = join(out, name);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, content);
};
const reading = pages.filter((page) => page.elsewhere !== true);
for (const page of reading) {
	for (const [language, shown] of Object.entries(page.rendered)) {
		write(
			outputOf(page.name, language),
			htmlOf({ page, language, shown, sections, pages: reading, repository }),
		);
	}
}
for (const image of images) cpSync(join(root, image), join(out, image.replace(/^docs\//, "")));
const { outputFiles } = await build({
	absWorkingDir: root,
	entryPoints: ["docs/site/style.css"],
	bundle: true,
	minify: true,
	write: false,
	charset: "utf8",
	logLevel: "warning",
});
write("style.css", outputFiles[0].text);
cpSync(rustdoc, join(out, "rust"), { recursive: true });
mendCratePage("rust/paysign/index.html");
console.log(`${reading.length} pages`);

/** Where an address in a text leads: to a page of the site, to an image beside it, or to the repository. */
function leadTo(address, { page, language, file }) {
	if (/^([a-z]+:|#)/.test(address)) return address;
	const [path, anchor] = address.split("#");
	const hash = anchor === undefined ? "" : `#${anchor}`;
	const here = outputOf(page.name, language);
	// Pages that have no file name others as they are in the output.
	if (file === undefined) return address.replace(/\.md(?=#|$)/, ".html");
	const target = posix.normalize(posix.join(posix.dirname(file), path));
	const found = pages.find(({ source }) => source === target.replace(/\.zh\.md$/, ".md"));
	if (found !== undefined) {
		// A file in Chinese names the English page only when it means that one.
		const wanted = target.endsWith(".zh.md") ? "zh" : found.texts[language] === undefined ? language : "en";
		return `${relative(here, outputOf(found.name, wanted))}${hash}`;
	}
	const shows = pages.find(({ of }) => of === target);
	if (shows !== undefined) {
		const wanted = shows.englishOnly === true || shows.elsewhere === true ? "en" : language;
		return `${relative(here, outputOf(shows.name, wanted))}${hash}`;
	}
	if (!existsSync(join(root, target))) throw new Error(`${file} leads to ${target}, which is not there`);
	if (/\.(png|svg)$/.test(target)) {
		images.add(target);
		return relative(here, target.replace(/^docs\//, ""));
	}
	return `${repository}/blob/main/${target}${hash}`;
}

/** The crate's first page is the README, whose links are those of the repository. */
function mendCratePage(name) {
	const html = readFileSync(join(out, name), "utf8");
	const mended = html.replace(/ (href|src)="([^":#]+)(#[^"]*)?"/g, (whole, attribute, path, hash = "") => {
		if (existsSync(join(out, posix.dirname(name), path)) || !existsSync(join(root, path))) return whole;
		const page = pages.find(({ source }) => source === path);
		const image = /\.(png|svg)$/.test(path);
		if (image) cpSync(join(root, path), join(out, path.replace(/^docs\//, "")));
		const target =
			page !== undefined ? outputOf(page.name, "en") : image ? path.replace(/^docs\//, "") : undefined;
		const address = target === undefined ? `${repository}/blob/main/${path}` : relative(name, target);
		return ` ${attribute}="${address}${hash}"`;
	});
	write(name, mended);
}
