import type { Bytes } from "../bytes.js";
import type { WeChatPayErrorCode } from "../errors.js";
import type { Page } from "../store.js";
import type { Answer, Incoming } from "./exchange.js";

/** What a body is: a message that is believed, or one that is refused for a reason. */
export type Judgement<Message> = { readonly message: Message } | { readonly refusedFor: WeChatPayErrorCode };

/** What every message has: the key under which it is kept once. */
export interface Keyed {
	readonly dedupKey: string;
}

/** A body that was not believed, and why. */
export interface Refusal<Context> {
	readonly body: Bytes;
	/** What stood beside the body, without which it cannot be judged again. */
	readonly context: Context;
	readonly truncated: boolean;
	readonly code: WeChatPayErrorCode;
	/** Unix seconds. */
	readonly receivedAt: number;
}

/** What a handler is told of a message beside it. */
export interface Arrival {
	/** When it was received, in Unix seconds. */
	readonly receivedAt: number;
	/** Its time stamp was older than `staleAfterSeconds` when it was received. */
	readonly stale: boolean;
	/** Its time stamp was more than `staleAfterSeconds` ahead of this machine's clock. */
	readonly future: boolean;
	/** Its place in the store; present when `resume()` offers it. */
	readonly sequence?: number;
}

/** The part of a store that the engine uses, whatever is kept there. The laws are those of `AlarmStore`. */
export interface Inbox<Message, Context> {
	insert(message: Message, receivedAt: number): Promise<"inserted" | "duplicate">;
	markHandled(dedupKey: string, handledAt: number): Promise<void>;
	/** Messages that are not marked as handled, oldest first. */
	list(page: Page): Promise<KeptMessage<Message>[]>;
	quarantine(refusal: Refusal<Context>, digest: string, limit: number): Promise<void>;
	/** Refused bodies, oldest first. */
	listQuarantine(page: Page): Promise<KeptRefusal<Context>[]>;
	release(sequence: number): Promise<void>;
}

export interface KeptMessage<Message> {
	readonly sequence: number;
	readonly message: Message;
	readonly receivedAt: number;
}

export interface KeptRefusal<Context> {
	readonly sequence: number;
	readonly body: Uint8Array;
	readonly context: Context;
	readonly truncated: boolean;
	readonly receivedAt: number;
}

/** One kind of message, as the engine has to know it. */
export interface Protocol<Message extends Keyed, Context, Received> {
	/** What the header Allow says. */
	readonly allow: "POST" | "GET, POST";
	/** The answer to a GET, where there is one. Else 405. */
	greet?(incoming: Incoming): Answer | { readonly refusedFor: WeChatPayErrorCode };
	/** The answer to a message whose record is committed. */
	readonly success: Answer;
	/** The answer to anything else; it says nothing but the status. */
	fail(status: number): Answer;
	/** The code of a body that is larger than what is read. */
	readonly tooLarge: WeChatPayErrorCode;
	/** What beside the body is verified with it. */
	contextOf(incoming: Incoming): Context;
	/**
	 * Judges a body that was received at that time, now or long ago. What it throws is about us, a key that could not be
	 * looked up for example, not about the message. Without a promise where none is needed: the answer is sooner there.
	 */
	judge(
		body: Uint8Array,
		context: Context,
		receivedAt: number,
	): Judgement<Message> | Promise<Judgement<Message>>;
	/** When the message says that it was sent, in Unix seconds. */
	sentAt(message: Message): number;
	/** The message as the handler is given it. */
	received(message: Message, arrival: Arrival): Received;
	/** What says of a refused body that it is the same one again. */
	identify(refusal: Refusal<Context>): Bytes;
	/** Whether a refused body may hold one of our secrets. Throws what a look-up function throws. */
	holdsSecret(refusal: Refusal<Context>): boolean;
	/** Takes care of refusals that are not worth a place in the quarantine; `true`: it has. */
	dismiss?(refusal: Refusal<Context>): boolean;
	readonly inbox: Inbox<Message, Context>;
}
