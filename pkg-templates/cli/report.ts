import type { Bilingual, CallbackMistake } from "../callbacks/diagnosis.js";
import type { Diagnosis } from "../diagnose.js";
import { align, type Piece } from "./align.js";
import { glyphs, padded, widthOf } from "./glyphs.js";
import { paint } from "./paint.js";
import { texts } from "./texts.js";
import type { Language } from "./words.js";

/** What the diagnosis is of. */
export interface Subject {
	readonly message: string;
	readonly given: string;
}

/** How it is to look. */
export interface Look {
	readonly language: Language;
	readonly colour: boolean;
	readonly columns: number;
}

const number = new Intl.NumberFormat("en");

/** A diagnosis for a person. */
export function report(diagnosis: Diagnosis, subject: Subject, look: Look): string {
	const { verdicts, exhaustedNote, or, families } = texts[look.language];
	const { verdict, exhausted, mistakes, alternatives } = diagnosis;
	const { word, sentence } = verdicts[verdict];
	const note = verdict === "unexplained" && exhausted ? ` ${exhaustedNote}` : "";
	return laid([
		banner(verdict, { word, sentence: sentence + note }, look),
		explanation(mistakes, look),
		...alternatives.map((others) => [or, ...explanation(others, look)]),
		fieldsThatDiffer(diagnosis, look),
		hashed(diagnosis, look),
		signatures(diagnosis, subject, look),
		ruledOut(diagnosis, families, look),
		remarks(diagnosis, look),
	]);
}

/** Sections, one below the other; those without a line are left out. */
export function laid(sections: readonly (readonly string[])[]): string {
	const shown = sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
	return `${shown.join("\n\n")}\n`;
}

/** The verdict, so that nobody can miss it. */
export function banner(
	verdict: Diagnosis["verdict"],
	{ word, sentence }: { readonly word: string; readonly sentence: string },
	look: Look,
): string[] {
	const { colour, sign } = (
		{
			match: { colour: "32", sign: "✔" },
			explained: { colour: "31", sign: "✘" },
			unexplained: { colour: "33", sign: "?" },
		} as const
	)[verdict];
	const said = `  ${sign}  ${word}  `;
	// Without colours, a frame makes it large.
	const rule = "═".repeat(widthOf(said));
	const large = look.colour ? [paint(look, `1;7;${colour}`, said)] : [rule, said.trimEnd(), rule];
	return [...large, "", sentence];
}

/** What is wrong, each with its fix. */
export function explanation(mistakes: readonly CallbackMistake[], look: Look): string[] {
	return mistakes.map(({ id, sentence, fix }, position) => {
		const numbered = `${position + 1}. ${paint(look, "1", sentence[look.language])}`;
		return `${numbered}  ${paint(look, "2", id)}\n   → ${paint(look, "36", fix[look.language])}`;
	});
}

function hashed({ verdict, documentedText, signedText, differences }: Diagnosis, look: Look): string[] {
	const { texts: titles } = texts[look.language];
	const isSame = signedText === null || differences.length === 0;
	const labels = isSame ? 2 : Math.max(widthOf(titles.documented), widthOf(titles.signed)) + 4;
	const indented = (label: string, text: string) => `  ${padded(label, labels - 2)}${text}`.trimEnd();
	const row = (pieces: readonly Piece[], colour: string) =>
		pieces.map(({ text, differs }) => (differs ? paint(look, colour, text) : text)).join("");
	const chunks = align(documentedText, signedText ?? documentedText, differences, look.columns - labels);
	const lines = chunks.flatMap(({ upper, lower, marks }) => {
		if (marks === "") return [indented("", row(upper, ""))];
		const rows = [
			indented(titles.documented, row(upper, "1;32")),
			indented(titles.signed, row(lower, "1;31")),
		];
		return look.colour ? rows : [...rows, indented("", marks)];
	});
	const unlike = isSame ? titles.same : titles.title;
	const known = verdict === "match" ? titles.right : unlike;
	return [paint(look, "1", signedText === null ? titles.only : known), ...lines];
}

function fieldsThatDiffer({ fieldDifferences }: Diagnosis, look: Look): string[] {
	if (fieldDifferences.length === 0) return [];
	const { fields: titles } = texts[look.language];
	const width = Math.max(widthOf(titles.sent), widthOf(titles.signed)) + 2;
	const shown = (value: string | null) => (value === null ? titles.absent : glyphs(value).join(""));
	return [
		paint(look, "1", titles.title),
		...fieldDifferences.flatMap(({ name, sent, signed }) => [
			`  ${glyphs(name).join("")}`,
			`    ${padded(titles.sent, width)}${shown(sent)}`.trimEnd(),
			`    ${padded(titles.signed, width)}${shown(signed)}`.trimEnd(),
		]),
	];
}

function signatures(diagnosis: Diagnosis, { message, given }: Subject, look: Look): string[] {
	const { signatures: titles } = texts[look.language];
	const rows = [
		[titles.message, message],
		[titles.documented, diagnosis.documentedSignature],
		[titles.given, glyphs(given).join("")],
	] as const;
	const width = Math.max(...rows.map(([title]) => widthOf(title))) + 2;
	return rows.map(([title, value]) => `${padded(title, width)}${value}`);
}

/** The families that were tried in vain. */
export function ruledOut(
	{ excluded, tried }: Pick<Diagnosis, "excluded" | "tried">,
	families: Readonly<Record<string, string>>,
	look: Look,
): string[] {
	if (excluded.length === 0) return [];
	const { excludedTitle } = texts[look.language];
	const rows = excluded.map(
		({ family, tried }) => [families[family] ?? family, number.format(tried)] as const,
	);
	const left = Math.max(...rows.map(([family]) => widthOf(family))) + 2;
	const right = Math.max(...rows.map(([, tried]) => tried.length));
	return [
		paint(look, "1", excludedTitle(number.format(tried))),
		...rows.map(([family, tried]) => `  ${padded(family, left)}${tried.padStart(right)}`),
	];
}

/** What the evidence suggests. */
export function remarks(
	{ lints }: { readonly lints: ReadonlyArray<{ readonly id: string; readonly sentence: Bilingual }> },
	look: Look,
): string[] {
	if (lints.length === 0) return [];
	const { lintsTitle } = texts[look.language];
	return [
		paint(look, "1", lintsTitle),
		...lints.map(({ sentence, id }) => `  ! ${sentence[look.language]}  ${paint(look, "2", id)}`),
	];
}
