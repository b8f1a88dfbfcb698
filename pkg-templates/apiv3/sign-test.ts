import { invalidArgument } from "../arguments.js";
import { toBase64, utf8 } from "../bytes.js";
import { readPem } from "./account.js";
import { resourceAlgorithm } from "./resource.js";
import { rsaSha256, signatureType, signedBytes } from "./signature.js";

/** What a test says happened. */
export interface TestNotification {
	/** Such as `VIOLATION.PUNISH`. */
	readonly eventType: string;
	/** What is encrypted: a text as it is, anything else as JSON. */
	readonly resource: unknown;
	/** Default `EV-` and the time stamp. */
	readonly id?: string | undefined;
	/** Default: the time stamp in RFC 3339, in Beijing's time. */
	readonly createTime?: string | undefined;
	readonly summary?: string | undefined;
	readonly originalType?: string | undefined;
	/** Default empty. */
	readonly associatedData?: string | undefined;
}

/** Who signs a test: never WeChat Pay, whose private keys nobody has. */
export interface TestNotificationSigner {
	/** A test's own RSA key of 2048 bits, PKCS #8 as PEM. */
	readonly privateKey: string;
	/** The name under which its public half stands in `publicKeys`. */
	readonly serial: string;
	/** 32 bytes. */
	readonly apiV3Key: string;
}

/** What would be time and chance. */
export interface TestNotificationSigning {
	/** Unix seconds. */
	readonly timestamp: number;
	/** Of the signature: visible ASCII, 32 characters in production. */
	readonly nonce: string;
	/** Of the encryption: 12 bytes. Default: the first 12 of `nonce`. */
	readonly resourceNonce?: string | undefined;
}

/** A notification as a server receives it. */
export interface SignedTestNotification {
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/**
 * Makes a notification of APIv3 as WeChat Pay would post it, for tests of what receives them. The same arguments give the same
 * bytes.
 *
 * @throws {WeChatPayError} `ARGUMENT_INVALID` when key or nonce cannot be used.
 *
 * @example
 * ```ts
 * import { signTestNotification, verifyNotification } from "paysign/apiv3";
 *
 * const pem = (label: string, der: ArrayBuffer) =>
 * 	`-----BEGIN ${label}-----\n${btoa(String.fromCharCode(...new Uint8Array(der)))}\n-----END ${label}-----`;
 * const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
 * const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
 * const serial = "PUB_KEY_ID_0000000000000000000000000000000001";
 * const apiV3Key = "0123456789abcdef0123456789abcdef";
 * const privateKey = pem("PRIVATE KEY", await crypto.subtle.exportKey("pkcs8", pair.privateKey));
 * const publicKey = pem("PUBLIC KEY", await crypto.subtle.exportKey("spki", pair.publicKey));
 *
 * const notification = await signTestNotification(
 * 	{ eventType: "VIOLATION.PUNISH", resource: { sub_mchid: "1900009231", punish_plan: "关闭支付权限" } },
 * 	{ privateKey, serial, apiV3Key },
 * 	{ timestamp: 1710048759, nonce: "3d980fb850fdce97f6bfb3d248597f16" },
 * );
 * const account = { apiV3Key, publicKeys: { [serial]: publicKey }, now: () => 1710048760 };
 * const { violation } = await verifyNotification(notification, account);
 * console.log(violation?.type, violation?.punishPlan); // punish 关闭支付权限
 * ```
 */
export async function signTestNotification(
	notification: TestNotification,
	{ privateKey, serial, apiV3Key }: TestNotificationSigner,
	{ timestamp, nonce, resourceNonce = nonce.slice(0, 12) }: TestNotificationSigning,
): Promise<SignedTestNotification> {
	const { eventType, resource, associatedData = "", originalType, summary } = notification;
	const iv = utf8(resourceNonce);
	if (iv.length !== 12) throw invalidArgument("resourceNonce", "`resourceNonce` must have 12 bytes.");
	const rawKey = utf8(apiV3Key);
	if (rawKey.length !== 32) throw invalidArgument("apiV3Key", "`apiV3Key` must have 32 bytes.");
	const content = typeof resource === "string" ? resource : JSON.stringify(resource);
	const key = await crypto.subtle.importKey("raw", rawKey, "AES-GCM", false, ["encrypt"]);
	const algorithm = { name: "AES-GCM", iv, additionalData: utf8(associatedData), tagLength: 128 };
	const ciphertext = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, utf8(content)));
	const body = JSON.stringify({
		id: notification.id ?? `EV-${timestamp}`,
		create_time: notification.createTime ?? beijingTime(timestamp),
		resource_type: "encrypt-resource",
		event_type: eventType,
		summary,
		resource: {
			original_type: originalType,
			algorithm: resourceAlgorithm,
			ciphertext: toBase64(ciphertext),
			associated_data: associatedData,
			nonce: resourceNonce,
		},
	});
	const signer = await signingKey(privateKey);
	const signed = signedBytes(String(timestamp), nonce, utf8(body));
	const signature = new Uint8Array(await crypto.subtle.sign(rsaSha256, signer, signed));
	const headers = {
		"Content-Type": "application/json",
		"Wechatpay-Nonce": nonce,
		"Wechatpay-Serial": serial,
		"Wechatpay-Signature": toBase64(signature),
		"Wechatpay-Signature-Type": signatureType,
		"Wechatpay-Timestamp": String(timestamp),
	};
	return { headers, body };
}

function beijingTime(timestamp: number): string {
	return new Date((timestamp + 8 * 3600) * 1000).toISOString().replace(/\.000Z$/, "+08:00");
}

async function signingKey(pem: string): Promise<CryptoKey> {
	const found = readPem(pem);
	const key =
		found?.label === "PRIVATE KEY"
			? await crypto.subtle.importKey("pkcs8", found.bytes, rsaSha256, false, ["sign"]).catch(() => null)
			: null;
	if (key !== null) return key;
	throw invalidArgument(
		"privateKey",
		"`privateKey` must be the PEM text of an RSA key in PKCS #8 (BEGIN PRIVATE KEY).",
	);
}
