// The same signature in the language of the program that has to make it.

import type { MessageDescription } from "paysign/diagnose";
import { type Language as CodeLanguage, codeFor, languages } from "../code/index.ts";
import type { Context } from "../context.ts";
import { copyButton } from "../copying.ts";
import { element } from "../dom.ts";
import type { Row } from "../protocol.ts";

let chosen: CodeLanguage = "php";

export function code(context: Context, message: MessageDescription, fields: readonly Row[]): HTMLElement {
	const { text } = context;
	const shown = element("code", {});
	const panel = element(
		"div",
		{ role: "tabpanel", id: "code-panel", "aria-labelledby": `code-${chosen}` },
		element(
			"pre",
			{ class: "mono", id: "code-text", translate: "no", tabindex: "0", "aria-label": text.codeTitle },
			shown,
		),
	);
	const tabs = languages.map(({ id, label }) =>
		element(
			"button",
			{ type: "button", role: "tab", id: `code-${id}`, "data-language": id, "aria-controls": "code-panel" },
			label,
		),
	);
	const show = (language: CodeLanguage) => {
		chosen = language;
		shown.textContent = codeFor(language, { message, fields });
		panel.setAttribute("aria-labelledby", `code-${language}`);
		for (const tab of tabs) {
			const isChosen = tab.dataset.language === language;
			tab.setAttribute("aria-selected", String(isChosen));
			tab.tabIndex = isChosen ? 0 : -1;
		}
	};
	const list = element("div", { role: "tablist", class: "tabs", "aria-label": text.codeLanguages }, ...tabs);
	tabs.forEach((tab, index) => {
		const language = languages[index]?.id ?? chosen;
		tab.addEventListener("click", () => show(language));
	});
	list.addEventListener("keydown", (event) => {
		const at = languages.findIndex(({ id }) => id === chosen);
		const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: languages.length - 1 }[event.key];
		if (to === undefined) return;
		event.preventDefault();
		const next = (to + languages.length) % languages.length;
		show(languages[next]?.id ?? chosen);
		tabs[next]?.focus();
	});
	show(chosen);
	return element(
		"section",
		{ class: "code", id: "code", "aria-labelledby": "code-title" },
		element(
			"div",
			{ class: "row" },
			element("h3", { id: "code-title" }, text.codeTitle),
			copyButton(context, text.codeTitle, () => shown.textContent ?? ""),
		),
		element("p", { class: "hint" }, text.codeHint),
		list,
		panel,
	);
}
