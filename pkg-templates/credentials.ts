import { WeChatPayError } from "./errors.js";
import { untrapped } from "./trap.js";
import type { AppKey, MessageName } from "./wasm/load.js";
import * as core from "./wasm/load.js";

/** One key, several while a key is being rotated (all are tried), or a function that looks them up by AppId. */
export type AppKeys = AppKey | readonly AppKey[] | ((appId: string) => AppKey | readonly AppKey[]);

/** An account: its AppId, which is pinned, and its paySignKey or keys. */
export interface Credentials {
	/** The AppId that messages must carry. */
	readonly appId: string;
	/** The paySignKey (on the wire: `appkey`). Not the AppSecret, not the partnerKey. */
	readonly appKey: AppKeys;
}

/** The paySignKeys of an account, newest first, as a list. */
export function keysOf({ appId, appKey }: Credentials): readonly AppKey[] {
	return listOf("appKey", typeof appKey === "function" ? appKey(appId) : appKey);
}

/** A key or a list of keys as a list that is not empty. */
export function listOf(field: string, keys: AppKey | readonly AppKey[]): readonly AppKey[] {
	const list = typeof keys === "string" || keys instanceof Uint8Array ? [keys] : keys;
	if (!Array.isArray(list) || list.length === 0) {
		throw new WeChatPayError(
			"ARGUMENT_INVALID",
			`${field} must be a key, a non-empty list of keys, or, for an appKey, a function that returns one of these.`,
			{ field },
		);
	}
	return list;
}

/** The account among these that the message says it is for; with one account, that one. */
export function accountFor<Account extends Credentials>(
	message: MessageName,
	body: Uint8Array | string,
	credentials: Account | readonly Account[],
): Account {
	if (!isList(credentials)) return credentials;
	const appId = untrapped(() => core.claimedAppId(message, body));
	const account = credentials.find((candidate) => candidate.appId === appId);
	if (account === undefined) {
		throw new WeChatPayError(
			"APP_ID_MISMATCH",
			"The message's <AppId> is not one of the configured accounts.",
			{ field: "AppId" },
		);
	}
	return account;
}

// Array.isArray does not narrow readonly arrays.
function isList<T>(value: T | readonly T[]): value is readonly T[] {
	return Array.isArray(value);
}
