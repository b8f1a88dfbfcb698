import type { CallbackDiagnosis } from "../callbacks/diagnosis.js";
import type { CallbackKind } from "../callbacks/request.js";
import { indented } from "./glyphs.js";
import { aligned, laidOut, paint } from "./paint.js";
import { banner, explanation, type Look, laid, remarks, ruledOut } from "./report.js";
import { texts } from "./texts.js";

/** The diagnosis of a callback for a person. */
export function reportCallback(kind: CallbackKind, diagnosis: CallbackDiagnosis, look: Look): string {
	const { callbacks } = texts[look.language];
	return laid([
		banner(diagnosis.verdict, callbacks.verdicts[diagnosis.verdict], look),
		explanation(diagnosis.mistakes, look),
		checks(kind, diagnosis, look),
		decrypted(diagnosis, look),
		ruledOut(diagnosis, callbacks.families, look),
		remarks(diagnosis, look),
	]);
}

function checks(kind: CallbackKind, diagnosis: CallbackDiagnosis, look: Look): string[] {
	const { kinds, checks, check } = texts[look.language].callbacks;
	const colours = { right: "32", explained: "31", unexplained: "33", unchecked: "" } as const;
	const rows = (["signature", "content"] as const).map((name) => {
		const found = diagnosis[name];
		return [`  ${checks[name]}`, paint(look, colours[found], check[found])];
	});
	return [paint(look, "1", kinds[kind]), ...aligned(rows)];
}

function decrypted({ decrypted, signature }: CallbackDiagnosis, look: Look): string[] {
	if (decrypted === null) return [];
	const { callbacks } = texts[look.language];
	const warning = signature === "right" ? [] : [`  ${paint(look, "33", callbacks.unbelieved)}`];
	const lines = laidOut(indented(decrypted)).split("\n");
	return [paint(look, "1", callbacks.decrypted), ...warning, ...lines.map((line) => `  ${line}`.trimEnd())];
}
