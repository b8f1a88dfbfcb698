import { __wbg_reset_state as startAfresh } from "#wasm";
import { WeChatPayError } from "./errors.js";

/**
 * Runs a call of the core. What is not an error of ours broke it off half-way: a trap, or a stack without room. The
 * instance would go on with memory and stack as they were at that moment, so the next call gets a fresh one.
 */
export function untrapped<T>(call: () => T): T {
	try {
		return call();
	} catch (error) {
		if (!(error instanceof WeChatPayError)) startAfresh();
		throw error;
	}
}
