import {
	type CallerOptions,
	type CheckedOptions,
	check,
	checkCallerOptions,
	textOf,
} from "./caller-options.js";
import { type AppKeys, keysOf } from "./credentials.js";

/**
 * What {@link createClient} needs to know. The connection is always `https` with the platform's verification of
 * certificates: no option changes either, and a name that is not listed here is refused.
 */
export interface ClientOptions extends CallerOptions {
	/** The paySignKey; the first one signs when there are several. */
	readonly appKey: AppKeys;
}

/**
 * Checks the options once, when the client is made, and fills in the defaults.
 *
 * @throws {WeChatPayError} `ARGUMENT_INVALID`, which names the option and never shows its value.
 */
export function checkOptions(options: ClientOptions): CheckedOptions & Pick<ClientOptions, "appKey"> {
	const checked = checkCallerOptions(options, "createClient", ["appKey"]);
	const { appId } = checked;
	const { appKey } = options;
	checkKeys({ appId, appKey });
	return { ...checked, appKey };
}

// A function that looks keys up is asked when a message is signed.
function checkKeys(credentials: { readonly appId: string; readonly appKey: AppKeys }): void {
	if (typeof credentials.appKey === "function") return;
	for (const key of keysOf(credentials)) {
		const text = key instanceof Uint8Array ? String.fromCharCode(...key.subarray(0, 1025)) : textOf(key);
		check(
			/^[\x21-\x7e]{16,1024}$/.test(text),
			"appKey",
			"has to be the paySignKey (128 characters in production, 16 to 1024 visible ASCII ones accepted), or a list",
		);
	}
}
