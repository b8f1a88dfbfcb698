import { WeChatPayError } from "./errors.js";

/** An access token as a {@link TokenStore} keeps it. */
export interface StoredToken {
	/** The token as WeChat gave it: up to some 512 printable ASCII characters. As secret as a password. */
	readonly accessToken: string;
	/** From when on the client fetches a new one, in whole Unix seconds. Only the client acts on it. */
	readonly refreshAt: number;
	/** When WeChat stops accepting it, in whole Unix seconds. From then on a store may forget it. */
	readonly expiresAt: number;
}

/**
 * Where access tokens are kept, one per AppId. A store in memory serves one process. A store that machines share
 * lets all of them use one token, which `tokenEndpoint: "classic"` needs, because there each new token kills the
 * previous one. The laws:
 *
 * 1. **Compare and set.** `replace` stores `next` only if the store holds `previous`, all three members equal, at
 *    that very moment (`undefined`: only if it holds no token of this AppId). Of any number of concurrent calls with
 *    the same `previous`, exactly one resolves to `true`.
 * 2. **Never half.** A rejected `replace` has stored `next` or has not; `read` never sees a mixture.
 * 3. **Copies.** What a caller does to an object after passing or receiving it changes nothing in the store.
 * 4. **One endpoint per store.** Clients that share a store use the same `tokenEndpoint`: the two kinds of token
 *    know nothing of each other.
 *
 * A rejection becomes a `STORE_FAILED` without a cause, because a database error may quote the token.
 */
export interface TokenStore {
	/** The token of this AppId, or `undefined`. */
	read(appId: string): Promise<StoredToken | undefined>;
	/**
	 * Puts `next` in the place of `previous`.
	 *
	 * @param previous What {@link TokenStore.read} gave.
	 * @returns `true` if `next` is stored; `false` when somebody else replaced `previous` first.
	 */
	replace(appId: string, previous: StoredToken | undefined, next: StoredToken): Promise<boolean>;
}

/** A token as the token endpoint gives it. */
export interface IssuedToken {
	readonly accessToken: string;
	/** How long it lives, in seconds. Often less than 7200: stable tokens are given out again and again. */
	readonly expiresIn: number;
}

/** What {@link createTokenSource} needs. */
export interface TokenSourceOptions {
	readonly appId: string;
	readonly store: TokenStore;
	/** Asks WeChat for a token. `known` are tokens that no error may show. */
	readonly issue: (known: readonly string[]) => Promise<IssuedToken>;
	/** Unix seconds. */
	readonly now: () => number;
	/** From 0 up to, but not including, 1. */
	readonly random: () => number;
}

/** Gives tokens, asking WeChat as rarely as it can. */
export interface TokenSource {
	/** A token that has not reached its `refreshAt`. */
	current(): Promise<string>;
	/**
	 * The token to use instead of one that WeChat has refused, at the cost of one request at most. It is the refused
	 * one when WeChat gives that out again.
	 */
	insteadOf(refused: string): Promise<string>;
}

interface Flight {
	readonly accessToken: string;
	/** Whether WeChat was asked; else it is the store's. */
	readonly asked: boolean;
}

/**
 * One flight at a time: callers that come while the store is read or WeChat is asked share the outcome. A failed
 * flight is forgotten, so the next caller tries again.
 */
export function createTokenSource({ appId, store, issue, now, random }: TokenSourceOptions): TokenSource {
	let flight: Promise<Flight> | undefined;
	let refused: string | undefined;

	const isUsable = (token: StoredToken): boolean => token.accessToken !== refused && now() < token.refreshAt;

	async function fly(): Promise<Flight> {
		const stored = await fromStore(() => store.read(appId));
		if (stored !== undefined && isUsable(stored)) return { accessToken: stored.accessToken, asked: false };
		// Counted from before the request, so that the way back is not added to the token's life.
		const askedAt = now();
		const known = [refused, stored?.accessToken].filter((token) => token !== undefined);
		const { accessToken, expiresIn } = await issue(known);
		// WeChat's newest word: even if it is the refused one, asking again at once would not change it.
		refused = undefined;
		const next: StoredToken = {
			accessToken,
			refreshAt: askedAt + expiresIn - refreshMargin(expiresIn, random()),
			expiresAt: askedAt + expiresIn,
		};
		if (await fromStore(() => store.replace(appId, stored, next))) return { accessToken, asked: true };
		// Somebody else was first. Using their token keeps everybody on one.
		const theirs = await fromStore(() => store.read(appId));
		if (theirs !== undefined && isUsable(theirs)) return { accessToken: theirs.accessToken, asked: true };
		return { accessToken, asked: true };
	}

	function join(): Promise<Flight> {
		flight ??= fly().finally(() => {
			flight = undefined;
		});
		return flight;
	}

	return {
		async current() {
			return (await join()).accessToken;
		},
		async insteadOf(token) {
			refused = token;
			const first = await join();
			if (first.accessToken !== token || first.asked) return first.accessToken;
			// That flight had read the store before the token was refused.
			refused = token;
			return (await join()).accessToken;
		},
	};
}

/**
 * How long before its end a token is replaced: 300 s, the time both the old and the new one live (PROTOCOL 5), and
 * up to 60 s more, so that machines do not all ask at once. Of a short life, half at most.
 */
function refreshMargin(expiresIn: number, random: number): number {
	return Math.min(300 + Math.floor(random * 61), Math.floor(expiresIn / 2));
}

async function fromStore<T>(step: () => Promise<T>): Promise<T> {
	try {
		return await step();
	} catch {
		throw new WeChatPayError(
			"STORE_FAILED",
			"The token store should keep and give back access tokens, but it rejected. Look at what it reports itself; " +
				"its error is not repeated here because it may hold the token.",
			{ retryable: true },
		);
	}
}
