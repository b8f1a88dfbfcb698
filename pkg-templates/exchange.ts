import type { ClientEvent, ClientTiming } from "./client-events.js";
import { WeChatPayError, type WeChatPayErrorCode } from "./errors.js";
import { type ApiAnswer, type ApiRequest, callApi, type Transport } from "./http.js";
import type { Ticks } from "./observe.js";

/** One exchange with WeChat. `read` makes of the answer what is wanted, or throws. */
export type Exchange = <T>(request: ApiRequest, read: (answer: ApiAnswer) => T) => Promise<T>;

/** Makes exchanges that are timed, and that tell when they fail. */
export function createExchange(options: {
	readonly transport: Transport;
	readonly emit: (event: ClientEvent) => void;
	readonly time: (timing: ClientTiming) => void;
	readonly ticks: Ticks;
}): Exchange {
	const { transport, emit, time, ticks } = options;
	return async ({ call, ...request }, read) => {
		const start = ticks();
		let outcome: "ok" | WeChatPayErrorCode = "ok";
		let errcode: number | undefined;
		try {
			const answer = await callApi({ call, ...request }, transport);
			if (answer.errcode !== undefined && answer.errcode !== 0) {
				outcome = "API_ERROR";
				errcode = answer.errcode;
			}
			return read(answer);
		} catch (error) {
			if (error instanceof WeChatPayError) outcome = error.code;
			throw error;
		} finally {
			time({ operation: "call", call, outcome, milliseconds: ticks() - start });
			if (outcome !== "ok") {
				emit({ type: "callFailed", call, code: outcome, ...(errcode === undefined ? {} : { errcode }) });
			}
		}
	};
}
