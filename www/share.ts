// A case in a link: the fragment, which browsers do not send, holds it compressed, without any secret.

import type { MessageName } from "paysign";
import { messageNames } from "../pkg/cli/words.js";
import type { Row } from "./protocol.ts";

/** What a link carries. */
export interface SharedCase {
	readonly message: MessageName | null;
	readonly given: string | null;
	readonly fields: readonly Row[];
}

const version = 1;
/** No message is larger; a link that unpacks to more is not one of ours. */
const longest = 262_144;

/** The case as text for a fragment: letters, digits, `-` and `_`. Pass it fields without secrets. */
export async function pack({ message, given, fields }: SharedCase): Promise<string> {
	const text = JSON.stringify([version, message, given, fields.flat()]);
	const bytes = await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw"), Infinity);
	return base64url(bytes);
}

/** The case in the text; `null` when there is none in it. */
export async function unpack(packed: string): Promise<SharedCase | null> {
	try {
		const bytes = await through(fromBase64url(packed), new DecompressionStream("deflate-raw"), longest);
		return shared(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
	} catch {
		return null;
	}
}

function shared(read: unknown): SharedCase | null {
	if (!Array.isArray(read) || read.length !== 4 || read[0] !== version) return null;
	const [, message, given, flat] = read as unknown[];
	const isText = (value: unknown): value is string => typeof value === "string";
	const isMessage = message === null || (messageNames as readonly unknown[]).includes(message);
	if (!isMessage || !(given === null || isText(given)) || !Array.isArray(flat) || !flat.every(isText))
		return null;
	const fields: Row[] = [];
	for (let index = 0; index + 1 < flat.length; index += 2)
		fields.push([`${flat[index]}`, `${flat[index + 1]}`]);
	return { message: message as MessageName | null, given, fields };
}

async function through(
	bytes: Uint8Array<ArrayBuffer>,
	transform: GenericTransformStream,
	limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
	const reader = new Blob([bytes])
		.stream()
		.pipeThrough(transform as ReadableWritablePair)
		.getReader();
	const parts: Uint8Array<ArrayBuffer>[] = [];
	let length = 0;
	for (let next = await reader.read(); !next.done; next = await reader.read()) {
		const part = next.value as Uint8Array<ArrayBuffer>;
		length += part.length;
		if (length > limit) throw new RangeError("too long");
		parts.push(part);
	}
	return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function base64url(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += String.fromCharCode(byte);
	return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
	const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
	return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
