import type { ReadBody } from "./body.js";

/** What the receiver wants of a request, whatever server it came to. */
export interface IncomingAlarm {
	readonly method: string;
	/** The header Content-Encoding, or `null`. */
	readonly encoding: string | null;
	/**
	 * Reads the body, at most so many bytes of it and for at most so long.
	 *
	 * @throws {WeChatPayError} `ARGUMENT_INVALID` when something has read it before.
	 */
	read(maxBytes: number, timeoutMs: number): Promise<ReadBody>;
}

/** What the receiver answers. */
export interface AlarmAnswer {
	readonly status: number;
	readonly text: "success" | "fail";
	/** The header Allow. */
	readonly allow?: "POST";
}

/** A receiver's way in for servers that have no `Request`: making one costs them more than verifying the alarm. */
export type Exchange = (incoming: IncomingAlarm) => Promise<AlarmAnswer>;

const exchange = Symbol("exchange");

/** The receiver, with this way in beside the public one. */
export function withExchange<Receiver extends object>(receiver: Receiver, way: Exchange): Receiver {
	return Object.assign(receiver, { [exchange]: way });
}

/** The way in of a receiver; what people have wrapped around one has none. */
export function exchangeOf(receiver: object): Exchange | undefined {
	return (receiver as { readonly [exchange]?: Exchange })[exchange];
}
