import { createServer } from "node:http";
import { checkInteger, invalidArgument } from "../arguments.js";
import type { Receiver } from "../receiver/engine.js";
import { listenerFor, type NodeListenerOptions, report } from "./listener.js";
import { type OperationsOptions, type OperationsServer, serveOperations } from "./operations.js";
import { listen, urlOf } from "./server.js";

/** How the server of {@link serveAlarms} is set up. */
export interface ServeAlarmsOptions extends NodeListenerOptions {
	/** 0 lets the system choose one; `url` says which. */
	readonly port: number;
	/** Default `127.0.0.1`: a proxy on this machine speaks TLS to the world. */
	readonly host?: string;
	/** The path of the alarm URL, such as `/wxpay/alarm`; every other one is 404. Default: any path. */
	readonly path?: string;
	/** Serves `/metrics` and `/healthz` too, on a port of its own. Default: nothing does. */
	readonly operations?: OperationsOptions;
	/** How often alarms whose handler threw are offered again, in seconds. Default 60. */
	readonly resumeEverySeconds?: number;
}

/** A server that is listening. */
export interface AlarmServer {
	/** Where it listens, such as `http://127.0.0.1:8080/wxpay/alarm`. */
	readonly url: string;
	/** Where `operations` are served, such as `http://127.0.0.1:9464`; `undefined` when they are not. */
	readonly operationsUrl: string | undefined;
	/** Stops accepting, lets requests in flight and their handlers finish. Repeated calls wait for the same end. */
	close(): Promise<void>;
}

/**
 * Serves a receiver, of alarms or of other messages, on a server of its own, with the time limits a public URL needs: headers within 15 s, a request
 * within 30 s. Alarms that an earlier process left unhandled are offered at the start.
 *
 * @throws {WeChatPayError} `NETWORK` when it cannot listen there, with the system's reason in `details.reason`.
 *   `ARGUMENT_INVALID` when an option cannot be used.
 *
 * @example
 * ```ts
 * import { createAlarmReceiver } from "paysign";
 * import { serveAlarms } from "paysign/node";
 * import { createMemoryStore } from "paysign/stores/memory";
 *
 * const accounts = { appId: "wxf8b4f85f3a794e77", appKey: "k".repeat(128) };
 * const receiver = createAlarmReceiver({ accounts, store: createMemoryStore() });
 * const server = await serveAlarms(receiver, { port: 0, path: "/wxpay/alarm" });
 * console.log((await fetch(server.url)).status); // 405
 * await server.close();
 * ```
 */
export async function serveAlarms(receiver: Receiver, options: ServeAlarmsOptions): Promise<AlarmServer> {
	const { port, host = "127.0.0.1", path, operations, resumeEverySeconds = 60 } = options;
	checkInteger("port", port, 0, 65_535);
	checkInteger("resumeEverySeconds", resumeEverySeconds, 1, 86_400);
	if (path?.startsWith("/") === false) throw invalidArgument("path", "`path` must start with `/`.");

	const listener = listenerFor(receiver, options, path);
	let inFlight = 0;
	function finish(): void {
		inFlight -= 1;
		if (!server.listening) closeUnused();
	}
	// Node looks for connections that are over their time only at the interval, which is 30 s by default.
	const limits = { headersTimeout: 15_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 };
	const server = createServer(limits, (incoming, outgoing) => {
		inFlight += 1;
		outgoing.on("close", finish);
		listener(incoming, outgoing);
	});
	await listen("alarm server", server, port, host);
	server.on("error", (error) => report(error, options));
	const operationsServer = await beside(operations);

	// Its failures are events of the receiver, and the next round tries again.
	const resume = () => void receiver.resume().catch(() => {});
	resume();
	const rounds = setInterval(resume, resumeEverySeconds * 1_000).unref();

	/** The second server; without it the first one shall not be there either. */
	async function beside(operations: OperationsOptions | undefined): Promise<OperationsServer | undefined> {
		if (operations === undefined) return undefined;
		const closing = new Error("The alarm server is being closed.");
		const accepting = async () => {
			if (!server.listening) throw closing;
		};
		// Which is no news to whoever closes it.
		const onError = (error: unknown) => {
			if (error !== closing) report(error, { ...options, ...operations });
		};
		const checks = { ...operations.checks, server: accepting };
		try {
			return await serveOperations({ ...operations, checks, onError });
		} catch (error) {
			server.close();
			throw error;
		}
	}

	/** Connections that wait for a request, or have only begun one, must not keep the server from closing. */
	function closeUnused(): void {
		if (inFlight === 0) server.closeAllConnections();
	}

	return {
		url: urlOf(server, host) + (path ?? "/"),
		operationsUrl: operationsServer?.url,
		async close() {
			clearInterval(rounds);
			// A server that is closed already says so with an error, which is as good.
			const closed = new Promise((resolve) => server.close(resolve));
			closeUnused();
			await closed;
			await receiver.idle();
			// Last: until then somebody may want to know.
			await operationsServer?.close();
		},
	};
}
