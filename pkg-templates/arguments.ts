import { WeChatPayError } from "./errors.js";

/** What is thrown for an argument that cannot be used; the sentence never shows its value. */
export function invalidArgument(field: string, sentence: string): WeChatPayError {
	return new WeChatPayError("ARGUMENT_INVALID", sentence, { field });
}

/** Refuses anything but an integer in this range. */
export function checkInteger(
	field: string,
	value: number,
	least: number = Number.MIN_SAFE_INTEGER,
	most: number = Number.MAX_SAFE_INTEGER,
): void {
	if (Number.isSafeInteger(value) && value >= least && value <= most) return;
	const from = least === Number.MIN_SAFE_INTEGER ? "" : ` of at least ${least}`;
	const to = most === Number.MAX_SAFE_INTEGER ? "" : ` and at most ${most}`;
	throw invalidArgument(field, `\`${field}\` must be an integer${from}${to}.`);
}
