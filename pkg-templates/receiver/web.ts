import { WeChatPayError } from "../errors.js";
import { readBody } from "./body.js";
import type { Answer, Incoming } from "./exchange.js";

/** A request of the Web. */
export function fromRequest(request: Request): Incoming {
	return {
		method: request.method,
		encoding: request.headers.get("content-encoding"),
		query: () => new URL(request.url).search.slice(1),
		header: (name) => request.headers.get(name),
		async read(maxBytes, timeoutMs) {
			if (request.bodyUsed || request.body?.locked === true) throw bodyIsGone();
			return readBody(await bodyOf(request), maxBytes, timeoutMs);
		},
	};
}

/** A response of the Web. */
export function toResponse({ status, text, type = "text/plain", allow }: Answer): Response {
	return new Response(text, { status, headers: { "content-type": type, ...(allow && { allow }) } });
}

/** Firefox has no `Request.body`; a request to a receiver in a page comes from that page. */
async function bodyOf(request: Request): Promise<ReadableStream<Uint8Array> | null> {
	return request.body === undefined ? (await request.blob()).stream() : request.body;
}

function bodyIsGone(): WeChatPayError {
	return new WeChatPayError(
		"ARGUMENT_INVALID",
		"The request's body was already read. The signature is over the bytes as sent: pass the request to the receiver " +
			"before any body parser or middleware reads it, or give the other reader `request.clone()`.",
	);
}
