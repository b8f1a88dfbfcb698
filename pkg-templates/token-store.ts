import type { ClientEvent, ClientTiming } from "./client-events.js";
import { WeChatPayError } from "./errors.js";
import { beforeAbort, systemCodeOf } from "./http.js";
import { type Ticks, timed } from "./observe.js";
import type { TokenStore, TokenStoreOperation } from "./token.js";

/** What {@link watchTokenStore} needs beside the store. */
export interface Watch {
	readonly emit: (event: ClientEvent) => void;
	readonly time: (timing: ClientTiming) => void;
	readonly ticks: Ticks;
	/** How long each call may take, in milliseconds. */
	readonly timeoutMs: number;
}

/** The store with an event for each rejection, which becomes a `STORE_FAILED` that holds nothing of it. */
export function watchTokenStore(store: TokenStore, { emit, time, ticks, timeoutMs }: Watch): TokenStore {
	function watch<T>(operation: TokenStoreOperation, call: () => Promise<T>): Promise<T> {
		const bounded = async () => {
			const deadline = AbortSignal.timeout(timeoutMs);
			try {
				return await beforeAbort(deadline, call);
			} catch (error) {
				const reason = deadline.aborted ? "timeout" : systemCodeOf(error, []);
				emit({ type: "tokenStoreFailed", operation, ...(reason === undefined ? {} : { reason }) });
				throw storeError(reason);
			}
		};
		return timed(ticks, bounded, (milliseconds, failed) =>
			time({ operation: "tokenStore", method: operation, failed, milliseconds }),
		);
	}
	return {
		read: (appId) => watch("read", () => store.read(appId)),
		replace: (appId, previous, next) => watch("replace", () => store.replace(appId, previous, next)),
		lease: (appId, milliseconds) => watch("lease", () => store.lease(appId, milliseconds)),
		release: (appId, lease) => watch("release", () => store.release(appId, lease)),
	};
}

function storeError(reason: string | undefined): WeChatPayError {
	const shown = reason === undefined ? "" : ` (${reason})`;
	return new WeChatPayError(
		"STORE_FAILED",
		`The token store should keep and give back access tokens, but it rejected or did not answer${shown}. Look at ` +
			"what it reports itself; its error is not repeated here because it may hold the token.",
		{ retryable: true, ...(reason === undefined ? {} : { reason }) },
	);
}
