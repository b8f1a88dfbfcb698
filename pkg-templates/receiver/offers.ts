import { type Ticks, timed } from "../observe.js";
import type { Page } from "../store.js";
import type { Emit, Time } from "./events.js";
import type { Inbox, Keyed } from "./protocol.js";

/** What became of the messages that `resume()` offered. */
export interface ResumeResult {
	/** The handler resolved, and the store knows. */
	readonly handled: number;
	/** The handler threw, or the store did not take the mark: still unhandled. */
	readonly failed: number;
}

interface OffersOptions<Message, Received> {
	readonly handler: (received: Received) => unknown;
	readonly inbox: Pick<Inbox<Message, never>, "list" | "markHandled">;
	readonly emit: Emit;
	readonly time: Time;
	readonly ticks: Ticks;
	readonly seconds: () => number;
	readonly describe: (message: Message, receivedAt: number, sequence: number) => Received;
}

/** Offers stored messages to the handler: each at least once, and never one twice at a time. */
export function createOffers<Message extends Keyed, Received>(options: OffersOptions<Message, Received>) {
	const { handler, inbox, emit, time, ticks, seconds, describe } = options;
	const running = new Map<string, Promise<boolean>>();
	// What was handled since the current `resume()` began: the page it works through may be older than that.
	let handledMeanwhile: Set<string> | undefined;
	let resuming: Promise<ResumeResult> | undefined;

	/** Resolves to whether the message is handled now; never rejects. */
	function offer(dedupKey: string, received: Received): Promise<boolean> {
		if (handledMeanwhile?.has(dedupKey)) return Promise.resolve(true);
		const current = running.get(dedupKey);
		if (current !== undefined) return current;
		const call = handle(received, dedupKey).finally(() => running.delete(dedupKey));
		running.set(dedupKey, call);
		return call;
	}

	async function handle(received: Received, dedupKey: string): Promise<boolean> {
		// The answer is written before the handler's first line runs, however long that line takes.
		await nextTask();
		try {
			await timed(
				ticks,
				async () => handler(received),
				(milliseconds, failed) => time({ operation: "handler", failed, milliseconds }),
			);
		} catch (error) {
			emit({ type: "handlerFailed", dedupKey, error });
			return false;
		}
		try {
			await inbox.markHandled(dedupKey, seconds());
		} catch {
			return false;
		}
		handledMeanwhile?.add(dedupKey);
		emit({ type: "handled", dedupKey });
		return true;
	}

	async function offerUnhandled(): Promise<ResumeResult> {
		const result = { handled: 0, failed: 0 };
		handledMeanwhile = new Set();
		try {
			await nextTask();
			for await (const { message, receivedAt, sequence } of allRows((page) => inbox.list(page))) {
				const received = describe(message, receivedAt, sequence);
				// One after the other: a backlog must not become a thousand calls at once.
				if (await offer(message.dedupKey, received)) result.handled += 1;
				else result.failed += 1;
			}
			return result;
		} finally {
			handledMeanwhile = undefined;
		}
	}

	/** Offers every unhandled message, oldest first; a call during a run joins it. Rejects when the store does. */
	function resume(): Promise<ResumeResult> {
		resuming ??= offerUnhandled().finally(() => {
			resuming = undefined;
		});
		return resuming;
	}

	return { offer, resume };
}

/** Every row of a list of the store, oldest first, read page by page. */
export async function* allRows<Row extends { readonly sequence: number }>(
	read: (page: Page) => Promise<Row[]>,
): AsyncGenerator<Row> {
	const limit = 50;
	let page: Page = { limit };
	for (;;) {
		const rows = await read(page);
		yield* rows;
		const last = rows.at(-1);
		if (last === undefined) return;
		page = { limit, after: last.sequence };
	}
}

function nextTask(): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, 0));
}
