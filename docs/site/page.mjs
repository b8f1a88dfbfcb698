// The page around a text. There is no script: what it needs is HTML and a style sheet.

import { posix } from "node:path";
import { outputOf } from "./contents.mjs";
import { escapeHtml } from "./markdown.mjs";
import { languages, texts } from "./texts.mjs";

const policy =
	"default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'";

/** The address of one file of the site, seen from another. */
export const relative = (from, to) => posix.relative(posix.dirname(from), to);

/**
 * A whole page. `pages` is the reading order, `sections` the navigation; `page` has a name, its texts and, in `shown`, what
 * `render` made of the text in this language, or else in English.
 */
export function htmlOf({ page, language, shown, sections, pages, repository }) {
	const words = texts[language];
	const here = outputOf(page.name, language);
	const to = (name) => relative(here, name);
	const english = page.texts[language] === undefined;
	const at = pages.indexOf(page);
	return `<!doctype html>
<html lang="${words.htmlLanguage}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(shown.title === words.site ? words.site : `${shown.title} · ${words.site}`)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${to("style.css")}">
${alternates(page, here)}</head>
<body>
<a class="skip" href="#page-text">${words.skip}</a>
<header>
<a class="brand" href="${to(outputOf("index", language))}">${words.site}</a>
<p class="languages">${switches(page, language, here)}</p>
</header>
<details class="contents-phone"><summary>${words.contents}</summary>${navigation("phone")}</details>
<div class="columns">
${navigation("side")}
<main id="page-text" tabindex="-1">
${english && words.onlyEnglish !== undefined ? `<p class="note">${words.onlyEnglish}</p>\n` : ""}<article${english ? ' lang="en"' : ""}>
${shown.html}</article>
<footer>
${turn("previous", pages[at - 1])}${turn("next", pages[at + 1])}
<p>${sourceLink()}<a href="${repository}">${words.repository}</a></p>
</footer>
</main>
${onThisPage()}
</div>
</body>
</html>
`;

	function navigation(where) {
		const lists = sections.map(({ title, pages: listed }) => {
			const items = listed.map((other) => {
				const current = other === page ? ' aria-current="page"' : "";
				return `<li><a href="${addressOf(other)}"${current}>${escapeHtml(titleOf(other))}</a></li>`;
			});
			return `<p class="section">${title[language]}</p>\n<ul>\n${items.join("\n")}\n</ul>`;
		});
		const label =
			where === "side" ? ` aria-label="${words.contents}"` : ` aria-label="${words.contents} (2)"`;
		return `<nav class="contents"${label}>\n${lists.join("\n")}\n</nav>`;
	}

	function addressOf(other) {
		if (other.elsewhere === true) return to(`${other.name}.html`);
		return to(outputOf(other.name, other.englishOnly === true ? "en" : language));
	}

	function titleOf(other) {
		return other.titles[language] ?? other.titles.en;
	}

	function onThisPage() {
		const listed = shown.headings.filter(({ level }) => level === 2 || level === 3);
		if (listed.length < 2) return "";
		const items = listed.map(
			({ level, id, text }) => `<li class="level-${level}"><a href="#${id}">${escapeHtml(text)}</a></li>`,
		);
		return `<nav class="here" aria-label="${words.onThisPage}">\n<p class="section">${words.onThisPage}</p>\n<ul${english ? ' lang="en"' : ""}>\n${items.join("\n")}\n</ul>\n</nav>`;
	}

	function turn(which, other) {
		if (other === undefined) return "";
		return `<a class="${which}" href="${addressOf(other)}"><span>${words[which]}</span> ${escapeHtml(titleOf(other))}</a>\n`;
	}

	function sourceLink() {
		const file = (page.texts[language] ?? page.texts.en).file;
		return file === undefined ? "" : `<a href="${repository}/blob/main/${file}">${words.source}</a> · `;
	}
}

function switches(page, language, here) {
	return languages
		.map((other) => {
			const { language: name, htmlLanguage } = texts[other];
			if (other === language) return `<span lang="${htmlLanguage}" aria-current="true">${name}</span>`;
			const name_ = page.englishOnly === true ? "index" : page.name;
			return `<a href="${relative(here, outputOf(name_, other))}" lang="${htmlLanguage}" hreflang="${htmlLanguage}">${name}</a>`;
		})
		.join(" ");
}

function alternates(page, here) {
	if (page.englishOnly === true) return "";
	return languages
		.map(
			(other) =>
				`<link rel="alternate" hreflang="${texts[other].htmlLanguage}" href="${relative(here, outputOf(page.name, other))}">\n`,
		)
		.join("");
}
