import { glyph, widthOf } from "./glyphs.js";

/** Text in a colour, where colours can be seen. */
export function paint({ colour }: { readonly colour: boolean }, code: string, text: string): string {
	return colour && code !== "" ? `\u001B[${code}m${text}\u001B[0m` : text;
}

/** Somebody else's text on one line: what a terminal would obey becomes a symbol, spaces stay spaces. */
export function plain(text: string): string {
	return Array.from(text, (character) => (character === " " ? character : glyph(character))).join("");
}

/** Somebody else's text on its own lines: layout stays layout, and nothing else may act on the terminal. */
export function laidOut(text: string): string {
	return text.replace(/[^\n\t ]/gu, glyph);
}

/** Rows whose cells stand below each other, with two spaces between them. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
	const widths: number[] = [];
	for (const row of rows) {
		for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, seen(cell));
	}
	return rows.map((row) =>
		row
			.map((cell, index) => cell + " ".repeat((widths[index] ?? 0) - seen(cell)))
			.join("  ")
			.trimEnd(),
	);
}

/** The columns of a cell, whose colours take none. */
function seen(cell: string): number {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how colours begin.
	return widthOf(cell.replaceAll(/\u001B\[[\d;]*m/g, ""));
}

/** A table with a head. */
export function drawn(
	look: { readonly colour: boolean },
	head: readonly string[],
	rows: readonly (readonly string[])[],
): string {
	const [title = "", ...lines] = aligned([head, ...rows]);
	return `${[paint(look, "1", title), ...lines].join("\n")}\n`;
}

/** A text broken into lines of a width. Chinese may be broken between any two characters, but not before a full stop. */
export function wrapped(text: string, width: number): string[] {
	const lines: string[] = [];
	let line = "";
	for (const piece of text.match(/[^\s\u2E80-\uFFEF]+\s*|[\u2E80-\uFFEF][、。，：；）！？]*\s*/gu) ?? []) {
		if (line !== "" && widthOf(line) + widthOf(piece.trimEnd()) > width) {
			lines.push(line.trimEnd());
			line = "";
		}
		line += piece;
	}
	return line === "" ? lines : [...lines, line.trimEnd()];
}

/** Unix seconds as a person reads them. */
export function moment(seconds: number | null): string {
	if (seconds === null) return "-";
	return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")}Z`;
}
