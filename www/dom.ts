// Drawing: elements with their text. Nothing that was pasted is ever read as markup.

type Child = Node | string | null | undefined | false;
type Attributes = Readonly<Record<string, string | boolean | undefined>>;

/** An element. An attribute that is `true` is present, one that is `false` or `undefined` is not. */
export function element<K extends keyof HTMLElementTagNameMap>(
	tag: K,
	attributes: Attributes = {},
	...children: readonly Child[]
): HTMLElementTagNameMap[K] {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
	}
	made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
	return made;
}

/** The element of this id, which index.html has. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
	const found = document.getElementById(id);
	if (found === null) throw new Error(`index.html has no element ${id}`);
	return found as T;
}

/** Sets what an element says, without touching it when it says that already. */
export function say(target: Element, text: string): void {
	if (target.textContent !== text) target.textContent = text;
}

/** A button that does something. */
export function button(label: string, attributes: Attributes, press: () => void): HTMLButtonElement {
	const made = element("button", { type: "button", ...attributes }, label);
	made.addEventListener("click", press);
	return made;
}
