// From what was found out to what is said at first sight.

import type { Diagnosis } from "paysign/diagnose";
import type { Answer } from "./protocol.ts";
import type { OtherState } from "./texts.ts";

export interface Shown {
	readonly state: OtherState | Diagnosis["verdict"];
	/** What the library said. */
	readonly sentence?: string;
}

/** What the library reads at most, in bytes. */
const longestBody = 65_536;

/** Whether a text is longer than any message. */
export function tooLong(text: string): boolean {
	// At least a byte for each character: the long ones need not be encoded.
	return text.length > longestBody || new TextEncoder().encode(text).length > longestBody;
}

export function shownFor({ reading, message, given, hasKey, diagnosis }: Answer): Shown {
	const has = (name: string) => reading.fields.some(([each]) => each.toLowerCase() === name);
	if (has("errcode") && given === null) return { state: "answer" };
	if (message === null) return { state: "needs-message" };
	if (diagnosis?.verdict === "explained") return { state: "explained" };
	if (!hasKey) return { state: "needs-key" };
	if (diagnosis === null || given === null) return { state: "needs-signature" };
	return { state: diagnosis.verdict };
}
