import type { Delivery, Goods } from "#wasm";
import { checkInteger } from "./arguments.js";
import { deliveryDeadline } from "./deliver-notify.js";
import type { DeliveryCounts, DeliveryQuery, NewDelivery, StoredDelivery } from "./delivery-store.js";
import { WeChatPayError } from "./errors.js";
import { emitterFor } from "./observe.js";
import { createBreaker } from "./outbox/breaker.js";
import { createClock } from "./outbox/clock.js";
import { watchDeliveries } from "./outbox/events.js";
import { checkOptions, type DeliveryOutboxOptions } from "./outbox/options.js";
import { begin } from "./outbox/progress.js";
import { createRate } from "./outbox/rate.js";
import { createWorker, type RunTally } from "./outbox/worker.js";

export type { BreakerReason } from "./outbox/breaker.js";
export type { OutboxEvent, OutboxTiming } from "./outbox/events.js";
export type { DeliveryOutboxOptions, OutboxHook, ReportedDelivery } from "./outbox/options.js";

/** What decides by when WeChat has to hear of a delivery. */
export interface DeliveryTerms {
	/** When it was paid, in Unix seconds: the payment notification's `time_end`, not the time of your own call. */
	readonly paidAt: number;
	readonly goods: Goods;
}

/** What a run of an outbox has done. */
export interface OutboxRun extends Readonly<RunTally> {
	/** When to run again, in Unix seconds; it may have passed already. `null`: nothing is left to do. */
	readonly nextRunAt: number | null;
}

/** Deliveries that are on their way to WeChat, made by {@link createDeliveryOutbox}. */
export interface DeliveryOutbox {
	/**
	 * Keeps a delivery until WeChat has taken it. It is durable when this resolves. The same order, by `outTradeNo` and
	 * `transid`, is kept once; `deliverTimestamp` may differ then, and the first one stays.
	 *
	 * @throws {WeChatPayError} `FIELD_MALFORMED`, `FIELD_CONTAINS_KEY`, `ARGUMENT_INVALID`: it could never be sent.
	 *   `DELIVERY_CONFLICT`: the order is here already with another buyer, status, text, payment time or kind of goods;
	 *   nothing was changed. `STORE_FAILED`: it is not kept.
	 */
	enqueue(delivery: Delivery, terms: DeliveryTerms): Promise<"inserted" | "duplicate">;
	/** Works from now on until {@link DeliveryOutbox.stop}. Repeated calls change nothing. */
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
	get(order: Pick<Delivery, "outTradeNo" | "transid">): Promise<StoredDelivery | undefined>;
	/** Deliveries of this account in the order in which they were enqueued, of one state or of all. */
	list(query: Omit<DeliveryQuery, "appId">): Promise<StoredDelivery[]>;
	/** How many deliveries of this account there are in each state. */
	counts(): Promise<DeliveryCounts>;
	/**
	 * Sends a delivery now, by its `sequence`: somebody has mended what it waited for.
	 *
	 * @returns `false` when there is none, or it is delivered already.
	 */
	retry(sequence: number): Promise<boolean>;
}

/**
 * Sends delivery notifications so that none is lost and none is late (PROTOCOL 3): what `enqueue` has resolved for is
 * sent until WeChat takes it, signed anew each time.
 *
 * Each failure is followed by a longer wait, with jitter, but 60, 30, 10, 5, 2 and 1 minute before its deadline a
 * delivery is sent in any case. When WeChat cannot be reached, or refuses the whole account, one delivery at a time is
 * tried until it can, every 30 to 600 seconds; then all go, at `maxPerSecond`. What needs a person, such as errcode
 * 48001, 40164 or 49004, becomes `needs-human`, and is still tried from time to time. After its deadline a delivery
 * becomes `expired` and is still sent for `lateSeconds`: late, but WeChat hears of it.
 *
 * Any number of workers may share a store. A row is sent by one at a time, and at least once: a worker that dies
 * between WeChat's answer and its own commit leaves a row that is sent again. WeChat documents nothing against that.
 * Hooks are called at least once, too.
 *
 * @throws {WeChatPayError} `ARGUMENT_INVALID` when an option cannot be used.
 *
 * @example
 * ```ts
 * import { createClient, createDeliveryOutbox } from "paysign";
 * import { startSandbox } from "paysign/sandbox";
 * import { createMemoryStore } from "paysign/stores/memory";
 *
 * const account = { appId: "wxf8b4f85f3a794e77", appSecret: "secret", appKey: "k".repeat(128) };
 * const order = { openid: "o0pk9uIVnlY", transid: "1218614901201405273313473135", outTradeNo: "JfuKdiBig4zZnE4n" };
 * const paidAt = Math.floor(Date.now() / 1000);
 * const sandbox = await startSandbox({ accounts: [account] });
 * sandbox.addOrder({ appId: account.appId, ...order, paidAt, goods: "virtual" });
 *
 * const outbox = createDeliveryOutbox({
 * 	client: createClient({ ...account, fetch: sandbox.fetch }),
 * 	store: createMemoryStore(), // paysign/stores/sqlite keeps what was enqueued
 * 	onInDanger: ({ key, secondsLeft }) => console.error(key, secondsLeft),
 * });
 * await outbox.enqueue(
 * 	{ ...order, deliverTimestamp: paidAt, deliverStatus: 1, deliverMsg: "ok" },
 * 	{ paidAt, goods: "virtual" },
 * );
 * console.log((await outbox.runOnce()).delivered); // 1
 * await sandbox.close();
 * ```
 */
export function createDeliveryOutbox(options: DeliveryOutboxOptions): DeliveryOutbox {
	const checked = checkOptions(options);
	const { client, rules, sleep, pollSeconds } = checked;
	const { appId } = client;
	const emit = emitterFor(checked.onEvent);
	const time = emitterFor(checked.onTiming);
	const deliveries = watchDeliveries(checked.deliveries, emit, time, checked.ticks);
	const clock = createClock(checked.now, checked.elapsed, (seconds) =>
		emit({ type: "clockJumped", seconds }),
	);
	let isStopping = false;
	const worker = createWorker({
		...checked,
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
			const checkedDelivery = client.checkDelivery(delivery);
			const { paidAt, goods } = terms;
			checkInteger("paidAt", paidAt, 0);
			const deadline = deliveryDeadline(paidAt, goods);
			const now = clock.steady();
			const key = keyOf(appId, delivery);
			const row: NewDelivery = {
				key,
				appId,
				delivery: checkedDelivery,
				goods,
				paidAt,
				deadline,
				enqueuedAt: now,
			};
			const outcome = await deliveries.enqueue(row, begin(now, deadline, rules));
			if (outcome === "conflict") throw conflict();
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
		get: (order) => deliveries.get(keyOf(appId, order)),
		list: (query) => deliveries.list({ ...query, appId }),
		counts: () => deliveries.counts(appId),
		async retry(sequence) {
			const isWaiting = await deliveries.retry(sequence, clock.sure());
			nap?.abort();
			return isWaiting;
		},
	};
}

/** One key for each order: neither an AppId nor a transid holds a slash. */
function keyOf(appId: string, { transid, outTradeNo }: Pick<Delivery, "outTradeNo" | "transid">): string {
	return `${appId}/${transid}/${outTradeNo}`;
}

function checkGrace(graceSeconds: number): void {
	checkInteger("graceSeconds", graceSeconds, 0, 86_400);
}

function conflict(): WeChatPayError {
	return new WeChatPayError(
		"DELIVERY_CONFLICT",
		"The outbox has a delivery with this outTradeNo and transid already, and it says something else: another openid, " +
			"deliverStatus, deliverMsg, paidAt or kind of goods. The first one stays. If it is wrong, report the change with " +
			"client.deliverNotify(); no source says what WeChat makes of a second notification.",
	);
}
