import { __wbg_reset_state as startAfresh } from "#wasm";
import { WeChatPayError } from "./errors.js";

/** How many instances there have been; what is known of the memory of an earlier one holds no longer. */
export let instances = 1;

/**
 * Runs a call of the core. What is not an error of ours broke it off half-way: a trap, or a stack without room. The
 * instance would go on with memory and stack as they were at that moment, so the next call gets a fresh one.
 */
export function untrapped<T>(call: () => T): T {
	try {
		return call();
	} catch (error) {
		if (!(error instanceof WeChatPayError)) {
			instances += 1;
			startAfresh();
		}
		throw error;
	}
}
