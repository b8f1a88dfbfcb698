import type { ClientCall } from "./client-events.js";
import { WeChatPayError, type WeChatPayErrorDetails } from "./errors.js";
import { masked } from "./mask.js";
import type { AppKey } from "./wasm/load.js";

/** The hosts that WeChat documents for its API. The list is closed: a token is sent nowhere else. */
export const apiHosts = [
	"api.weixin.qq.com",
	"api2.weixin.qq.com",
	"sh.api.weixin.qq.com",
	"sz.api.weixin.qq.com",
	"hk.api.weixin.qq.com",
] as const;

/** `api.weixin.qq.com`, or one of WeChat's documented backups and regional hosts. */
export type ApiHost = (typeof apiHosts)[number];

/** The part of the platform's `fetch` that the client uses. The URL is always `https` and one of {@link ApiHost}. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How calls are sent. */
export interface Transport {
	readonly fetch: Fetch;
	readonly host: ApiHost;
	/** For the whole exchange, body included. */
	readonly timeoutMs: number;
}

/** One call. The query and the body may hold secrets. */
export interface ApiRequest {
	/** Its method and path, which appear in errors. */
	readonly call: ClientCall;
	readonly query?: Readonly<Record<string, string>>;
	/** The JSON text to post. */
	readonly body?: string;
	/** What no error may hold. */
	readonly secrets: readonly AppKey[];
}

/** An answer that is a JSON object. */
export interface ApiAnswer {
	/** Its members. A map, so that no name in the answer can mean anything to JavaScript. */
	readonly fields: ReadonlyMap<string, unknown>;
	/** Its `errcode`; `undefined` when it has none, as the answer of a successful token call. */
	readonly errcode: number | undefined;
}

const largestAnswerBytes = 262_144;

/**
 * One exchange with WeChat's API: never redirected, never longer than the deadline, never larger than 256 KiB after
 * decompression, and an answer only if it is a JSON object with an `errcode`, or an HTTP success.
 *
 * @throws {WeChatPayError} `NETWORK`, `TIMEOUT`, `HTTP_STATUS`, `RESPONSE_MALFORMED`, all of them retryable. They
 *   are new errors without a cause: what `fetch` throws can hold the URL, and the URL holds the token.
 */
export async function callApi(request: ApiRequest, transport: Transport): Promise<ApiAnswer> {
	const { call } = request;
	const deadline = AbortSignal.timeout(transport.timeoutMs);
	const guarded = async <T>(step: () => Promise<T>): Promise<T> => {
		try {
			return await beforeAbort(deadline, step);
		} catch (error) {
			throw deadline.aborted ? timeoutError(call, transport) : networkError(call, transport, request, error);
		}
	};
	const response = await guarded(() => transport.fetch(urlOf(request, transport), initOf(request, deadline)));
	if (isRedirect(response)) {
		letGo(response.body?.cancel());
		throw redirectError(call, response.status);
	}
	const bytes = await guarded(() => readUpTo(largestAnswerBytes, response.body));
	return interpret(call, response.status, bytes);
}

function urlOf({ call, query = {} }: ApiRequest, { host }: Transport): string {
	const [, path] = call.split(" ");
	const search = new URLSearchParams(query).toString();
	return `https://${host}${path}${search === "" ? "" : `?${search}`}`;
}

function initOf({ call, body }: ApiRequest, signal: AbortSignal): RequestInit {
	const [method = ""] = call.split(" ");
	// "manual" and a check, not "error": Cloudflare's workerd does not implement "error".
	const init: RequestInit = { method, signal, redirect: "manual" };
	if (body === undefined) return init;
	return { ...init, body, headers: { "content-type": "application/json; charset=utf-8" } };
}

function isRedirect(response: Response): boolean {
	return (
		response.type === "opaqueredirect" ||
		(response.status >= 300 && response.status < 400) ||
		// An injected fetch that followed one all the same.
		response.redirected
	);
}

/** The step, or a rejection at the abort, whichever comes first: what is injected may ignore the signal. */
export async function beforeAbort<T>(signal: AbortSignal, step: () => Promise<T>): Promise<T> {
	signal.throwIfAborted();
	let onAbort = (): void => {};
	const aborted = new Promise<never>((_, reject) => {
		onAbort = () => reject(signal.reason);
		signal.addEventListener("abort", onAbort, { once: true });
	});
	try {
		return await Promise.race([step(), aborted]);
	} finally {
		signal.removeEventListener("abort", onAbort);
	}
}

/** The whole body, or `undefined` when it is longer. These are decoded bytes: a small gzip can be a large body. */
async function readUpTo(
	limit: number,
	body: ReadableStream<Uint8Array> | null,
): Promise<Uint8Array | undefined> {
	if (body === null) return new Uint8Array();
	const reader = body.getReader();
	const chunks: Uint8Array[] = [];
	let length = 0;
	for (;;) {
		const { done, value } = await reader.read();
		if (done) break;
		length += value.byteLength;
		if (length > limit) {
			letGo(reader.cancel());
			return undefined;
		}
		chunks.push(value);
	}
	const whole = new Uint8Array(length);
	let position = 0;
	for (const chunk of chunks) {
		whole.set(chunk, position);
		position += chunk.byteLength;
	}
	return whole;
}

// Nobody waits for the rest of an answer that is refused already, nor for the news that it broke.
function letGo(cancelled: Promise<void> | undefined): void {
	cancelled?.catch(() => {});
}

function interpret(call: string, httpStatus: number, bytes: Uint8Array | undefined): ApiAnswer {
	if (bytes === undefined) throw malformedError(call, httpStatus, "is larger than 256 KiB");
	const answer = readAnswer(bytes);
	// The errcode decides, whatever the HTTP status says.
	if (typeof answer !== "string" && answer.errcode !== undefined) return answer;
	if (httpStatus < 200 || httpStatus > 299) throw statusError(call, httpStatus);
	if (typeof answer === "string") throw malformedError(call, httpStatus, answer);
	return answer;
}

/** The answer in the bytes, or what is wrong with them, as the end of a sentence that begins "the answer". */
function readAnswer(bytes: Uint8Array): ApiAnswer | string {
	if (bytes.byteLength === 0) return "is empty";
	let text: string;
	try {
		// Takes a byte order mark off, as RFC 8259 section 8.1 allows.
		text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		return "is not UTF-8";
	}
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return /^\s*</.test(text) ? "is HTML or XML instead of JSON" : "is not JSON";
	}
	if (typeof value !== "object" || value === null || Array.isArray(value)) {
		return "is JSON, but not an object";
	}
	const fields = new Map<string, unknown>(Object.entries(value));
	const errcode = integerOf(fields.get("errcode"));
	if (fields.has("errcode") && errcode === undefined) return "has an errcode that is not an integer";
	return { fields, errcode };
}

/** An integer, given as a JSON number or as decimal digits in a string; else `undefined`. */
export function integerOf(value: unknown): number | undefined {
	const number = typeof value === "string" && /^-?[0-9]{1,15}$/.test(value) ? Number(value) : value;
	return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}

/** An answer that cannot be used. `problem` completes the sentence "the answer …". */
export function malformedError(
	call: string,
	httpStatus: number | undefined,
	problem: string,
): WeChatPayError {
	return transient(
		"RESPONSE_MALFORMED",
		`${call} should be answered with a small JSON object, but the answer ${problem}. Something between here and ` +
			"WeChat may have answered instead: check proxies, then try again.",
		httpStatus === undefined ? {} : { httpStatus },
	);
}

function statusError(call: string, httpStatus: number): WeChatPayError {
	return transient(
		"HTTP_STATUS",
		`${call} should be answered with an errcode, but the answer is HTTP ${httpStatus} without one. Try again ` +
			"later; if it stays, check proxies between here and WeChat.",
		{ httpStatus },
	);
}

function redirectError(call: string, httpStatus: number): WeChatPayError {
	return transient(
		"HTTP_STATUS",
		`${call} should be answered by WeChat itself, but the answer is a redirect, which is never followed because ` +
			"the request carries secrets. Check proxies and captive portals between here and WeChat.",
		// A browser hides the status of a redirect and reports 0.
		httpStatus === 0 ? {} : { httpStatus },
	);
}

function timeoutError(call: string, { host, timeoutMs }: Transport): WeChatPayError {
	return transient(
		"TIMEOUT",
		`${call} was not answered completely by ${host} within ${timeoutMs} ms. WeChat may have received it all the ` +
			"same. Try again later, or raise timeoutMs.",
	);
}

function networkError(
	call: string,
	transport: Transport,
	request: ApiRequest,
	error: unknown,
): WeChatPayError {
	const reason = systemCodeOf(error, request.secrets);
	return transient(
		"NETWORK",
		`${call} did not reach ${transport.host}, or the connection broke before the answer was complete` +
			`${reason === undefined ? "" : ` (${reason})`}. Check DNS, TLS, proxy and firewall, then try again.`,
		reason === undefined ? {} : { reason },
	);
}

function transient(
	code: "NETWORK" | "TIMEOUT" | "HTTP_STATUS" | "RESPONSE_MALFORMED",
	message: string,
	details: WeChatPayErrorDetails = {},
): WeChatPayError {
	return new WeChatPayError(code, message, { ...details, retryable: true });
}

/** A code such as `ECONNREFUSED` from the chain of causes: the only thing that is taken from a foreign error. */
export function systemCodeOf(error: unknown, secrets: readonly AppKey[]): string | undefined {
	let link = error;
	for (let depth = 0; depth < 5 && typeof link === "object" && link !== null; depth += 1) {
		const code = "code" in link ? link.code : undefined;
		if (typeof code === "string" && /^[A-Z][A-Z0-9_]{1,39}$/.test(code) && masked(code, secrets) === code) {
			return code;
		}
		link = "cause" in link ? link.cause : undefined;
	}
	return undefined;
}
