import type { StoredToken, TokenStore } from "paysign";

/** The account's access token in its object: one for all, and it outlives the object's memory. */
export function createTokenStore(storage: DurableObjectStorage): TokenStore {
	const keyOf = (appId: string) => `access token of ${appId}`;
	return {
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
