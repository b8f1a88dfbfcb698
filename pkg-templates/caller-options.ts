import type { ClientEvent, ClientTiming } from "./client-events.js";
import { WeChatPayError } from "./errors.js";
import { type ApiHost, apiHosts, type Fetch } from "./http.js";
import { platformTicks } from "./observe.js";
import type { TokenStore } from "./token.js";
import { createMemoryTokenStore } from "./tokens/memory.js";

/**
 * What a client needs to know, whatever it calls. The connection is always `https` with the platform's verification of
 * certificates: no option changes either, and a name that is not listed here is refused.
 */
export interface CallerOptions {
	/** The account. */
	readonly appId: string;
	/** The AppSecret of the account: 32 characters from the console. Neither the paySignKey nor the partnerKey. */
	readonly appSecret: string;
	/** Sends the requests. Default: the platform's `fetch`. */
	readonly fetch?: Fetch;
	/** Where access tokens are kept. Default: this process's memory, for this client alone. */
	readonly tokens?: TokenStore;
	/**
	 * Where tokens come from. `stable`, the default, is `POST /cgi-bin/stable_token`, where every machine gets the
	 * same one. `classic` is `GET /cgi-bin/token`, where each call kills the previous token: let all machines share
	 * `tokens` then, through `paysign/tokens/redis` or `paysign/tokens/postgres`, and one of them at a time fetches.
	 */
	readonly tokenEndpoint?: "stable" | "classic";
	/** The clock, in Unix seconds. Default: the platform's. */
	readonly now?: () => number;
	/** Numbers from 0 up to, but not including, 1; they spread token requests. Default: `Math.random`. */
	readonly random?: () => number;
	/** Told what happens, for logs and metrics. What it throws is ignored. */
	readonly onEvent?: (event: ClientEvent) => unknown;
	/** Told how long things took, for metrics. What it throws is ignored. */
	readonly onTiming?: (timing: ClientTiming) => unknown;
	/** Waits while another machine fetches the classic token; milliseconds. Default: `setTimeout`. */
	readonly wait?: (milliseconds: number) => Promise<void>;
	/** A clock for timings, in milliseconds, that never goes back. Default: `performance.now`. */
	readonly ticks?: () => number;
	/** How long one exchange may take, body included, in milliseconds: 1 to 600000. Default: 10000. */
	readonly timeoutMs?: number;
	/** Which of WeChat's hosts to call. Default: `api.weixin.qq.com`. */
	readonly host?: ApiHost;
}

/** {@link CallerOptions}, checked and complete. */
export type CheckedOptions = Required<Omit<CallerOptions, Hooks>> & {
	readonly [Hook in Hooks]: CallerOptions[Hook] | undefined;
};

type Hooks = "onEvent" | "onTiming";

const optionNames: readonly string[] = [
	"appId",
	"appSecret",
	"fetch",
	"tokens",
	"tokenEndpoint",
	"now",
	"random",
	"onEvent",
	"onTiming",
	"wait",
	"ticks",
	"timeoutMs",
	"host",
] satisfies (keyof CallerOptions)[];

/**
 * Checks the options once, when a client is made, and fills in the defaults.
 *
 * @param maker The function that was called, for the sentences.
 * @param more What else it takes: the names of options that it checks itself, all of them needed.
 * @throws {WeChatPayError} `ARGUMENT_INVALID`, which names the option and never shows its value.
 */
export function checkCallerOptions(
	options: CallerOptions,
	maker: string,
	more: readonly string[] = [],
): CheckedOptions {
	const [first, second, ...rest] = optionNames;
	const needed = [first, second, ...more];
	if (typeof options !== "object" || options === null) {
		throw invalid(
			"options",
			`${maker} needs an object with ${needed.slice(0, -1).join(", ")} and ${needed.at(-1)}.`,
		);
	}
	for (const name of Object.keys(options)) {
		if (![...needed, ...rest].includes(name)) {
			throw invalid("options", `${maker} knows only the options ${[...needed, ...rest].join(", ")}.`);
		}
	}
	const { appId, appSecret, tokenEndpoint = "stable", timeoutMs = 10_000 } = options;
	const { host = apiHosts[0], tokens = createMemoryTokenStore() } = options;
	// Looked up at each call, and called as a global: some platforms refuse it as a method or at load time.
	const { fetch = (url: string, init: RequestInit) => globalThis.fetch(url, init) } = options;
	const { now = () => Math.floor(Date.now() / 1000), random = Math.random } = options;
	const { onEvent, onTiming, wait = platformWait, ticks = platformTicks } = options;

	check(
		/^[\w-]{1,64}$/.test(textOf(appId)),
		"appId",
		"has to be the account's AppId, 1 to 64 of A-Z a-z 0-9 _ -",
	);
	check(
		/^[\x21-\x7e]{1,256}$/.test(textOf(appSecret)),
		"appSecret",
		"has to be the account's AppSecret, 1 to 256 visible ASCII characters without a space or line break",
	);
	check(typeof fetch === "function", "fetch", "has to be a function like the platform's fetch");
	check(
		[tokens?.read, tokens?.replace, tokens?.lease, tokens?.release].every((it) => typeof it === "function"),
		"tokens",
		"has to be a TokenStore, an object with the functions read, replace, lease and release",
	);
	check(
		tokenEndpoint === "stable" || tokenEndpoint === "classic",
		"tokenEndpoint",
		'has to be "stable" or "classic"',
	);
	check(typeof now === "function", "now", "has to be a function that gives Unix seconds");
	check(typeof random === "function", "random", "has to be a function like Math.random");
	for (const [name, hook] of Object.entries({ onEvent, onTiming, wait, ticks })) {
		check(hook === undefined || typeof hook === "function", name, "has to be a function");
	}
	check(
		Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= 600_000,
		"timeoutMs",
		"has to be a whole number of milliseconds from 1 to 600000",
	);
	check(apiHosts.includes(host), "host", `has to be one of WeChat's hosts: ${apiHosts.join(", ")}`);
	return {
		appId,
		appSecret,
		fetch,
		tokens,
		tokenEndpoint,
		now: secondsFrom(now),
		random: fractionFrom(random),
		onEvent,
		onTiming,
		wait,
		ticks,
		timeoutMs,
		host,
	};
}

// What is not text gives the empty text, which every rule refuses.
export function textOf(value: unknown): string {
	return typeof value === "string" ? value : "";
}

// Date.now as the clock would make every token look expired a thousand times too early.
function secondsFrom(now: () => number): () => number {
	return () => {
		const seconds = now();
		check(seconds >= 0 && seconds < 1e11, "now", "has to give Unix seconds, not milliseconds");
		return Math.floor(seconds);
	};
}

function fractionFrom(random: () => number): () => number {
	return () => {
		const fraction = random();
		check(fraction >= 0 && fraction < 1, "random", "has to give numbers from 0 up to, but not including, 1");
		return fraction;
	};
}

function platformWait(milliseconds: number): Promise<void> {
	return new Promise((resolve) => {
		setTimeout(resolve, milliseconds);
	});
}

/** Refuses an option whose rule does not hold. */
export function check(holds: boolean, field: string, rule: string): void {
	if (!holds) throw invalid(field, `The option ${field} ${rule}.`);
}

function invalid(field: string, sentence: string): WeChatPayError {
	return new WeChatPayError("ARGUMENT_INVALID", sentence, { field });
}
