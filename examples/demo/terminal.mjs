// What the story looks like: sections, aligned columns, colour where there is a terminal that wants it.

const coloured = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
const paint = (code) => (text) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = paint("1");
export const dim = paint("2");
export const good = paint("32");
export const bad = paint("31");

let sections = 0;

/** Begins a numbered section. */
export function section(title) {
	sections += 1;
	console.log(`\n${bold(`${sections}  ${title}`)}`);
}

/** Prints lines under a section. */
export function say(...lines) {
	for (const line of lines) console.log(`   ${line}`);
}

/** Prints what was sent or received, as it was. */
export function quote(text) {
	for (const line of text.split("\n")) console.log(`   ${dim("│")} ${line}`);
}

/** Prints rows under their titles. */
export function table(titles, rows) {
	const cells = [titles, ...rows].map((row) => row.map(String));
	const widths = titles.map((_, column) => Math.max(...cells.map((row) => width(row[column]))));
	for (const [index, row] of cells.entries()) {
		const line = row.map((cell, column) => cell + " ".repeat(widths[column] - width(cell))).join("  ");
		say(index === 0 ? dim(line.trimEnd()) : line.trimEnd());
	}
}

/** Breaks a long line after `&`, where a reader of signatures looks for the next field. */
export function wrapped(text, columns = 90) {
	const lines = [""];
	for (const part of text.split(/(?<=&)/)) {
		if (lines.at(-1).length + part.length > columns) lines.push("");
		lines.push(lines.pop() + part);
	}
	return lines.join("\n");
}

/** Chinese characters take two columns. */
function width(text) {
	return [...text].reduce((sum, character) => sum + (character > "\u2e80" ? 2 : 1), 0);
}
