// Buttons that copy.

import type { Context } from "./context.ts";
import { button, element } from "./dom.ts";

/** A button that copies a text and says so. */
export function copyButton(
	{ text }: Context,
	what: string,
	content: () => string | Promise<string>,
	attributes: Readonly<Record<string, string>> = {},
	label = text.copy,
): HTMLButtonElement {
	const spoken: Record<string, string> = label === text.copy ? { "aria-label": text.copyThis(what) } : {};
	const made = button(label, { class: "quiet copy", ...spoken, ...attributes }, () => {
		void copied();
	});
	async function copied(): Promise<void> {
		await copy(await content());
		made.textContent = text.copied;
		made.dataset.copied = "";
		announce(text.copied);
		setTimeout(() => {
			made.textContent = label;
			delete made.dataset.copied;
		}, 1600);
	}
	return made;
}

async function copy(content: string): Promise<void> {
	try {
		await navigator.clipboard.writeText(content);
	} catch {
		// A page that came over plain HTTP has no clipboard of its own.
		const box = element("textarea", { class: "hidden", "aria-hidden": "true" });
		box.value = content;
		document.body.append(box);
		box.select();
		document.execCommand("copy");
		box.remove();
	}
}

/** Says something to those who listen to the page. */
export function announce(sentence: string): void {
	const region = document.getElementById("announce");
	if (region !== null) region.textContent = sentence;
}
