/** What a platform gives a request handler to keep its process alive for work that outlives the answer. */
export interface RequestContext {
	waitUntil?(promise: Promise<unknown>): void;
}

/** Keeps count of what is under way. */
export function createTracker() {
	const underWay = new Set<Promise<unknown>>();

	/** Counts the promise until it settles; with a context, asks the platform to stay alive for it. */
	function track(promise: Promise<unknown>, context?: RequestContext): void {
		const settled: Promise<unknown> = promise.catch(() => {}).finally(() => underWay.delete(settled));
		underWay.add(settled);
		try {
			context?.waitUntil?.(settled);
		} catch {
			// A platform that cannot wait any more does not undo what is committed; `resume()` offers it again.
		}
	}

	/** Resolves when nothing is under way, including what was started while waiting. */
	async function idle(): Promise<void> {
		while (underWay.size > 0) await Promise.all(underWay);
	}

	return { track, idle };
}
