import {
	type AlarmReceiverOptions,
	alarmProtocol,
	checkAccounts,
	type ReceivedAlarm,
} from "./receiver/alarms.js";
import type { RequestContext } from "./receiver/background.js";
import { createReceiver } from "./receiver/engine.js";
import type { ResumeResult } from "./receiver/offers.js";
import { checkOptions } from "./receiver/options.js";
import type { ReverifyResult } from "./receiver/reverify.js";

export type { AlarmReceiverOptions, ReceivedAlarm } from "./receiver/alarms.js";
export type { RequestContext } from "./receiver/background.js";
export type { ReceiverEvent, ReceiverTiming, StoreOperation } from "./receiver/events.js";
export type { ResumeResult } from "./receiver/offers.js";
export type { ReceiverOptions } from "./receiver/options.js";
export type { Arrival } from "./receiver/protocol.js";
export type { ReverifyResult } from "./receiver/reverify.js";

/** A request handler for the alarm URL, made by {@link createAlarmReceiver}. */
export interface AlarmReceiver {
	/**
	 * Answers a request. `context` is what the platform gives to wait for work that outlives the answer.
	 *
	 * @throws {WeChatPayError} `ARGUMENT_INVALID` when something has read the request's body before.
	 */
	(request: Request, context?: RequestContext): Promise<Response>;
	/**
	 * Offers every unhandled alarm to `onAlarm`, oldest first, one after the other. Runs by itself once, at the latest
	 * with the first request; call it at the start and from time to time, so that an alarm whose handler threw is tried
	 * again. A call during a run joins that run.
	 *
	 * @throws {WeChatPayError} `STORE_FAILED` when the store cannot be read.
	 */
	resume(): Promise<ResumeResult>;
	/**
	 * Verifies every body of the quarantine anew, with the keys as they are now; call it after a key has changed.
	 * Those that verify are stored, offered to `onAlarm` and released; the others stay.
	 *
	 * @throws {WeChatPayError} `STORE_FAILED` when the store fails; what was not released yet is still there.
	 */
	reverify(): Promise<ReverifyResult>;
	/** Resolves when no request, no handler and no `resume()` of this receiver is under way. Not for use in `onAlarm`. */
	idle(): Promise<void>;
}

/**
 * Receives alarm notifications (告警通知, PROTOCOL 2.1) over the Web's `Request` and `Response`: Node.js through
 * `paysign/node`, and as they are Cloudflare Workers, Deno, Bun, Hono.
 *
 * | answer | when |
 * | --- | --- |
 * | 200 `success` | the alarm is verified and its record is committed, now or earlier |
 * | 401 `fail` | the body is not believed, for whatever reason; it is in the quarantine |
 * | 503 `fail` | the store failed: nothing is acknowledged, and the sender may try again |
 * | 405, 415, 408, 400 `fail` | not a POST; compressed; too slow; broken off |
 *
 * @throws {WeChatPayError} `ARGUMENT_INVALID` when an option cannot be used.
 *
 * @example
 * ```ts
 * import { createAlarmReceiver, signTestAlarm } from "paysign";
 * import { createMemoryStore } from "paysign/stores/memory";
 *
 * const account = { appId: "wxf8b4f85f3a794e77", appKey: "k".repeat(128) };
 * const receiver = createAlarmReceiver({
 * 	accounts: account,
 * 	store: createMemoryStore(), // paysign/stores/sqlite keeps what it acknowledged
 * 	onAlarm: ({ alarm }) => console.log(alarm.errorType, alarm.description),
 * });
 *
 * const body = signTestAlarm({ timeStamp: 1393860740 }, account);
 * const answer = await receiver(new Request("http://localhost/alarm", { method: "POST", body }));
 * console.log(answer.status, await answer.text()); // 200 success
 * await receiver.idle(); // 1001 delivery overdue
 * ```
 */
export function createAlarmReceiver(options: AlarmReceiverOptions): AlarmReceiver {
	const checked = checkOptions<ReceivedAlarm>("createAlarmReceiver", "onAlarm", options);
	return createReceiver(alarmProtocol(checkAccounts(options), options.store), checked);
}
