/** Characters that cannot be seen, or that a terminal would obey. */
const symbols: Readonly<Record<string, string>> = {
	" ": "·",
	"\t": "→",
	"\n": "␊",
	"\r": "␍",
	"\uFEFF": "⟨BOM⟩",
	"\u00A0": "⟨NBSP⟩",
	"\u200B": "⟨ZWSP⟩",
};

/** A character as it can be seen. */
export function glyph(character: string): string {
	const symbol = symbols[character];
	if (symbol !== undefined) return symbol;
	if (!/[\p{C}\p{Z}]/u.test(character)) return character;
	const digits = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
	return `⟨U+${digits}⟩`;
}

/** Every character of a text as it can be seen; what stands for a secret is no text, and stays as it is. */
export function glyphs(text: string): string[] {
	return text.split(/(«\d+ chars[^»]*»)/).flatMap((part, index) => {
		const characters = [...part];
		return index % 2 === 1 ? characters : characters.map(glyph);
	});
}

const wide =
	/[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;

/** How many columns of a terminal a text takes. */
export function widthOf(text: string): number {
	let width = 0;
	for (const character of text) {
		if (!/\p{M}/u.test(character)) width += wide.test(character) ? 2 : 1;
	}
	return width;
}

/** The text, with spaces up to a width. */
export function padded(text: string, width: number): string {
	return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** JSON with line breaks, if that changes nothing else: a number may have more digits than JavaScript keeps. Else the text. */
export function indented(text: string): string {
	try {
		const value: unknown = JSON.parse(text);
		return JSON.stringify(value) === text.trim() ? JSON.stringify(value, null, 2) : text;
	} catch {
		return text;
	}
}
