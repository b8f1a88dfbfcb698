// What the receiver, the client and the outbox share in telling a program what they do.

/** What stands in for a hook that is not there: who has none shall not pay for calling it. */
export function unheard(): void {}

/** Calls a hook of the program so that nothing it throws, now or later, reaches the caller. */
export function emitterFor<T>(hook: ((value: T) => unknown) | undefined): (value: T) => void {
	if (hook === undefined) return unheard;
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

/** Watches the calls of a store: each is timed, and one that rejects is an event, too. */
export function storeWatch<Method extends string>(
	emit: (event: {
		readonly type: "storeFailed";
		readonly operation: Method;
		readonly error: unknown;
	}) => void,
	time: (timing: {
		readonly operation: "store";
		readonly method: Method;
		readonly failed: boolean;
		readonly milliseconds: number;
	}) => void,
	ticks: Ticks,
): <T>(method: Method, call: () => Promise<T>) => Promise<T> {
	if (emit === unheard && time === unheard) return async (_, call) => call();
	return async (method, call) => {
		const tell = (milliseconds: number, failed: boolean) =>
			time({ operation: "store", method, failed, milliseconds });
		try {
			return await timed(ticks, call, tell);
		} catch (error) {
			emit({ type: "storeFailed", operation: method, error });
			throw error;
		}
	};
}
