import { type Bytes, fromBase64, textOf, utf8 } from "../bytes.js";
import type { Outcome, Tally } from "../callbacks/diagnosis.js";
import { withoutPadding } from "../callbacks/request.js";
import { repairedBodies } from "./body-repairs.js";
import type { LintId, MistakeId } from "./mistakes.js";
import { isObject } from "./notification.js";
import { decryptResource, parsed } from "./resource.js";

/** What was found out about the content. */
export interface ExplainedContent {
	readonly outcome: Outcome<MistakeId>;
	readonly text: string | null;
}

interface Keys {
	readonly apiV3Key?: string | undefined;
	readonly secrets?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Decrypts the resource with the key as given, or with what it could have been meant to be. */
export async function explainContent(
	body: Bytes,
	{ apiV3Key, secrets = {} }: Keys,
	tally: Tally,
	remarks: Set<LintId>,
): Promise<ExplainedContent> {
	const others = Object.values(secrets).filter((secret) => secret !== undefined && secret !== "") as string[];
	if (!apiV3Key && others.length === 0) {
		remarks.add("api-v3-key-absent");
		return { outcome: "unchecked", text: null };
	}
	const encrypted = encryptedIn(body);
	if (encrypted === undefined) {
		remarks.add("body-no-notification");
		return { outcome: null, text: null };
	}
	for (const [changes, ciphertext] of ciphertexts(encrypted.ciphertext)) {
		for (const [mistaken, key] of keyCandidates(apiV3Key ?? "", others)) {
			for (const associatedData of associatedDataOf(encrypted)) {
				tally.count(mistaken === null ? "associated-data" : "api-v3-key");
				const text = await decryptResource({ ciphertext, nonce: encrypted.nonce, associatedData }, key);
				if (text === undefined) continue;
				const isOther = associatedData !== encrypted.associatedData;
				const outcome: MistakeId[] = [
					...(mistaken === null ? [] : [mistaken]),
					...(isOther ? (["associated-data"] as const) : []),
					...(changes === null ? [] : [changes]),
				];
				return { outcome, text };
			}
		}
	}
	if (apiV3Key && utf8(apiV3Key).length !== 32) remarks.add("api-v3-key-length");
	if (apiV3Key && others.includes(apiV3Key)) remarks.add("api-v3-key-is-other");
	return { outcome: null, text: null };
}

interface FoundResource {
	readonly ciphertext: string;
	readonly nonce: string;
	readonly associatedData: string;
	readonly originalType: string;
}

/** The resource of the body, or of what a repair makes of the body: how it is written does not matter here. */
function encryptedIn(body: Bytes): FoundResource | undefined {
	for (const { bytes } of repairedBodies(body)) {
		const value = parsed(textOf(bytes) ?? "");
		if (!isObject(value) || !isObject(value.resource)) continue;
		const text = (field: unknown) => (typeof field === "string" ? field : "");
		const {
			ciphertext,
			nonce,
			associated_data: associatedData,
			original_type: originalType,
		} = value.resource;
		return {
			ciphertext: text(ciphertext),
			nonce: text(nonce),
			associatedData: text(associatedData),
			originalType: text(originalType),
		};
	}
	return undefined;
}

function* ciphertexts(given: string): Generator<readonly ["ciphertext-changed" | null, string], void> {
	yield [null, given];
	for (const changed of [given.replaceAll(" ", "+"), given.replace(/\s|\\[rn]/g, "")]) {
		if (changed !== given) yield ["ciphertext-changed", changed];
	}
}

/** As given first, then what it was made from, then the other secrets. */
function* keyCandidates(
	given: string,
	others: readonly string[],
): Generator<readonly [MistakeId | null, Bytes], void> {
	const plain = withoutPadding(given);
	const all: readonly (readonly [MistakeId | null, Bytes | undefined])[] = [
		[null, utf8(given)],
		["api-v3-key-padded", plain === given ? undefined : utf8(plain)],
		["api-v3-key-hex", /^[0-9a-f]{64}$/i.test(plain) ? fromHex(plain) : undefined],
		["api-v3-key-base64", plain.length === 44 ? fromBase64(plain) : undefined],
		["api-v3-key-case", utf8(plain.toLowerCase())],
		["api-v3-key-case", utf8(plain.toUpperCase())],
		...others
			.filter((other) => other !== given)
			.map((other) => ["api-v3-key-other", utf8(withoutPadding(other))] as const),
	];
	for (const [mistake, key] of all) if (key?.length === 32) yield [mistake, key];
}

function fromHex(digits: string): Bytes {
	return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** As given first, then what WeChat Pay is known to send. */
function associatedDataOf({ associatedData, originalType }: FoundResource): ReadonlySet<string> {
	const known = ["", "transaction", "refund", "payscore", "violation", "complaint", "coupon", "certificate"];
	return new Set([associatedData, originalType, ...known, withoutPadding(associatedData)]);
}
