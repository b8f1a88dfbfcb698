import { createServer } from "node:http";
import { checkInteger, invalidArgument } from "../arguments.js";
import { WeChatPayError } from "../errors.js";
import type { Metrics } from "../metrics.js";
import { type NodeListenerOptions, report, toNodeListener } from "./listener.js";
import { listen, urlOf } from "./server.js";

/** What {@link serveOperations} serves, and where. */
export interface OperationsOptions extends NodeListenerOptions {
	/** A port of its own, never that of the alarms, so that no proxy in front of those can lead here. 0: a free one. */
	readonly port: number;
	/** Default `127.0.0.1`. Another one may be within reach of others: anybody who can connect can read. */
	readonly host?: string;
	/** What `GET /metrics` shows, as `createMetrics` makes it. Without it, 404. */
	readonly metrics?: Pick<Metrics, "text">;
	/**
	 * What must work for `GET /healthz` to be 200, by names of your choice. One that rejects, or takes longer than
	 * `checkTimeoutMs`, makes it 503. To see whether a store can be reached: `() => store.list({ limit: 1 })`.
	 */
	readonly checks?: Readonly<Record<string, () => Promise<unknown>>>;
	/** How long a check may take, in milliseconds: 1 to 60000. Default 2000. */
	readonly checkTimeoutMs?: number;
}

/** A server that is listening. */
export interface OperationsServer {
	/** Where it listens, such as `http://127.0.0.1:9464`. */
	readonly url: string;
	/** Stops listening. Repeated calls wait for the same end. */
	close(): Promise<void>;
}

/**
 * Serves `/metrics` for Prometheus and `/healthz` for whoever restarts processes, apart from the alarms: on a port of its
 * own and, unless told otherwise, for this machine only. `serveAlarms` does it with the option `operations`; this
 * function is for a process that only sends.
 *
 * `/healthz` names the checks and what became of each: `ok`, `timeout`, the code of a `WeChatPayError`, or `failed`.
 * What a check threw goes to `onError`, never into the answer.
 *
 * @throws {WeChatPayError} `NETWORK` when it cannot listen there, with the system's reason in `details.reason`.
 *   `ARGUMENT_INVALID` when an option cannot be used.
 *
 * @example
 * ```ts
 * import { createMetrics } from "paysign/metrics";
 * import { serveOperations } from "paysign/node";
 * import { createMemoryStore } from "paysign/stores/memory";
 *
 * const store = createMemoryStore();
 * const checks = { store: () => store.list({ limit: 1 }) };
 * const server = await serveOperations({ port: 0, metrics: createMetrics(), checks });
 * console.log(await (await fetch(`${server.url}/healthz`)).json()); // { status: 'ok', checks: { store: 'ok' } }
 * await server.close();
 * ```
 */
export async function serveOperations(options: OperationsOptions): Promise<OperationsServer> {
	const { port, host = "127.0.0.1", metrics, checks = {}, checkTimeoutMs = 2_000 } = options;
	checkInteger("port", port, 0, 65_535);
	checkInteger("checkTimeoutMs", checkTimeoutMs, 1, 60_000);
	for (const [name, check] of Object.entries(checks)) {
		if (typeof check !== "function") throw invalidArgument("checks", "Each of `checks` must be a function.");
		if (!/^[\w-]{1,64}$/.test(name)) {
			throw invalidArgument("checks", "The names of `checks` must be 1 to 64 letters, digits, `_` and `-`.");
		}
	}
	const health = createHealth(checks, checkTimeoutMs, (error) => report(error, options));

	const listener = toNodeListener(async ({ method, url }) => {
		const { pathname } = new URL(url);
		const known = pathname === "/healthz" || (pathname === "/metrics" && metrics !== undefined);
		if (!known) return answer(404, "text/plain", "not found\n");
		if (method !== "GET" && method !== "HEAD")
			return answer(405, "text/plain", "only GET\n", { allow: "GET, HEAD" });
		if (pathname === "/metrics")
			return answer(200, "text/plain; version=0.0.4; charset=utf-8", await metrics?.text());
		const outcome = await health();
		const ok = Object.values(outcome).every((word) => word === "ok");
		const body = JSON.stringify({ status: ok ? "ok" : "failing", checks: outcome });
		return answer(ok ? 200 : 503, "application/json", `${body}\n`);
	}, options);
	const server = createServer({ headersTimeout: 5_000, requestTimeout: 5_000 }, listener);
	await listen("operations server", server, port, host);
	server.on("error", (error) => report(error, options));

	return {
		url: urlOf(server, host),
		async close() {
			// A server that is closed already says so with an error, which is as good.
			const closed = new Promise((resolve) => server.close(resolve));
			server.closeAllConnections();
			await closed;
		},
	};
}

function answer(status: number, type: string, body = "", headers: Record<string, string> = {}): Response {
	return new Response(body, {
		status,
		headers: { "content-type": type, "cache-control": "no-store", ...headers },
	});
}

/** Runs the checks, each one at most once at a time: one that hangs must not be started again with every question. */
function createHealth(
	checks: Readonly<Record<string, () => Promise<unknown>>>,
	timeoutMs: number,
	tell: (error: unknown) => void,
): () => Promise<Record<string, string>> {
	const running = new Map<string, Promise<string>>();

	function run(name: string, check: () => Promise<unknown>): Promise<string> {
		const outcome = (async () => {
			try {
				await check();
				return "ok";
			} catch (error) {
				tell(error);
				return error instanceof WeChatPayError ? error.code : "failed";
			} finally {
				running.delete(name);
			}
		})();
		running.set(name, outcome);
		return outcome;
	}

	return async () => {
		const outcomes = Object.entries(checks).map(async ([name, check]) => {
			const outcome = running.get(name) ?? run(name, check);
			return [name, await inTime(outcome, timeoutMs)] as const;
		});
		return Object.fromEntries(await Promise.all(outcomes));
	};
}

async function inTime(outcome: Promise<string>, timeoutMs: number): Promise<string> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<string>((resolve) => {
		timer = setTimeout(() => resolve("timeout"), timeoutMs);
	});
	try {
		return await Promise.race([outcome, late]);
	} finally {
		clearTimeout(timer);
	}
}
