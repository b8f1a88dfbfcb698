import { invalidArgument } from "../arguments.js";

/** A secret of a message push: text, or its bytes for those who want to wipe them. */
export type PushSecret = string | Uint8Array;

/** An account whose pushes are received, as it is set up in its console under 消息推送. */
export interface PushAccount {
	/** The AppId that pushes must be for; of a third-party platform that receives for others, the platform's own. */
	readonly appId: string;
	/** The Token: 3 to 32 letters and digits. */
	readonly token: PushSecret;
	/**
	 * `"encrypted"`, the default, for 安全模式 and 兼容模式, of which only the encrypted part is believed. `"plain"` for 明文模式:
	 * there **the signature does not cover the body**, so whoever saw the URL of one push can send any content with it.
	 */
	readonly mode?: "encrypted" | "plain";
	/** The EncodingAESKey, 43 characters, or several while it is being replaced (all are tried). Not in plain mode. */
	readonly encodingAesKey?: PushSecret | readonly PushSecret[];
}

/** A push as it arrives. */
export interface PushRequest {
	/** The query of the request's URL as received, with or without `?`. */
	readonly query: string | URLSearchParams;
	/** The request body as received: bytes, or text that nothing has trimmed or re-encoded. */
	readonly body: Uint8Array | string;
}

/** What a test decides of a push: neither a clock nor randomness is in the module. */
export interface TestPushOptions {
	/** Unix seconds. */
	readonly timestamp: number;
	/** 1 to 63 visible ASCII characters. */
	readonly nonce: string;
	/** The 16 bytes before the message. Not used in plain mode. */
	readonly random16: Uint8Array;
}

/** The keys of an account as the module takes them: a list, or nothing in plain mode. */
export function keysOf({
	mode = "encrypted",
	encodingAesKey,
}: PushAccount): readonly PushSecret[] | undefined {
	if (mode === "plain") return undefined;
	if (mode !== "encrypted") {
		throw invalidArgument("mode", '`mode` must be "encrypted", the default, or "plain".');
	}
	const list = Array.isArray(encodingAesKey) ? encodingAesKey : [encodingAesKey];
	if (list.length > 0 && !list.includes(undefined)) return list;
	throw invalidArgument(
		"encodingAesKey",
		'`encodingAesKey` must be the EncodingAESKey of the account or a non-empty list of them; only `mode: "plain"`, ' +
			"in which no body is protected, does without.",
	);
}
