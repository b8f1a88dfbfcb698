import { checkInteger } from "../arguments.js";
import type { DeliveryCounts, DeliveryQuery, StoredDelivery } from "../delivery-store.js";
import { emitterFor } from "../observe.js";
import { createBreaker } from "./breaker.js";
import { createClock } from "./clock.js";
import { watchDeliveries } from "./events.js";
import type { OutboxJob } from "./job.js";
import type { CheckedOutboxOptions } from "./options.js";
import { begin } from "./progress.js";
import { createRate } from "./rate.js";
import { createWorker, type RunTally } from "./worker.js";

/** What a run of an outbox has done. */
export interface OutboxRun extends Readonly<RunTally> {
	/** When to run again, in Unix seconds; it may have passed already. `null`: nothing is left to do. */
	readonly nextRunAt: number | null;
}

/**
 * What is on its way to WeChat.
 *
 * @typeParam Payload What is sent.
 * @typeParam Terms What decides by when.
 * @typeParam Order What names an order.
 */
export interface Outbox<Payload, Terms, Order> {
	/**
	 * Keeps one until WeChat has taken it. It is durable when this resolves.
	 *
	 * @throws {WeChatPayError} `FIELD_…`, `ARGUMENT_INVALID`: it could never be sent. `DELIVERY_CONFLICT`: the order is here
	 *   already with another content; nothing was changed. `STORE_FAILED`: it is not kept.
	 */
	enqueue(delivery: Payload, terms: Terms): Promise<"inserted" | "duplicate">;
	/** Works from now on until {@link Outbox.stop}. Repeated calls change nothing. */
	start(): void;
	/**
	 * Takes no more rows, waits for what is being sent, and lets go of the rows that are not. Then the store may be
	 * closed.
	 *
	 * @param graceSeconds After so many seconds it no longer waits: what is being sent then is sent again when its
	 *   lease has run out. Default 30.
	 */
	stop(graceSeconds?: number): Promise<void>;
	/**
	 * Does everything that is due, then returns: for a scheduler, a Durable Object's alarm, a test. A call during a run
	 * joins that run.
	 *
	 * @param limit At most this many rows. Default: no limit.
	 * @throws {WeChatPayError} `STORE_FAILED` when rows cannot be read.
	 */
	runOnce(limit?: number): Promise<OutboxRun>;
	/** The delivery of an order. */
	get(order: Order): Promise<StoredDelivery<Payload> | undefined>;
	/** Deliveries of this account in the order in which they were enqueued, of one state or of all. */
	list(query: Omit<DeliveryQuery, "appId">): Promise<StoredDelivery<Payload>[]>;
	/** How many deliveries of this account there are in each state. */
	counts(): Promise<DeliveryCounts>;
	/**
	 * Sends a delivery now, by its `sequence`: somebody has mended what it waited for.
	 *
	 * @returns `false` when there is none, or it is delivered already.
	 */
	retry(sequence: number): Promise<boolean>;
}

/** Makes an outbox for one kind of job. */
export function createOutbox<Payload, Terms, Order>(
	checked: CheckedOutboxOptions<Payload>,
	job: OutboxJob<Payload, Terms, Order>,
): Outbox<Payload, Terms, Order> {
	const { rules, sleep, pollSeconds } = checked;
	const { appId } = job;
	const emit = emitterFor(checked.onEvent);
	const time = emitterFor(checked.onTiming);
	const deliveries = watchDeliveries(checked.deliveries, emit, time, checked.ticks);
	const clock = createClock(checked.now, checked.elapsed, (seconds) =>
		emit({ type: "clockJumped", seconds }),
	);
	let isStopping = false;
	const worker = createWorker({
		...checked,
		job,
		deliveries,
		clock,
		breaker: createBreaker(clock.elapsed),
		rate: createRate(checked.maxPerSecond, clock.elapsed),
		emit,
		time,
		isStopping: () => isStopping,
	});
	let running: Promise<OutboxRun> | undefined;
	let loop: Promise<void> | undefined;
	let nap: AbortController | undefined;

	function run(limit: number): Promise<OutboxRun> {
		running ??= (async () => {
			const tally = await worker.drain(limit);
			return { ...tally, nextRunAt: await worker.nextTurn() };
		})().finally(() => {
			running = undefined;
		});
		return running;
	}

	async function work(): Promise<void> {
		while (!isStopping) {
			// Before the run: what is enqueued while it is under way must not wait for the next poll.
			nap = new AbortController();
			// A store that fails is reported, and asked again.
			const { nextRunAt } = await run(Number.POSITIVE_INFINITY).catch(() => ({ nextRunAt: null }));
			if (isStopping) return;
			const wait = nextRunAt === null ? pollSeconds : nextRunAt - clock.due();
			await sleep(Math.min(pollSeconds, Math.max(0.25, wait)), nap.signal);
		}
	}

	return {
		async enqueue(delivery, terms) {
			const prepared = job.prepare(delivery, terms);
			const { key, deadline } = prepared;
			const now = clock.steady();
			const row = { ...prepared, appId, enqueuedAt: now };
			const outcome = await deliveries.enqueue(row, begin(now, deadline, rules));
			if (outcome === "conflict") throw job.conflict();
			emit({ type: outcome === "inserted" ? "enqueued" : "duplicate", key });
			nap?.abort();
			return outcome;
		},
		start() {
			isStopping = false;
			loop ??= work().finally(() => {
				loop = undefined;
			});
		},
		async stop(graceSeconds = 30) {
			checkGrace(graceSeconds);
			isStopping = true;
			nap?.abort();
			const grace = new AbortController();
			const done = Promise.allSettled([loop, running]);
			await Promise.race([done, sleep(graceSeconds, grace.signal)]);
			grace.abort();
		},
		async runOnce(limit = Number.POSITIVE_INFINITY) {
			if (limit !== Number.POSITIVE_INFINITY) checkInteger("limit", limit, 1);
			if (loop === undefined) isStopping = false;
			return run(limit);
		},
		get: (order) => deliveries.get(job.keyOf(order)),
		list: (query) => deliveries.list({ ...query, appId }),
		counts: () => deliveries.counts(appId),
		async retry(sequence) {
			const isWaiting = await deliveries.retry(sequence, clock.sure());
			nap?.abort();
			return isWaiting;
		},
	};
}

function checkGrace(graceSeconds: number): void {
	checkInteger("graceSeconds", graceSeconds, 0, 86_400);
}
