import { checkInteger, invalidArgument } from "../arguments.js";
import { WeChatPayError } from "../errors.js";
import type { NotificationSource } from "../notification-store.js";
import type { Page } from "../store.js";

/** Law 5 of the store contract: SQL would read a negative limit as "all", an array a fractional one as another. */
export function checkPage({ limit, after }: Page): void {
	checkInteger("limit", limit, 1);
	if (after !== undefined) checkInteger("after", after, 0);
}

const sources: readonly NotificationSource[] = ["push", "apiv3"];

/** Law 2 of the notification store, where a source is given. */
export function checkSource(source: NotificationSource | undefined): void {
	if (source === undefined || sources.includes(source)) return;
	throw invalidArgument("source", `\`source\` must be one of ${sources.join(", ")}.`);
}

/** Law 6: what a closed store rejects with. */
export function closedError(): WeChatPayError {
	return new WeChatPayError("STORE_FAILED", "The store is closed; nothing was read or kept.");
}
