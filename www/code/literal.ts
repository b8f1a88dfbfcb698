// String literals. Every language here writes these five alike, and all but Java read their source as UTF-8.

const common = new Map([
	["\\", "\\\\"],
	['"', '\\"'],
	["\n", "\\n"],
	["\r", "\\r"],
	["\t", "\\t"],
]);

/** What a person cannot see or tell from something else, and what an editor might change. */
const unseen = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

export const isVisible = (character: string): boolean => character === " " || !unseen.test(character);

export const codePoint = (character: string): number => character.codePointAt(0) ?? 0;

/** The code point in hexadecimal digits. */
export const hex = (character: string, digits = 1): string =>
	codePoint(character).toString(16).padStart(digits, "0");

/**
 * A literal in double quotes.
 *
 * @param escaped Writes a character that is not shown as it is.
 * @param isPlain Whether a character is shown as it is.
 */
export function doubleQuoted(
	text: string,
	escaped: (character: string) => string,
	isPlain: (character: string) => boolean = isVisible,
): string {
	const written = Array.from(text, (character) => {
		return common.get(character) ?? (isPlain(character) ? character : escaped(character));
	});
	return `"${written.join("")}"`;
}
