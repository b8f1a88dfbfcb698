/** The longest waits between attempts, in seconds, from the first failure on; then {@link steady}. */
const firstWaits: readonly number[] = [5, 30, 120, 300, 600];
const steadyWait = 900;
/** From this attempt on, some six hours after the first, the waits are longer. */
const manyAttempts = 30;
const longWait = 1800;
/** Between attempts of which none is expected to help before somebody has acted. */
export const longestWait = 3600;

/** How long before the deadline a delivery is sent in any case, in seconds. */
export const lastChances: readonly number[] = [3600, 1800, 600, 300, 120, 60];

/** From when on nothing but the rate holds an attempt back, in seconds before the deadline. */
export const finalWindow = 600;

/** What {@link nextAttempt} needs. Times are in Unix seconds. */
export interface Schedule {
	readonly now: number;
	/** The same, as far as every clock agrees: by this one deliveries are given up. */
	readonly sure: number;
	/** How often it has been sent, this time included. */
	readonly attempts: number;
	readonly deadline: number;
	/** `slow`: somebody has to act first. */
	readonly pace: "normal" | "slow";
	/** For how long after the deadline it is still sent, in seconds. */
	readonly lateSeconds: number;
	/** From 0 up to, but not including, 1. */
	readonly random: () => number;
}

/**
 * When a delivery is sent next: exponential back-off with full jitter, so that rows that failed together do not come
 * back together, but never later than the next of its {@link lastChances}. `null`: it is given up.
 */
export function nextAttempt({
	now,
	sure,
	attempts,
	deadline,
	pace,
	lateSeconds,
	random,
}: Schedule): number | null {
	const isLate = now > deadline;
	const longest = isLate || pace === "slow" ? longestWait : usualWait(attempts);
	const shortest = isLate || pace === "slow" ? longestWait / 2 : 1;
	const backoff = now + shortest + Math.floor(random() * (longest - shortest + 1));
	if (isLate) return sure > deadline + lateSeconds ? null : backoff;
	const chance = lastChances.map((before) => deadline - before).find((at) => at > now);
	return chance === undefined ? backoff : Math.min(backoff, chance);
}

function usualWait(attempts: number): number {
	return firstWaits[attempts - 1] ?? (attempts < manyAttempts ? steadyWait : longWait);
}
