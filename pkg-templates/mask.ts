import type { AppKey } from "./wasm/load.js";

const longestShown = 512;

/** No literal: that would be compiled with the file, and with these classes it takes a thirtieth of the whole start. */
const invisibleClasses = "[\\p{C}\\p{Zl}\\p{Zp}]";
const invisible = () => new RegExp(invisibleClasses, "gu");
const halfOfPair = /[\ud800-\udfff]/gu;

/**
 * Somebody else's words, made fit for an error: without control and format characters, without any of the secrets
 * (raw, URL-encoded or JSON-escaped), at most 512 characters long.
 *
 * The order matters. A control character inside a secret would hide it from the mask, so those go first; a cut
 * through a secret would leave half of it, so the cut comes last.
 */
export function presentable(text: string, secrets: readonly AppKey[]): string {
	const plain = text.replace(invisible(), "");
	return cut(masked(plain, secrets));
}

/**
 * Like {@link presentable}, for a log: what that takes away stays visible as `\u{…}`, so that it is evidence and can do
 * nothing, neither to a terminal nor to whoever reads line by line. Where a secret is masked it stays away.
 */
export function printable(text: string, secrets: readonly AppKey[]): string {
	const plain = text.replace(invisible(), "");
	if (masked(plain, secrets) !== plain) return presentable(text, secrets);
	return cut(text.replace(invisible(), (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`));
}

/** A cut between the halves of a surrogate pair leaves one half; there is no other in what has nothing invisible. */
function cut(text: string): string {
	return text.slice(0, longestShown).replace(halfOfPair, "");
}

/** The text with every occurrence of a secret replaced by `«masked»`. */
export function masked(text: string, secrets: readonly AppKey[]): string {
	// Longest first: the raw form of one secret may lie inside the escaped form of another.
	const spellings = secrets.flatMap(spellingsOf).sort((a, b) => b.length - a.length);
	return spellings.reduce((rest, spelling) => rest.replaceAll(spelling, "«masked»"), text);
}

function spellingsOf(secret: AppKey): string[] {
	const raw = typeof secret === "string" ? secret : new TextDecoder().decode(secret);
	if (raw === "") return [];
	// encodeURIComponent throws on half a surrogate pair.
	const encoded = encodeURIComponent(raw.replace(halfOfPair, "\uFFFD"));
	const lowerHex = encoded.replace(/%[0-9A-F]{2}/g, (percent) => percent.toLowerCase());
	return [raw, encoded, lowerHex, JSON.stringify(raw).slice(1, -1)];
}
