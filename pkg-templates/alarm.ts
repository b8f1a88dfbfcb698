import { accountFor, type Credentials, keysOf } from "./credentials.js";
import { verifyAlarmThere } from "./crossing.js";
import { untrapped } from "./trap.js";
import type { Alarm, AppKey, TestAlarmFields } from "./wasm/load.js";
import * as core from "./wasm/load.js";

export { parseAlarm } from "./wasm/load.js";

/**
 * Verifies an alarm notification (告警通知, PROTOCOL 2) and returns its content. Only verified content is returned;
 * anything else throws.
 *
 * @param body The request body as received: bytes, or text that nothing has trimmed or re-encoded.
 * @param credentials The account, or a list of accounts behind one URL; the AppId is pinned to it.
 * @throws {WeChatPayError} `XML_*`, `FIELD_*`, `SIGNATURE_*`, `APP_ID_MISMATCH`: do not believe the message.
 *   `ARGUMENT_INVALID`: the call itself is wrong.
 *
 * @example
 * ```ts
 * import { signTestAlarm, verifyAlarm } from "paysign";
 *
 * const account = { appId: "wxf8b4f85f3a794e77", appKey: "k".repeat(128) };
 * const alarm = verifyAlarm(signTestAlarm({ timeStamp: 1393860740 }, account), account);
 * console.log(alarm.errorType); // "1001"
 * ```
 */
export function verifyAlarm(
	body: Uint8Array | string,
	credentials: Credentials | readonly Credentials[],
): Alarm {
	const account = accountFor("alarm", body, credentials);
	const { appId } = account;
	const keys = keysOf(account);
	return untrapped(() => {
		const verified = keys.length === 1 ? verifyAlarmThere(body, appId, keys[0] as AppKey) : undefined;
		return verified ?? core.verifyAlarm(body, appId, keys);
	});
}

/**
 * An alarm as WeChat would post it, signed with the account's first key: for tests of your own receiver.
 *
 * @throws {WeChatPayError} `FIELD_MALFORMED` when a field breaks the alarm's grammar.
 */
export function signTestAlarm(fields: TestAlarmFields, credentials: Credentials): string {
	return core.signTestAlarm(fields, credentials.appId, keysOf(credentials));
}
