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
 * previous one. The laws, which one conformance suite checks on every store:
 *
 * 1. **Compare and set.** `replace` stores `next` only if the store holds `previous`, all three members equal, at
 *    that very moment (`undefined`: only if it holds no token of this AppId). Of any number of concurrent calls with
 *    the same `previous`, exactly one resolves to `true`. Who was slow, therefore, never overwrites a newer token.
 * 2. **Never half.** A rejected `replace` has stored `next` or has not; `read` never sees a mixture.
 * 3. **Copies.** What a caller does to an object after passing or receiving it changes nothing in the store.
 * 4. **One endpoint per store.** Clients that share a store use the same `tokenEndpoint`: the two kinds of token
 *    know nothing of each other.
 * 5. **One lease.** From a `lease` that gave a number until its `release` or its end, measured by the store's own
 *    clock, every other `lease` of this AppId gives `undefined`. Numbers grow; `release` of an old one does nothing.
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
	/**
	 * Takes the sole right to ask WeChat for a token of this AppId.
	 *
	 * @param milliseconds How long it lasts at most, so that one who died with it keeps nobody waiting for ever.
	 * @returns The number to release it with; `undefined` while somebody else has it.
	 */
	lease(appId: string, milliseconds: number): Promise<number | undefined>;
	/** Gives the lease back before its end. */
	release(appId: string, lease: number): Promise<void>;
}

/** The methods of a token store that an event can be about. */
export type TokenStoreOperation = keyof TokenStore;

/** A token as the token endpoint gives it. */
export interface IssuedToken {
	readonly accessToken: string;
	/** How long it lives, in seconds. Often less than 7200: stable tokens are given out again and again. */
	readonly expiresIn: number;
}

/** What {@link createTokenSource} needs. */
export interface TokenSourceOptions {
	readonly appId: string;
	/** Rejects only with what may be shown. */
	readonly store: TokenStore;
	/** Whether a new token kills the previous one, so that no two may ask at the same time. */
	readonly exclusive: boolean;
	/** Asks WeChat for a token. `known` are tokens that no error may show. */
	readonly issue: (known: readonly string[]) => Promise<IssuedToken>;
	/** How long `issue` may take, in milliseconds. */
	readonly timeoutMs: number;
	/** Unix seconds. */
	readonly now: () => number;
	/** From 0 up to, but not including, 1. */
	readonly random: () => number;
	/** Waits for so many milliseconds. */
	readonly wait: (milliseconds: number) => Promise<void>;
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

/** What a lease lasts beyond the request it is for: to store the token, and for a machine that was held up. */
const leaseMarginMs = 5_000;

/** How long the lease for one request lasts, in milliseconds. */
const leaseFor = (timeoutMs: number): number => timeoutMs + leaseMarginMs;

/**
 * Within how many milliseconds a {@link TokenSource} gives a token or an error: the lease of its own request, and before
 * that, where machines take turns, the one of a machine that died with it.
 */
export function longestTokenMs({
	timeoutMs,
	exclusive,
}: Pick<TokenSourceOptions, "timeoutMs" | "exclusive">): number {
	return (exclusive ? 2 : 1) * leaseFor(timeoutMs);
}

const firstPauseMs = 50;
const longestPauseMs = 500;

/**
 * One flight at a time: callers that come while the store is read or WeChat is asked share the outcome. A failed
 * flight is forgotten, so the next caller tries again.
 */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
	const { appId, store, exclusive, issue, timeoutMs, now, random, wait } = options;
	const leaseMs = leaseFor(timeoutMs);
	let flight: Promise<Flight> | undefined;
	let refused: string | undefined;

	async function fly(): Promise<Flight> {
		let waitedMs = 0;
		for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
			const stored = await store.read(appId);
			if (isUsable(stored)) return { accessToken: stored.accessToken, asked: false };
			if (!exclusive) return ask(stored);
			const lease = await store.lease(appId, leaseMs);
			if (lease !== undefined) return askUnder(lease);
			// Whoever has the lease may die with it: then it ends, and one of those who wait gets it.
			if (waitedMs > leaseMs + timeoutMs) throw leaseError(waitedMs);
			const pause = Math.ceil(pauseMs * (0.5 + random() / 2));
			await wait(pause);
			waitedMs += pause;
		}
	}

	async function askUnder(lease: number): Promise<Flight> {
		try {
			// Between the look into the store and the lease, the one who had it may have finished.
			const stored = await store.read(appId);
			if (isUsable(stored)) return { accessToken: stored.accessToken, asked: false };
			return await ask(stored);
		} finally {
			// It ends by itself as well; whether it was given back decides nothing about the token.
			await store.release(appId, lease).catch(() => {});
		}
	}

	async function ask(stored: StoredToken | undefined): Promise<Flight> {
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
		if (await store.replace(appId, stored, next)) return { accessToken, asked: true };
		// Somebody else was first. Using their token keeps everybody on one.
		const theirs = await store.read(appId);
		return { accessToken: isUsable(theirs) ? theirs.accessToken : accessToken, asked: true };
	}

	function isUsable(token: StoredToken | undefined): token is StoredToken {
		return token !== undefined && token.accessToken !== refused && now() < token.refreshAt;
	}

	function join(): Promise<Flight> {
		flight ??= fly().finally(() => {
			flight = undefined;
		});
		return flight;
	}

	return {
		current: () => inTime(async () => (await join()).accessToken),
		insteadOf: (token) =>
			inTime(async () => {
				refused = token;
				const first = await join();
				if (first.accessToken !== token || first.asked) return first.accessToken;
				// That flight had read the store before the token was refused.
				refused = token;
				return (await join()).accessToken;
			}),
	};

	/** The flight goes on: what it gets is in the store for the next caller. */
	async function inTime(token: () => Promise<string>): Promise<string> {
		const limitMs = longestTokenMs(options);
		let timer: ReturnType<typeof setTimeout> | undefined;
		const late = new Promise<never>((_, reject) => {
			timer = setTimeout(() => reject(lateError(limitMs)), limitMs);
		});
		try {
			return await Promise.race([token(), late]);
		} finally {
			clearTimeout(timer);
		}
	}
}

/**
 * How long before its end a token is replaced: 300 s, the time both the old and the new one live (PROTOCOL 5), and
 * up to 60 s more, so that machines do not all ask at once. Of a short life, half at most.
 */
function refreshMargin(expiresIn: number, random: number): number {
	return Math.min(300 + Math.floor(random * 61), Math.floor(expiresIn / 2));
}

function lateError(limitMs: number): WeChatPayError {
	return new WeChatPayError(
		"STORE_FAILED",
		`There should have been an access token within ${limitMs} ms, in the token store or from WeChat, but the store ` +
			"answers too slowly, or another machine has fetched for too long.",
		{ retryable: true, reason: "timeout" },
	);
}

function leaseError(waitedMs: number): WeChatPayError {
	return new WeChatPayError(
		"STORE_FAILED",
		`Another machine should have fetched the access token, or let go of the right to, within ${waitedMs} ms, but ` +
			"the token store holds neither a token nor an end of its lease. Look at the store's clock and at what else " +
			"writes to it.",
		{ retryable: true },
	);
}
