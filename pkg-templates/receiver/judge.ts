import type { Alarm } from "#wasm";
import { verifyAlarm } from "../alarm.js";
import type { Credentials } from "../credentials.js";
import { WeChatPayError, type WeChatPayErrorCode } from "../errors.js";
import { holdsKey } from "./keys.js";

/** What a body is: an alarm that is believed, or one that is refused for a reason. */
export type Judgement = { readonly alarm: Alarm } | { readonly refusedFor: WeChatPayErrorCode };

/** Judges a body. What it throws is about us, a key that could not be looked up for example, not about the message. */
export function judge(body: Uint8Array, accounts: readonly Credentials[]): Judgement {
	let alarm: Alarm;
	try {
		alarm = verifyAlarm(body, whose(accounts));
	} catch (error) {
		if (error instanceof WeChatPayError && isRefusal(error.code)) return { refusedFor: error.code };
		throw error;
	}
	// The verifier knows the keys of the alarm's own account. Behind one URL there may be others.
	if (accounts.length > 1) {
		const text = new TextEncoder().encode(`${alarm.description}\n${alarm.alarmContent}`);
		if (holdsKey(text, accounts)) return { refusedFor: "FIELD_CONTAINS_KEY" };
	}
	return { alarm };
}

/** One account whose keys are at hand needs no look at the body to be found: verifying compares the AppId anyway. */
function whose(accounts: readonly Credentials[]): Credentials | readonly Credentials[] {
	const [only, ...others] = accounts;
	return only === undefined || others.length > 0 || typeof only.appKey === "function" ? accounts : only;
}

function isRefusal(code: WeChatPayErrorCode): boolean {
	return code === "APP_ID_MISMATCH" || /^(XML|FIELD|SIGNATURE)_/.test(code);
}
