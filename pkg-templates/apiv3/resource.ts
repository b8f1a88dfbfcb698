import { type Bytes, fromBase64, textOf, utf8 } from "../bytes.js";
import { isObject } from "./notification.js";

/** The body of a notification, around what is encrypted. */
export interface Envelope {
	readonly id: string;
	readonly createTime: string;
	readonly eventType: string;
	readonly resourceType: string;
	readonly summary: string | undefined;
	readonly resource: EncryptedResource;
}

/** What is encrypted (PROTOCOL 6.14). */
export interface EncryptedResource {
	readonly originalType: string | undefined;
	/** Base64 of ciphertext and tag. */
	readonly ciphertext: string;
	/** 12 bytes. */
	readonly nonce: string;
	/** May be empty or absent, which is the same. */
	readonly associatedData: string;
}

/** The only algorithm of a resource. */
export const resourceAlgorithm = "AEAD_AES_256_GCM";

/** Reads the body of a notification; `undefined` when it is none. */
export function readEnvelope(text: string): Envelope | undefined {
	const body = parsed(text);
	if (!isObject(body) || !isObject(body.resource)) return undefined;
	const { id, create_time: createTime, event_type: eventType, resource_type: resourceType, summary } = body;
	const { algorithm, ciphertext, nonce, original_type: originalType } = body.resource;
	const associatedData = body.resource.associated_data ?? "";
	if (algorithm !== resourceAlgorithm) return undefined;
	if (!isText(id) || id === "" || !isText(createTime) || !isText(eventType) || !isText(resourceType)) {
		return undefined;
	}
	if (!isText(ciphertext) || !isText(nonce) || !isText(associatedData)) return undefined;
	return {
		id,
		createTime,
		eventType,
		resourceType,
		summary: isText(summary) ? summary : undefined,
		resource: {
			originalType: isText(originalType) ? originalType : undefined,
			ciphertext,
			nonce,
			associatedData,
		},
	};
}

function isText(value: unknown): value is string {
	return typeof value === "string";
}

/** The value behind a JSON text; `undefined` when it is none. */
export function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/**
 * The decrypted text; `undefined` when it cannot be had, for whatever reason.
 *
 * @param key As many bytes as AES has: who calls this sees to it that it is 32, except where the vectors of other
 * implementations have 16.
 */
export async function decryptResource(
	{ ciphertext, nonce, associatedData }: Pick<EncryptedResource, "ciphertext" | "nonce" | "associatedData">,
	key: Bytes,
): Promise<string | undefined> {
	const data = fromBase64(ciphertext);
	const iv = utf8(nonce);
	// With any other length GCM would hash the nonce first, which no sender here does.
	if (data === undefined || iv.length !== 12) return undefined;
	try {
		const imported = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
		const algorithm = { name: "AES-GCM", iv, additionalData: utf8(associatedData), tagLength: 128 };
		return textOf(new Uint8Array(await crypto.subtle.decrypt(algorithm, imported, data)));
	} catch {
		return undefined;
	}
}
