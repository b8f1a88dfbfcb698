import { type Bytes, fromBase64, joined, textOf } from "../bytes.js";
import type { Tally } from "../callbacks/diagnosis.js";
import { withoutPadding } from "../callbacks/request.js";
import { encryptForms } from "./diagnose-reading.js";
import type { MistakeId } from "./mistakes.js";

/** What was decrypted, and the mistakes that were undone for it. */
export interface DecryptedPush {
	readonly mistakes: readonly MistakeId[];
	readonly content: string;
	readonly appId: string;
}

/** Decrypts with the key as given, or with what it could have been meant to be; `null` when nothing does. */
export async function explainContent(
	encrypt: string,
	encodingAesKey: string,
	others: readonly string[],
	tally: Tally,
): Promise<DecryptedPush | null> {
	for (const [changed, form] of encryptForms(encrypt)) {
		const data = fromBase64(form);
		if (data === undefined || data.length === 0 || data.length % 16 !== 0) continue;
		for (const [mistake, key] of keyCandidates(encodingAesKey, others)) {
			tally.count("aes-key");
			const found = read(await decrypted(data, key));
			if (found === undefined) continue;
			return { ...found, mistakes: [mistake, changed].filter((one) => one !== null) };
		}
	}
	return null;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** As given first, then what it was made from, then the other secrets. */
function* keyCandidates(
	given: string,
	others: readonly string[],
): Generator<readonly [MistakeId | null, Bytes], void> {
	const plain = withoutPadding(given);
	const forms: (readonly [MistakeId | null, string])[] = [
		[null, given],
		["aes-key-padded", plain],
		["aes-key-equals-sign", plain.replace(/=+$/, "")],
	];
	if (plain.length === 42) {
		// 43 characters are 258 bits, of which 256 count: the last two of the last character do not.
		for (let value = 0; value < 64; value += 4)
			forms.push(["aes-key-last-character", plain + alphabet[value]]);
		for (const character of alphabet) forms.push(["aes-key-first-character", character + plain]);
	}
	forms.push(["aes-key-case", plain.toLowerCase()], ["aes-key-case", plain.toUpperCase()]);
	for (const other of others) forms.push(["aes-key-other", withoutPadding(other).replace(/=$/, "")]);
	const seen = new Set<string>();
	for (const [mistake, form] of forms) {
		const key = form.length === 43 && !seen.has(form) ? fromBase64(`${form}=`) : undefined;
		seen.add(form);
		if (key?.length === 32) yield [mistake, key];
	}
	if (/^[0-9a-f]{64}$/i.test(plain)) {
		yield ["aes-key-decoded", Uint8Array.from(plain.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))];
	}
}

/**
 * AES-256-CBC without looking at the padding, whose blocks here are of 32 bytes: WebCrypto insists on blocks of 16, so it gets
 * one more block, which it finds to be padding and takes away.
 */
async function decrypted(data: Bytes, key: Bytes): Promise<Uint8Array> {
	const imported = await crypto.subtle.importKey("raw", key, "AES-CBC", false, ["encrypt", "decrypt"]);
	const last = { name: "AES-CBC", iv: data.slice(-16) };
	const padding = new Uint8Array(await crypto.subtle.encrypt(last, imported, new Uint8Array()));
	const all = { name: "AES-CBC", iv: key.slice(0, 16) };
	return new Uint8Array(await crypto.subtle.decrypt(all, imported, joined(data, padding)));
}

/** 16 random bytes, the length of the message in 4, the message, the AppId, 1 to 32 bytes of padding (PROTOCOL 6.7). */
function read(bytes: Uint8Array): { readonly content: string; readonly appId: string } | undefined {
	const padding = bytes.at(-1) ?? 0;
	const end = bytes.length - padding;
	if (padding < 1 || padding > 32 || end < 20) return undefined;
	if (bytes.subarray(end).some((byte) => byte !== padding)) return undefined;
	const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(16);
	// A length that is too large leaves no AppId.
	const content = textOf(bytes.subarray(20, 20 + length));
	const appId = textOf(bytes.subarray(20 + length, end));
	if (content === undefined || appId === undefined || !/^[\x21-\x7e]{1,64}$/.test(appId)) return undefined;
	return { content, appId };
}
