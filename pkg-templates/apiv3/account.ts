import { invalidArgument } from "../arguments.js";
import { type Bytes, fromBase64, utf8 } from "../bytes.js";
import { readCertificate } from "./certificate.js";
import { importPublicKey } from "./signature.js";

/** A merchant's account under APIv3, as far as its notifications are concerned. */
export interface NotificationAccount {
	/** The merchant number (商户号). Not used to verify: the keys belong to one merchant. */
	readonly mchId?: string | undefined;
	/**
	 * The APIv3 key of the merchant platform, 32 bytes; several while it is being changed. Not the APIv2 key, although
	 * that has as many characters.
	 */
	readonly apiV3Key: string | Uint8Array | ReadonlyArray<string | Uint8Array>;
	/**
	 * WeChat Pay's public keys, under the name that `Wechatpay-Serial` has for them: a platform certificate (平台证书) under its
	 * serial number, a WeChat Pay public key (微信支付公钥) under its `PUB_KEY_ID_…`. Each as PEM. A certificate's serial number must
	 * be the one it stands under; that it may have expired is not looked at.
	 */
	readonly publicKeys: Readonly<Record<string, string>>;
	/** The time in Unix seconds. Default: the clock of the machine. */
	readonly now?: (() => number) | undefined;
}

/**
 * The account, looked through.
 *
 * @internal Node.js's types alone have no name for the key of WebCrypto in it.
 */
export interface CheckedAccount {
	readonly apiV3Keys: readonly Bytes[];
	/** By the name that {@link serialName} makes. */
	readonly publicKeys: ReadonlyMap<string, PublicKey>;
	readonly now: () => number;
}

/**
 * A public key of WeChat Pay, as a PEM text holds it.
 *
 * @internal
 */
interface PublicKey {
	/** Of the certificate that it was in. */
	readonly serial?: string;
	/** {@link importPublicKey} of it, once. */
	imported(): Promise<CryptoKey>;
}

/**
 * What was read last, by its text. The same few come with every notification, and to read them and import a key was a
 * third of the whole. They are no secrets.
 */
const readKeys = new Map<string, PublicKey>();
const mostReadKeys = 64;

/** How long an APIv3 key is, in bytes (PROTOCOL 6.14). */
const keyBytes = 32;

/**
 * Looks through all of an account, the keys too that no notification has asked for yet.
 *
 * @throws {WeChatPayError} `ARGUMENT_INVALID` when it cannot be used.
 *
 * @internal
 */
export function checkAccount(account: NotificationAccount): CheckedAccount {
	const { apiV3Key, publicKeys, now } = account;
	return { apiV3Keys: apiV3KeysOf(apiV3Key), publicKeys: publicKeysOf(publicKeys), now: now ?? machineClock };
}

function machineClock(): number {
	return Math.floor(Date.now() / 1000);
}

function apiV3KeysOf(given: NotificationAccount["apiV3Key"]): readonly Bytes[] {
	const list = typeof given === "string" || given instanceof Uint8Array ? [given] : given;
	if (!Array.isArray(list) || list.length === 0) {
		throw invalidArgument(
			"apiV3Key",
			"`apiV3Key` must be the APIv3 key or a list of them that is not empty.",
		);
	}
	return list.map((key) => {
		const bytes = typeof key === "string" ? utf8(key) : Uint8Array.from(key);
		if (bytes.length === keyBytes) return bytes;
		throw invalidArgument(
			"apiV3Key",
			"`apiV3Key` must have 32 bytes, as it was set in the merchant platform.",
		);
	});
}

function publicKeysOf(given: NotificationAccount["publicKeys"]): ReadonlyMap<string, PublicKey> {
	if (typeof given !== "object" || given === null || Object.keys(given).length === 0) {
		throw invalidArgument(
			"publicKeys",
			"`publicKeys` must hold WeChat Pay's certificates or public keys as PEM, each under its serial number.",
		);
	}
	const keys = new Map<string, PublicKey>();
	for (const [serial, pem] of Object.entries(given)) {
		const name = serialName(serial);
		if (keys.has(name)) {
			throw invalidArgument("publicKeys", "Two names in `publicKeys` are the same serial number; keep one.");
		}
		keys.set(name, publicKeyOf(pem, name));
	}
	return keys;
}

/** A serial number in one spelling: hexadecimal digits are in either case, and leading zeros come and go. */
export function serialName(serial: string): string {
	return /^[0-9A-Fa-f]+$/.test(serial) ? serial.toUpperCase().replace(/^0+(?=.)/, "") : serial;
}

function publicKeyOf(pem: string, name: string): PublicKey {
	const key = readKeys.get(pem) ?? readPublicKey(pem);
	if (key === undefined) {
		throw invalidArgument(
			"publicKeys",
			"Each of `publicKeys` must be the PEM text of one certificate (BEGIN CERTIFICATE) or public key (BEGIN PUBLIC KEY).",
		);
	}
	if (key.serial !== undefined && key.serial !== name) {
		throw invalidArgument(
			"publicKeys",
			"A certificate in `publicKeys` has another serial number than the name it stands under; the merchant's own certificate does not belong there.",
		);
	}
	// The latest last, so that the first has been left alone for the longest.
	readKeys.delete(pem);
	readKeys.set(pem, key);
	const [oldest = pem] = readKeys.keys();
	if (readKeys.size > mostReadKeys) readKeys.delete(oldest);
	return key;
}

function readPublicKey(pem: string): PublicKey | undefined {
	const found = typeof pem === "string" ? readPem(pem) : undefined;
	if (found?.label === "PUBLIC KEY") return { imported: once(() => importPublicKey(found.bytes)) };
	const certificate = found?.label === "CERTIFICATE" ? readCertificate(found.bytes) : undefined;
	if (certificate === undefined) return undefined;
	return { serial: certificate.serial, imported: once(() => importPublicKey(certificate.publicKey)) };
}

function once<T>(make: () => T): () => T {
	let made: { readonly value: T } | undefined;
	return () => {
		made ??= { value: make() };
		return made.value;
	};
}

/** The one block of a PEM text, white space around it allowed. */
export function readPem(text: string): { readonly label: string; readonly bytes: Bytes } | undefined {
	const [, label, base64] =
		/^\s*-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----\s*$/.exec(text) ?? [];
	const bytes = base64 === undefined ? undefined : fromBase64(base64.replace(/\s/g, ""));
	return label === undefined || bytes === undefined ? undefined : { label, bytes };
}
