import type { ReadBody } from "./body.js";

/** What a receiver wants of a request, whatever server it came to. */
export interface Incoming {
	readonly method: string;
	/** The header Content-Encoding, or `null`. */
	readonly encoding: string | null;
	/** The query of the URL as sent, without `?`. Empty where there is none. */
	query(): string;
	/** A header by its lower-case name, or `null`. One that is there more than once is joined by `, `. */
	header(name: string): string | null;
	/**
	 * Reads the body, at most so many bytes of it and for at most so long.
	 *
	 * @throws {WeChatPayError} `ARGUMENT_INVALID` when something has read it before.
	 */
	read(maxBytes: number, timeoutMs: number): Promise<ReadBody>;
}

/** What a receiver answers. */
export interface Answer {
	readonly status: number;
	readonly text: string;
	/** The header Content-Type. Default `text/plain`. */
	readonly type?: string;
	/** The header Allow. */
	readonly allow?: string;
}

/** A receiver's way in for servers that have no `Request`: making one costs them more than verifying the alarm. */
export type Exchange = (incoming: Incoming) => Promise<Answer>;

const exchange = Symbol("exchange");

/** The receiver, with this way in beside the public one. */
export function withExchange<Receiver extends object>(receiver: Receiver, way: Exchange): Receiver {
	return Object.assign(receiver, { [exchange]: way });
}

/** The way in of a receiver; what people have wrapped around one has none. */
export function exchangeOf(receiver: object): Exchange | undefined {
	return (receiver as { readonly [exchange]?: Exchange })[exchange];
}
