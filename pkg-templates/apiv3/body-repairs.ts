// What befalls a body between the wire and whoever pastes it, undone.

import { type Bytes, textOf, utf8 } from "../bytes.js";
import { formDifferences, type JsonObject, jsonForms, jsonOrders } from "./json-forms.js";
import type { MistakeId } from "./mistakes.js";
import { isObject } from "./notification.js";
import { parsed } from "./resource.js";

/** A body that may be the one that was sent, and the mistakes that would have made of it what is in hand. */
export interface BodyCandidate {
	readonly bytes: Bytes;
	readonly mistakes: readonly MistakeId[];
}

type Repair = readonly [mistake: MistakeId, undo: (text: string) => string | undefined];

const repairs: readonly Repair[] = [
	["body-line-end", (text) => text.replace(/[\r\n]+$/, "")],
	["body-bom", (text) => text.replace(/^\uFEFF/, "")],
	["body-crlf", (text) => text.replaceAll("\r\n", "\n")],
	["body-quoted", unquoted],
	["body-percent-encoded", percentDecoded],
	["body-html-escaped", htmlUnescaped],
	["body-latin1", fromLatin1],
	["body-plus-lost", withPlus],
	["body-line-end", (text) => `${text}\n`],
	["body-line-end", (text) => `${text}\r\n`],
	["body-bom", (text) => `\uFEFF${text}`],
	["body-crlf", (text) => text.replace(/(?<!\r)\n/g, "\r\n")],
];

/** The body in hand, and what one or two repairs make of it, the likeliest first. */
export function* repairedBodies(body: Bytes): Generator<BodyCandidate, void> {
	yield { bytes: body, mistakes: [] };
	const text = textOf(body);
	if (text === undefined) return;
	const seen = new Set([text]);
	const repaired: { text: string; mistakes: readonly MistakeId[] }[] = [{ text, mistakes: [] }];
	// The list grows while it is read.
	for (const one of repaired) {
		if (one.mistakes.length === 2) break;
		for (const [mistake, undo] of repairs) {
			const undone = undo(one.text);
			if (undone === undefined || seen.has(undone) || one.mistakes.includes(mistake)) continue;
			seen.add(undone);
			const mistakes = [...one.mistakes, mistake];
			repaired.push({ text: undone, mistakes });
			yield { bytes: utf8(undone), mistakes };
		}
	}
}

/** The same JSON in all the forms that a library may have made it from. */
export function* rewrittenBodies(repaired: readonly BodyCandidate[]): Generator<BodyCandidate, void> {
	const values = new Map<string, { value: JsonObject; text: string; mistakes: readonly MistakeId[] }>();
	for (const { bytes, mistakes } of repaired) {
		const text = textOf(bytes) ?? "";
		const value = parsed(text);
		if (!isObject(value)) continue;
		const name = JSON.stringify(value);
		if (!values.has(name)) values.set(name, { value, text, mistakes });
	}
	const seen = new Set<string>();
	// All that is likely of every value, before all that is possible of one.
	for (const formsOf of [jsonForms, jsonOrders]) {
		for (const { value, text, mistakes } of values.values()) {
			for (const form of formsOf(value)) {
				if (seen.has(form)) continue;
				seen.add(form);
				yield { bytes: utf8(form), mistakes: [...mistakes, ...formDifferences(text, form)] };
			}
		}
	}
}

function unquoted(text: string): string | undefined {
	const inner = parsed(text.startsWith('"') ? text : `"${text}"`);
	return typeof inner === "string" && inner.startsWith("{") ? inner : undefined;
}

function percentDecoded(text: string): string | undefined {
	if (!/^%7B/i.test(text)) return undefined;
	try {
		return decodeURIComponent(text.replaceAll("+", " "));
	} catch {
		return undefined;
	}
}

const entities: Readonly<Record<string, string>> = {
	"&quot;": '"',
	"&#34;": '"',
	"&#x22;": '"',
	"&#39;": "'",
	"&lt;": "<",
	"&gt;": ">",
	"&amp;": "&",
};

function htmlUnescaped(text: string): string {
	return text.replace(/&(?:quot|#34|#x22|#39|lt|gt|amp);/g, (entity) => entities[entity] ?? entity);
}

/** What most programs that say ISO-8859-1 read at 0x80 to 0x9f: windows-1252. */
const windows1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

function fromLatin1(text: string): string | undefined {
	if (!/[^\0-\x7f]/.test(text)) return undefined;
	const bytes: number[] = [];
	for (const character of text) {
		const code = character.charCodeAt(0);
		const byte = code <= 0xff ? code : windows1252.indexOf(character) + 0x80;
		if (byte < 0x80 && code > 0x7f) return undefined;
		bytes.push(byte);
	}
	return textOf(Uint8Array.from(bytes));
}

/** A space of the ciphertext, or before the offset of a time. */
function withPlus(text: string): string {
	return text
		.replace(
			/("ciphertext"\s*:\s*")([^"]*)"/,
			(_, before, value) => `${before}${value.replaceAll(" ", "+")}"`,
		)
		.replace(/(T\d\d:\d\d:\d\d) (?=\d\d:\d\d")/g, "$1+");
}
