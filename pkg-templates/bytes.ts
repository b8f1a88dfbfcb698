/**
 * Bytes that WebCrypto takes: `Uint8Array<ArrayBuffer>`, since those over shared memory it does not. Said so because to the oldest
 * TypeScript that reads the declarations Uint8Array is not generic.
 */
export type Bytes = ReturnType<Uint8Array["slice"]>;

/** The text as UTF-8. */
export function utf8(text: string): Bytes {
	return new TextEncoder().encode(text);
}

/** The bytes as text, the byte order mark included; `undefined` when they are not UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined;
	}
}

/** The bytes behind strict base64, padded and without white space; `undefined` when it is none. */
export function fromBase64(text: string): Bytes | undefined {
	// atob alone would skip white space and do without padding.
	if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
	return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** The bytes as padded base64. */
export function toBase64(bytes: Uint8Array): string {
	let characters = "";
	for (const byte of bytes) characters += String.fromCharCode(byte);
	return btoa(characters);
}

/** The bytes as lower-case hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** All of them, one behind the other. */
export function joined(...parts: readonly Uint8Array[]): Bytes {
	const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}
