import { type Bytes, textOf } from "../bytes.js";
import { readPem, serialName } from "./account.js";
import { readCertificate } from "./certificate.js";
import type { LintId } from "./mistakes.js";
import { type RsaNumbers, rsaNumbers } from "./recovered.js";

/** A key that somebody has given, if it is one. */
export interface GivenKey {
	/** The name it was given under, or the certificate's own; empty where a list has a public key. */
	readonly serial: string;
	readonly numbers: RsaNumbers | undefined;
	readonly remark: LintId | undefined;
}

/** A serial number as it is compared, without what came along when it was copied. */
export function serialOf(text: string): string {
	return serialName(text.trim().replaceAll(":", ""));
}

/** Reads keys leniently: one text may hold several, and a certificate may stand under another name than its own. */
export async function givenKeys(
	given: Readonly<Record<string, string>> | readonly string[],
): Promise<readonly GivenKey[]> {
	const named: [string, string][] = Array.isArray(given)
		? given.map((pem: string): [string, string] => ["", pem])
		: Object.entries(given);
	const keys: GivenKey[] = [];
	for (const [name, text] of named) {
		if (text.trim() === "") continue;
		const blocks = text.match(/-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g) ?? [text];
		for (const block of blocks) keys.push(await givenKey(serialOf(name), block));
	}
	return keys;
}

async function givenKey(name: string, block: string): Promise<GivenKey> {
	const pem = readPem(block);
	if (pem?.label.endsWith("PRIVATE KEY")) return { serial: name, numbers: undefined, remark: "private-key" };
	const certificate = pem?.label === "CERTIFICATE" ? readCertificate(pem.bytes) : undefined;
	const publicKey = certificate?.publicKey ?? (pem?.label === "PUBLIC KEY" ? pem.bytes : undefined);
	const numbers = publicKey && (await rsaNumbers(publicKey));
	const remark =
		numbers === undefined
			? "key-unreadable"
			: pem && isMerchants(pem.bytes)
				? "merchant-certificate"
				: undefined;
	return { serial: name || (certificate?.serial ?? ""), numbers, remark };
}

/** Whether a certificate is named after a merchant number: a commonName of 8 to 10 digits. */
function isMerchants(der: Bytes): boolean {
	for (let at = 0; at + 12 < der.length; at += 1) {
		// The object identifier 2.5.4.3, then a string of some kind and its length.
		if (
			der[at] !== 0x06 ||
			der[at + 1] !== 3 ||
			der[at + 2] !== 0x55 ||
			der[at + 3] !== 4 ||
			der[at + 4] !== 3
		)
			continue;
		const name = textOf(der.subarray(at + 7, at + 7 + (der[at + 6] ?? 0))) ?? "";
		if (/^[0-9]{8,10}$/.test(name)) return true;
	}
	return false;
}
