import type { Alarm } from "#wasm";
import { type Ticks, timed } from "../observe.js";
import type { AlarmStore, Page } from "../store.js";
import type { Emit, Time } from "./events.js";

/** An alarm as `onAlarm` is given it. */
export interface ReceivedAlarm {
	readonly alarm: Alarm;
	/** When it was received, in Unix seconds. */
	readonly receivedAt: number;
	/** Its `TimeStamp` was older than `staleAfterSeconds` when it was received. */
	readonly stale: boolean;
	/** Its `TimeStamp` was more than `staleAfterSeconds` ahead of this machine's clock. */
	readonly future: boolean;
	/** Its place in the store; present when `resume()` offers it. */
	readonly sequence?: number;
}

/** What became of the alarms that `resume()` offered. */
export interface ResumeResult {
	/** `onAlarm` resolved, and the store knows. */
	readonly handled: number;
	/** `onAlarm` threw, or the store did not take the mark: still unhandled. */
	readonly failed: number;
}

interface OffersOptions {
	readonly onAlarm: (received: ReceivedAlarm) => unknown;
	readonly store: Pick<AlarmStore, "list" | "markHandled">;
	readonly emit: Emit;
	readonly time: Time;
	readonly ticks: Ticks;
	readonly seconds: () => number;
	readonly describe: (alarm: Alarm, receivedAt: number) => ReceivedAlarm;
}

/** Offers stored alarms to `onAlarm`: each at least once, and never one twice at a time. */
export function createOffers({ onAlarm, store, emit, time, ticks, seconds, describe }: OffersOptions) {
	const running = new Map<string, Promise<boolean>>();
	// What was handled since the current `resume()` began: the page it works through may be older than that.
	let handledMeanwhile: Set<string> | undefined;
	let resuming: Promise<ResumeResult> | undefined;

	/** Resolves to whether the alarm is handled now; never rejects. */
	function offer(received: ReceivedAlarm): Promise<boolean> {
		const { dedupKey } = received.alarm;
		if (handledMeanwhile?.has(dedupKey)) return Promise.resolve(true);
		const current = running.get(dedupKey);
		if (current !== undefined) return current;
		const call = handle(received, dedupKey).finally(() => running.delete(dedupKey));
		running.set(dedupKey, call);
		return call;
	}

	async function handle(received: ReceivedAlarm, dedupKey: string): Promise<boolean> {
		// The answer is written before the handler's first line runs, however long that line takes.
		await nextTask();
		try {
			await timed(
				ticks,
				async () => onAlarm(received),
				(milliseconds, failed) => time({ operation: "handler", failed, milliseconds }),
			);
		} catch (error) {
			emit({ type: "handlerFailed", dedupKey, error });
			return false;
		}
		try {
			await store.markHandled(dedupKey, seconds());
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
			for await (const row of allRows((page) => store.list({ ...page, unhandled: true }))) {
				const received = { ...describe(row.alarm, row.receivedAt), sequence: row.sequence };
				// One after the other: a backlog must not become a thousand calls at once.
				if (await offer(received)) result.handled += 1;
				else result.failed += 1;
			}
			return result;
		} finally {
			handledMeanwhile = undefined;
		}
	}

	/** Offers every unhandled alarm, oldest first; a call during a run joins it. Rejects when the store does. */
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
