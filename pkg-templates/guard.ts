import { WeChatPayError } from "./errors.js";

/**
 * Runs a call of a module. What is not an error of ours broke it off half-way: a trap, or a stack without room. The
 * instance would go on with memory and stack as they were at that moment, so the next call gets a fresh one.
 */
export function guarded<T>(call: () => T, startAfresh: () => void): T {
	try {
		return call();
	} catch (error) {
		if (!(error instanceof WeChatPayError)) startAfresh();
		throw error;
	}
}
