import type { IncomingMessage, ServerResponse } from "node:http";
import { exchangeOf } from "../receiver/exchange.js";
import { exchangeFrom, requestFrom, urlFrom } from "./request.js";

/** How a listener is set up. */
export interface NodeListenerOptions {
	/**
	 * Told why a request was answered with 500: the receiver threw, which means that something is set up wrongly.
	 * What it throws is ignored. Default: a warning of the process.
	 */
	readonly onError?: (error: unknown) => void;
}

/** How long, and for how much of it, the rest of an answered request is discarded before the connection is cut. */
const LINGER_MS = 1_000;
const LINGER_BYTES = 1_048_576;

/**
 * Makes the receiver a listener for `node:http` and for what is built on it: Express, Koa, Fastify. It wants the bytes as
 * sent (PROTOCOL 2.1), and so stands before every body parser, or behind one that keeps them as a Buffer in `body` or
 * `rawBody`. Behind any other, the answer is 500, which acknowledges nothing, and `onError` is told what to change.
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
	return listenerFor(receiver, options);
}

/** The same, on one path; every other one is 404. */
export function listenerFor(
	receiver: (request: Request) => Promise<Response>,
	options: NodeListenerOptions,
	path?: string,
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
	const exchange = exchangeOf(receiver);
	return (incoming, outgoing) => {
		// A client that went away is not an error, and an `error` event without a listener would end the process.
		outgoing.on("error", ignore);
		void respond(incoming, outgoing);
	};

	async function respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
		try {
			send(await answer(incoming), incoming, outgoing);
		} catch {
			outgoing.destroy();
		}
	}

	async function answer(incoming: IncomingMessage): Promise<Answer> {
		// The Web's Request cannot have this method, and no alarm has it.
		if (incoming.method === "TRACE") return fail(501);
		if (path !== undefined && urlFrom(incoming).pathname !== path) return fail(404);
		try {
			if (exchange === undefined) return await answerOf(await receiver(requestFrom(incoming)));
			const { status, text, type, allow } = await exchange(exchangeFrom(incoming));
			const headers = type === undefined ? PLAIN : { "content-type": type };
			return { status, headers: allow ? { ...headers, allow } : headers, body: text };
		} catch (error) {
			report(error, options);
			return fail(500);
		}
	}
}

/** An answer as `node:http` writes it. */
interface Answer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Uint8Array | string;
}

const PLAIN = { "content-type": "text/plain" };

function ignore(): void {}

async function answerOf(response: Response): Promise<Answer> {
	return {
		status: response.status,
		headers: Object.fromEntries(response.headers),
		body: new Uint8Array(await response.arrayBuffer()),
	};
}

/** An answer without content. */
function fail(status: number): Answer {
	return { status, headers: PLAIN, body: "fail" };
}

/** Writes the answer, and takes care of a request that was answered before it was read to its end. */
function send({ status, headers, body }: Answer, incoming: IncomingMessage, outgoing: ServerResponse): void {
	if (!incoming.complete) {
		outgoing.once("finish", () => {
			if (!incoming.complete) discardRest(incoming);
		});
	}
	outgoing.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
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

/** Tells of an error that no answer may hold. */
export function report(error: unknown, { onError = warn }: NodeListenerOptions): void {
	try {
		onError(error);
	} catch {
		// The answer does not depend on who is told.
	}
}

function warn(error: unknown): void {
	process.emitWarning(error instanceof Error ? error : String(error));
}
