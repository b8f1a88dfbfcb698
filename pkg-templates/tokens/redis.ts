import { WeChatPayError } from "../errors.js";
import type { StoredToken, TokenStore } from "../token.js";

/**
 * Runs a Lua script on Redis, atomically, as `EVAL` does, and gives its result. This is all that is needed of a
 * client, and each has it:
 *
 * - ioredis: `(script, keys, args) => redis.eval(script, keys.length, ...keys, ...args)`
 * - node-redis: `(script, keys, args) => redis.eval(script, { keys, arguments: args })`
 */
export type RedisEval = (script: string, keys: string[], args: string[]) => Promise<unknown>;

/** How {@link createRedisTokenStore} is set up. */
export interface RedisTokenStoreOptions {
	/** Runs the scripts. */
	readonly eval: RedisEval;
	/** What the names of its keys begin with. Default `paysign`. */
	readonly prefix?: string;
	/** The clock by which a dead token is forgotten, in Unix seconds. Default: this machine's. */
	readonly now?: () => number;
}

// KEYS: the token, the lease, the number of the last lease. One script is one step: nothing comes in between.
const scripts = {
	read: "return redis.call('GET', KEYS[1])",
	replace: `
		if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
		redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
		return 1`,
	lease: `
		if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
		local number = redis.call('INCR', KEYS[3])
		redis.call('SET', KEYS[2], number, 'PX', ARGV[1])
		return number`,
	release: `
		if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
		return 1`,
};

/**
 * A {@link TokenStore} in Redis, for `tokenEndpoint: "classic"` on many machines: one of them fetches, all use what it
 * got. Redis 2.6.12 or later, or what speaks its protocol and runs its scripts. No dependency: bring the client.
 *
 * The token lies in Redis in clear, as it must, and forgets itself at its end: whoever can read there can call
 * WeChat for this account until then, so require a password and TLS. Losing what is there (an eviction, a fail-over to a
 * replica that lags) costs a token request, and at the worst a token that WeChat refuses and the client replaces.
 *
 * @example
 * ```ts no-run
 * import { Redis } from "ioredis";
 * import { createClient } from "paysign";
 * import { createRedisTokenStore } from "paysign/tokens/redis";
 *
 * const redis = new Redis("rediss://cache.internal");
 * const client = createClient({
 * 	appId: "wxf8b4f85f3a794e77",
 * 	appSecret: process.env.APP_SECRET ?? "",
 * 	appKey: process.env.PAY_SIGN_KEY ?? "",
 * 	tokenEndpoint: "classic",
 * 	tokens: createRedisTokenStore({
 * 		eval: (script, keys, args) => redis.eval(script, keys.length, ...keys, ...args),
 * 	}),
 * });
 * ```
 */
export function createRedisTokenStore(options: RedisTokenStoreOptions): TokenStore {
	const { eval: evaluate, prefix = "paysign", now = () => Date.now() / 1000 } = options;
	if (typeof evaluate !== "function") {
		throw new WeChatPayError(
			"ARGUMENT_INVALID",
			"`eval` must be a function (script, keys, args) that runs a script on Redis; see RedisEval for one line each.",
			{ field: "eval" },
		);
	}

	function run(name: keyof typeof scripts, appId: string, ...args: Array<string | number>): Promise<unknown> {
		// In braces, so that a cluster keeps the three on one node.
		const keys = ["token", "lease", "leases"].map((part) => `${prefix}:{${appId}}:${part}`);
		return evaluate(scripts[name], keys, args.map(String));
	}

	return {
		async read(appId) {
			const held = await run("read", appId);
			return held === null || held === undefined ? undefined : parsed(String(held));
		},
		async replace(appId, previous, next) {
			const life = Math.max(1, Math.ceil(next.expiresAt - now()));
			const expected = previous === undefined ? "" : serialised(previous);
			return Number(await run("replace", appId, expected, serialised(next), life)) === 1;
		},
		async lease(appId, milliseconds) {
			const lease = Number(await run("lease", appId, Math.max(1, Math.ceil(milliseconds))));
			return lease === 0 ? undefined : lease;
		},
		async release(appId, lease) {
			await run("release", appId, lease);
		},
	};
}

/** One text for one token, so that texts can be compared in its place. */
function serialised({ accessToken, refreshAt, expiresAt }: StoredToken): string {
	return JSON.stringify([accessToken, refreshAt, expiresAt]);
}

function parsed(text: string): StoredToken {
	const [accessToken, refreshAt, expiresAt] = JSON.parse(text) as [unknown, unknown, unknown];
	if (typeof accessToken !== "string" || typeof refreshAt !== "number" || typeof expiresAt !== "number") {
		throw new TypeError("The value under this key is not a token of paysign.");
	}
	return { accessToken, refreshAt, expiresAt };
}
