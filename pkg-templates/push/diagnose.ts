import { invalidArgument } from "../arguments.js";
import { textOf } from "../bytes.js";
import {
	type CallbackDiagnosis,
	type CallbackLint,
	createTally,
	diagnosisOf,
	type Outcome,
	type Tally,
} from "../callbacks/diagnosis.js";
import { readRequest } from "../callbacks/request.js";
import { explainContent } from "./diagnose-content.js";
import { type PushParts, readPush } from "./diagnose-reading.js";
import { explainEncrypted, explainPlain } from "./diagnose-signature.js";
import { type LintId, lints, type MistakeId, mistakes } from "./mistakes.js";

export type {
	Bilingual,
	CallbackCheck,
	CallbackDiagnosis,
	CallbackExclusion,
	CallbackLint,
	CallbackMistake,
} from "../callbacks/diagnosis.js";

/** What is known of a push that does not verify. */
export interface DiagnosePushOptions {
	/** The request as text, pasted: the request line or the URL, an empty line, the body. Or `query` and `body`. */
	readonly raw?: string | undefined;
	/** The query of the request's URL. */
	readonly query?: string | URLSearchParams | undefined;
	/** The body as your program has it; absent for the question for the URL. */
	readonly body?: string | Uint8Array | undefined;
	/** The AppId that is expected. */
	readonly appId?: string | undefined;
	/** The Token as configured. Nothing is trimmed: a line end is a common mistake. */
	readonly token?: string | undefined;
	/** The EncodingAESKey as configured. */
	readonly encodingAesKey?: string | undefined;
	/** What else these could have been mistaken for. */
	readonly secrets?: Readonly<Record<string, string | undefined>> | undefined;
	/** The mode that is expected. Default `"encrypted"`. */
	readonly mode?: "encrypted" | "plain" | undefined;
	/** The signature that your program computes, if it can be had. */
	readonly computed?: string | undefined;
}

/** Why a push does not verify. No secret is in it. */
export interface PushDiagnosis extends CallbackDiagnosis {
	/** The AppId that the decrypted text is for; `null` when nothing could be decrypted. */
	readonly appId: string | null;
}

/**
 * Says why a message push does not verify or cannot be decrypted, with proof: undone, the mistakes make the signature right and the
 * content readable. Nothing is sent anywhere, and no secret is in the answer.
 *
 * @throws {WeChatPayError} `ARGUMENT_INVALID` when there is neither `raw` nor `query`.
 *
 * @example
 * ```ts
 * import { diagnosePush } from "paysign/push/diagnose";
 *
 * const raw = "GET /push?signature=f21891de399b4e33a1a93c9a7b8a8fffb5a443ff&timestamp=1410685589&nonce=test&echostr=59277";
 * const { verdict, mistakes } = await diagnosePush({ raw, token: "test " });
 * console.log(verdict, mistakes[0]?.id); // explained token-padded
 * ```
 */
export async function diagnosePush(options: DiagnosePushOptions): Promise<PushDiagnosis> {
	const parts = received(options);
	const { token = "", encodingAesKey = "" } = options;
	const tally = createTally();
	const remarks = new Set<LintId>();
	const given = Object.values(options.secrets ?? {}).filter((secret): secret is string => Boolean(secret));
	const search = { token, others: [...given, encodingAesKey], computed: options.computed, tally, remarks };
	const isEncrypted = parts.encrypt !== undefined;
	const has = parts.timestamp !== "" && parts.nonce !== "" && (parts.signature || parts.msgSignature) !== "";
	if (!has) remarks.add("query-incomplete");
	let signature: Outcome<MistakeId> = "unchecked";
	let signed = parts.encrypt;
	if (token === "" && given.length === 0) remarks.add("token-absent");
	else if (isEncrypted) {
		const explained = await explainEncrypted(parts, parts.encrypt, search);
		signature = explained && [
			...explained.mistakes,
			...(options.mode === "plain" ? (["encrypted-body"] as const) : []),
		];
		signed = explained?.encrypt ?? parts.encrypt;
	} else {
		const explained = await explainPlain(parts, search);
		const isUnexpected = parts.body !== "" && options.mode !== "plain";
		if (parts.body !== "") remarks.add("body-not-protected");
		signature = explained && [...explained, ...(isUnexpected ? (["plain-body"] as const) : [])];
	}
	if (signature === null && !/^[A-Za-z0-9]{3,32}$/.test(token)) remarks.add("token-shape");
	const content = await contentOf(signed, options, [...given, token], tally, remarks);
	const diagnosis = diagnosisOf<MistakeId>(mistakes, signature, content.outcome, {
		decrypted: content.text,
		lints: [...remarks].map((id): CallbackLint => ({ id, sentence: lints[id] })),
		tally,
	});
	return { ...diagnosis, appId: content.appId };
}

function received({ raw, query, body }: DiagnosePushOptions): PushParts {
	if (raw === undefined && query === undefined) {
		throw invalidArgument("query", "Give `raw`, the request as text, or `query` and `body`.");
	}
	const pasted = readRequest(raw ?? "");
	const text = body instanceof Uint8Array ? (textOf(body) ?? "") : body;
	// A line end behind what is pasted is the paste's.
	return readPush(query ?? pasted.query, text ?? pasted.body.trim());
}

interface Content {
	readonly outcome: Outcome<MistakeId>;
	readonly text: string | null;
	readonly appId: string | null;
}

async function contentOf(
	encrypt: string | undefined,
	{ encodingAesKey = "", appId }: DiagnosePushOptions,
	others: readonly string[],
	tally: Tally,
	remarks: Set<LintId>,
): Promise<Content> {
	const nothing = { text: null, appId: null } as const;
	if (encrypt === undefined) return { ...nothing, outcome: "unchecked" };
	if (encodingAesKey === "" && others.every((other) => other.length < 42)) {
		remarks.add("aes-key-absent");
		return { ...nothing, outcome: "unchecked" };
	}
	const found = await explainContent(encrypt, encodingAesKey, others, tally);
	if (found === null) {
		if (encodingAesKey.length !== 43) remarks.add("aes-key-length");
		return { ...nothing, outcome: null };
	}
	const isOther = appId !== undefined && appId !== "" && appId !== found.appId;
	const outcome: Outcome<MistakeId> = isOther ? [...found.mistakes, "app-id-other"] : found.mistakes;
	return { outcome, text: found.content, appId: found.appId };
}
