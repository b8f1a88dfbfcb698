// Markdown → HTML: highlighted when it is built, headings that can be linked to, tables and code that scroll by themselves.

import hljs from "highlight.js/lib/common";
import MarkdownIt from "markdown-it";
import { texts } from "./texts.mjs";

/** GitHub's way of naming a heading, so that a link works there and here; none gets a name of `taken`. */
function slugger(taken) {
	const seen = new Map(taken.map((name) => [name, 1]));
	return (text) => {
		const slug = text
			.trim()
			.toLowerCase()
			.replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
			.replaceAll(" ", "-");
		const times = seen.get(slug) ?? 0;
		seen.set(slug, times + 1);
		return times === 0 ? slug : `${slug}-${times}`;
	};
}

export const escapeHtml = (text) =>
	text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const titles = { ts: "TypeScript", sh: "Shell", php: "PHP", rust: "Rust", json: "JSON", js: "JavaScript" };

/**
 * The HTML of a page, its title and its headings. `link` says where an address of the Markdown leads from this page.
 */
export function render(markdown, { language, link }) {
	const words = texts[language];
	const md = new MarkdownIt({ html: true });
	const { rules } = md.renderer;

	rules.fence = (tokens, index) => {
		const { content, info } = tokens[index];
		const [name = "", ...rest] = info.trim().split(/\s+/);
		const known = hljs.getLanguage(name) !== undefined;
		const html = known ? hljs.highlight(content, { language: name }).value : escapeHtml(content);
		const prints = rest.includes("output");
		const caption = prints ? words.prints : (titles[name] ?? "");
		return (
			`<figure class="code${prints ? " output" : ""}">` +
			(caption === "" ? "" : `<figcaption>${escapeHtml(caption)}</figcaption>`) +
			`<pre tabindex="0"><code>${html}</code></pre></figure>\n`
		);
	};
	rules.table_open = () => '<div class="table" tabindex="0"><table>\n';
	rules.table_close = () => "</table></div>\n";
	// Chinese has no spaces where its lines are broken.
	rules.softbreak = (tokens, index) => {
		const before = tokens.slice(0, index).findLast(({ content }) => content !== "")?.content ?? "";
		const behind = tokens.slice(index + 1).find(({ content }) => content !== "")?.content ?? "";
		return language === "zh" &&
			/[\p{sc=Han}\u3000-\u303f\uff00-\uffef]$/u.test(before) &&
			/^[\p{sc=Han}\u3000-\u303f\uff00-\uffef“]/u.test(behind)
			? ""
			: "\n";
	};
	// A header cell without a word heads nothing.
	rules.th_open = (tokens, index, options, _, self) => {
		const token = tokens[index];
		if (tokens[index + 1].content === "") token.tag = "td";
		else token.attrSet("scope", "col");
		return self.renderToken(tokens, index, options);
	};
	rules.th_close = (tokens, index) => (tokens[index - 1].content === "" ? "</td>\n" : "</th>\n");

	const tokens = md.parse(markdown, {});
	const slug = slugger([...markdown.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id));
	const headings = [];
	for (const [index, token] of tokens.entries()) {
		const align = /^text-align:(\w+)$/.exec(token.attrGet("style") ?? "");
		// The policy allows no style outside of the style sheet.
		if (align !== null) token.attrs = [["class", align[1]]];
		if (token.type === "heading_open") {
			const inline = tokens[index + 1];
			const anchor = /^<a id="([^"]+)">$/.exec(inline.children[0]?.content ?? "");
			// TypeDoc names its headings itself.
			if (anchor !== null) inline.children.splice(0, 2);
			const text = plain(inline).trim();
			const id = anchor?.[1] ?? slug(text);
			token.attrSet("id", id);
			headings.push({ level: Number(token.tag.slice(1)), id, text });
		}
		for (const child of token.children ?? []) {
			for (const name of ["href", "src"]) {
				const address = child.attrGet(name);
				if (address !== null) child.attrSet(name, link(address));
			}
		}
	}
	const title = headings.find(({ level }) => level === 1)?.text;
	if (title === undefined) throw new Error("a page begins with a heading of the first level");
	return { html: beside(md.renderer.render(tokens, md.options, {})), title, headings };
}

const plain = ({ children }) => children.map(({ content }) => content).join("");

/** A program in PHP and what replaces it stand beside each other where there is room. */
function beside(html) {
	const figure = String.raw`<figure class="code"><figcaption>X</figcaption>(?:(?!</figure>).)*</figure>\n`;
	const pair = new RegExp(figure.replace("X", "PHP") + figure.replace("X", "TypeScript"), "gs");
	return html.replace(pair, '<div class="beside">\n$&</div>\n');
}
