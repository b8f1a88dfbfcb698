import type { AppKey } from "#wasm";
import { WeChatPayError } from "./errors.js";

/** One key, several while a key is being rotated (all are tried), or a function that looks them up by AppId. */
export type AppKeys = AppKey | readonly AppKey[] | ((appId: string) => AppKey | readonly AppKey[]);

/** An account: its AppId, which is pinned, and its paySignKey or keys. */
export interface Credentials {
	/** The AppId that messages must carry. */
	readonly appId: string;
	/** The paySignKey (on the wire: `appkey`). Not the AppSecret, not the partnerKey. */
	readonly appKey: AppKeys;
}

/** The keys of an account, newest first, as a list. */
export function keysOf(credentials: Credentials): readonly AppKey[] {
	const { appId, appKey } = credentials;
	const keys = typeof appKey === "function" ? appKey(appId) : appKey;
	const list = typeof keys === "string" || keys instanceof Uint8Array ? [keys] : keys;
	if (!Array.isArray(list) || list.length === 0) {
		throw new WeChatPayError(
			"ARGUMENT_INVALID",
			"appKey must be a paySignKey, a non-empty list of them, or a function that returns one of these.",
			{ field: "appKey" },
		);
	}
	return list;
}
