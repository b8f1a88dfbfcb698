import type { IncomingMessage } from "node:http";
import { WeChatPayError } from "../errors.js";

/** The request as the Web has it, its body not yet read. */
export function requestFrom(incoming: IncomingMessage): Request {
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
	const kept = keptBytes(incoming);
	if (kept !== undefined) return new Request(url, { method, headers, body: kept });
	if (incoming.readableDidRead || incoming.readableEnded) throw bodyIsGone();
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

function bodyIsGone(): WeChatPayError {
	return new WeChatPayError(
		"ARGUMENT_INVALID",
		"Something has read the request's body before the alarm receiver, and the signature is over the bytes as sent. " +
			'Express: mount the receiver before express.json() and the like, or give its path express.raw({ type: "*/*" }). ' +
			"Koa: mount it before the body parser. " +
			'Fastify: in the plugin of its route, removeAllContentTypeParsers(), then addContentTypeParser("*", …) with one ' +
			"that reads nothing. " +
			"Next.js: a route handler, or `export const config = { api: { bodyParser: false } }` under pages/.",
	);
}
