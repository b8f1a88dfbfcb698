import type { Credentials } from "../credentials.js";
import type { WeChatPayErrorCode } from "../errors.js";
import type { AlarmStore } from "../store.js";
import type { Emit } from "./events.js";
import { holdsKey } from "./keys.js";

/** A body that was not believed, and why. */
export interface Refusal {
	readonly body: Uint8Array<ArrayBuffer>;
	readonly truncated: boolean;
	readonly code: WeChatPayErrorCode;
	/** Unix seconds. */
	readonly receivedAt: number;
}

interface QuarantineOptions {
	readonly accounts: readonly Credentials[];
	readonly store: Pick<AlarmStore, "quarantine">;
	readonly limit: number;
	readonly emit: Emit;
}

/**
 * Keeps refused bodies: refused is not lost, because the reason may be a key of ours that is wrong (THREATS T22).
 * Returns a function that never rejects, since the answer to a refused body must not depend on what becomes of it.
 */
export function createQuarantine({ accounts, store, limit, emit }: QuarantineOptions) {
	const bucket = createTokenBucket(limit);
	let dropped = 0;

	async function put({ body, truncated, code, receivedAt }: Refusal): Promise<boolean> {
		try {
			// The verifier saw it in a value, where references may hide it from a search of the bytes.
			if (code === "FIELD_CONTAINS_KEY" || holdsKey(body, accounts)) {
				emit({ type: "keyLeakSuspected", code });
				return false;
			}
		} catch (error) {
			// Without the keys it cannot be ruled out that the body holds one of them.
			emit({ type: "verifyFailed", error });
			return false;
		}
		if (!bucket.take(receivedAt)) {
			dropped += 1;
			emit({ type: "quarantineDropped", dropped });
			return false;
		}
		try {
			const digest = hexadecimal(await crypto.subtle.digest("SHA-256", body));
			await store.quarantine({ digest, body, truncated, code, receivedAt }, limit);
			return true;
		} catch {
			return false;
		}
	}

	return async (refusal: Refusal): Promise<void> => {
		emit({ type: "refused", code: refusal.code, quarantined: await put(refusal) });
	};
}

/** A burst of `burst`, then one a second, by the clock of the caller: a flood cannot rewrite the quarantine. */
function createTokenBucket(burst: number) {
	let tokens = 0;
	// So long ago that the first call finds it full.
	let last = Number.NEGATIVE_INFINITY;

	return {
		take(seconds: number): boolean {
			tokens = Math.min(burst, tokens + Math.max(0, seconds - last));
			last = seconds;
			if (tokens < 1) return false;
			tokens -= 1;
			return true;
		},
	};
}

function hexadecimal(digest: ArrayBuffer): string {
	return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
