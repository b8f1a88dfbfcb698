// The work on what was pasted, beside the page: it may take seconds, and typing must not wait.

import { type Explanation, explainSignature, type MessageName } from "paysign";
import { type Diagnosis, diagnoseSignature, type MessageReading, readMessage } from "paysign/diagnose";
import type { Answer, Job, Reply } from "./protocol.ts";

/** Without any key only few mistakes make a signature: no need to search for long. */
const budgetWithoutKey = 200_000;
/** How often the page is told how far the search is, in milliseconds. */
const beat = 50;

const standInKey = "k".repeat(128);

addEventListener("message", ({ data }: MessageEvent<Job>) => {
	const reply = (message: Reply) => postMessage(message);
	const { id } = data;
	const reading = read(data.body);
	if (reading === null) {
		reply({ id, type: "unreadable" });
		return;
	}
	reply({ id, type: "reading", reading });
	try {
		reply({ id, type: "answer", answer: answer(data, reading, reply) });
	} catch (error) {
		reply({ id, type: "refused", sentence: error instanceof Error ? error.message : String(error) });
	}
});

function read(body: string): MessageReading | null {
	try {
		return readMessage(body);
	} catch {
		return null;
	}
}

function answer(job: Job, reading: MessageReading, reply: (message: Reply) => void): Answer {
	const message = job.message ?? reading.message;
	const given = job.given ?? reading.given ?? job.otherwise;
	const hasKey = job.secrets.appKey !== "" || reading.hasKey || message === "editAddress";
	const known = { reading, message, given, hasKey };
	if (message === null) {
		return { ...known, explanation: null, standIn: false, diagnosis: null, signedTextUnread: false };
	}
	const { explanation, standIn } = explain(message, reading, job.secrets.appKey);
	const signedText = job.signedText !== null && read(job.signedText) !== null ? job.signedText : null;
	const signedTextUnread = signedText !== job.signedText;
	const isGiven = given !== null && given.trim() !== "";
	const diagnosis = isGiven ? diagnose({ ...job, signedText }, message, given, reply) : null;
	return { ...known, explanation, standIn, diagnosis, signedTextUnread };
}

/** The steps. A key that cannot be one, or none, must not hide them. */
function explain(
	message: MessageName,
	reading: MessageReading,
	key: string,
): { explanation: Explanation; standIn: boolean } {
	const fields = Object.fromEntries(reading.fields);
	try {
		return { explanation: explainSignature({ message, fields, appKey: key }), standIn: false };
	} catch {
		return { explanation: explainSignature({ message, fields, appKey: standInKey }), standIn: true };
	}
}

function diagnose(
	{ id, body, secrets, signedText, appId, now }: Job,
	message: MessageName,
	given: string,
	reply: (message: Reply) => void,
): Diagnosis {
	let told = performance.now();
	const onProgress = (tried: number, total: number) => {
		const at = performance.now();
		if (at - told < beat) return;
		told = at;
		reply({ id, type: "progress", tried, total });
	};
	const isBare = Object.values(secrets).every((secret) => secret === "") && message !== "editAddress";
	return diagnoseSignature({
		message,
		body,
		given,
		secrets: { ...secrets },
		signedText: signedText ?? undefined,
		appId: appId ?? undefined,
		now,
		onProgress,
		budget: isBare ? budgetWithoutKey : undefined,
	});
}
