// The fields for the keys: masked, never stored, never shared.

import type { Context } from "../context.ts";
import { element, say } from "../dom.ts";
import { type SecretName, secretNames } from "../protocol.ts";

export interface SecretsView {
	/** Says everything in this language. */
	relabel(context: Context): void;
	/** Puts keys into the fields. */
	fill(secrets: Readonly<Partial<Record<SecretName, string>>>): void;
	read(): Record<SecretName, string>;
}

export function secretFields(
	first: HTMLElement,
	more: HTMLElement,
	context: Context,
	changed: () => void,
): SecretsView {
	let now = context;
	const views = secretNames.map((name) => {
		const input = element("input", {
			id: `secret-${name}`,
			class: "mono",
			type: "password",
			autocomplete: "off",
			autocapitalize: "off",
			spellcheck: "false",
			translate: "no",
			"aria-describedby": `hint-${name}`,
			// Password managers have no business here.
			"data-1p-ignore": true,
			"data-lpignore": "true",
		});
		const label = element("label", { for: input.id });
		const count = element("span", { class: "count" });
		const hint = element("p", { class: "hint", id: `hint-${name}` });
		const reveal = element("button", { type: "button", class: "quiet reveal", id: `reveal-${name}` });
		reveal.addEventListener("click", () => {
			input.type = input.type === "password" ? "text" : "password";
			draw();
		});
		input.addEventListener("input", () => {
			draw();
			changed();
		});
		function draw(): void {
			const { text } = now;
			const isShown = input.type === "text";
			say(label, text.secrets[name]);
			say(hint, text.secretHints[name]);
			say(count, input.value === "" ? "" : text.characters([...input.value].length));
			reveal.setAttribute("aria-label", (isShown ? text.hide : text.show)(text.secrets[name]));
			say(reveal, (isShown ? text.hide : text.show)("").trim());
		}
		const box = element(
			"div",
			{ class: "secret" },
			element("div", { class: "row" }, label, count),
			element("div", { class: "row masked" }, input, reveal),
			hint,
		);
		(name === "appKey" ? first : more).append(box);
		return { name, input, draw };
	});
	const draw = () => {
		for (const view of views) view.draw();
	};
	draw();
	return {
		relabel(context) {
			now = context;
			draw();
		},
		fill(secrets) {
			for (const { name, input } of views) input.value = secrets[name] ?? "";
			draw();
		},
		read() {
			return Object.fromEntries(views.map(({ name, input }) => [name, input.value])) as Record<
				SecretName,
				string
			>;
		},
	};
}
