import { checkInteger } from "../arguments.js";
import { WeChatPayError } from "../errors.js";
import type { Page } from "../store.js";

/** Law 5 of the store contract: SQL would read a negative limit as "all", an array a fractional one as another. */
export function checkPage({ limit, after }: Page): void {
	checkInteger("limit", limit, 1);
	if (after !== undefined) checkInteger("after", after, 0);
}

/** Law 6: what a closed store rejects with. */
export function closedError(): WeChatPayError {
	return new WeChatPayError("STORE_FAILED", "The store is closed; nothing was read or kept.");
}
