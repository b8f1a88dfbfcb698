import { apiError } from "./api-error.js";
import type { CheckedOptions } from "./caller-options.js";
import type { Exchange } from "./exchange.js";
import { type ApiAnswer, type ApiRequest, integerOf, malformedError } from "./http.js";
import type { IssuedToken } from "./token.js";
import type { AppKey } from "./wasm/load.js";

/**
 * Asks WeChat for an access token (PROTOCOL 5). The stable endpoint in normal mode gives every machine the same
 * token; `force_refresh` is never sent, because it takes the token away from all the others.
 *
 * @throws {WeChatPayError} `API_ERROR` when WeChat refuses; the codes of `callApi` when there is no usable answer.
 */
export async function requestToken(
	options: CheckedOptions,
	secrets: readonly AppKey[],
	exchange: Exchange,
): Promise<IssuedToken> {
	const request = tokenRequest(options, secrets);
	return exchange(request, (answer) => issuedToken(answer, request));
}

function issuedToken(answer: ApiAnswer, { call, secrets }: ApiRequest): IssuedToken {
	if (answer.errcode !== undefined && answer.errcode !== 0) throw apiError(call, answer, secrets);
	const accessToken = answer.fields.get("access_token");
	const expiresIn = integerOf(answer.fields.get("expires_in"));
	// What goes into a URL and into stores has to look like a token. Real ones have some 150 to 512 characters.
	if (typeof accessToken !== "string" || !/^[\x21-\x7e]{1,4096}$/.test(accessToken)) {
		throw malformedError(call, undefined, "has no access_token of printable ASCII characters");
	}
	if (expiresIn === undefined || expiresIn < 1) {
		throw malformedError(call, undefined, "has no expires_in of one second or more");
	}
	return { accessToken, expiresIn };
}

function tokenRequest(options: CheckedOptions, secrets: readonly AppKey[]): ApiRequest {
	const credential = {
		grant_type: "client_credential",
		appid: options.appId,
		secret: options.appSecret,
	};
	if (options.tokenEndpoint === "classic") {
		return { call: "GET /cgi-bin/token", query: credential, secrets };
	}
	return { call: "POST /cgi-bin/stable_token", body: JSON.stringify(credential), secrets };
}
