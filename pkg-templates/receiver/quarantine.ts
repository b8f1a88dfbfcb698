import { toHex } from "../bytes.js";
import type { Emit } from "./events.js";
import type { Inbox, Keyed, Protocol, Refusal } from "./protocol.js";

interface QuarantineOptions<Context> {
	readonly protocol: Pick<Protocol<Keyed, Context, unknown>, "identify" | "holdsSecret" | "dismiss">;
	readonly inbox: Pick<Inbox<never, Context>, "quarantine">;
	readonly limit: number;
	readonly emit: Emit;
}

/**
 * Keeps refused bodies: refused is not lost, because the reason may be a key of ours that is wrong (THREATS T22).
 * Returns a function that never rejects, since the answer to a refused body must not depend on what becomes of it.
 */
export function createQuarantine<Context>({ protocol, inbox, limit, emit }: QuarantineOptions<Context>) {
	const bucket = createTokenBucket(limit);
	let dropped = 0;

	async function put(refusal: Refusal<Context>): Promise<boolean> {
		const { code, receivedAt } = refusal;
		try {
			if (protocol.holdsSecret(refusal)) {
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
			const digest = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", protocol.identify(refusal))));
			await inbox.quarantine(refusal, digest, limit);
			return true;
		} catch {
			return false;
		}
	}

	return async (refusal: Refusal<Context>): Promise<void> => {
		if (protocol.dismiss?.(refusal) === true) return;
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
