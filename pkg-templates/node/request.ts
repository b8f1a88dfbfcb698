import type { IncomingMessage } from "node:http";
import { WeChatPayError } from "../errors.js";
import { ByteBuffer, type ReadBody, readBody } from "../receiver/body.js";
import type { Incoming } from "../receiver/exchange.js";

/** The request as the receiver wants it, its body not yet read. */
export function exchangeFrom(incoming: IncomingMessage): Incoming {
	return {
		method: incoming.method ?? "GET",
		encoding: incoming.headers["content-encoding"] ?? null,
		query: () => /\?([^#]*)/.exec(incoming.url ?? "")?.[1] ?? "",
		header(name) {
			const value = incoming.headers[name];
			return Array.isArray(value) ? value.join(", ") : (value ?? null);
		},
		read(maxBytes, timeoutMs) {
			const kept = keptBytes(incoming);
			if (kept !== undefined) return readBody(new Response(kept).body, maxBytes, timeoutMs);
			if (isRead(incoming)) throw bodyIsGone();
			return readSocket(incoming, maxBytes, timeoutMs);
		},
	};
}

/** {@link readBody}, without a stream of the Web in between. The rest of the body, if any, is left where it is. */
function readSocket(incoming: IncomingMessage, maxBytes: number, timeoutMs: number): Promise<ReadBody> {
	return new Promise((resolve) => {
		const bytes = new ByteBuffer(maxBytes);
		let isSettled = false;
		const declared = Number(incoming.headers["content-length"]);
		let deadline: NodeJS.Timeout | undefined;
		function settle(read: ReadBody): void {
			if (isSettled) return;
			isSettled = true;
			clearTimeout(deadline);
			if (read.end !== "complete") incoming.off("data", append).pause();
			resolve(read);
		}
		// A body that came with its head, as nearly all do, is there by then, and needs no timer.
		queueMicrotask(() => {
			if (isSettled || bytes.length === declared) return;
			deadline = setTimeout(() => settle({ end: "timeout" }), timeoutMs);
		});
		function append(chunk: Uint8Array): void {
			if (!bytes.append(chunk)) settle({ end: "tooLarge", bytes: bytes.content() });
		}
		function complete(): void {
			settle({ end: "complete", bytes: bytes.content() });
		}
		function abort(): void {
			settle({ end: "aborted" });
		}
		// What the client does after its answer is no error of ours, so this listener stays.
		incoming.on("error", abort).on("close", abort).on("end", complete).on("data", append);
	});
}

/** Only the path and the query are the client's: a Host header can hold anything. */
export function urlFrom(incoming: IncomingMessage): URL {
	const url = incoming.url ?? "/";
	return new URL(URL.canParse(url, "http://localhost") ? url : "/", "http://localhost");
}

/** The request as the Web has it, its body not yet read. */
export function requestFrom(incoming: IncomingMessage): Request {
	const method = incoming.method ?? "GET";
	const headers = new Headers();
	for (const [name, values] of Object.entries(incoming.headersDistinct)) {
		for (const value of values ?? []) headers.append(name, value);
	}
	const url = urlFrom(incoming);
	if (method === "GET" || method === "HEAD") return new Request(url, { method, headers });
	const kept = keptBytes(incoming);
	if (kept !== undefined) return new Request(url, { method, headers, body: kept });
	if (isRead(incoming)) throw bodyIsGone();
	const init: RequestInit & { duplex: "half" } = {
		method,
		headers,
		body: bodyFrom(incoming),
		duplex: "half",
	};
	return new Request(url, init);
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
 * The bytes as sent, where a body parser has kept them: `express.raw()` as `body`, platforms and `verify` hooks as
 * `rawBody`. What a parser has made of them does not do: they cannot be had back from it.
 */
function keptBytes(incoming: IncomingMessage): Uint8Array<ArrayBuffer> | undefined {
	const { rawBody, body } = incoming as { rawBody?: unknown; body?: unknown };
	for (const kept of [rawBody, body]) if (kept instanceof Uint8Array) return new Uint8Array(kept);
	return undefined;
}

function isRead(incoming: IncomingMessage): boolean {
	return incoming.readableDidRead || incoming.readableEnded;
}

function bodyIsGone(): WeChatPayError {
	return new WeChatPayError(
		"ARGUMENT_INVALID",
		"Something has read the request's body before the receiver, and the signature is over the bytes as sent. " +
			'Express: mount the receiver before express.json() and the like, or give its path express.raw({ type: "*/*" }). ' +
			"Koa: mount it before the body parser. " +
			'Fastify: in the plugin of its route, removeAllContentTypeParsers(), then addContentTypeParser("*", …) with one ' +
			"that reads nothing. " +
			"Next.js: a route handler, or `export const config = { api: { bodyParser: false } }` under pages/.",
	);
}
