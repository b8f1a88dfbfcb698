// Passing a case on: as a link, as a test. Neither holds a secret.

import type { MessageDescription } from "paysign/diagnose";
import type { Context } from "../context.ts";
import { testOf } from "../copied-test.ts";
import { copyButton } from "../copying.ts";
import { element } from "../dom.ts";
import type { Answer, Secrets } from "../protocol.ts";
import { rowsWithoutSecrets, withoutSecrets } from "../redact.ts";
import { pack } from "../share.ts";

export function share(
	context: Context,
	answer: Answer,
	description: MessageDescription,
	secrets: Secrets,
): HTMLElement {
	const { text, language } = context;
	const { message, reading, diagnosis } = answer;
	const kept = Object.values(secrets);
	const { rows, removed } = rowsWithoutSecrets(reading.fields, kept);
	const given = answer.given === null ? null : withoutSecrets(answer.given, kept);

	const link = element("input", { id: "link", type: "text", class: "mono", readonly: true, translate: "no" });
	const ready = linkTo({ message, given, fields: rows }).then((made) => {
		link.value = made;
		return made;
	});
	link.addEventListener("focus", () => link.select());

	const findings = (diagnosis?.mistakes ?? []).map(
		({ sentence, fix }) => `${sentence[language]} ${fix[language]}`,
	);
	const test = given === null ? null : testOf({ message: description, fields: rows, given, findings });
	return element(
		"section",
		{ class: "share", "aria-labelledby": "share-title" },
		element("h3", { id: "share-title" }, text.shareTitle),
		element("p", { class: "hint" }, text.shareHint),
		removed > 0 && element("p", { class: "note", id: "removed" }, text.removedSecrets(removed)),
		element(
			"div",
			{ class: "row link" },
			element("label", { for: "link", class: "hidden" }, text.linkLabel),
			link,
			copyButton(context, text.linkLabel, () => ready, { id: "share-link" }, text.copyLink),
		),
		test !== null &&
			element(
				"div",
				{ class: "test" },
				element(
					"div",
					{ class: "row" },
					element("p", { class: "hint" }, text.testHint),
					copyButton(context, text.copyTest, () => test, { id: "copy-test" }, text.copyTest),
				),
				element(
					"details",
					{},
					element("summary", {}, "paysign.test.mjs"),
					element(
						"pre",
						{ class: "mono", id: "test-text", translate: "no", tabindex: "0", "aria-label": text.copyTest },
						test,
					),
				),
			),
	);
}

async function linkTo(shared: Parameters<typeof pack>[0]): Promise<string> {
	const { href } = globalThis.location;
	return `${href.replace(/#.*/s, "")}#c=${await pack(shared)}`;
}
