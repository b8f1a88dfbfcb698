import { invalidArgument } from "../arguments.js";
import { type Bytes, fromBase64, joined, utf8 } from "../bytes.js";

/** RSASSA-PKCS1-v1_5 over SHA-256, as `Wechatpay-Signature-Type` calls it. */
export const signatureType = "WECHATPAY2-SHA256-RSA2048";

/** The same as WebCrypto calls it. */
export const rsaSha256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

/** How WeChat Pay begins a signature that is wrong on purpose, to see whether it is looked at (PROTOCOL 6.13). */
export const probePrefix = "WECHATPAY/SIGNTEST/";

/** What is signed: time stamp, nonce and body, a line each. */
export function signedBytes(timestamp: string, nonce: string, body: Uint8Array): Bytes {
	return joined(utf8(`${timestamp}\n${nonce}\n`), body, utf8("\n"));
}

/**
 * A public key of WeChat Pay.
 *
 * @throws {WeChatPayError} `ARGUMENT_INVALID` when it is no RSA key of 2048 bits.
 */
export async function importPublicKey(publicKey: Bytes): Promise<CryptoKey> {
	const key = await crypto.subtle
		.importKey("spki", publicKey, rsaSha256, false, ["verify"])
		.catch(() => null);
	if ((key?.algorithm as { modulusLength?: number } | undefined)?.modulusLength === 2048 && key) return key;
	throw invalidArgument(
		"publicKeys",
		"A key in `publicKeys` is no RSA key of 2048 bits, which WeChat Pay's are.",
	);
}

/** Whether this signature, in base64, is of these bytes. */
export async function isSignatureOf(bytes: Bytes, signature: string, key: CryptoKey): Promise<boolean> {
	const raw = fromBase64(signature);
	return raw !== undefined && (await crypto.subtle.verify(rsaSha256, key, raw, bytes));
}
