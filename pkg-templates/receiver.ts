import type { Alarm } from "#wasm";
import { emitterFor } from "./observe.js";
import { createTracker, type RequestContext } from "./receiver/background.js";
import { watchStore } from "./receiver/events.js";
import { type AlarmAnswer, type IncomingAlarm, withExchange } from "./receiver/exchange.js";
import { type Judgement, judge } from "./receiver/judge.js";
import { createOffers, type ReceivedAlarm, type ResumeResult } from "./receiver/offers.js";
import { type AlarmReceiverOptions, checkOptions } from "./receiver/options.js";
import { createQuarantine, type Refusal } from "./receiver/quarantine.js";
import { createReverify, type ReverifyResult } from "./receiver/reverify.js";
import { fromRequest, toResponse } from "./receiver/web.js";

export type { RequestContext } from "./receiver/background.js";
export type { ReceiverEvent, ReceiverTiming, StoreOperation } from "./receiver/events.js";
export type { ReceivedAlarm, ResumeResult } from "./receiver/offers.js";
export type { AlarmReceiverOptions } from "./receiver/options.js";
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
	const checked = checkOptions(options);
	const { accounts, onAlarm, seconds, ticks, staleAfterSeconds } = checked;
	const emit = emitterFor(checked.onEvent);
	const time = emitterFor(checked.onTiming);
	const store = watchStore(checked.store, emit, time, ticks);
	const { track, idle } = createTracker();
	const quarantine = createQuarantine({ accounts, store, limit: checked.quarantineLimit, emit });
	const offers = onAlarm && createOffers({ onAlarm, store, emit, time, ticks, seconds, describe });
	const reverify = createReverify({ accounts, store, accept });
	let resumed = false;

	function describe(alarm: Alarm, receivedAt: number): ReceivedAlarm {
		const age = receivedAt - Number(alarm.timeStamp);
		return { alarm, receivedAt, stale: age > staleAfterSeconds, future: -age > staleAfterSeconds };
	}

	/** Law: durable, then "success". Rejects when the store does. */
	async function accept(alarm: Alarm, receivedAt: number, context?: RequestContext) {
		const { dedupKey } = alarm;
		const outcome = await store.insert(alarm, receivedAt);
		if (outcome === "duplicate") {
			emit({ type: "duplicate", dedupKey, receivedAt });
			return outcome;
		}
		const received = describe(alarm, receivedAt);
		emit({ type: "stored", dedupKey, receivedAt, stale: received.stale, future: received.future });
		if (offers) track(offers.offer(received), context);
		return outcome;
	}

	async function answer(incoming: IncomingAlarm, context?: RequestContext): Promise<AlarmAnswer> {
		const start = ticks();
		const answered = await respond(incoming, context);
		time({ operation: "answer", status: answered.status, milliseconds: ticks() - start });
		return answered;
	}

	async function respond(incoming: IncomingAlarm, context?: RequestContext): Promise<AlarmAnswer> {
		if (!resumed) track(resume(), context);
		if (incoming.method !== "POST") return turnAway(405, "POST");
		if (isEncoded(incoming)) return turnAway(415);
		const receivedAt = seconds();
		const read = await incoming.read(checked.maxBodyBytes, checked.readTimeoutMs);
		if (read.end === "timeout") return turnAway(408);
		if (read.end === "aborted") return turnAway(400);
		const body = read.bytes;
		if (read.end === "tooLarge") return refusal({ body, truncated: true, code: "XML_TOO_LARGE", receivedAt });
		let judgement: Judgement;
		try {
			judgement = judge(body, accounts);
		} catch (error) {
			emit({ type: "verifyFailed", error });
			return { status: 503, text: "fail" };
		}
		if ("refusedFor" in judgement) {
			return refusal({ body, truncated: false, code: judgement.refusedFor, receivedAt });
		}
		try {
			await accept(judgement.alarm, receivedAt, context);
		} catch {
			return { status: 503, text: "fail" };
		}
		return { status: 200, text: "success" };
	}

	/** One constant answer, whatever the reason: it must not teach anyone how to forge. */
	async function refusal(refused: Refusal): Promise<AlarmAnswer> {
		await quarantine(refused);
		return { status: 401, text: "fail" };
	}

	function turnAway(status: 400 | 405 | 408 | 415, allow?: "POST"): AlarmAnswer {
		emit({ type: "unread", status });
		return { status, text: "fail", ...(allow && { allow }) };
	}

	async function resume(): Promise<ResumeResult> {
		resumed = true;
		if (!offers) return { handled: 0, failed: 0 };
		try {
			return await offers.resume();
		} catch (error) {
			// The store could not be read: the next request tries again.
			resumed = false;
			throw error;
		}
	}

	function counted<T>(promise: Promise<T>): Promise<T> {
		track(promise);
		return promise;
	}

	const handler = (request: Request, context?: RequestContext) =>
		counted(answer(fromRequest(request), context).then(toResponse));
	const receiver = Object.assign(handler, {
		resume: () => counted(resume()),
		reverify: () => counted(reverify()),
		idle,
	});
	return withExchange(receiver, (incoming) => counted(answer(incoming)));
}

function isEncoded({ encoding }: IncomingAlarm): boolean {
	return !["", "identity"].includes((encoding ?? "").trim().toLowerCase());
}
