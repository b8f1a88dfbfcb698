import type { StoredToken, TokenStore } from "../token.js";

/** How {@link createMemoryTokenStore} is set up. */
export interface MemoryTokenStoreOptions {
	/** A clock for leases, in milliseconds, that never goes back. Default: `performance.now`. */
	readonly ticks?: () => number;
}

/**
 * A {@link TokenStore} in this process's memory: the default of `createClient`. Pass one store to several clients of
 * the same account and they share a token. It is gone when the process ends, which costs one token request.
 */
export function createMemoryTokenStore({
	ticks = () => performance.now(),
}: MemoryTokenStoreOptions = {}): TokenStore {
	const tokens = new Map<string, StoredToken>();
	const leases = new Map<string, { readonly number: number; readonly endsAt: number }>();
	let leased = 0;
	return {
		async read(appId) {
			const token = tokens.get(appId);
			return token === undefined ? undefined : copyOf(token);
		},
		async replace(appId, previous, next) {
			if (!isSame(tokens.get(appId), previous)) return false;
			tokens.set(appId, copyOf(next));
			return true;
		},
		async lease(appId, milliseconds) {
			const held = leases.get(appId);
			if (held !== undefined && ticks() < held.endsAt) return undefined;
			leased += 1;
			leases.set(appId, { number: leased, endsAt: ticks() + milliseconds });
			return leased;
		},
		async release(appId, lease) {
			if (leases.get(appId)?.number === lease) leases.delete(appId);
		},
	};
}

function copyOf({ accessToken, refreshAt, expiresAt }: StoredToken): StoredToken {
	return { accessToken, refreshAt, expiresAt };
}

function isSame(held: StoredToken | undefined, expected: StoredToken | undefined): boolean {
	return (
		held?.accessToken === expected?.accessToken &&
		held?.refreshAt === expected?.refreshAt &&
		held?.expiresAt === expected?.expiresAt
	);
}
