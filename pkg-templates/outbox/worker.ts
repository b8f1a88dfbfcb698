import type {
	DeliveryLease,
	DeliveryNotice,
	DeliveryProgress,
	DeliveryState,
	StoredDelivery,
} from "../delivery-store.js";
import { timed } from "../observe.js";
import type { Breaker } from "./breaker.js";
import type { Clock } from "./clock.js";
import type { EmitOutboxEvent, TimeOutbox } from "./events.js";
import type { OutboxJob } from "./job.js";
import type { CheckedOutboxOptions } from "./options.js";
import { fail, passTime, type Step, succeed, told } from "./progress.js";
import type { Rate } from "./rate.js";
import { finalWindow, longestWait } from "./schedule.js";
import type { Verdict } from "./verdict.js";

/** What a run has done. */
export interface RunTally {
	/** Deliveries that were sent, whatever came back. */
	attempts: number;
	/** Deliveries that WeChat has taken. */
	delivered: number;
}

interface WorkerOptions<Payload> extends CheckedOutboxOptions<Payload> {
	readonly job: Pick<OutboxJob<Payload>, "appId" | "send" | "judge">;
	readonly clock: Clock;
	readonly breaker: Breaker;
	readonly rate: Rate;
	readonly emit: EmitOutboxEvent;
	readonly time: TimeOutbox;
	/** Whether nothing new is to be begun. */
	readonly isStopping: () => boolean;
}

/** A leased row, and what is to be done with it. */
interface Errand<Payload> {
	readonly kind: "attempt" | "probe" | "notice";
	readonly row: StoredDelivery<Payload>;
	token: string;
	/** By the clock that only goes forward. */
	readonly leasedAt: number;
}

/** Between repetitions of a write that the store has rejected, in seconds. */
const settleAgainSeconds: readonly number[] = [0.1, 0.5, 1, 2, 5];
const hookSeconds = 10;
const undelivered: readonly DeliveryState[] = ["waiting", "needs-human", "expired"];

/** Does the work of one worker: leases rows, sends them, writes what became of them, tells whom it concerns. */
export function createWorker<Payload>(options: WorkerOptions<Payload>) {
	const { job, deliveries, hooks, rules, clock, breaker, rate, emit, isStopping } = options;
	const { concurrency, leaseSeconds, callSeconds, sleep, time, ticks } = options;
	const { appId } = job;
	const underWay = new Map<number, Errand<Payload>>();
	let leases = 0;
	let { workerId } = options;
	let healAt = 0;
	let noticesSeenAt = Number.NaN;

	/** Does everything that is due and permitted now, at most `limit` rows. Rejects when rows cannot be leased. */
	async function drain(limit: number): Promise<RunTally> {
		const tally = { attempts: 0, delivered: 0 };
		const flights = new Set<Promise<void>>();
		let waiting: Errand<Payload>[] = [];
		let left = limit;
		noticesSeenAt = Number.NaN;
		await heal();

		function launch(errand: Errand<Payload>): void {
			underWay.set(errand.row.sequence, errand);
			const flight = perform(errand, tally).finally(() => {
				flights.delete(flight);
				underWay.delete(errand.row.sequence);
			});
			flights.add(flight);
		}

		try {
			for (;;) {
				// Twice as many as are sent at a time: a lease for each single row would be mostly leases.
				if (waiting.length === 0 && flights.size < concurrency && left > 0 && !isStopping()) {
					waiting = await take(Math.min(2 * concurrency - flights.size, left));
					left -= waiting.length;
				}
				while (!isStopping() && flights.size < concurrency) {
					const errand = waiting.shift();
					if (errand === undefined) break;
					launch(errand);
				}
				if (flights.size > 0) await Promise.race(flights);
				else if (waiting.length === 0 || isStopping()) return tally;
			}
		} finally {
			await Promise.all(flights);
			// After the flights: theirs are the same leases.
			for (const token of new Set(waiting.map((errand) => errand.token)))
				await deliveries.release(token).catch(() => {});
		}
	}

	/** No wait is longer than the longest: a row that would wait longer was put off by a clock that was wrong. */
	async function heal(): Promise<void> {
		if (clock.elapsed() < healAt) return;
		const now = clock.sure();
		await deliveries.hasten(appId, undelivered, now, now + longestWait + 60);
		healAt = clock.elapsed() + 60;
	}

	/** Leases what is to be done next; the notices first, because nothing holds them back. */
	async function take(wanted: number): Promise<Errand<Payload>[]> {
		const second = clock.sure();
		if (second !== noticesSeenAt) {
			const errands = await lease("notice", { work: "notice", dueBy: second, limit: wanted });
			if (errands.length > 0) return errands;
			noticesSeenAt = second;
		}
		const permitted = breaker.permits();
		if (permitted === "probe") return probe();
		const limit = rate.take(wanted);
		if (limit === 0) return [];
		const due = { work: "attempt", dueBy: clock.due(), limit } as const;
		// While nothing helps, only those are sent that have no other chance.
		const last = permitted === "nothing" ? { deadlineBy: clock.due() + finalWindow } : {};
		const errands = await lease("attempt", { ...due, ...last });
		rate.giveBack(limit - errands.length);
		return errands;
	}

	async function probe(): Promise<Errand<Payload>[]> {
		breaker.probing();
		let errands: Errand<Payload>[] = [];
		try {
			// One that is due, or else the next to be: another row each time, because one that cannot be sent at all
			// would prove nothing for ever.
			const next = await deliveries.nextDueAt(appId, "attempt");
			const dueBy = Math.max(clock.due(), next ?? 0);
			errands = await lease("probe", { work: "attempt", dueBy, limit: 1 });
		} finally {
			if (errands.length === 0) breaker.spared();
		}
		return errands;
	}

	async function lease(
		kind: Errand<Payload>["kind"],
		wanted: Pick<DeliveryLease, "work" | "dueBy" | "limit" | "deadlineBy">,
	): Promise<Errand<Payload>[]> {
		leases += 1;
		// Not earlier: Cloudflare has no randomness while a module is loaded.
		workerId ??= crypto.randomUUID();
		const token = `${workerId}/${leases}`;
		const leasedAt = clock.elapsed();
		const now = clock.sure();
		const rows = await deliveries.lease({
			...wanted,
			appId,
			now,
			until: clock.steady() + leaseSeconds,
			token,
		});
		const errands: Errand<Payload>[] = [];
		for (const row of rows) {
			const flying = underWay.get(row.sequence);
			if (flying === undefined) errands.push({ kind, row, token, leasedAt });
			// Its lease has run out while it is still being sent here: this is its new one.
			else flying.token = token;
		}
		return errands;
	}

	/** Never rejects: one row is nothing to the others. */
	async function perform(errand: Errand<Payload>, tally: RunTally): Promise<void> {
		const { row } = errand;
		if (errand.kind === "notice") return conclude(errand, passTime(row, clock.sure(), row.deadline, rules));
		if (!mayBeSent(errand)) {
			if (errand.kind === "probe") breaker.spared();
			// Without it the lease runs out.
			await deliveries.release(errand.token, row.sequence).catch(() => {});
			return;
		}
		tally.attempts += 1;
		let verdict: Verdict | undefined;
		try {
			await timed(
				ticks,
				() => job.send(row),
				(milliseconds, failed) => time({ operation: "attempt", failed, milliseconds }),
			);
		} catch (error) {
			verdict = job.judge(error, row);
		}
		await (verdict === undefined ? taken(errand, tally) : refused(errand, verdict));
	}

	/** Between the lease and now, rows before this one have had their turn. */
	function mayBeSent({ kind, row, leasedAt }: Errand<Payload>): boolean {
		// Nobody else may have the row before the call has ended.
		if (clock.elapsed() - leasedAt > leaseSeconds - callSeconds) return false;
		if (kind === "probe" || breaker.permits() === "all") return true;
		return row.deadline <= clock.due() + finalWindow;
	}

	async function taken(errand: Errand<Payload>, tally: RunTally): Promise<void> {
		tally.delivered += 1;
		await goOn();
		await conclude(errand, succeed(errand.row, clock.steady(), errand.row.deadline, rules));
	}

	async function refused(errand: Errand<Payload>, verdict: Verdict): Promise<void> {
		const { row } = errand;
		const { code, errcode, scope, pauseSeconds } = verdict;
		if (scope === "delivery") {
			// It was WeChat that refused it.
			if (code === "API_ERROR") await goOn();
			else if (errand.kind === "probe") breaker.postponed();
		} else {
			const pause = pauseSeconds === undefined ? {} : { pauseSeconds };
			if (breaker.failed(scope, { isProbe: errand.kind === "probe", ...pause })) {
				emit({ type: "breakerOpened", reason: scope, code, errcode });
			}
		}
		const passed = passTime(row, clock.sure(), row.deadline, rules);
		const times = { now: clock.due(), sure: clock.sure() };
		const failed = fail(passed.progress, verdict, times, row.deadline, rules);
		const { attempts, attemptAt } = failed.progress;
		emit({ type: "failed", key: row.key, attempts, code, errcode, attemptAt });
		await conclude(errand, { progress: failed.progress, raised: [...passed.raised, ...failed.raised] });
	}

	/** WeChat can be reached: what waited only for that need not wait any longer. */
	async function goOn(): Promise<void> {
		const reason = breaker.reached();
		if (reason === null) return;
		emit({ type: "breakerClosed", reason });
		const states = reason === "host" ? undelivered.filter((state) => state !== "needs-human") : undelivered;
		// Without it they go at their own time.
		await deliveries.hasten(appId, states, clock.sure()).catch(() => {});
	}

	/** Writes the step down, then tells whom it concerns, then writes down who was told. */
	async function conclude(errand: Errand<Payload>, { progress, raised }: Step): Promise<void> {
		const { row } = errand;
		const owes = progress.owed.length > 0;
		if (!(await settle(errand, progress, owes ? clock.steady() + leaseSeconds : null))) return;
		for (const notice of raised) report(row, progress, notice);
		if (!owes) return;
		const toldOf: DeliveryNotice[] = [];
		for (const notice of progress.owed) if (await tell(notice, row, progress)) toldOf.push(notice);
		await settle(errand, told(progress, toldOf, clock.sure(), row.deadline, rules));
	}

	function report(
		row: StoredDelivery<Payload>,
		{ attempts, deliveredAt }: DeliveryProgress,
		notice: DeliveryNotice,
	): void {
		const { key } = row;
		if (notice !== "delivered") {
			emit({ type: notice, key });
			return;
		}
		const at = deliveredAt ?? row.enqueuedAt;
		emit({ type: "delivered", key, attempts, seconds: at - row.enqueuedAt, late: at > row.deadline });
	}

	/** Calls a hook, for so long; whether it resolved. */
	async function tell(
		notice: DeliveryNotice,
		row: StoredDelivery<Payload>,
		progress: DeliveryProgress,
	): Promise<boolean> {
		const hook = hooks.get(notice);
		if (hook === undefined) return true;
		const limit = new AbortController();
		try {
			const secondsLeft = row.deadline - clock.steady();
			const call = (async () => hook({ ...row, ...progress, secondsLeft }))();
			const late = sleep(hookSeconds, limit.signal).then(() => {
				throw new Error(`The hook took longer than ${hookSeconds} seconds.`);
			});
			await timed(
				ticks,
				() => Promise.race([call, late]),
				(milliseconds, failed) => time({ operation: "hook", hook: notice, failed, milliseconds }),
			);
			return true;
		} catch (error) {
			emit({ type: "hookFailed", hook: notice, key: row.key, error });
			return false;
		} finally {
			limit.abort();
		}
	}

	/**
	 * Whether it is written. A store that rejects is asked again, because what is not written is sent again; after a
	 * while the lease is left to run out.
	 */
	async function settle(
		errand: Errand<Payload>,
		progress: DeliveryProgress,
		leaseUntil: number | null = null,
	): Promise<boolean> {
		const { row } = errand;
		for (const pause of [...settleAgainSeconds, null]) {
			try {
				if (await deliveries.settle(row.sequence, errand.token, progress, leaseUntil)) return true;
				emit({ type: "leaseLost", key: row.key });
				return false;
			} catch {
				// Reported by the store's watcher.
				if (pause !== null) await sleep(pause, new AbortController().signal);
			}
		}
		return false;
	}

	/** When there is something to do again, in Unix seconds, fractions included; `null`: when something is enqueued. */
	async function nextTurn(): Promise<number | null> {
		const attemptAt = await deliveries.nextDueAt(appId, "attempt");
		const noticeAt = await deliveries.nextDueAt(appId, "notice");
		const turns = [
			attemptAt === null ? null : permittedFrom(attemptAt),
			noticeAt === null ? null : sureFrom(noticeAt),
		].filter((at) => at !== null);
		return turns.length === 0 ? null : Math.min(...turns);
	}

	function sureFrom(noticeAt: number): number {
		const left = noticeAt - clock.sure();
		// While the clock is suspect, the two differ; what is believed may change any minute.
		return clock.due() === clock.sure() ? noticeAt : clock.due() + Math.min(60, Math.max(0, left));
	}

	function permittedFrom(attemptAt: number): number {
		const now = clock.due();
		const probeAt = breaker.probeAt();
		// At least once a minute, for those that have no other chance.
		if (probeAt !== null) return now + Math.min(60, Math.max(0, probeAt - clock.elapsed()));
		return Math.max(attemptAt, now + rate.waitSeconds());
	}

	return { drain, nextTurn };
}
