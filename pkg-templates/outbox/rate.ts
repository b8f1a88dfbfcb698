/** Lets so many through a second, on average: a token bucket that holds one second's worth. */
export interface Rate {
	/** Takes up to `wanted`, and gives how many it got. */
	take(wanted: number): number;
	/** Gives back what was taken for nothing. */
	giveBack(count: number): void;
	/** In how many seconds there is something to take again; 0 when there is. */
	waitSeconds(): number;
}

/** Makes a full bucket. `now` gives seconds of any clock, fractions included. */
export function createRate(perSecond: number, now: () => number): Rate {
	const most = Math.max(1, perSecond);
	let held = most;
	let filledAt = now();

	function fill(): void {
		const at = now();
		// A clock that goes backwards fills nothing.
		held = Math.min(most, held + Math.max(0, at - filledAt) * perSecond);
		filledAt = at;
	}

	if (perSecond === Number.POSITIVE_INFINITY) {
		return { take: (wanted) => wanted, giveBack() {}, waitSeconds: () => 0 };
	}
	return {
		take(wanted) {
			fill();
			const taken = Math.min(wanted, Math.floor(held));
			held -= taken;
			return taken;
		},
		giveBack(count) {
			held = Math.min(most, held + count);
		},
		waitSeconds() {
			fill();
			// Some at a time: a wake-up for each single one would be mostly waking up.
			const some = Math.max(1, Math.floor(most / 4));
			return held >= 1 ? 0 : (some - held) / perSecond;
		},
	};
}
