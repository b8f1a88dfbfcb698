import { apiError } from "./api-error.js";
import type { CheckedOptions } from "./caller-options.js";
import type { ClientCall, ClientEvent } from "./client-events.js";
import { errcodeRow, type FindErrcode } from "./errcodes.js";
import { createExchange } from "./exchange.js";
import { type ApiAnswer, type ApiHost, malformedError } from "./http.js";
import { emitterFor } from "./observe.js";
import { createTokenSource, longestTokenMs } from "./token.js";
import { requestToken } from "./token-request.js";
import { watchTokenStore } from "./token-store.js";
import type { AppKey } from "./wasm/load.js";

/** An answer with an errcode, and what must not be seen in its words. */
export interface Answered {
	readonly answer: ApiAnswer & { readonly errcode: number };
	readonly secrets: readonly AppKey[];
}

/** Calls WeChat's API with an access token. */
export interface ApiCaller {
	readonly appId: string;
	readonly host: ApiHost;
	/** Within how many milliseconds every call ends: two times a token and the message. */
	readonly longestCallMs: number;
	accessToken(): Promise<string>;
	/**
	 * Posts a body. When WeChat refuses the access token, one fresh token is fetched and the same body is sent once more;
	 * nothing else is repeated.
	 *
	 * @param secrets What no error may hold, beside the AppSecret and the tokens.
	 */
	post(call: ClientCall, body: string, secrets?: readonly AppKey[]): Promise<Answered>;
	/** Tells the program what has happened. */
	readonly emit: (event: ClientEvent) => void;
}

/**
 * Makes what all clients share.
 *
 * @param find The table of errcodes that the calls are read with.
 * @param keys More secrets that no error of a token call may hold.
 */
export function createApiCaller(
	options: CheckedOptions,
	find: FindErrcode,
	keys: () => readonly AppKey[] = () => [],
): ApiCaller {
	const { appId, appSecret, tokenEndpoint, timeoutMs, host, now, random, wait, ticks } = options;
	const watch = { emit: emitterFor(options.onEvent), time: emitterFor(options.onTiming), ticks, timeoutMs };
	const { emit } = watch;
	const exchange = createExchange({ transport: options, ...watch });
	const exclusive = tokenEndpoint === "classic";
	const tokens = createTokenSource({
		appId,
		store: watchTokenStore(options.tokens, watch),
		exclusive,
		issue: async (known) => {
			const issued = await requestToken(options, [appSecret, ...keys(), ...known], exchange);
			emit({ type: "tokenFetched", endpoint: tokenEndpoint, expiresIn: issued.expiresIn });
			return issued;
		},
		timeoutMs,
		now,
		random,
		wait,
	});

	function send(
		call: ClientCall,
		body: string,
		accessToken: string,
		secrets: readonly AppKey[],
	): Promise<Answered["answer"]> {
		const query = { access_token: accessToken };
		return exchange({ call, query, body, secrets }, ({ fields, errcode }) => {
			if (errcode === undefined) throw malformedError(call, undefined, "has no errcode");
			return { fields, errcode };
		});
	}

	return {
		appId,
		host,
		longestCallMs: 2 * (longestTokenMs({ timeoutMs, exclusive }) + timeoutMs),
		accessToken: () => tokens.current(),
		async post(call, body, more = []) {
			const token = await tokens.current();
			const secrets = [appSecret, ...more, token];
			const answer = await send(call, body, token, secrets);
			if (errcodeRow(answer.errcode, find).action !== "refresh") return { answer, secrets };
			emit({ type: "tokenRefused", errcode: answer.errcode });
			const fresh = await tokens.insteadOf(token);
			if (fresh === token) throw apiError(call, answer, secrets, sameTokenFix, find);
			secrets.push(fresh);
			return { answer: await send(call, body, fresh, secrets), secrets };
		},
		emit,
	};
}

const sameTokenFix =
	"WeChat was asked for a fresh token, gave the very same one again and refuses it, so nothing was sent twice. " +
	"Check that the token, the appId and the interface belong to the same account; after a leak, refresh the token " +
	"by hand with force_refresh.";
