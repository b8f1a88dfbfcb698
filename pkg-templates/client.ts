import type { AppKey, Delivery } from "#wasm";
import { apiError, errmsgOf } from "./api-error.js";
import { type ClientOptions, checkOptions } from "./client-options.js";
import { keysOf } from "./credentials.js";
import { buildDeliverNotify } from "./deliver-notify.js";
import { errcodeRow } from "./errcodes.js";
import { WeChatPayError } from "./errors.js";
import { createExchange } from "./exchange.js";
import { type ApiAnswer, type ApiHost, malformedError } from "./http.js";
import { emitterFor } from "./observe.js";
import { createTokenSource, longestTokenMs } from "./token.js";
import { requestToken } from "./token-request.js";
import { watchTokenStore } from "./token-store.js";

export type { ClientCall, ClientEvent, ClientTiming } from "./client-events.js";
export type { ClientOptions } from "./client-options.js";
export type { ApiHost, Fetch } from "./http.js";

/** WeChat's answer to a delivery notification that it has taken. */
export interface DeliverNotifyResult {
	/** Always `0`: every other code is thrown. */
	readonly errcode: 0;
	/** WeChat's words, `ok` as a rule. At most 512 characters, with every secret of the call masked. */
	readonly errmsg: string;
}

/** Calls WeChat's API for one account. */
export interface Client {
	/** The account. */
	readonly appId: string;
	/** Which of WeChat's hosts it calls. */
	readonly host: ApiHost;
	/**
	 * Within how many milliseconds every call ends: two times a token and the message. With `tokenEndpoint: "classic"` a
	 * token may have to wait for another machine.
	 */
	readonly longestCallMs: number;
	/**
	 * An access token with some minutes of life left, for calls of your own. Concurrent callers share one request.
	 *
	 * @throws {WeChatPayError} `API_ERROR`: WeChat refuses appId, appSecret or this machine; `details` say what to
	 *   do. `NETWORK`, `TIMEOUT`, `HTTP_STATUS`, `RESPONSE_MALFORMED`, `STORE_FAILED`: no token this time, the call
	 *   may be repeated.
	 */
	accessToken(): Promise<string>;
	/**
	 * Tells WeChat that an order was delivered, or could not be (发货通知, PROTOCOL 3). Virtual goods are due within
	 * 24 h of the payment, physical ones within 72 h.
	 *
	 * When WeChat refuses the access token (40001, 40014, 42001), one fresh token is fetched and the same body is sent
	 * once more. Nothing else is repeated here. After `NETWORK`, `TIMEOUT` or `RESPONSE_MALFORMED` WeChat may have
	 * taken the notification: sending it again is the right thing to do, and no source documents harm from it.
	 *
	 * @throws {WeChatPayError} `FIELD_MALFORMED`, `FIELD_CONTAINS_KEY`: the delivery breaks the message's grammar;
	 *   nothing was sent. `API_ERROR`: WeChat refuses; `details` hold `errcode`, `errmsg`, `meaning`, `fix` and
	 *   `retryable`. `NETWORK`, `TIMEOUT`, `HTTP_STATUS`, `RESPONSE_MALFORMED`, `STORE_FAILED`: the call may be
	 *   repeated.
	 */
	deliverNotify(delivery: Delivery): Promise<DeliverNotifyResult>;
	/**
	 * Everything that {@link Client.deliverNotify} checks before it sends.
	 *
	 * @returns The delivery, with the texts that would be sent.
	 * @throws {WeChatPayError} `FIELD_MALFORMED`, `FIELD_CONTAINS_KEY`: the delivery breaks the message's grammar.
	 */
	checkDelivery(delivery: Delivery): Delivery;
}

const deliverNotifyCall = "POST /pay/delivernotify";

/**
 * Makes a client for one account. It needs no closing. Errors never hold the access token, the AppSecret, a
 * paySignKey or the URL.
 *
 * @throws {WeChatPayError} `ARGUMENT_INVALID` when an option cannot be used.
 *
 * @example
 * ```ts
 * import { createClient } from "paysign";
 * import { startSandbox } from "paysign/sandbox";
 *
 * const account = {
 * 	appId: "wxf8b4f85f3a794e77",
 * 	appSecret: "e76050733ce76050733ce76050733cdd",
 * 	appKey: "k".repeat(128),
 * };
 * const sandbox = await startSandbox({ accounts: [account] });
 * sandbox.addOrder({
 * 	appId: account.appId,
 * 	transid: "1218614901201405273313473135",
 * 	outTradeNo: "JfuKdiBig4zZnE4n",
 * 	openid: "o0pk9uIVnlY-fJkzFKEbQ6LJ4cFc",
 * 	paidAt: Math.floor(Date.now() / 1000),
 * 	goods: "virtual",
 * });
 *
 * // Without `fetch`, the client talks to WeChat.
 * const client = createClient({ ...account, fetch: sandbox.fetch });
 * const result = await client.deliverNotify({
 * 	openid: "o0pk9uIVnlY-fJkzFKEbQ6LJ4cFc",
 * 	transid: "1218614901201405273313473135",
 * 	outTradeNo: "JfuKdiBig4zZnE4n",
 * 	deliverTimestamp: Math.floor(Date.now() / 1000),
 * 	deliverStatus: 1,
 * 	deliverMsg: "ok",
 * });
 * console.log(result.errmsg); // "ok"
 * await sandbox.close();
 * ```
 */
export function createClient(options: ClientOptions): Client {
	const checked = checkOptions(options);
	const { appId, appSecret, appKey, tokenEndpoint, timeoutMs, host, now, random, wait, ticks } = checked;
	const watch = { emit: emitterFor(checked.onEvent), time: emitterFor(checked.onTiming), ticks, timeoutMs };
	const { emit } = watch;
	const keys = (): readonly AppKey[] => keysOf({ appId, appKey });
	const exchange = createExchange({ transport: checked, ...watch });
	const exclusive = tokenEndpoint === "classic";
	const tokens = createTokenSource({
		appId,
		store: watchTokenStore(checked.tokens, watch),
		exclusive,
		issue: async (known) => {
			const issued = await requestToken(checked, [appSecret, ...keys(), ...known], exchange);
			emit({ type: "tokenFetched", endpoint: tokenEndpoint, expiresIn: issued.expiresIn });
			return issued;
		},
		timeoutMs,
		now,
		random,
		wait,
	});

	function post(body: string, accessToken: string, secrets: readonly AppKey[]): Promise<ApiAnswer> {
		const query = { access_token: accessToken };
		return exchange({ call: deliverNotifyCall, query, body, secrets }, (answer) => {
			if (answer.errcode === undefined) throw malformedError(deliverNotifyCall, undefined, "has no errcode");
			return answer;
		});
	}

	async function deliverNotify(delivery: Delivery): Promise<DeliverNotifyResult> {
		const signingKeys = keys();
		const body = serialised(buildDeliverNotify(delivery, { appId, appKey: signingKeys }));
		const token = await tokens.current();
		const secrets = [appSecret, ...signingKeys, token];
		let answer = await post(body, token, secrets);
		if (refusesToken(answer)) {
			emit({ type: "tokenRefused", errcode: answer.errcode });
			const fresh = await tokens.insteadOf(token);
			if (fresh === token) throw apiError(deliverNotifyCall, answer, secrets, sameTokenFix);
			secrets.push(fresh);
			answer = await post(body, fresh, secrets);
		}
		if (answer.errcode !== 0) throw apiError(deliverNotifyCall, answer, secrets);
		emit({ type: "delivered" });
		return { errcode: 0, errmsg: errmsgOf(answer, secrets) };
	}

	function checkDelivery(delivery: Delivery): Delivery {
		const body = buildDeliverNotify(delivery, { appId, appKey: keys() });
		serialised(body);
		return {
			openid: body.openid,
			transid: body.transid,
			outTradeNo: body.out_trade_no,
			deliverTimestamp: body.deliver_timestamp,
			deliverStatus: body.deliver_status,
			deliverMsg: body.deliver_msg,
		};
	}

	return {
		appId,
		host,
		longestCallMs: 2 * (longestTokenMs({ timeoutMs, exclusive }) + timeoutMs),
		accessToken: () => tokens.current(),
		deliverNotify,
		checkDelivery,
	};
}

const sameTokenFix =
	"WeChat was asked for a fresh token, gave the very same one again and refuses it, so nothing was sent twice. " +
	"Check that the token, the appId and the interface belong to the same account; after a leak, refresh the token " +
	"by hand with force_refresh.";

function refusesToken(answer: ApiAnswer): answer is ApiAnswer & { readonly errcode: number } {
	return answer.errcode !== undefined && errcodeRow(answer.errcode).action === "refresh";
}

function serialised(body: object): string {
	const json = JSON.stringify(body);
	// Somebody may have typed \u4e2d. What JSON.stringify escapes itself, control characters, the core has refused;
	// the check covers both, because one of them in WeChat's hands is a lost notification.
	if (/\\u[0-9a-f]{4}/i.test(json)) {
		throw new WeChatPayError(
			"FIELD_MALFORMED",
			"deliver_msg has to be plain text: control characters and the letters \\u with four hexadecimal digits " +
				"reach WeChat as an escape, which it refuses with errcode 40033. Leave them out.",
			{ field: "deliver_msg" },
		);
	}
	return json;
}
