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
	if (isBodyGone(incoming)) throw bodyIsGone();
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
