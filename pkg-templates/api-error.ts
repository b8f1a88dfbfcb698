import { errcodeRow, type FindErrcode } from "./errcodes.js";
import { WeChatPayError } from "./errors.js";
import type { ApiAnswer } from "./http.js";
import { presentable } from "./mask.js";
import type { AppKey } from "./wasm/load.js";

/**
 * An answer that refuses, as an error: WeChat's number and words, what they mean and what to do.
 *
 * @param call Which call was refused, such as `POST /pay/delivernotify`.
 * @param secrets What must not be seen in WeChat's words.
 * @param fix What to do, where the caller knows better than the table.
 * @param find The table, where it is not that of the delivery notification.
 */
export function apiError(
	call: string,
	answer: ApiAnswer,
	secrets: readonly AppKey[],
	fix?: string,
	find?: FindErrcode,
): WeChatPayError {
	const errcode = answer.errcode ?? Number.NaN;
	const row = errcodeRow(errcode, find);
	const errmsg = errmsgOf(answer, secrets);
	const remedy = fix ?? row.fix;
	return new WeChatPayError(
		"API_ERROR",
		`WeChat refused ${call} with errcode ${errcode} ("${errmsg}"): ${row.meaning}. ${remedy}`,
		{ errcode, errmsg, meaning: row.meaning, fix: remedy, retryable: row.action === "retry" },
	);
}

/** WeChat's own words in an answer, fit to be shown; empty when there are none. */
export function errmsgOf(answer: ApiAnswer, secrets: readonly AppKey[]): string {
	const errmsg = answer.fields.get("errmsg");
	return typeof errmsg === "string" ? presentable(errmsg, secrets) : "";
}
