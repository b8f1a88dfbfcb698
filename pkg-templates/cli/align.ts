import type { Difference } from "../diagnose.js";
import { glyphs, padded, widthOf } from "./glyphs.js";

/** A column of the two texts, one above the other. One of them may have nothing there. */
interface Cell {
	readonly upper: string;
	readonly lower: string;
	readonly differs: boolean;
	readonly width: number;
}

/** A stretch of a line. */
export interface Piece {
	readonly text: string;
	readonly differs: boolean;
}

/** As much of the two texts as fits beside each other on lines of one width. */
export interface Chunk {
	readonly upper: readonly Piece[];
	readonly lower: readonly Piece[];
	/** `^` under what differs; empty when nothing does. */
	readonly marks: string;
}

/** Lays two texts one above the other, so that what is equal stands in the same columns. */
export function align(
	documented: string,
	signed: string,
	differences: readonly Difference[],
	columns: number,
): Chunk[] {
	const chunks: Chunk[] = [];
	let line: Cell[] = [];
	let width = 0;
	for (const cell of cellsOf(glyphs(documented), glyphs(signed), joined(differences))) {
		if (width + cell.width > columns && line.length > 0) {
			chunks.push(chunkOf(line));
			line = [];
			width = 0;
		}
		line.push(cell);
		width += cell.width;
	}
	if (line.length > 0) chunks.push(chunkOf(line));
	return chunks;
}

/** What two stretches have in common by chance, being shorter than both, would only tear the lines apart. */
function joined(differences: readonly Difference[]): Difference[] {
	const length = ({ documented, signed }: Difference) =>
		Math.max(documented[1] - documented[0], signed[1] - signed[0]);
	const result: Difference[] = [];
	for (const next of differences) {
		const last = result.at(-1);
		if (last && next.documented[0] - last.documented[1] < Math.min(length(last), length(next))) {
			result.pop();
			result.push({
				documented: [last.documented[0], next.documented[1]],
				signed: [last.signed[0], next.signed[1]],
			});
		} else {
			result.push(next);
		}
	}
	return result;
}

function cellsOf(documented: string[], signed: string[], differences: readonly Difference[]): Cell[] {
	const cells: Cell[] = [];
	const add = (a: readonly string[], b: readonly string[], differs: boolean) => {
		for (let index = 0; index < Math.max(a.length, b.length); index++) {
			const [upper = "", lower = ""] = [a[index], b[index]];
			cells.push({ upper, lower, differs, width: Math.max(widthOf(upper), widthOf(lower)) });
		}
	};
	let [i, j] = [0, 0];
	for (const { documented: a, signed: b } of differences) {
		add(documented.slice(i, a[0]), signed.slice(j, b[0]), false);
		add(documented.slice(...a), signed.slice(...b), true);
		[i, j] = [a[1], b[1]];
	}
	add(documented.slice(i), signed.slice(j), false);
	return cells;
}

function chunkOf(line: readonly Cell[]): Chunk {
	const row = (of: (cell: Cell) => string): Piece[] => {
		const pieces: Piece[] = [];
		for (const cell of line) {
			const text = padded(of(cell), cell.width);
			const last = pieces.at(-1);
			if (last?.differs === cell.differs) pieces[pieces.length - 1] = { ...last, text: last.text + text };
			else pieces.push({ text, differs: cell.differs });
		}
		return pieces;
	};
	const marks = line.map((cell) => (cell.differs ? "^" : " ").repeat(cell.width)).join("");
	return { upper: row((cell) => cell.upper), lower: row((cell) => cell.lower), marks: marks.trimEnd() };
}
