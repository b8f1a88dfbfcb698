// Everything there is to find out about what was pasted.

import { type Explanation, explainSignature, type MessageName } from "paysign";
import { type Diagnosis, diagnoseSignature, type MessageReading, readMessage } from "paysign/diagnose";
import type { Answer, Job } from "./protocol.ts";

/** Without any key only few mistakes make a signature: no need to search for long. */
const budgetWithoutKey = 200_000;

/** The message that is signed without a key. */
const keyless: MessageName = "editAddress";

const standInKey = "k".repeat(128);

type OnProgress = (tried: number, total: number) => void;

/** What a text is read as; `null` when there is no field in it. */
export function read(body: string): MessageReading | null {
	try {
		return readMessage(body);
	} catch {
		return null;
	}
}

/** The answer to a question whose body was read. */
export function examine(job: Job, reading: MessageReading, onProgress: OnProgress): Answer {
	const message = job.message ?? reading.message;
	const given = job.given ?? reading.given ?? job.otherwise;
	const hasKey = job.secrets.appKey !== "" || reading.hasKey || message === keyless;
	const known = { reading, message, given, hasKey };
	if (message === null) {
		return { ...known, explanation: null, standIn: false, diagnosis: null, signedTextUnread: false };
	}
	const { explanation, standIn } = explain(message, reading, given, job.secrets.appKey);
	const signedText = job.signedText !== null && read(job.signedText) !== null ? job.signedText : null;
	const signedTextUnread = signedText !== job.signedText;
	const isGiven = given !== null && given.trim() !== "";
	const diagnosis = isGiven ? diagnose({ ...job, signedText }, message, given, onProgress) : null;
	return { ...known, explanation, standIn, diagnosis, signedTextUnread };
}

/** The steps. A key that cannot be one, or none, must not hide them. */
function explain(
	message: MessageName,
	reading: MessageReading,
	given: string | null,
	key: string,
): { explanation: Explanation; standIn: boolean } {
	const fields = Object.fromEntries(reading.fields);
	const options = given === null ? { message, fields } : { message, fields, given: given.trim() };
	if (message === keyless) return { explanation: explainSignature(options), standIn: false };
	try {
		return { explanation: explainSignature({ ...options, appKey: key }), standIn: false };
	} catch {
		return { explanation: explainSignature({ ...options, appKey: standInKey }), standIn: true };
	}
}

function diagnose(
	{ body, secrets, signedText, appId, now }: Job,
	message: MessageName,
	given: string,
	onProgress: OnProgress,
): Diagnosis {
	const isBare = Object.values(secrets).every((secret) => secret === "");
	return diagnoseSignature({
		message,
		body,
		given,
		secrets: { ...secrets },
		signedText: signedText ?? undefined,
		appId: appId ?? undefined,
		now,
		onProgress,
		budget: isBare && message !== keyless ? budgetWithoutKey : undefined,
	});
}
