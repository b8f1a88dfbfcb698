import { accountFor, type Credentials, keysOf } from "./credentials.js";
import { untrapped } from "./trap.js";
import type { NativePackageRequest, NativePackageResponse } from "./wasm/load.js";
import * as core from "./wasm/load.js";

/**
 * Verifies a request for the package of a native payment (PROTOCOL 4.3): a buyer scanned a product's code, and WeChat asks
 * what to charge.
 *
 * @param body The request body as received.
 * @param credentials The account, or a list of accounts behind one URL.
 * @throws {WeChatPayError} `XML_*`, `FIELD_*`, `SIGNATURE_*`, `APP_ID_MISMATCH`: do not believe the message.
 *   `ARGUMENT_INVALID`: the call itself is wrong.
 */
export function verifyNativePackageRequest(
	body: Uint8Array | string,
	credentials: Credentials | readonly Credentials[],
): NativePackageRequest {
	const account = accountFor("nativePackageRequest", body, credentials);
	const keys = keysOf(account);
	return untrapped(() => core.verifyNativePackageRequest(body, account.appId, keys));
}

/**
 * The signed answer to such a request: XML, to be sent as it is. Signed with the account's first key.
 *
 * @throws {WeChatPayError} `FIELD_MALFORMED` when a field breaks the message's grammar, `ARGUMENT_INVALID` when the call
 *   itself is wrong.
 *
 * @example
 * ```ts
 * import { buildNativePackageResponse } from "paysign";
 *
 * const answer = buildNativePackageResponse(
 * 	{ package: "bank_type=WX&body=XXX", timeStamp: 189026618, nonceStr: "adssdasssd13d", retCode: 0, retErrMsg: "" },
 * 	{ appId: "wxf8b4f85f3a794e77", appKey: "k".repeat(128) },
 * );
 * console.log(answer.split("\n")[5]); //     <RetCode>0</RetCode>
 * ```
 */
export function buildNativePackageResponse(
	response: NativePackageResponse,
	credentials: Credentials,
): string {
	return core.buildNativePackageResponse(response, credentials.appId, keysOf(credentials));
}
