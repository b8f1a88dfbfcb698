// The two texts, one above the other, so that what is equal stands in the same columns.

import type { Diagnosis } from "paysign/diagnose";
import { align, type Chunk, type Piece } from "../../pkg/cli/align.js";
import { glyphs, widthOf } from "../../pkg/cli/glyphs.js";
import type { Context } from "../context.ts";
import { element } from "../dom.ts";

/** More equal lines in a row than this are folded. */
const longestRun = 3;
/** More differences than this are not listed in words. */
const mostListed = 40;

export function comparison(context: Context, diagnosis: Diagnosis, columns: number): HTMLElement {
	const { text, words } = context;
	const { documentedText, signedText, differences, verdict } = diagnosis;
	const isSame = signedText === null || differences.length === 0;
	const unlike = isSame ? words.texts.same : words.texts.title;
	const known = verdict === "match" ? words.texts.right : unlike;
	const chunks = align(documentedText, signedText ?? documentedText, differences, Math.max(12, columns));
	return element(
		"section",
		{ class: "comparison", id: "comparison", "aria-labelledby": "comparison-title" },
		element("h3", { id: "comparison-title" }, text.comparisonTitle),
		element("p", { class: "hint" }, signedText === null ? words.texts.only : known),
		!isSame && legend(context),
		element(
			"div",
			{ class: "lines mono", translate: "no", "aria-hidden": isSame ? undefined : "true" },
			...lines(context, chunks),
		),
		!isSame && list(context, diagnosis),
		element("p", { class: "hint symbols-hint", "aria-hidden": "true" }, text.symbols),
	);
}

function legend({ words }: Context): HTMLElement {
	const entry = (kind: "must" | "was", label: string) =>
		element("li", {}, element("span", { class: `margin ${kind}` }, margins[kind]), ` ${label}`);
	return element(
		"ul",
		{ class: "legend", "aria-hidden": "true" },
		entry("must", words.texts.documented),
		entry("was", words.texts.signed),
	);
}

const margins = { must: "✓", was: "✗" } as const;

function lines(context: Context, chunks: readonly Chunk[]): HTMLElement[] {
	const drawn: HTMLElement[] = [];
	for (let index = 0; index < chunks.length; ) {
		let end = index;
		while (end < chunks.length && chunks[end]?.marks === "") end++;
		// A line of context stays on each side of what differs.
		const [from, to] = [index === 0 ? index : index + 1, end === chunks.length ? end : end - 1];
		const isFolded = end - index > longestRun && to - from > 1 && chunks.length > end - index;
		const stretch = chunks.slice(index, end);
		if (isFolded) {
			drawn.push(...stretch.slice(0, from - index).map(equal));
			drawn.push(element("div", { class: "folded" }, `⋯ ${context.text.sameLines(to - from)}`));
			drawn.push(...stretch.slice(to - index).map(equal));
		} else {
			drawn.push(...stretch.map(equal));
		}
		const chunk = chunks[end];
		if (chunk !== undefined) drawn.push(unequal(chunk));
		index = end + 1;
	}
	return drawn;
}

function equal({ upper }: Chunk): HTMLElement {
	return element("div", { class: "line" }, element("span", { class: "margin" }), pieces(upper, "must"));
}

function unequal({ upper, lower }: Chunk): HTMLElement {
	const row = (of: readonly Piece[], kind: "must" | "was") =>
		element(
			"div",
			{ class: `line ${kind}` },
			element("span", { class: `margin ${kind}` }, margins[kind]),
			pieces(of, kind),
		);
	return element("div", { class: "unequal" }, row(upper, "must"), row(lower, "was"));
}

function pieces(of: readonly Piece[], kind: "must" | "was"): HTMLElement {
	const drawn = of.map(({ text, differs }) => {
		if (!differs) return element("span", {}, ...columnsOf(text));
		const isGap = text.trim() === "";
		return element("mark", { class: isGap ? `${kind} gap` : kind }, ...columnsOf(text));
	});
	return element("span", { class: "text" }, ...drawn);
}

/** Characters that fonts draw wider or narrower than a terminal are given the width that they must have. */
function columnsOf(text: string): Array<HTMLElement | string> {
	return (text.match(/[ -~]+|[^ -~]/gu) ?? []).map((part) => {
		if (/^[ -~]/.test(part)) return part;
		return element("span", { class: `wide-${Math.max(1, widthOf(part))}` }, part);
	});
}

/** The differences in words: for those who hear the page. */
function list({ text }: Context, { documentedText, signedText, differences }: Diagnosis): HTMLElement {
	const [documented, signed] = [glyphs(documentedText), glyphs(signedText ?? "")];
	const shown = (of: readonly string[], [from, to]: readonly [number, number]) =>
		from === to ? text.nothing : of.slice(from, to).join("");
	const items = differences
		.slice(0, mostListed)
		.map((each) =>
			element("li", {}, text.difference(shown(documented, each.documented), shown(signed, each.signed))),
		);
	return element(
		"div",
		{ class: "hidden" },
		element("h4", {}, text.differencesTitle),
		element("ol", { id: "differences" }, ...items),
	);
}
