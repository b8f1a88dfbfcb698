import { WeChatPayError } from "../errors.js";

/** What a field has to be, as the end of a sentence. Never its value. */
export function malformed(field: string, rule: string): WeChatPayError {
	return new WeChatPayError("FIELD_MALFORMED", `${field} has to be ${rule}.`, { field });
}

/** A field that is not there. `why` begins the second half of the sentence. */
export function missing(field: string, why = "which every shipping notice needs"): WeChatPayError {
	return new WeChatPayError("FIELD_MISSING", `The shipping notice has no ${field}, ${why}.`, { field });
}

/** Something that is no member of an object: often a wire name, or a slip of the pen. */
export function unknownMember(field: string, known: readonly string[]): WeChatPayError {
	return new WeChatPayError(
		"FIELD_UNKNOWN",
		`The shipping notice has a member in ${field} that is not known there; it may have ${known.join(", ")}.`,
		{ field },
	);
}
