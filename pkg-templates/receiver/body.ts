import type { Bytes } from "../bytes.js";
import { WeChatPayError } from "../errors.js";

/** How the reading of a request body ended, and what is kept of it. */
export type ReadBody =
	| { readonly end: "complete" | "tooLarge"; readonly bytes: Bytes }
	| { readonly end: "timeout" }
	| { readonly end: "aborted" };

/**
 * Reads a body to its end, but at most `maxBytes` of it and for at most `timeoutMs`. `Request.text()` would do neither,
 * would drop a byte order mark and replace bad bytes, and the signature is over the bytes as sent.
 */
export async function readBody(
	body: ReadableStream<Uint8Array> | null,
	maxBytes: number,
	timeoutMs: number,
): Promise<ReadBody> {
	if (body === null) return { end: "complete", bytes: new Uint8Array() };
	const reader = body.getReader();
	let late = false;
	// Cancelling settles the read that is under way, in whichever state the sender left it.
	const deadline = setTimeout(() => {
		late = true;
		cancel(reader);
	}, timeoutMs);
	const bytes = new ByteBuffer(maxBytes);
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (late) return { end: "timeout" };
			if (done) return { end: "complete", bytes: bytes.content() };
			if (!ArrayBuffer.isView(value)) throw notBytes();
			if (!bytes.append(value)) {
				cancel(reader);
				return { end: "tooLarge", bytes: bytes.content() };
			}
		}
	} catch (error) {
		if (error instanceof WeChatPayError) throw error;
		return { end: late ? "timeout" : "aborted" };
	} finally {
		clearTimeout(deadline);
	}
}

/**
 * Bytes in one growing piece: a list of chunks would cost a sender of single bytes nothing and us a hundredfold. A first
 * chunk is only kept, for nearly always it is the last one, too.
 */
export class ByteBuffer {
	readonly #maxBytes: number;
	#bytes = new Uint8Array();
	#length = 0;

	constructor(maxBytes: number) {
		this.#maxBytes = maxBytes;
	}

	get length(): number {
		return this.#length;
	}

	/** Appends the chunk; `false` when it does not fit, and then as much of it as does is kept. */
	append(chunk: Uint8Array): boolean {
		const room = this.#maxBytes - this.#length;
		const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
		if (this.#length === 0) this.#bytes = plain(kept);
		else this.#write(kept);
		this.#length += kept.length;
		return kept === chunk;
	}

	#write(chunk: Uint8Array): void {
		const length = this.#length + chunk.length;
		// Always so after the first chunk, whose memory is not ours to write into.
		if (length > this.#bytes.length) {
			const larger = new Uint8Array(Math.min(this.#maxBytes, Math.max(length, 2 * this.#bytes.length)));
			larger.set(this.#bytes.subarray(0, this.#length));
			this.#bytes = larger;
		}
		this.#bytes.set(chunk, this.#length);
	}

	/** What was appended; nothing may be appended after it. */
	content(): Bytes {
		return this.#length === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, this.#length);
	}
}

/** The same memory, without what Node.js's Buffer does otherwise. What comes from a socket is never over shared memory. */
function plain({ buffer, byteOffset, length }: Uint8Array): Bytes {
	return new Uint8Array(buffer as ArrayBuffer, byteOffset, length);
}

// Not awaited: a source may take its time to stop, and the answer does not depend on it.
function cancel(reader: ReadableStreamDefaultReader<Uint8Array>): void {
	reader.cancel().catch(() => {});
}

function notBytes(): WeChatPayError {
	return new WeChatPayError(
		"ARGUMENT_INVALID",
		"The request's body stream yields something other than bytes. Pass on the request as the server received it.",
	);
}
