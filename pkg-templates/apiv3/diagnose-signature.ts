import { type Bytes, fromBase64, joined, textOf, toHex, utf8 } from "../bytes.js";
import type { Tally } from "../callbacks/diagnosis.js";
import { repairedBodies, rewrittenBodies } from "./body-repairs.js";
import type { GivenKey } from "./diagnose-keys.js";
import type { LintId, MistakeId } from "./mistakes.js";
import { type RecoveredDigest, recoverDigest } from "./recovered.js";
import { signedBytes } from "./signature.js";

/** What the signature is over, and what it is. Serial number as it is compared. */
export interface SignatureParts {
	readonly serial: string;
	readonly signature: string;
	readonly timestamp: string;
	readonly nonce: string;
	readonly body: Bytes;
}

interface Search {
	readonly programText: string | undefined;
	readonly budget: number;
	readonly tally: Tally;
	readonly remarks: Set<LintId>;
}

/** What is known of a signature that is right, or was before the mistakes. */
export interface ExplainedSignature {
	readonly mistakes: readonly MistakeId[];
	/** The body that was sent. */
	readonly body: Bytes;
}

/** The mistakes that explain the signature, none when it is right; `null` when nothing does. */
export async function explainSignature(
	parts: SignatureParts,
	keys: readonly GivenKey[],
	search: Search,
): Promise<ExplainedSignature | null> {
	const made = whoMade(parts, keys, search.tally);
	if (made === null) {
		search.remarks.add("signed-by-none");
		return null;
	}
	const signed = await whatWasSigned(parts, made.digest, search);
	if (signed === null) {
		search.remarks.add("signed-other-text");
		return null;
	}
	const { programText } = search;
	const found = [...made.mistakes, ...signed.mistakes];
	const isRight = found.length === 0 && programText !== undefined;
	return { mistakes: isRight ? programMistakes(parts, programText, search) : found, body: signed.body };
}

interface Maker {
	readonly digest: RecoveredDigest;
	readonly mistakes: readonly MistakeId[];
}

/** Which of the keys made the signature, and what had to be undone for it. */
function whoMade(
	{ serial, signature }: SignatureParts,
	keys: readonly GivenKey[],
	tally: Tally,
): Maker | null {
	const [named, others] = [
		keys.filter((key) => key.serial === serial),
		keys.filter((key) => key.serial !== serial),
	];
	for (const { bytes, mistakes } of signatureForms(signature)) {
		for (const { numbers, serial: own } of [...named, ...others]) {
			if (numbers === undefined) continue;
			tally.count("key");
			const digest = recoverDigest(bytes, numbers);
			if (digest === undefined) continue;
			// A key without a name may be the one that is meant.
			const isOther = serial !== "" && own !== "" && own !== serial;
			return {
				digest,
				mistakes: [
					...mistakes,
					...(serial === "" ? (["serial-missing"] as const) : []),
					...(isOther ? (["wrong-serial"] as const) : []),
					...(digest.algorithm === "SHA-1" ? (["signature-sha1"] as const) : []),
				],
			};
		}
	}
	return null;
}

function* signatureForms(
	signature: string,
): Generator<{ bytes: Bytes; mistakes: readonly MistakeId[] }, void> {
	const forms: readonly (readonly [MistakeId | null, string])[] = [
		[null, signature],
		["signature-plus-lost", signature.replaceAll(" ", "+")],
		["signature-padded", `${signature.replace(/[\s"'=]|\\[rn]/g, "")}==`],
		["signature-base64url", `${signature.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "")}==`],
	];
	for (const [mistake, form] of forms) {
		const bytes = fromBase64(form);
		if (bytes !== undefined) yield { bytes, mistakes: mistake === null ? [] : [mistake] };
	}
}

type Build = (timestamp: string, nonce: string, body: Bytes) => Bytes;

/** How the text may have been built, the documented way first. */
const builds: readonly (readonly [MistakeId | null, Build])[] = [
	[null, signedBytes],
	["text-swapped", (timestamp, nonce, body) => signedBytes(nonce, timestamp, body)],
	["text-last-line-feed", (timestamp, nonce, body) => joined(utf8(`${timestamp}\n${nonce}\n`), body)],
	["text-line-feeds", (timestamp, nonce, body) => joined(utf8(timestamp + nonce), body)],
	["text-crlf", (timestamp, nonce, body) => joined(utf8(`${timestamp}\r\n${nonce}\r\n`), body, utf8("\r\n"))],
	[
		"text-escaped-line-feed",
		(timestamp, nonce, body) => joined(utf8(`${timestamp}\\n${nonce}\\n`), body, utf8("\\n")),
	],
	["text-body-only", (_timestamp, _nonce, body) => body],
];

/** How many texts are hashed at once: one by one, WebCrypto takes four times as long. */
const batch = 64;

/** The first text of this digest. */
async function whatWasSigned(
	{ timestamp, nonce, body }: SignatureParts,
	digest: RecoveredDigest,
	{ budget, tally }: Search,
): Promise<TextCandidate | null> {
	const candidates = texts(timestamp.trim(), nonce.trim(), body);
	const isSigned = async ({ text }: TextCandidate) =>
		toHex(new Uint8Array(await crypto.subtle.digest(digest.algorithm, text))) === digest.hex;
	for (;;) {
		const some = taken(candidates, Math.min(batch, budget - tally.total()));
		if (some.length === 0) return null;
		for (const { family } of some) tally.count(family);
		const found = (await Promise.all(some.map(isSigned))).indexOf(true);
		if (found >= 0) return some[found] ?? null;
	}
}

function taken<T>(from: Iterator<T, void>, count: number): T[] {
	const some: T[] = [];
	while (some.length < count) {
		const next = from.next();
		if (next.done) break;
		some.push(next.value);
	}
	return some;
}

interface TextCandidate {
	readonly family: string;
	readonly mistakes: readonly MistakeId[];
	readonly body: Bytes;
	readonly text: Bytes;
}

/**
 * Every text that is tried. The documented text of a repaired body comes before another text of it: WeChat Pay builds its own
 * as documented, so that a line feed too many is one of the body.
 */
function* texts(timestamp: string, nonce: string, body: Bytes): Generator<TextCandidate, void> {
	const repaired = [...repairedBodies(body)];
	for (const [mistake, build] of builds) {
		for (const { bytes, mistakes } of repaired) {
			yield {
				family: mistake === null ? "body" : "text",
				mistakes: mistake === null ? mistakes : [...mistakes, mistake],
				body: bytes,
				text: build(timestamp, nonce, bytes),
			};
		}
	}
	for (const { bytes, mistakes } of rewrittenBodies(repaired)) {
		yield { family: "json", mistakes, body: bytes, text: signedBytes(timestamp, nonce, bytes) };
	}
}

/** What is wrong with the text that a program verifies, where the notification itself is right. */
function programMistakes(
	{ timestamp, nonce, body }: SignatureParts,
	programText: string,
	{ tally, remarks, budget }: Search,
): readonly MistakeId[] {
	// The other way round: of the body that was sent, the program may have made any of these.
	const wanted = programText;
	for (const [mistake, build] of builds) {
		if (textOf(build(timestamp, nonce, body)) === wanted) return mistake === null ? [] : [mistake];
	}
	for (const [mistake, build] of builds) {
		const [head = "", tail = ""] = (textOf(build(timestamp, nonce, utf8("\0"))) ?? "").split("\0");
		if (!wanted.startsWith(head) || !wanted.endsWith(tail)) continue;
		const theirs = wanted.slice(head.length, wanted.length - tail.length);
		const sent = textOf(body);
		// What undoes the program's body is what the program did.
		const repaired = [...repairedBodies(utf8(theirs))];
		for (const candidates of [repaired, rewrittenBodies(repaired)]) {
			for (const candidate of candidates) {
				if (tally.total() >= budget) break;
				tally.count("program-text");
				if (textOf(candidate.bytes) !== sent) continue;
				return mistake === null ? candidate.mistakes : [...candidate.mistakes, mistake];
			}
		}
	}
	remarks.add("program-text-differs");
	return [];
}
