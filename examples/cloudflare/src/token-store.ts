import type { StoredToken, TokenStore } from "paysign";
import { createMemoryTokenStore } from "paysign/tokens/memory";

/** The account's access token in its object: one for all, and it outlives the object's memory. */
export function createTokenStore(storage: DurableObjectStorage): TokenStore {
	// Whoever asks for a token asks in this object, so a lease need not outlive its memory.
	const { lease, release } = createMemoryTokenStore();
	const keyOf = (appId: string) => `access token of ${appId}`;
	return {
		lease,
		release,
		async read(appId) {
			return storage.kv.get<StoredToken>(keyOf(appId));
		},
		async replace(appId, previous, next) {
			// Nothing comes in between: reading and writing do not wait.
			const held = storage.kv.get<StoredToken>(keyOf(appId));
			if (!isSame(held, previous)) return false;
			storage.kv.put(keyOf(appId), next);
			await storage.sync();
			return true;
		},
	};
}

function isSame(one: StoredToken | undefined, other: StoredToken | undefined): boolean {
	return (
		one?.accessToken === other?.accessToken &&
		one?.refreshAt === other?.refreshAt &&
		one?.expiresAt === other?.expiresAt
	);
}
