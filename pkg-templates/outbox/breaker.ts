/** Why nothing is sent: WeChat cannot be reached, or refuses the account. */
export type BreakerReason = "host" | "account";

/** Stops sending where it cannot help, and tries with one delivery at a time whether it can again. */
export interface Breaker {
	/** What may be sent now: anything, one delivery as a probe, or nothing. */
	permits(): "all" | "probe" | "nothing";
	/** When the next probe may be sent; `null` while everything may be. */
	probeAt(): number | null;
	/** A probe is on its way; nothing more until its outcome is known. */
	probing(): void;
	/** There was nothing to probe with. */
	spared(): void;
	/** The probe ended before it reached anybody; the next one comes at its time. */
	postponed(): void;
	/** WeChat answered for this account. Gives why nothing was sent until now, or `null`. */
	reached(): BreakerReason | null;
	/** An attempt failed for this reason. Gives whether the breaker has opened by it. */
	failed(
		reason: BreakerReason,
		attempt: { readonly isProbe: boolean; readonly pauseSeconds?: number },
	): boolean;
}

/** So many failures in a row, and the host is taken to be out of reach. */
const failuresToOpen = 3;
const probeEverySeconds = { host: 30, account: 60 };
const longestProbeSeconds = { host: 30, account: 600 };

/** Makes a breaker, closed. `now` gives seconds of any clock. */
export function createBreaker(now: () => number): Breaker {
	let failures = 0;
	let open: { readonly reason: BreakerReason; readonly waitSeconds: number; readonly until: number } | null =
		null;
	let isProbing = false;

	return {
		permits() {
			if (open === null) return "all";
			return isProbing || now() < open.until ? "nothing" : "probe";
		},
		probeAt: () => (open === null ? null : open.until),
		probing() {
			isProbing = true;
		},
		spared() {
			isProbing = false;
		},
		postponed() {
			isProbing = false;
			if (open !== null) open = { ...open, until: now() + open.waitSeconds };
		},
		reached() {
			const reason = open?.reason ?? null;
			failures = 0;
			open = null;
			isProbing = false;
			return reason;
		},
		failed(reason, { isProbe, pauseSeconds = 0 }) {
			failures += 1;
			const wasOpen = open !== null;
			if (isProbe) isProbing = false;
			if (!wasOpen && reason === "host" && pauseSeconds === 0 && failures < failuresToOpen) return false;
			// What was on its way when it opened says nothing new.
			if (open !== null && open.reason === reason && !isProbe) return false;
			const waited = open?.reason === reason ? open.waitSeconds * 2 : probeEverySeconds[reason];
			const waitSeconds = Math.max(pauseSeconds, Math.min(waited, longestProbeSeconds[reason]));
			open = { reason, waitSeconds, until: now() + waitSeconds };
			return !wasOpen;
		},
	};
}
