/**
 * Every code a {@link WeChatPayError} can carry. The list is closed: a new code is a minor release.
 * `tests/vectors/errors.json` has a row for each.
 */
export const errorCodes = [
	// The body is not the flat XML document this protocol uses.
	"XML_TOO_LARGE",
	"XML_NOT_UTF8",
	"XML_FORBIDDEN_CHARACTER",
	"XML_DOCTYPE",
	"XML_DECLARATION",
	"XML_ROOT",
	"XML_TAG",
	"XML_MARKUP",
	"XML_TEXT",
	"XML_REFERENCE",
	"XML_TRUNCATED",
	"XML_TRAILING",
	// The query is not that of a payment notification.
	"QUERY_MALFORMED",
	// The fields are not those of the message.
	"FIELD_MISSING",
	"FIELD_DUPLICATE",
	"FIELD_UNKNOWN",
	"FIELD_MALFORMED",
	"FIELD_CONTAINS_KEY",
	// The message is well-formed and not believed.
	"SIGNATURE_METHOD",
	"SIGNATURE_MISMATCH",
	"APP_ID_MISMATCH",
	"PARTNER_MISMATCH",
	// The notification of APIv3 is not one of WeChat Pay, or is, and cannot be read.
	"BODY_TOO_LARGE",
	"SIGNATURE_KEY_UNKNOWN",
	"NOTIFICATION_STALE",
	"NOTIFICATION_UNREADABLE",
	// The caller passed something that cannot be used.
	"ARGUMENT_INVALID",
	// The body of a push is neither XML nor JSON, or cannot be decrypted.
	"JSON_MALFORMED",
	"PUSH_UNREADABLE",
	// The network, and what came back over it.
	"NETWORK",
	"TIMEOUT",
	"HTTP_STATUS",
	"RESPONSE_MALFORMED",
	"API_ERROR",
	// The store did not keep what it was given.
	"STORE_FAILED",
	// The outbox has this very order already, with another content.
	"DELIVERY_CONFLICT",
] as const;

/** One of {@link errorCodes}. */
export type WeChatPayErrorCode = (typeof errorCodes)[number];

/** What is known beside the sentence. Never a value of a message, a key or a token. */
export interface WeChatPayErrorDetails {
	/** The field the error is about, under its wire name: `TimeStamp`, `out_trade_no`. */
	readonly field?: string;
	/** Where in the body, in bytes from its start. */
	readonly position?: number;
	/** The HTTP status of an answer that could not be used. */
	readonly httpStatus?: number;
	/** WeChat's own error number, of an `API_ERROR`. */
	readonly errcode?: number;
	/** WeChat's own words, of an `API_ERROR`, with every secret of the call masked. */
	readonly errmsg?: string;
	/** What the `errcode` means. */
	readonly meaning?: string;
	/** What to do about it. */
	readonly fix?: string;
	/** Whether the same call can succeed later without anyone changing anything. */
	readonly retryable?: boolean;
	/** The system's name of a network failure, such as `ECONNREFUSED`. */
	readonly reason?: string;
}

/**
 * The one error class of the package. Branch on `code`; read `message` to a person.
 *
 * @example
 * ```ts
 * import { verifyAlarm, WeChatPayError } from "paysign";
 *
 * try {
 * 	verifyAlarm("<html>", { appId: "wxf8b4f85f3a794e77", appKey: "k".repeat(128) });
 * } catch (error) {
 * 	if (error instanceof WeChatPayError && error.code === "XML_ROOT") console.log(error.message);
 * }
 * ```
 */
export class WeChatPayError extends Error {
	/** A stable code, one of {@link errorCodes}. */
	readonly code: WeChatPayErrorCode;
	/** What is known beside the sentence. */
	readonly details: WeChatPayErrorDetails;

	constructor(
		code: WeChatPayErrorCode,
		message: string,
		details: WeChatPayErrorDetails = {},
		options?: { cause?: unknown },
	) {
		super(message, options);
		this.name = "WeChatPayError";
		this.code = code;
		this.details = details;
	}
}
