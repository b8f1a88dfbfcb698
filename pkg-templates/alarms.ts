import { verifyAlarm } from "./alarm.js";
import type { Credentials } from "./credentials.js";
import { WeChatPayError } from "./errors.js";
import type { Alarm } from "./wasm/load.js";

/** What became of one body of a batch. */
export type AlarmResult =
	| { readonly index: number; readonly alarm: Alarm; readonly error?: never }
	| { readonly index: number; readonly error: WeChatPayError; readonly alarm?: never };

/** How far a batch is. */
export interface AlarmProgress {
	/** Bodies that have been looked at: `verified + refused`. */
	readonly done: number;
	readonly verified: number;
	readonly refused: number;
	/** How many there are, where the bodies are an array. */
	readonly total: number | undefined;
}

/** Settings of {@link verifyAlarms}. */
export interface VerifyAlarmsOptions {
	/** Called after every thousand bodies and at the end. */
	readonly onProgress?: (progress: AlarmProgress) => void;
}

const progressEvery = 1000;

/**
 * Verifies many stored bodies, such as a year of logs, one after the other while you iterate: a result for each, in order,
 * the verified alarm or the error. A body that is refused ends nothing. Each is verified as {@link verifyAlarm} does it.
 *
 * @param bodies Request bodies as they were received.
 * @param credentials The account, or a list of accounts behind one URL.
 * @throws Only what is no {@link WeChatPayError}: what `bodies`, `onProgress` or a function that looks up keys throws.
 *
 * @example
 * ```ts
 * import { signTestAlarm, verifyAlarms } from "paysign";
 *
 * const account = { appId: "wxf8b4f85f3a794e77", appKey: "k".repeat(128) };
 * const bodies = [signTestAlarm({ timeStamp: 1393860740 }, account), "<html>"];
 * for (const { index, alarm, error } of verifyAlarms(bodies, account)) {
 * 	console.log(index, alarm?.errorType ?? error?.code); // 0 1001, then 1 XML_ROOT
 * }
 * ```
 */
export function* verifyAlarms(
	bodies: Iterable<Uint8Array | string>,
	credentials: Credentials | readonly Credentials[],
	{ onProgress }: VerifyAlarmsOptions = {},
): Generator<AlarmResult, AlarmProgress, void> {
	const total = Array.isArray(bodies) ? bodies.length : undefined;
	let verified = 0;
	let refused = 0;
	const progress = () => ({ done: verified + refused, verified, refused, total });
	for (const body of bodies) {
		const index = verified + refused;
		const result = resultOf(index, body, credentials);
		if (result.error === undefined) verified += 1;
		else refused += 1;
		yield result;
		if ((index + 1) % progressEvery === 0) onProgress?.(progress());
	}
	const end = progress();
	if (end.done % progressEvery !== 0 || end.done === 0) onProgress?.(end);
	return end;
}

function resultOf(
	index: number,
	body: Uint8Array | string,
	credentials: Credentials | readonly Credentials[],
): AlarmResult {
	try {
		return { index, alarm: verifyAlarm(body, credentials) };
	} catch (error) {
		if (error instanceof WeChatPayError) return { index, error };
		throw error;
	}
}
