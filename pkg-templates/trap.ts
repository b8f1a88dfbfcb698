import { guarded } from "./guard.js";
import { __wbg_reset_state as startAfresh } from "./wasm/load.js";

/** How many instances there have been; what is known of the memory of an earlier one holds no longer. */
export let instances = 1;

/** Runs a call of the core; see {@link guarded}. */
export function untrapped<T>(call: () => T): T {
	return guarded(call, startNext);
}

function startNext(): void {
	instances += 1;
	startAfresh();
}
