// The signature, one step at a time.

import type { Context } from "../context.ts";
import { copyButton } from "../copying.ts";
import { element } from "../dom.ts";
import type { Answer } from "../protocol.ts";

type StepId = "fields" | "names" | "sort" | "join" | "bytes" | "digest";

/** A step shows so much of its lines, in characters. */
const longestShown = 4000;

export function steps(context: Context, answer: Answer): HTMLElement | null {
	const { text } = context;
	const { explanation, standIn, diagnosis, hasKey } = answer;
	if (explanation === null) return null;
	const linesOf = new Map<StepId, readonly string[]>(explanation.steps.map(({ id, lines }) => [id, lines]));
	// With a key that stood in the text, only the diagnosis has the right answers.
	if (standIn && hasKey && diagnosis !== null) {
		linesOf.set("sort", []);
		linesOf.set("join", [diagnosis.documentedText]);
		linesOf.set("digest", [diagnosis.documentedSignature]);
	} else if (standIn) {
		linesOf.set("digest", []);
	}
	const sorted = linesOf.get("sort") ?? [];
	linesOf.set("bytes", (sorted.length > 0 ? sorted : (linesOf.get("join") ?? [])).map(bytes));
	const order: readonly StepId[] = ["fields", "names", "sort", "join", "bytes", "digest"];
	return element(
		"section",
		{ class: "steps", "aria-labelledby": "steps-title" },
		element("h3", { id: "steps-title" }, text.stepsTitle),
		standIn && !hasKey && element("p", { class: "note" }, text.stepsStandIn),
		element(
			"ol",
			{ id: "steps" },
			...order.flatMap((id) => {
				const lines = linesOf.get(id) ?? [];
				return lines.length > 0 ? [step(context, id, lines, answer)] : [];
			}),
		),
	);
}

function step(context: Context, id: StepId, lines: readonly string[], answer: Answer): HTMLElement {
	const { text } = context;
	const { title, doc } = text.steps[id];
	const content = lines.join(id === "bytes" ? " 26\n" : "\n");
	const hidden = content.length - longestShown;
	const described = id === "names" && answer.message === "editAddress" ? text.namesWithoutKey : doc;
	return element(
		"li",
		{ "data-step": id },
		element(
			"div",
			{ class: "row" },
			element("h4", {}, title),
			copyButton(context, title, () => content),
		),
		element("p", { class: "hint" }, described),
		element(
			"pre",
			{ class: "mono", translate: "no", tabindex: "0", "aria-label": title },
			content.slice(0, longestShown),
			hidden > 0 && element("span", { class: "muted" }, `\n${text.cut(context.number(hidden))}`),
		),
	);
}

/** The UTF-8 bytes in hexadecimal; those of a masked key stay masked. */
function bytes(line: string): string {
	return line
		.split(/(«\d+ chars[^»]*»)/)
		.filter((part) => part !== "")
		.map((part) => (/^«\d+ chars/.test(part) ? part : hex(part)))
		.join(" ");
}

function hex(text: string): string {
	return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
