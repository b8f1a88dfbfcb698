// What the receiver, the client and the outbox share in telling a program what they do.

/** Calls a hook of the program so that nothing it throws, now or later, reaches the caller. */
export function emitterFor<T>(hook: ((value: T) => unknown) | undefined): (value: T) => void {
	if (hook === undefined) return () => {};
	return (value) => {
		// An async function turns both into a rejection, and still calls the hook at once.
		(async () => hook(value))().catch(() => {});
	};
}

/** A clock for timings, in milliseconds from any beginning; it never goes back. */
export type Ticks = () => number;

/** This platform's. */
export const platformTicks: Ticks = () => performance.now();

/** Runs a step and says how long it took and whether it threw. */
export async function timed<T>(
	ticks: Ticks,
	step: () => Promise<T>,
	tell: (milliseconds: number, failed: boolean) => void,
): Promise<T> {
	const start = ticks();
	let failed = true;
	try {
		const result = await step();
		failed = false;
		return result;
	} finally {
		tell(ticks() - start, failed);
	}
}
