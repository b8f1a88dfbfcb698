// The examples: one for each message, one for each mistake.

import type { Context } from "../context.ts";
import { button, element } from "../dom.ts";
import type { Example } from "../examples.ts";

/** What is offered before anything was pasted. */
const first = ["charset-gbk", "key-other-appSecret", "names-as-given", "number-float"];

export function exampleGroups(
	context: Context,
	examples: readonly Example[],
	show: (example: Example) => void,
): HTMLElement[] {
	const { text } = context;
	const groups = [
		["right", text.examplesRight],
		["wrong", text.examplesWrong],
		["open", text.examplesOpen],
	] as const;
	return groups.map(([group, title]) =>
		element(
			"div",
			{},
			element("h3", {}, title),
			element(
				"ul",
				{ class: "chips" },
				...examples
					.filter((example) => example.group === group)
					.map((example) => element("li", {}, chip(context, example, show))),
			),
		),
	);
}

/** A few of them, and the way to all. */
export function firstExamples(
	context: Context,
	examples: readonly Example[],
	show: (example: Example) => void,
	showAll: () => void,
): HTMLElement {
	const { text } = context;
	const some = first.flatMap((id) => examples.filter(({ mistake }) => mistake?.id === id));
	return element(
		"section",
		{ class: "first", "aria-label": text.tryOne },
		element("p", {}, text.tryOne),
		element(
			"ul",
			{ class: "chips" },
			...some.map((example) => element("li", {}, chip(context, example, show))),
			element("li", {}, button(text.allExamples, { class: "chip all" }, showAll)),
		),
	);
}

function chip(context: Context, example: Example, show: (example: Example) => void): HTMLElement {
	return button(
		titleOf(context, example),
		{ class: `chip ${example.group}`, "data-example": example.id },
		() => show(example),
	);
}

function titleOf({ text, language }: Context, { id, message, group, mistake }: Example): string {
	if (mistake !== undefined) return mistake.sentence[language];
	return group === "right" ? text.messages[message] : (text.exampleTitles[id] ?? id);
}
