import type { WeChatPayErrorCode } from "../errors.js";
import { emitterFor, unheard } from "../observe.js";
import { createTracker, type RequestContext } from "./background.js";
import { watchInbox } from "./events.js";
import { type Answer, type Incoming, withExchange } from "./exchange.js";
import { createOffers, type ResumeResult } from "./offers.js";
import type { CheckedOptions } from "./options.js";
import type { Judgement, Keyed, Protocol, Refusal } from "./protocol.js";
import { createQuarantine } from "./quarantine.js";
import { createReverify, type ReverifyResult } from "./reverify.js";
import { fromRequest, toResponse } from "./web.js";

/** A request handler for the URL that messages are posted to. */
export interface Receiver {
	/**
	 * Answers a request. `context` is what the platform gives to wait for work that outlives the answer.
	 *
	 * @throws {WeChatPayError} `ARGUMENT_INVALID` when something has read the request's body before.
	 */
	(request: Request, context?: RequestContext): Promise<Response>;
	/**
	 * Offers every unhandled message to the handler, oldest first, one after the other. Runs by itself once, at the latest
	 * with the first request; call it at the start and from time to time, so that a message whose handler threw is tried
	 * again. A call during a run joins that run.
	 *
	 * @throws {WeChatPayError} `STORE_FAILED` when the store cannot be read.
	 */
	resume(): Promise<ResumeResult>;
	/**
	 * Verifies what is in the quarantine anew, with the keys as they are now; call it after a key has changed. What
	 * verifies is stored, offered to the handler and released; the rest stays.
	 *
	 * @throws {WeChatPayError} `STORE_FAILED` when the store fails; what was not released yet is still there.
	 */
	reverify(): Promise<ReverifyResult>;
	/** Resolves when no request, no handler and no `resume()` of this receiver is under way. Not for use in the handler. */
	idle(): Promise<void>;
}

/** Receives messages of one kind: read, judged, kept, answered, handled. */
export function createReceiver<Message extends Keyed, Context, Received>(
	protocol: Protocol<Message, Context, Received>,
	options: CheckedOptions<Received>,
): Receiver {
	const { handler, seconds, ticks, staleAfterSeconds } = options;
	const emit = emitterFor(options.onEvent);
	const time = emitterFor(options.onTiming);
	const inbox = watchInbox(protocol.inbox, emit, time, ticks);
	const { track, idle } = createTracker();
	const quarantine = createQuarantine({ protocol, inbox, limit: options.quarantineLimit, emit });
	const offers = handler && createOffers({ handler, inbox, emit, time, ticks, seconds, describe });
	const reverify = createReverify({ protocol, inbox, accept });
	let resumed = false;

	/** How a message stands that was received at that time. */
	function arrivalOf(message: Message, receivedAt: number) {
		const age = receivedAt - protocol.sentAt(message);
		return { receivedAt, stale: age > staleAfterSeconds, future: -age > staleAfterSeconds };
	}

	function describe(message: Message, receivedAt: number, sequence: number): Received {
		return protocol.received(message, { ...arrivalOf(message, receivedAt), sequence });
	}

	/** Law: durable, then "success". Rejects when the store does. */
	async function accept(message: Message, receivedAt: number, context?: RequestContext) {
		const { dedupKey } = message;
		const outcome = await inbox.insert(message, receivedAt);
		if (outcome === "duplicate") {
			emit({ type: "duplicate", dedupKey, receivedAt });
			return outcome;
		}
		const arrival = arrivalOf(message, receivedAt);
		emit({ type: "stored", dedupKey, receivedAt, stale: arrival.stale, future: arrival.future });
		if (offers) track(offers.offer(dedupKey, protocol.received(message, arrival)), context);
		return outcome;
	}

	const answer = time === unheard ? respond : respondTimed;

	async function respondTimed(incoming: Incoming, context?: RequestContext): Promise<Answer> {
		const start = ticks();
		const answered = await respond(incoming, context);
		time({ operation: "answer", status: answered.status, milliseconds: ticks() - start });
		return answered;
	}

	async function respond(incoming: Incoming, context?: RequestContext): Promise<Answer> {
		if (!resumed) track(resume(), context);
		if (incoming.method === "GET" && protocol.greet !== undefined) return greeting(incoming);
		if (incoming.method !== "POST") return turnAway(405);
		if (isEncoded(incoming)) return turnAway(415);
		const receivedAt = seconds();
		const beside = protocol.contextOf(incoming);
		const read = await incoming.read(options.maxBodyBytes, options.readTimeoutMs);
		if (read.end === "timeout") return turnAway(408);
		if (read.end === "aborted") return turnAway(400);
		const refuse = (code: WeChatPayErrorCode) =>
			refusal({ body: read.bytes, context: beside, receivedAt, truncated: read.end === "tooLarge", code });
		if (read.end === "tooLarge") return refuse(protocol.tooLarge);
		let judgement: Judgement<Message>;
		try {
			const judging = protocol.judge(read.bytes, beside, receivedAt);
			judgement = judging instanceof Promise ? await judging : judging;
		} catch (error) {
			return unjudged(error);
		}
		if ("refusedFor" in judgement) return refuse(judgement.refusedFor);
		try {
			await accept(judgement.message, receivedAt, context);
		} catch {
			return protocol.fail(503);
		}
		return protocol.success;
	}

	/** One constant answer, whatever the reason: it must not teach anyone how to forge. */
	async function refusal(refused: Refusal<Context>): Promise<Answer> {
		await quarantine(refused);
		return protocol.fail(401);
	}

	function greeting(incoming: Incoming): Answer {
		try {
			const greeted = protocol.greet?.(incoming) ?? protocol.fail(405);
			if (!("refusedFor" in greeted)) return greeted;
			// There is no body that could be kept.
			emit({ type: "refused", code: greeted.refusedFor, quarantined: false });
			return protocol.fail(401);
		} catch (error) {
			return unjudged(error);
		}
	}

	function unjudged(error: unknown): Answer {
		emit({ type: "verifyFailed", error });
		return protocol.fail(503);
	}

	function turnAway(status: 400 | 405 | 408 | 415): Answer {
		emit({ type: "unread", status });
		return { ...protocol.fail(status), ...(status === 405 && { allow: protocol.allow }) };
	}

	async function resume(): Promise<ResumeResult> {
		resumed = true;
		if (!offers) return { handled: 0, failed: 0 };
		try {
			return await offers.resume();
		} catch (error) {
			// The store could not be read: the next request tries again.
			resumed = false;
			throw error;
		}
	}

	function counted<T>(promise: Promise<T>): Promise<T> {
		track(promise);
		return promise;
	}

	const onRequest = (request: Request, context?: RequestContext) =>
		counted(answer(fromRequest(request), context).then(toResponse));
	const receiver = Object.assign(onRequest, {
		resume: () => counted(resume()),
		reverify: () => counted(reverify()),
		idle,
	});
	return withExchange(receiver, (incoming) => counted(answer(incoming)));
}

function isEncoded({ encoding }: Incoming): boolean {
	return !["", "identity"].includes((encoding ?? "").trim().toLowerCase());
}
