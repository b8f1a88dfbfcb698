import type { StoredToken, TokenStore } from "../token.js";

/**
 * A {@link TokenStore} in this process's memory: the default of `createClient`. Pass one store to several clients of
 * the same account and they share a token. It is gone when the process ends, which costs one token request.
 */
export function createMemoryTokenStore(): TokenStore {
	const tokens = new Map<string, StoredToken>();
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
