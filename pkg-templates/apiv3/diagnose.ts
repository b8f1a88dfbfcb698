import { invalidArgument } from "../arguments.js";
import { type Bytes, utf8 } from "../bytes.js";
import {
	type CallbackDiagnosis,
	type CallbackLint,
	createTally,
	diagnosisOf,
	type Outcome,
	type Tally,
} from "../callbacks/diagnosis.js";
import { type PastedRequest, readRequest } from "../callbacks/request.js";
import { explainContent } from "./diagnose-content.js";
import { type GivenKey, givenKeys, serialOf } from "./diagnose-keys.js";
import { explainSignature, type SignatureParts } from "./diagnose-signature.js";
import { type LintId, lints, type MistakeId, mistakes } from "./mistakes.js";
import { freshForSeconds } from "./verify.js";

export type {
	Bilingual,
	CallbackCheck,
	CallbackDiagnosis,
	CallbackExclusion,
	CallbackLint,
	CallbackMistake,
} from "../callbacks/diagnosis.js";

/** What is known of a notification that does not verify. */
export interface DiagnoseNotificationOptions {
	/** The request as text, pasted: headers, an empty line, the body. Or `headers` and `body`. */
	readonly raw?: string | undefined;
	/** Names in any letter case. */
	readonly headers?: Readonly<Record<string, string>> | Headers | undefined;
	/** The body as your program has it. */
	readonly body?: string | Uint8Array | undefined;
	/** All certificates and public keys in hand as PEM, under their serial numbers as in the configuration, or as a list. */
	readonly publicKeys?: Readonly<Record<string, string>> | readonly string[] | undefined;
	/** The APIv3 key as configured. Nothing is trimmed: a line end is a common mistake. */
	readonly apiV3Key?: string | undefined;
	/** What else it could have been mistaken for, such as `{ apiV2Key }`. */
	readonly secrets?: Readonly<Record<string, string | undefined>> | undefined;
	/** The text that your program hands to its verification, if it can be had. */
	readonly programText?: string | undefined;
	/** When it was received, in Unix seconds. Default: its age is not looked at. */
	readonly receivedAt?: number | undefined;
	/** How many candidates may be hashed, at least 1. Default 100,000: every order of the keys of a notification. */
	readonly budget?: number | undefined;
}

/**
 * Says why a notification of APIv3 does not verify or cannot be decrypted, with proof: undone, the mistakes make the signature
 * right and the content readable. Nothing is sent anywhere, and no secret is in the answer.
 *
 * A signature of RSA shows its key what was signed. So which of the keys made it is certain, and if it is one of them, the body
 * that was sent is found among the forms in which a program may have written it anew.
 *
 * @throws {WeChatPayError} `ARGUMENT_INVALID` when there is neither `raw` nor `body`.
 *
 * @example
 * ```ts
 * import { diagnoseNotification } from "paysign/apiv3/diagnose";
 *
 * const raw = `Wechatpay-Timestamp: 1710048759
 * Wechatpay-Nonce: 3d980fb850fdce97f6bfb3d248597f16
 * Wechatpay-Serial: 5157F09EFDC096DE15EBE81A47057A72FBE80F7A
 * Wechatpay-Signature: WECHATPAY/SIGNTEST/i48r5y8IQw1qpTO+ywoV
 *
 * {"id":"EV-2018022511223320873"}`;
 * const { verdict, mistakes } = await diagnoseNotification({ raw });
 * console.log(verdict, mistakes[0]?.id); // explained probe
 * ```
 */
export async function diagnoseNotification(options: DiagnoseNotificationOptions): Promise<CallbackDiagnosis> {
	const { headers, body } = received(options);
	const keys = await givenKeys(options.publicKeys ?? []);
	const tally = createTally();
	const remarks = new Set<LintId>(keys.flatMap(({ remark }) => remark ?? []));
	const { outcome, sent } = await signatureOutcome(options, headers, body, keys, tally, remarks);
	const isProbe = outcome !== "unchecked" && outcome?.includes("probe");
	const nothing = { outcome: "unchecked", text: null } as const;
	const content = isProbe ? nothing : await explainContent(sent, options, tally, remarks);
	return diagnosisOf<MistakeId>(mistakes, outcome, content.outcome, {
		decrypted: content.text,
		lints: [...remarks].map((id): CallbackLint => ({ id, sentence: lints[id] })),
		tally,
	});
}

function received({ raw, headers, body }: DiagnoseNotificationOptions): {
	readonly headers: ReadonlyMap<string, string>;
	readonly body: Bytes;
} {
	if (raw === undefined && body === undefined) {
		throw invalidArgument("body", "Give `raw`, the request as text, or `headers` and `body`.");
	}
	const pasted: PastedRequest = raw === undefined ? { query: "", headers: [], body: "" } : readRequest(raw);
	const named =
		headers === undefined ? [] : headers instanceof Headers ? [...headers] : Object.entries(headers);
	const all = new Map([...pasted.headers, ...named].map(([name, value]) => [name.toLowerCase(), value]));
	// A line end behind what is pasted is the paste's.
	const given = body ?? pasted.body.replace(/[\r\n]+$/, "");
	return { headers: all, body: typeof given === "string" ? utf8(given) : Uint8Array.from(given) };
}

async function signatureOutcome(
	options: DiagnoseNotificationOptions,
	headers: ReadonlyMap<string, string>,
	body: Bytes,
	keys: readonly GivenKey[],
	tally: Tally,
	remarks: Set<LintId>,
): Promise<{ readonly outcome: Outcome<MistakeId>; readonly sent: Bytes }> {
	const header = (name: string) => headers.get(`wechatpay-${name}`) ?? "";
	const parts: SignatureParts = {
		serial: serialOf(header("serial")),
		signature: header("signature"),
		timestamp: header("timestamp"),
		nonce: header("nonce"),
		body,
	};
	if (/^\W*WECHATPAY\/SIGNTEST\//.test(parts.signature)) return { outcome: ["probe"], sent: body };
	const type = headers.get("wechatpay-signature-type");
	if (type !== undefined && /SM2/i.test(type)) return { outcome: ["signature-sm2"], sent: body };
	if (!parts.serial || !parts.signature || !parts.timestamp || !parts.nonce) remarks.add("headers-missing");
	if (keys.every(({ numbers }) => numbers === undefined)) {
		remarks.add("public-keys-absent");
		return { outcome: "unchecked", sent: body };
	}
	if (keys.every(({ serial }) => serial !== parts.serial)) remarks.add("serial-unknown");
	const budget = options.budget ?? 100_000;
	const { programText, receivedAt } = options;
	const explained = await explainSignature(parts, keys, { programText, budget, tally, remarks });
	if (explained === null) return { outcome: null, sent: body };
	const isStale =
		receivedAt !== undefined && Math.abs(receivedAt - Number(parts.timestamp)) > freshForSeconds;
	return { outcome: isStale ? [...explained.mistakes, "stale"] : explained.mistakes, sent: explained.body };
}
