// What the commands need for pushes and for notifications of APIv3: the account, WeChat Pay's keys, and the request.

import { X509Certificate } from "node:crypto";
import type { NotificationAccount } from "../apiv3.js";
import { invalidArgument } from "../arguments.js";
import { type CallbackKind, callbackKind, type PastedRequest, readRequest } from "../callbacks/request.js";
import type { PushAccount } from "../push.js";
import { type Account, needed } from "./account.js";
import type { Arguments } from "./arguments.js";
import { signatureTexts } from "./texts/signatures.js";
import { callbackKinds } from "./words.js";
import type { World } from "./world.js";

/** Keys of WeChat Pay by the names that `Wechatpay-Serial` has for them. */
type PublicKeys = NotificationAccount["publicKeys"];

/** The kind of callback that is named or, where nothing is named, that this text and `--query` look like. */
export function callbackOf({ values }: Arguments, text: string): CallbackKind | undefined {
	const named = values.get("message");
	if (named === undefined) return callbackKind(text + (values.get("query") ?? "")) ?? undefined;
	return callbackKinds.find((kind) => kind === named);
}

/** The request: all of it in one text, or the body alone and its query from `--query`. */
export function requestOf({ values }: Arguments, text: string): PastedRequest {
	const query = values.get("query");
	if (query !== undefined) return { query, headers: [], body: text };
	const pasted = readRequest(text);
	// A line end behind it is the file's.
	return { ...pasted, body: pasted.body.replace(/[\r\n]+$/, "") };
}

/** The account of a push. */
export function pushAccountOf({ flags }: Arguments, account: Account, world: World): PushAccount {
	const known = { appId: needed(account, "appId", world), token: needed(account, "token", world) };
	if (flags.has("plain")) return { ...known, mode: "plain" };
	return { ...known, encodingAesKey: needed(account, "encodingAesKey", world) };
}

/** The account of a notification of APIv3. */
export async function notificationAccountOf(
	typed: Arguments,
	account: Account,
	world: World,
): Promise<NotificationAccount> {
	const apiV3Key = needed(account, "apiV3Key", world);
	const publicKeys = publicKeysIn(await publicKeysText(typed, world), world);
	return { apiV3Key, publicKeys, ...(account.partner !== undefined && { mchId: account.partner }) };
}

/** The text of `--public-keys`; empty without it. */
export async function publicKeysText({ values }: Arguments, world: World): Promise<string> {
	const file = values.get("public-keys");
	return file === undefined ? "" : world.read(file, "--public-keys");
}

/** Each certificate under its own serial number, each public key under the name that stands above it. */
function publicKeysIn(text: string, { language }: World): PublicKeys {
	const { noPublicKeys, unnamedPublicKey, badCertificate } = signatureTexts[language];
	const blocks = text.matchAll(/([^-]*)(-----BEGIN (CERTIFICATE|PUBLIC KEY)-----[^-]*-----END \3-----)/g);
	const keys = Array.from(blocks, ([, above = "", pem = "", label]): [string, string] => {
		if (label === "CERTIFICATE") {
			const serial = serialOf(pem);
			if (serial === undefined) throw invalidArgument("public-keys", badCertificate);
			return [serial, pem];
		}
		const name = /\bPUB_KEY_ID_\w+/.exec(above)?.[0];
		if (name === undefined) throw invalidArgument("public-keys", unnamedPublicKey);
		return [name, pem];
	});
	if (keys.length === 0) throw invalidArgument("public-keys", noPublicKeys);
	return Object.fromEntries(keys);
}

function serialOf(pem: string): string | undefined {
	try {
		return new X509Certificate(pem).serialNumber;
	} catch {
		return undefined;
	}
}
