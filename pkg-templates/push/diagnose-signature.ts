import { toHex, utf8 } from "../bytes.js";
import type { Tally } from "../callbacks/diagnosis.js";
import {
	encryptForms,
	encryptMisreadings,
	type Form,
	type PushParts,
	tokenForms,
} from "./diagnose-reading.js";
import type { LintId, MistakeId } from "./mistakes.js";

/** What is known of a signature that is right, or was before the mistakes. */
export interface ExplainedSignature {
	readonly mistakes: readonly MistakeId[];
	/** `Encrypt` as it was signed; `undefined` when it was not. */
	readonly encrypt: string | undefined;
}

interface Search {
	readonly token: string;
	readonly others: readonly string[];
	/** The signature that a program computes. */
	readonly computed: string | undefined;
	readonly tally: Tally;
	readonly remarks: Set<LintId>;
}

/** The mistakes that explain the signature of an encrypted push; `null` when nothing does. */
export async function explainEncrypted(
	parts: PushParts,
	encrypt: string,
	search: Search,
): Promise<ExplainedSignature | null> {
	const { msgSignature, signature, timestamp, nonce } = parts;
	const tokens = tokenForms(search.token, search.others);
	const lower = msgSignature.toLowerCase();
	const found = await whatMakes(lower, tokens, encryptForms(encrypt), [timestamp, nonce], search.tally);
	if (found !== null) {
		const isUpper = msgSignature !== lower;
		const mistakes: readonly MistakeId[] = isUpper ? [...found.mistakes, "signature-case"] : found.mistakes;
		const { computed } = search;
		const isRight = mistakes.length === 0 && computed !== undefined && computed.trim() !== "";
		return isRight
			? { ...found, mistakes: await programMistakes(computed.trim(), parts, encrypt, found.token, search) }
			: { ...found, mistakes };
	}
	if (msgSignature !== "") return null;
	// Without msg_signature only the Token can be checked.
	for (const [mistake, token] of tokens) {
		search.tally.count("token");
		if ((await sha1([token, timestamp, nonce].sort())) !== signature.toLowerCase()) continue;
		return {
			mistakes: [...(mistake === null ? [] : [mistake]), "msg-signature-missing"],
			encrypt: undefined,
		};
	}
	return null;
}

/** The mistakes that explain the signature of a push or question that is not encrypted; `null` when nothing does. */
export async function explainPlain(
	{ signature, timestamp, nonce }: PushParts,
	{ token, others, tally }: Search,
): Promise<readonly MistakeId[] | null> {
	for (const [mistake, form] of tokenForms(token, others)) {
		tally.count("token");
		const values = [form, timestamp, nonce];
		if ((await sha1([...values].sort())) === signature) return mistake === null ? [] : [mistake];
		for (const order of permutations(values)) {
			tally.count("order");
			if ((await sha1(order)) === signature)
				return [...(mistake === null ? [] : [mistake]), "values-not-sorted"];
		}
	}
	return null;
}

interface Making extends ExplainedSignature {
	readonly token: string;
}

/** The token, the ciphertext and the order that make a signature. */
async function whatMakes(
	signature: string,
	tokens: readonly Form[],
	encrypts: readonly Form[],
	others: readonly [timestamp: string, nonce: string],
	tally: Tally,
): Promise<Making | null> {
	if (!/^[0-9a-f]{40}$/.test(signature)) return null;
	for (const isSorted of [true, false]) {
		for (const [wrongToken, token] of tokens) {
			for (const [changed, encrypt] of encrypts) {
				const values = [token, ...others, encrypt];
				const mistakes = [wrongToken, changed].filter((mistake) => mistake !== null);
				for (const order of isSorted ? [[...values].sort()] : permutations(values)) {
					tally.count(isSorted ? (wrongToken === null ? "encrypt" : "token") : "order");
					if ((await sha1(order)) !== signature) continue;
					return { token, encrypt, mistakes: isSorted ? mistakes : [...mistakes, "values-not-sorted"] };
				}
			}
			if (!isSorted) continue;
			tally.count("encrypt");
			if ((await sha1([token, ...others].sort())) !== signature) continue;
			const mistakes: readonly MistakeId[] = [
				...(wrongToken === null ? [] : [wrongToken]),
				"encrypt-left-out",
			];
			return { token, encrypt: undefined, mistakes };
		}
	}
	return null;
}

/** What is wrong with the signature that a program computes, where that of the push is right. */
async function programMistakes(
	computed: string,
	{ signature, msgSignature, timestamp, nonce, body }: PushParts,
	encrypt: string,
	token: string,
	{ others, tally, remarks }: Search,
): Promise<readonly MistakeId[]> {
	if (computed === msgSignature) return signature === "" ? [] : ["compared-with-signature"];
	// The other way round: of the right Token, the program may have made any of these.
	const tokens: readonly Form[] = [
		...tokenForms(token, others),
		["token-padded", `${token}\n`],
		["token-padded", ` ${token}`],
		["token-padded", `${token} `],
	];
	const readings = encryptMisreadings(encrypt, body);
	const found = await whatMakes(computed.toLowerCase(), tokens, readings, [timestamp, nonce], tally);
	if (found === null) remarks.add("computed-differs");
	const isUpper = found !== null && computed !== computed.toLowerCase();
	return isUpper ? [...found.mistakes, "signature-case"] : (found?.mistakes ?? []);
}

async function sha1(values: readonly string[]): Promise<string> {
	return toHex(new Uint8Array(await crypto.subtle.digest("SHA-1", utf8(values.join("")))));
}

function* permutations<T>(items: readonly T[]): Generator<readonly T[], void> {
	if (items.length <= 1) yield items;
	for (const [index, item] of items.length > 1 ? items.entries() : []) {
		for (const rest of permutations(items.filter((_, other) => other !== index))) yield [item, ...rest];
	}
}
