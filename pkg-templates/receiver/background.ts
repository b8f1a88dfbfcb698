/** What a platform gives a request handler to keep its process alive for work that outlives the answer. */
export interface RequestContext {
	waitUntil?(promise: Promise<unknown>): void;
}

/** Keeps count of what is under way. */
export function createTracker() {
	let underWay = 0;
	let waiting: (() => void)[] = [];

	function settle(): void {
		underWay -= 1;
		if (underWay > 0) return;
		const all = waiting;
		waiting = [];
		for (const wake of all) wake();
	}

	/** Counts the promise until it settles; with a context, asks the platform to stay alive for it. */
	function track(promise: Promise<unknown>, context?: RequestContext): void {
		underWay += 1;
		const settled = promise.then(settle, settle);
		try {
			context?.waitUntil?.(settled);
		} catch {
			// A platform that cannot wait any more does not undo what is committed; `resume()` offers it again.
		}
	}

	/** Resolves when nothing is under way, including what was started while waiting. */
	async function idle(): Promise<void> {
		while (underWay > 0) {
			await new Promise<void>((resolve) => {
				waiting.push(resolve);
			});
		}
	}

	return { track, idle };
}
