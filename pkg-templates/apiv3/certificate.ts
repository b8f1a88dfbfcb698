import type { Bytes } from "../bytes.js";

/** What of a certificate is used. */
export interface CertificateParts {
	/** The serial number in upper-case hexadecimal digits, without leading zeros: as in `Wechatpay-Serial`. */
	readonly serial: string;
	/** The SubjectPublicKeyInfo, as WebCrypto imports it. */
	readonly publicKey: Bytes;
}

const sequence = 0x30;
const integer = 0x02;
const version = 0xa0;

/**
 * Serial number and public key of an X.509 certificate (RFC 5280, 4.1), from its DER; `undefined` when it is none.
 *
 * WebCrypto reads no certificates. This walks to the key and reads nothing else: which certificates are WeChat's is
 * the caller's to say, so neither chain nor dates are looked at.
 */
export function readCertificate(der: Bytes): CertificateParts | undefined {
	const certificate = only(der, sequence);
	const toBeSigned = certificate && elementAt(certificate, 0, sequence);
	if (!toBeSigned) return undefined;
	const fields = toBeSigned.content;
	const versioned = elementAt(fields, 0, version);
	const serial = elementAt(fields, versioned?.end ?? 0, integer);
	let before = serial;
	// signature, issuer, validity, subject
	for (let skipped = 0; skipped < 4 && before; skipped += 1) before = elementAt(fields, before.end, sequence);
	const key = before && elementAt(fields, before.end, sequence);
	if (!serial || !key || serial.content.length === 0) return undefined;
	const digits = Array.from(serial.content, (byte) => byte.toString(16).padStart(2, "0")).join("");
	return {
		serial: digits.toUpperCase().replace(/^0+(?=.)/, ""),
		publicKey: fields.slice(before?.end, key.end),
	};
}

interface Element {
	readonly content: Bytes;
	/** Where the next one begins. */
	readonly end: number;
}

/** The content of the element that is all of these bytes. */
function only(bytes: Bytes, tag: number): Bytes | undefined {
	const element = elementAt(bytes, 0, tag);
	return element?.end === bytes.length ? element.content : undefined;
}

/** The element at this place, if it has this tag, its length is written as DER wants it, and it ends within the bytes. */
function elementAt(bytes: Bytes, at: number, tag: number): Element | undefined {
	const first = bytes[at + 1];
	if (bytes[at] !== tag || first === undefined) return undefined;
	let length = first;
	let start = at + 2;
	if (first >= 0x80) {
		// Two bytes say up to 65,535, and no certificate is longer; 0x80 would be BER's unknown length.
		const count = first - 0x80;
		if (count < 1 || count > 2) return undefined;
		length = 0;
		for (const byte of bytes.subarray(start, start + count)) length = length * 256 + byte;
		// The shortest form is the only one.
		if (length < (count === 1 ? 0x80 : 0x100)) return undefined;
		start += count;
	}
	const end = start + length;
	return end <= bytes.length ? { content: bytes.slice(start, end), end } : undefined;
}
