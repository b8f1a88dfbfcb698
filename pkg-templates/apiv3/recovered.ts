import type { Bytes } from "../bytes.js";
import { toHex } from "../bytes.js";
import { rsaSha256 } from "./signature.js";

/** A public key whose numbers are known. */
export interface RsaNumbers {
	readonly modulus: bigint;
	readonly exponent: bigint;
}

/** The numbers of an RSA key of 2048 bits; `undefined` when it is another one. */
export async function rsaNumbers(publicKey: Bytes): Promise<RsaNumbers | undefined> {
	try {
		const key = await crypto.subtle.importKey("spki", publicKey, rsaSha256, true, ["verify"]);
		const { n = "", e = "" } = await crypto.subtle.exportKey("jwk", key);
		return { modulus: numberOf(n), exponent: numberOf(e) };
	} catch {
		return undefined;
	}
}

function numberOf(base64url: string): bigint {
	const bytes = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
	return BigInt(`0x${toHex(Uint8Array.from(bytes, (character) => character.charCodeAt(0)))}`);
}

/** How each digest is announced in a signature (RFC 8017, 9.2). */
const digests = {
	"SHA-256": "3031300d060960864801650304020105000420",
	"SHA-1": "3021300906052b0e03021a05000414",
} as const;

/** A digest that somebody signed. */
export interface RecoveredDigest {
	readonly algorithm: keyof typeof digests;
	/** Lower-case hexadecimal digits. */
	readonly hex: string;
}

/**
 * The digest that the holder of this key signed; `undefined` when this key did not make the signature.
 *
 * A PKCS #1 signature shows what it was made over to whoever has the public key. So what was signed is found by hashing candidates,
 * and which key signed is known even if none fits. This is for a diagnosis; what verifies is WebCrypto.
 */
export function recoverDigest(
	signature: Bytes,
	{ modulus, exponent }: RsaNumbers,
): RecoveredDigest | undefined {
	if (signature.length !== 256) return undefined;
	const padded = power(BigInt(`0x${toHex(signature)}`), exponent, modulus)
		.toString(16)
		.padStart(512, "0");
	for (const algorithm of ["SHA-256", "SHA-1"] as const) {
		const info = digests[algorithm];
		const length = algorithm === "SHA-256" ? 64 : 40;
		const head = `0001${"f".repeat(512 - 6 - info.length - length)}00${info}`;
		if (padded.startsWith(head)) return { algorithm, hex: padded.slice(head.length) };
	}
	return undefined;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
	let result = 1n;
	let square = base % modulus;
	for (let rest = exponent; rest > 0n; rest >>= 1n) {
		if (rest & 1n) result = (result * square) % modulus;
		square = (square * square) % modulus;
	}
	return result;
}
