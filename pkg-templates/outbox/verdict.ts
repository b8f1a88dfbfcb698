import { type FindErrcode, findErrcode } from "../errcodes.js";
import { WeChatPayError, type WeChatPayErrorCode } from "../errors.js";

/** What a failed attempt means for the delivery, and for the others. */
export interface Verdict {
	/**
	 * What the failure is about: `host`, WeChat cannot be reached or is busy, so no other delivery would fare better;
	 * `account`, it refuses whatever the account sends; `delivery`, it refuses this one.
	 */
	readonly scope: "host" | "account" | "delivery";
	/** Whether a person has to know. */
	readonly alert: boolean;
	/** `slow`: sending it again soon cannot help. */
	readonly pace: "normal" | "slow";
	/** How long nothing should be sent, in seconds, where WeChat has said that it is too much. */
	readonly pauseSeconds?: number;
	readonly code: WeChatPayErrorCode | null;
	readonly errcode: number | null;
	/** For a person. The errors of this package hold no secret; a foreign one's words are not repeated. */
	readonly sentence: string;
}

/** "Too many calls in this minute", as an errcode and as an HTTP status. */
const tooFrequent = { errcode: 45011, httpStatus: 429, pauseSeconds: 60 };

/**
 * Judges what a client's call rejected with (THREATS 5.3).
 *
 * @param find The table of errcodes of that call.
 */
export function judgeFailure(error: unknown, find: FindErrcode = findErrcode): Verdict {
	if (!(error instanceof WeChatPayError)) {
		const sentence =
			"The attempt ended with an error that is not this package's; its words are left out because they may hold " +
			"a secret. Look at the functions that were passed in: the look-up of keys, the clock, fetch.";
		return { scope: "delivery", alert: true, pace: "slow", code: null, errcode: null, sentence };
	}
	const { code, details, message } = error;
	const known = { code, errcode: details.errcode ?? null, sentence: message };
	if (code === "API_ERROR") return { ...judgeErrcode(details.errcode ?? Number.NaN, find), ...known };
	// The delivery breaks the message's grammar, or the call itself is wrong: under a new key or option it may not.
	if (details.retryable !== true) return { scope: "delivery", alert: true, pace: "slow", ...known };
	const transient = { scope: "host", alert: false, pace: "normal", ...known } as const;
	const isTooFrequent = details.httpStatus === tooFrequent.httpStatus;
	return isTooFrequent ? { ...transient, pauseSeconds: tooFrequent.pauseSeconds } : transient;
}

function judgeErrcode(
	errcode: number,
	find: FindErrcode,
): Pick<Verdict, "scope" | "alert" | "pace" | "pauseSeconds"> {
	const row = find(errcode);
	// An unknown code may be anything: worth repeating, worth a look, and no reason to stop the others.
	if (row === undefined) return { scope: "delivery", alert: true, pace: "normal" };
	switch (row.action) {
		case "retry": {
			const transient = { scope: "host", alert: false, pace: "normal" } as const;
			return errcode === tooFrequent.errcode
				? { ...transient, pauseSeconds: tooFrequent.pauseSeconds }
				: transient;
		}
		// The client has fetched a fresh token already, and that is refused as well.
		case "refresh":
			return { scope: "account", alert: true, pace: "normal" };
		case "wait":
		case "human":
			return { scope: "account", alert: true, pace: "slow" };
		default:
			return { scope: "delivery", alert: true, pace: "slow" };
	}
}
