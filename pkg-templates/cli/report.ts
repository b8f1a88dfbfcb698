import type { Diagnosis, Mistake } from "../diagnose.js";
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
	const sections = [
		verdict(diagnosis, look),
		...[diagnosis.mistakes, ...diagnosis.alternatives].map((mistakes, index) =>
			explanation(mistakes, index, look),
		),
		fieldsThatDiffer(diagnosis, look),
		hashed(diagnosis, look),
		signatures(diagnosis, subject, look),
		excluded(diagnosis, look),
		lints(diagnosis, look),
	];
	return `${sections
		.filter((lines) => lines.length > 0)
		.map((lines) => lines.join("\n"))
		.join("\n\n")}\n`;
}

function verdict({ verdict, exhausted }: Diagnosis, look: Look): string[] {
	const { verdicts, exhaustedNote } = texts[look.language];
	const { word, sentence } = verdicts[verdict];
	const { colour, sign } = (
		{
			match: { colour: "32", sign: "✔" },
			explained: { colour: "31", sign: "✘" },
			unexplained: { colour: "33", sign: "?" },
		} as const
	)[verdict];
	const note = verdict === "unexplained" && exhausted ? ` ${exhaustedNote}` : "";
	const banner = `  ${sign}  ${word}  `;
	// Without colours, a frame makes it large.
	const rule = "═".repeat(widthOf(banner));
	const large = look.colour ? [paint(look, `1;7;${colour}`, banner)] : [rule, banner.trimEnd(), rule];
	return [...large, "", sentence + note];
}

function explanation(mistakes: readonly Mistake[], index: number, look: Look): string[] {
	const { or } = texts[look.language];
	const lines = mistakes.map(({ id, sentence, fix }, position) => {
		const numbered = `${position + 1}. ${paint(look, "1", sentence[look.language])}`;
		return `${numbered}  ${paint(look, "2", id)}\n   → ${paint(look, "36", fix[look.language])}`;
	});
	return index === 0 ? lines : [or, ...lines];
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

function excluded({ excluded, tried }: Diagnosis, look: Look): string[] {
	if (excluded.length === 0) return [];
	const { excludedTitle, families } = texts[look.language];
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

function lints({ lints }: Diagnosis, look: Look): string[] {
	if (lints.length === 0) return [];
	const { lintsTitle } = texts[look.language];
	return [
		paint(look, "1", lintsTitle),
		...lints.map(({ sentence, id }) => `  ! ${sentence[look.language]}  ${paint(look, "2", id)}`),
	];
}
