import { withoutPadding } from "../callbacks/request.js";
import type { MistakeId } from "./mistakes.js";

/** What a push brings, read leniently. */
export interface PushParts {
	readonly signature: string;
	readonly msgSignature: string;
	readonly timestamp: string;
	readonly nonce: string;
	readonly body: string;
	/** What stands in `Encrypt`; `undefined` when the body has none. */
	readonly encrypt: string | undefined;
}

/** Reads query and body. */
export function readPush(query: string | URLSearchParams, body: string): PushParts {
	const parameters = new URLSearchParams(query);
	const parameter = (name: string) => parameters.get(name)?.trim() ?? "";
	return {
		signature: parameter("signature"),
		msgSignature: parameter("msg_signature"),
		timestamp: parameter("timestamp"),
		nonce: parameter("nonce"),
		body,
		encrypt: encryptIn(body),
	};
}

/** XML, JSON, or the value alone. */
function encryptIn(body: string): string | undefined {
	const [, cdata, text] =
		/<Encrypt>\s*(?:<!\[CDATA\[([\s\S]*?)\]\]>|([^<]*?))\s*<\/Encrypt>/.exec(body) ?? [];
	const [, json] = /"Encrypt"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body) ?? [];
	if (json !== undefined) {
		try {
			return String(JSON.parse(json));
		} catch {
			return json;
		}
	}
	const alone = /^\s*[A-Za-z0-9+/\s]{64,}={0,2}\s*$/.test(body) ? body.trim() : undefined;
	return cdata ?? text ?? alone;
}

/** A value, and the mistake that was undone for it, or that was made to get it. */
export type Form = readonly [mistake: MistakeId | null, value: string];

/** What `Encrypt` may have been before something changed it. */
export function encryptForms(given: string): readonly Form[] {
	const cdata = /^\s*<!\[CDATA\[([\s\S]*)\]\]>\s*$/.exec(given)?.[1];
	return distinct([
		[null, given],
		["encrypt-plus-lost", given.replaceAll(" ", "+")],
		["encrypt-padded", given.replace(/\s|\\[rn]/g, "")],
		["encrypt-percent-encoded", percentDecoded(given)],
		["encrypt-cdata", cdata ?? given],
	]);
}

/** What a program may have made of `Encrypt`. */
export function encryptMisreadings(given: string, body: string): readonly Form[] {
	return distinct([
		[null, given],
		["encrypt-plus-lost", given.replaceAll("+", " ")],
		["encrypt-percent-encoded", encodeURIComponent(given)],
		["encrypt-padded", `${given}\n`],
		["encrypt-cdata", `<![CDATA[${given}]]>`],
		["body-hashed", body],
	]);
}

/** What the Token may have been meant to be. */
export function tokenForms(token: string, others: readonly string[]): readonly Form[] {
	const plain = withoutPadding(token);
	return distinct([
		[null, token],
		["token-padded", plain],
		["token-case", plain.toLowerCase()],
		["token-case", plain.toUpperCase()],
		...others.map((other): Form => ["token-other", withoutPadding(other)]),
	]).filter(([, value]) => value !== "");
}

function distinct(forms: readonly Form[]): readonly Form[] {
	return forms.filter(([, value], index) => forms.findIndex(([, other]) => other === value) === index);
}

function percentDecoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
