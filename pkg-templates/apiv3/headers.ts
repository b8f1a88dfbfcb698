import { invalidArgument } from "../arguments.js";
import { WeChatPayError } from "../errors.js";

/**
 * Headers, under names in any letter case: `Headers`, a `Map`, a list of pairs, or an object such as `request.headers` of
 * Node.js.
 */
export type NotificationHeaders =
	| Iterable<readonly [name: string, value: string | readonly string[]]>
	| Readonly<Record<string, string | readonly string[] | undefined>>;

/** The headers that belong to the signature (PROTOCOL 6.13), as sent. */
export interface SignatureHeaders {
	readonly serial: string;
	readonly signature: string;
	/** Unix seconds, in digits. */
	readonly timestamp: string;
	readonly nonce: string;
	/** Not sent everywhere. */
	readonly type: string | undefined;
}

/**
 * Reads the headers strictly: each of the four once, and no character in one that could end a line of the signed text.
 *
 * @throws {WeChatPayError} `FIELD_MISSING`, `FIELD_DUPLICATE`, `FIELD_MALFORMED`, each with the header as `field`;
 * `ARGUMENT_INVALID` when these are no headers.
 */
export function readHeaders(headers: NotificationHeaders): SignatureHeaders {
	const found = collected(headers);
	const timestamp = required(found, "Wechatpay-Timestamp");
	if (!/^[0-9]{1,11}$/.test(timestamp))
		throw malformed("Wechatpay-Timestamp", "digits, a time in Unix seconds");
	const nonce = required(found, "Wechatpay-Nonce");
	// A line break would let the same signed text be cut into another nonce and another body.
	if (!/^[\x21-\x7e]{1,128}$/.test(nonce))
		throw malformed("Wechatpay-Nonce", "1 to 128 visible ASCII characters");
	return {
		serial: required(found, "Wechatpay-Serial"),
		signature: required(found, "Wechatpay-Signature"),
		timestamp,
		nonce,
		type: only(found, "Wechatpay-Signature-Type"),
	};
}

/** All values by lower-case name. */
function collected(headers: NotificationHeaders): ReadonlyMap<string, readonly string[]> {
	const found = new Map<string, string[]>();
	if (typeof headers !== "object" || headers === null) throw noHeaders();
	const entries: Iterable<unknown> = Symbol.iterator in headers ? headers : Object.entries(headers);
	for (const entry of entries) {
		if (!Array.isArray(entry) || typeof entry[0] !== "string") throw noHeaders();
		const [name, value] = entry as [string, unknown];
		const values = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
		const before = found.get(name.toLowerCase()) ?? [];
		found.set(name.toLowerCase(), [...before, ...values]);
	}
	return found;
}

function noHeaders(): WeChatPayError {
	return invalidArgument(
		"headers",
		"`headers` must be a Headers object, a Map, or an object of names and values.",
	);
}

/** The value, without the white space around it that HTTP does not count; `undefined` when there is none. */
function only(found: ReadonlyMap<string, readonly string[]>, name: string): string | undefined {
	const [value, ...more] = found.get(name.toLowerCase()) ?? [];
	// Servers join what is repeated by commas, and none of these values has one.
	if (more.length > 0 || value?.includes(",")) {
		throw new WeChatPayError(
			"FIELD_DUPLICATE",
			`The header ${name} is there more than once; it must be there once.`,
			{ field: name },
		);
	}
	return value?.replace(/^[ \t]+|[ \t]+$/g, "");
}

function required(found: ReadonlyMap<string, readonly string[]>, name: string): string {
	const value = only(found, name) ?? "";
	if (value !== "") return value;
	throw new WeChatPayError(
		"FIELD_MISSING",
		`The header ${name} is missing; WeChat Pay sends it with each notification, so look at what is in between.`,
		{ field: name },
	);
}

function malformed(name: string, expected: string): WeChatPayError {
	return new WeChatPayError("FIELD_MALFORMED", `The header ${name} must be ${expected}.`, { field: name });
}
