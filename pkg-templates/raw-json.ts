import { WeChatPayError } from "./errors.js";

/**
 * A value as JSON, in raw UTF-8.
 *
 * @param field The wire name of the text that can be at fault.
 * @throws {WeChatPayError} `FIELD_MALFORMED`: something in it would reach WeChat as an escape.
 */
export function rawJson(value: unknown, field: string): string {
	const json = JSON.stringify(value);
	// Somebody may have typed \u4e2d. What JSON.stringify escapes itself, control characters, the core has refused;
	// the check covers both, because one of them in WeChat's hands is a lost notification.
	if (/\\u[0-9a-f]{4}/i.test(json)) {
		throw new WeChatPayError(
			"FIELD_MALFORMED",
			`${field} has to be plain text: control characters and the letters \\u with four hexadecimal digits ` +
				"reach WeChat as an escape, which it refuses with errcode 40033. Leave them out.",
			{ field },
		);
	}
	return json;
}
