import { invalidArgument } from "../arguments.js";
import { type Bytes, textOf, toHex, utf8 } from "../bytes.js";
import { WeChatPayError } from "../errors.js";
import { type CheckedAccount, checkAccount, type NotificationAccount, serialName } from "./account.js";
import { type NotificationHeaders, readHeaders, type SignatureHeaders } from "./headers.js";
import { type JsonValue, type Notification, readViolation } from "./notification.js";
import { decryptResource, parsed, readEnvelope } from "./resource.js";
import { isSignatureOf, probePrefix, signatureType, signedBytes } from "./signature.js";

/** A request that says it is a notification. */
export interface NotificationRequest {
	readonly headers: NotificationHeaders;
	/** The body as it was sent, at most 64 KiB: not what a JSON parser made of it. */
	readonly body: Uint8Array | string;
}

/** The largest body, in bytes. */
export const maxBodyBytes = 65_536;

/** How far the time stamp may be from now, in seconds, into the past and the future (PROTOCOL 6.13). */
export const freshForSeconds = 300;

/**
 * Verifies a notification of APIv3 (回调通知, PROTOCOL 6.13 and 6.14) and decrypts it: the signature first, over the bytes as sent,
 * then its age, then what is in it.
 *
 * @throws {WeChatPayError} `BODY_TOO_LARGE`; `FIELD_MISSING`, `FIELD_DUPLICATE`, `FIELD_MALFORMED` for a header;
 * `SIGNATURE_METHOD` for another kind of signature than RSA; `SIGNATURE_KEY_UNKNOWN` when no key stands under the serial
 * number; `SIGNATURE_MISMATCH`, also for the probes that WeChat Pay sends now and then; `NOTIFICATION_STALE` when the
 * signature is right and more than 5 minutes away from now; `NOTIFICATION_UNREADABLE` for all that can be wrong with the
 * content of a signature that is right; `ARGUMENT_INVALID` when the account cannot be used.
 *
 * @example
 * ```ts
 * import { type NotificationAccount, verifyNotification } from "paysign/apiv3";
 *
 * export async function handle(request: Request, account: NotificationAccount): Promise<Response> {
 * 	const body = new Uint8Array(await request.arrayBuffer());
 * 	const { eventType, violation } = await verifyNotification({ headers: request.headers, body }, account);
 * 	console.log(eventType, violation?.punishPlan);
 * 	return new Response(null, { status: 204 });
 * }
 * ```
 */
export async function verifyNotification(
	received: NotificationRequest,
	account: NotificationAccount,
): Promise<Notification> {
	const checked = checkAccount(account);
	const body = bytesOf(received.body);
	const headers = readHeaders(received.headers);
	await checkSignature(headers, body, checked.publicKeys);
	checkFreshness(Number(headers.timestamp), checked.now());
	return await opened(headers, body, checked.apiV3Keys);
}

function bytesOf(body: Uint8Array | string): Bytes {
	if (typeof body !== "string" && !(body instanceof Uint8Array)) {
		throw invalidArgument(
			"body",
			"`body` must be the body as it was sent, bytes or text; the signature is not over what a JSON parser makes of it.",
		);
	}
	const bytes = typeof body === "string" ? utf8(body) : Uint8Array.from(body);
	if (bytes.length <= maxBodyBytes) return bytes;
	throw new WeChatPayError(
		"BODY_TOO_LARGE",
		"The body has more than the 65,536 bytes that a notification may have.",
	);
}

async function checkSignature(
	{ serial, signature, timestamp, nonce, type }: SignatureHeaders,
	body: Bytes,
	publicKeys: CheckedAccount["publicKeys"],
): Promise<void> {
	if (type !== undefined && type !== signatureType) {
		throw new WeChatPayError("SIGNATURE_METHOD", `The signature's type must be ${signatureType}.`, {
			field: "Wechatpay-Signature-Type",
		});
	}
	// Before the serial number is looked up, so that a probe is always the same refusal.
	if (signature.startsWith(probePrefix)) throw mismatch();
	const publicKey = publicKeys.get(serialName(serial));
	if (publicKey === undefined) {
		throw new WeChatPayError(
			"SIGNATURE_KEY_UNKNOWN",
			"`publicKeys` has no key under the notification's serial number; fetch the platform certificates, or add the WeChat Pay public key.",
			{ field: "Wechatpay-Serial" },
		);
	}
	const key = await publicKey.imported();
	if (!(await isSignatureOf(signedBytes(timestamp, nonce, body), signature, key))) throw mismatch();
}

function mismatch(): WeChatPayError {
	return new WeChatPayError(
		"SIGNATURE_MISMATCH",
		"The signature is not WeChat Pay's of this time stamp, nonce and body; `paysign/apiv3/diagnose` says what would make it so.",
		{ field: "Wechatpay-Signature" },
	);
}

function checkFreshness(timestamp: number, now: number): void {
	if (Math.abs(now - timestamp) <= freshForSeconds) return;
	throw new WeChatPayError(
		"NOTIFICATION_STALE",
		"The signature is right, but its time stamp is more than 5 minutes away from now: it is a replay, or a clock is wrong.",
		{ field: "Wechatpay-Timestamp" },
	);
}

/** Decrypts what is verified. */
async function opened(
	{ serial, timestamp }: SignatureHeaders,
	body: Bytes,
	apiV3Keys: readonly Bytes[],
): Promise<Notification> {
	const envelope = readEnvelope(textOf(body) ?? "");
	if (envelope === undefined) throw unreadable();
	const { resource: encrypted, summary, ...rest } = envelope;
	let content: string | undefined;
	for (const key of apiV3Keys) content ??= await decryptResource(encrypted, key);
	if (content === undefined) throw unreadable();
	const resource = parsed(content) as JsonValue | undefined;
	if (resource === undefined) throw unreadable();
	const violation = readViolation(rest.eventType, resource);
	return {
		...rest,
		...(summary !== undefined && { summary }),
		...(encrypted.originalType !== undefined && { originalType: encrypted.originalType }),
		content,
		resource,
		...(violation !== undefined && { violation }),
		serial,
		timestamp: Number(timestamp),
		dedupKey: await dedupKeyOf(rest.id, rest.eventType, content),
	};
}

/** One answer to everything, so that nobody learns from the difference. */
function unreadable(): WeChatPayError {
	return new WeChatPayError(
		"NOTIFICATION_UNREADABLE",
		"The signature is right, but the content cannot be decrypted and read; look first at whether `apiV3Key` is the APIv3 key of this merchant.",
	);
}

/** As JSON, in which no three texts look like three others. */
async function dedupKeyOf(id: string, eventType: string, content: string): Promise<string> {
	const identity = utf8(JSON.stringify([id, eventType, content]));
	return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", identity)));
}
