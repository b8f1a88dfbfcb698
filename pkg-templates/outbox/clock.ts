/**
 * The time of day, guarded against its jumps. Beside the time of day runs a clock that only goes forward. Where the two
 * disagree by more than a minute the time of day is suspect, for an hour at most; then it is believed, because a machine
 * that slept is right and an administrator's correction too. Meanwhile work is due by whichever is later, and nothing
 * is given up before both say so.
 */
export interface Clock {
	/** Unix seconds by which work is due: the later of both. */
	due(): number;
	/** Unix seconds by which something may be given up: the earlier of both. */
	sure(): number;
	/** Unix seconds that go on as before the jump: for what others will compare with their own clocks. */
	steady(): number;
	/** Seconds since some moment, fractions included; never backwards where the platform can tell. */
	elapsed(): number;
}

const toleranceSeconds = 60;
const suspicionSeconds = 3600;

/**
 * @param now Unix seconds.
 * @param elapsed Seconds of a clock that only goes forward; without one the time of day is believed.
 * @param onJump Told by how many seconds the time of day has jumped.
 */
export function createClock(
	now: () => number,
	elapsed: (() => number) | undefined,
	onJump: (seconds: number) => void,
): Clock {
	let base = { wall: now(), at: elapsed?.() ?? 0 };
	let suspectSince: number | undefined;

	function read(): { readonly wall: number; readonly steady: number } {
		const wall = now();
		if (elapsed === undefined) return { wall, steady: wall };
		const at = elapsed();
		const steady = base.wall + (at - base.at);
		const isCredible = Math.abs(wall - steady) <= toleranceSeconds;
		if (isCredible || at - (suspectSince ?? at) >= suspicionSeconds) {
			base = { wall, at };
			suspectSince = undefined;
			return { wall, steady: wall };
		}
		if (suspectSince === undefined) {
			suspectSince = at;
			onJump(Math.round(wall - steady));
		}
		return { wall, steady };
	}

	return {
		due() {
			const { wall, steady } = read();
			return Math.floor(Math.max(wall, steady));
		},
		sure() {
			const { wall, steady } = read();
			return Math.floor(Math.min(wall, steady));
		},
		steady: () => Math.floor(read().steady),
		elapsed: () => elapsed?.() ?? now(),
	};
}
