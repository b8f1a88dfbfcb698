import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { checkInteger, invalidArgument } from "./arguments.js";
import { WeChatPayError } from "./errors.js";
import type { AlarmReceiver } from "./receiver.js";

/** How a listener is set up. */
export interface NodeListenerOptions {
	/**
	 * Told why a request was answered with 500: the receiver threw, which means that something is set up wrongly.
	 * What it throws is ignored. Default: a warning of the process.
	 */
	readonly onError?: (error: unknown) => void;
}

/** How the server of {@link serveAlarms} is set up. */
export interface ServeAlarmsOptions extends NodeListenerOptions {
	/** 0 lets the system choose one; `url` says which. */
	readonly port: number;
	/** Default `127.0.0.1`: a proxy on this machine speaks TLS to the world. */
	readonly host?: string;
	/** The path of the alarm URL, such as `/wxpay/alarm`; every other one is 404. Default: any path. */
	readonly path?: string;
	/** How often alarms whose handler threw are offered again, in seconds. Default 60. */
	readonly resumeEverySeconds?: number;
}

/** A server that is listening. */
export interface AlarmServer {
	/** Where it listens, such as `http://127.0.0.1:8080/wxpay/alarm`. */
	readonly url: string;
	/** Stops accepting, lets requests in flight and their handlers finish. Repeated calls wait for the same end. */
	close(): Promise<void>;
}

/** How long, and for how much of it, the rest of an answered request is discarded before the connection is cut. */
const LINGER_MS = 1_000;
const LINGER_BYTES = 1_048_576;

/**
 * Makes the receiver a listener for `node:http` and for what is built on it. In Express and Koa it stands before every
 * body parser: the signature is over the bytes as sent (PROTOCOL 2.1).
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { createAlarmReceiver } from "paysign";
 * import { toNodeListener } from "paysign/node";
 * import { createMemoryStore } from "paysign/stores/memory";
 *
 * const accounts = { appId: "wxf8b4f85f3a794e77", appKey: "k".repeat(128) };
 * const receiver = createAlarmReceiver({ accounts, store: createMemoryStore() });
 * const server = createServer(toNodeListener(receiver));
 * server.listen(0, "127.0.0.1", () => server.close());
 * ```
 */
export function toNodeListener(
	receiver: (request: Request) => Promise<Response>,
	options: NodeListenerOptions = {},
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
	return (incoming, outgoing) => {
		// A client that went away is not an error, and an `error` event without a listener would end the process.
		outgoing.on("error", () => {});
		answer(incoming)
			.then((response) => send(response, incoming, outgoing))
			.catch(() => outgoing.destroy());
	};

	async function answer(incoming: IncomingMessage): Promise<Response> {
		// The Web's Request cannot have this method, and no alarm has it.
		if (incoming.method === "TRACE") return plain(501);
		try {
			return await receiver(requestFrom(incoming));
		} catch (error) {
			report(error, options);
			return plain(500);
		}
	}
}

/**
 * Serves the receiver on a server of its own, with the time limits a public URL needs: headers within 15 s, a request
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
export async function serveAlarms(
	receiver: AlarmReceiver,
	options: ServeAlarmsOptions,
): Promise<AlarmServer> {
	const { port, host = "127.0.0.1", path, resumeEverySeconds = 60 } = options;
	checkInteger("port", port, 0, 65_535);
	checkInteger("resumeEverySeconds", resumeEverySeconds, 1, 86_400);
	if (path?.startsWith("/") === false) throw invalidArgument("path", "`path` must start with `/`.");

	const listener = toNodeListener(async (request) => {
		if (path !== undefined && new URL(request.url).pathname !== path) return plain(404);
		return receiver(request);
	}, options);
	const inFlight = new Set<ServerResponse>();
	// Node looks for connections that are over their time only at the interval, which is 30 s by default.
	const limits = { headersTimeout: 15_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 };
	const server = createServer(limits, (incoming, outgoing) => {
		inFlight.add(outgoing);
		outgoing.once("close", () => {
			inFlight.delete(outgoing);
			if (!server.listening) closeUnused();
		});
		listener(incoming, outgoing);
	});
	await listen(server, port, host);
	server.on("error", (error) => report(error, options));

	// Its failures are events of the receiver, and the next round tries again.
	const resume = () => void receiver.resume().catch(() => {});
	resume();
	const rounds = setInterval(resume, resumeEverySeconds * 1_000).unref();

	/** Connections that wait for a request, or have only begun one, must not keep the server from closing. */
	function closeUnused(): void {
		if (inFlight.size === 0) server.closeAllConnections();
	}

	return {
		url: urlOf(server, host) + (path ?? "/"),
		async close() {
			clearInterval(rounds);
			// A server that is closed already says so with an error, which is as good.
			const closed = new Promise((resolve) => server.close(resolve));
			closeUnused();
			await closed;
			await receiver.idle();
		},
	};
}

/** The request as the Web has it, its body not yet read. */
function requestFrom(incoming: IncomingMessage): Request {
	const method = incoming.method ?? "GET";
	const headers = new Headers();
	for (const [name, values] of Object.entries(incoming.headersDistinct)) {
		for (const value of values ?? []) headers.append(name, value);
	}
	// Only the path and the query are the client's: a Host header can hold anything.
	const url = URL.canParse(incoming.url ?? "/", "http://localhost")
		? new URL(incoming.url ?? "/", "http://localhost")
		: new URL("http://localhost");
	if (method === "GET" || method === "HEAD") return new Request(url, { method, headers });
	if (isBodyGone(incoming)) throw bodyIsGone();
	const init: RequestInit & { duplex: "half" } = {
		method,
		headers,
		body: bodyFrom(incoming),
		duplex: "half",
	};
	return new Request(url, init);
}

/** Writes the answer, and takes care of a request that was answered before it was read to its end. */
async function send(response: Response, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
	const body = new Uint8Array(await response.arrayBuffer());
	outgoing.statusCode = response.status;
	for (const [name, value] of response.headers) outgoing.setHeader(name, value);
	outgoing.setHeader("content-length", body.byteLength);
	outgoing.once("finish", () => {
		if (!incoming.complete) discardRest(incoming);
	});
	outgoing.end(body);
}

/**
 * The body as a stream that reads from the socket only what is asked for. Not `Readable.toWeb`: cancelling that one
 * destroys the socket, and with it the answer.
 */
function bodyFrom(incoming: IncomingMessage): ReadableStream<Uint8Array> {
	let open = true;
	return new ReadableStream<Uint8Array>(
		{
			start(controller) {
				incoming.pause();
				incoming.on("data", (chunk: Uint8Array) => {
					if (!open) return;
					incoming.pause();
					controller.enqueue(chunk);
				});
				incoming.once("end", () => {
					if (open) controller.close();
					open = false;
				});
				// The client is gone, or what it sent is not HTTP.
				incoming.on("error", (error) => controller.error(error));
			},
			pull() {
				incoming.resume();
			},
			cancel() {
				open = false;
				incoming.pause();
			},
		},
		{ highWaterMark: 0 },
	);
}

/**
 * Cutting the connection at once would make the client's system throw away the answer with it. So the rest is read and
 * forgotten, but not for long and not for much.
 */
function discardRest(incoming: IncomingMessage): void {
	let left = LINGER_BYTES;
	const deadline = setTimeout(() => incoming.socket.destroy(), LINGER_MS);
	incoming.on("data", (chunk: Uint8Array) => {
		left -= chunk.byteLength;
		if (left < 0) incoming.socket.destroy();
	});
	incoming.once("close", () => clearTimeout(deadline));
	incoming.resume();
}

function isBodyGone(incoming: IncomingMessage): boolean {
	if (incoming.readableDidRead || incoming.readableEnded) return true;
	// Body parsers leave what they made of the body here; what it was made of cannot be had back from it.
	return "body" in incoming && incoming.body !== undefined;
}

function bodyIsGone(): WeChatPayError {
	return new WeChatPayError(
		"ARGUMENT_INVALID",
		"Something has read the request's body before the alarm receiver, and the signature is over the bytes as sent. " +
			"Mount the receiver before every body parser (express.json(), express.urlencoded(), koa-bodyparser and the like), " +
			"or exempt the alarm path from them.",
	);
}

async function listen(server: Server, port: number, host: string): Promise<void> {
	try {
		await new Promise<void>((resolve, reject) => {
			server.once("error", reject);
			server.listen(port, host, () => {
				server.off("error", reject);
				resolve();
			});
		});
	} catch (error) {
		const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown";
		throw new WeChatPayError(
			"NETWORK",
			`The alarm server cannot listen on this host and port (${reason}).`,
			{ reason },
			{ cause: error },
		);
	}
}

function urlOf(server: Server, host: string): string {
	const address = server.address();
	const port = typeof address === "object" ? address?.port : undefined;
	return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function plain(status: number): Response {
	return new Response("fail", { status, headers: { "content-type": "text/plain" } });
}

function report(error: unknown, { onError = warn }: NodeListenerOptions): void {
	try {
		onError(error);
	} catch {
		// The answer does not depend on who is told.
	}
}

function warn(error: unknown): void {
	process.emitWarning(error instanceof Error ? error : String(error));
}
