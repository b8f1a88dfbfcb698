// What was found out, below the verdict.

import type { Diagnosis, MessageDescription, Mistake } from "paysign/diagnose";
import { glyphs } from "../../pkg/cli/glyphs.js";
import type { Context } from "../context.ts";
import { copyButton } from "../copying.ts";
import { element } from "../dom.ts";
import type { Answer, Secrets } from "../protocol.ts";
import { code } from "./code.ts";
import { share } from "./share.ts";
import { steps } from "./steps.ts";

/** Draws everything but the comparison, whose place is kept by the element that is passed. */
export function results(
	context: Context,
	answer: Answer,
	description: MessageDescription | null,
	secrets: Secrets,
	comparison: HTMLElement | null,
): HTMLElement[] {
	const { diagnosis, explanation, hasKey, reading } = answer;
	const isWrong = diagnosis !== null && diagnosis.verdict !== "match" && hasKey;
	const drawn: Array<HTMLElement | null> = [
		diagnosis?.verdict === "explained" ? causes(context, diagnosis) : null,
		answer.signedTextUnread ? element("p", { class: "note" }, context.text.hashedUnread) : null,
		diagnosis === null ? null : fieldDifferences(context, diagnosis),
		comparison,
		signatures(context, answer),
		lints(context, answer),
		diagnosis?.verdict === "unexplained" && hasKey ? next(context) : null,
		isWrong ? excluded(context, diagnosis) : null,
		explanation !== null && explanation.problems.length > 0 ? problems(context, explanation.problems) : null,
		steps(context, answer),
		description === null ? null : code(context, description, reading.fields),
		description === null ? null : share(context, answer, description, secrets),
	];
	return drawn.filter((section) => section !== null);
}

function causes(context: Context, { mistakes, alternatives }: Diagnosis): HTMLElement {
	const { text, words } = context;
	return element(
		"section",
		{ class: "causes", "aria-labelledby": "causes-title" },
		element("h3", { id: "causes-title" }, text.causeTitle(mistakes.length)),
		mistakeList(context, mistakes, "mistakes"),
		...alternatives.flatMap((others) => [
			element("p", { class: "or" }, words.or),
			mistakeList(context, others, undefined),
		]),
	);
}

/** The mistakes, each with its fix. */
export function mistakeList(
	{ text, language }: Context,
	mistakes: readonly Mistake[],
	id: string | undefined,
): HTMLElement {
	const items = mistakes.map((mistake) =>
		element(
			"li",
			{ "data-mistake": mistake.id },
			element("p", { class: "cause" }, mistake.sentence[language]),
			element("p", { class: "fix" }, element("strong", {}, text.fix), " ", mistake.fix[language]),
		),
	);
	return element("ol", { class: "mistakes", id }, ...items);
}

/** What the program signed otherwise than it sent it. */
function fieldDifferences({ words }: Context, { fieldDifferences }: Diagnosis): HTMLElement | null {
	if (fieldDifferences.length === 0) return null;
	const { title, sent, signed, absent } = words.fields;
	const cell = (value: string | null) =>
		element("td", { class: "mono", translate: "no" }, value === null ? absent : glyphs(value).join(""));
	return element(
		"section",
		{ class: "field-differences", "aria-labelledby": "field-differences-title" },
		element("h3", { id: "field-differences-title" }, title),
		element(
			"table",
			{ id: "field-differences" },
			element(
				"thead",
				{},
				element(
					"tr",
					{},
					element("td", {}),
					element("th", { scope: "col" }, sent),
					element("th", { scope: "col" }, signed),
				),
			),
			element(
				"tbody",
				{},
				...fieldDifferences.map((difference) =>
					element(
						"tr",
						{ "data-field": difference.name },
						element("th", { scope: "row", class: "mono", translate: "no" }, difference.name),
						cell(difference.sent),
						cell(difference.signed),
					),
				),
			),
		),
	);
}

function lints(
	{ words, text, language }: Context,
	{ diagnosis, hasKey, reading }: Answer,
): HTMLElement | null {
	// That there is no key, the verdict says.
	const shown = (diagnosis?.lints ?? []).filter(({ id }) => id !== "key-absent");
	const notes = shown.map(({ id, sentence }) => element("li", { "data-lint": id }, sentence[language]));
	if (reading.hasKey) notes.push(element("li", { "data-lint": "key-in-text" }, text.keyInText));
	if (notes.length === 0 || (!hasKey && shown.length === 0)) return null;
	return element(
		"section",
		{ class: "lints", "aria-labelledby": "lints-title" },
		element("h3", { id: "lints-title" }, words.lintsTitle),
		element("ul", { id: "lints" }, ...notes),
	);
}

function next({ text }: Context): HTMLElement {
	return element(
		"section",
		{ class: "next", "aria-labelledby": "next-title" },
		element("h3", { id: "next-title" }, text.nextTitle),
		element("ul", {}, ...text.next.map((hint) => element("li", {}, hint))),
	);
}

function signatures(context: Context, answer: Answer): HTMLElement | null {
	const { text, words } = context;
	const { diagnosis, explanation, standIn, given, hasKey } = answer;
	const computed = standIn ? undefined : explanation?.signature;
	const right = hasKey ? (diagnosis?.documentedSignature ?? computed) : undefined;
	if (right === undefined) return null;
	const row = (title: string, value: string, id: string) => [
		element("dt", {}, title),
		element(
			"dd",
			{},
			element("code", { id, class: "mono", translate: "no" }, value),
			copyButton(context, title, () => value),
		),
	];
	return element(
		"section",
		{ class: "signatures", "aria-labelledby": "signatures-title" },
		element("h3", { id: "signatures-title" }, text.signaturesTitle),
		element(
			"dl",
			{},
			...row(words.signatures.documented, right, "signature-right"),
			...(given === null || given === ""
				? []
				: row(words.signatures.given, given.slice(0, 200), "signature-given")),
		),
	);
}

function excluded({ words, number }: Context, { excluded, tried }: Diagnosis): HTMLElement | null {
	if (excluded.length === 0) return null;
	const items = excluded.map(({ family, tried }) =>
		element(
			"li",
			{ "data-family": family },
			element("span", {}, words.families[family] ?? family),
			element("span", { class: "count" }, number(tried)),
		),
	);
	return element(
		"section",
		{ class: "excluded", "aria-labelledby": "excluded-title" },
		element("h3", { id: "excluded-title" }, words.excludedTitle(number(tried))),
		element("ul", { id: "excluded" }, ...items),
	);
}

function problems(
	{ text }: Context,
	broken: ReadonlyArray<{ readonly code: string; readonly sentence: string }>,
): HTMLElement {
	const items = broken.map(({ code, sentence }) =>
		element("li", { "data-code": code, lang: "en" }, sentence),
	);
	return element(
		"section",
		{ class: "problems", "aria-labelledby": "problems-title" },
		element("h3", { id: "problems-title" }, text.problemsTitle),
		element("ul", { id: "problems" }, ...items),
	);
}
