import { checkInteger, invalidArgument } from "../arguments.js";
import type { DeliveryNotice, DeliveryStore, StoredDelivery } from "../delivery-store.js";
import { platformTicks } from "../observe.js";
import type { Delivery } from "../wasm/load.js";
import type { OutboxEvent, OutboxTiming } from "./events.js";

/** A delivery as the hooks are given it. */
export interface ReportedDelivery<Payload = Delivery> extends StoredDelivery<Payload> {
	/** How long there is until the deadline, in seconds; negative when it has passed. */
	readonly secondsLeft: number;
}

/** Called about one delivery. What it throws is reported as an event, and it is called again later. */
export type OutboxHook<Payload = Delivery> = (delivery: ReportedDelivery<Payload>) => unknown;

/** How an outbox is set up, whatever it sends. Outboxes that share a store are set up alike, each with its own `workerId`. */
export interface OutboxOptions<Payload = Delivery> {
	/** WeChat has taken a delivery, in time or late. */
	readonly onDelivered?: OutboxHook<Payload>;
	/** Not delivered, and `inDangerSeconds` or less are left. */
	readonly onInDanger?: OutboxHook<Payload>;
	/**
	 * The deadline has passed: alarm 1001 is to be expected, of a shipping notice the push `trade_manage_remind_shipping`.
	 * It is still sent for `lateSeconds`.
	 */
	readonly onExpired?: OutboxHook<Payload>;
	/** WeChat's answer asks for somebody to act: `lastErrcode` and `lastSentence` say what to do. */
	readonly onNeedsHuman?: OutboxHook<Payload>;
	/** Told what happens, for logs and metrics. What it throws is ignored. */
	readonly onEvent?: (event: OutboxEvent) => unknown;
	/** Told how long things took, for metrics. What it throws is ignored. */
	readonly onTiming?: (timing: OutboxTiming) => unknown;
	/** How long before its deadline a delivery is in danger, in seconds. Default 7200. */
	readonly inDangerSeconds?: number;
	/** For how long after its deadline a delivery is still sent, in seconds. Default 259200, three days. */
	readonly lateSeconds?: number;
	/** How many are sent at a time: 1 to 256. Default 8. */
	readonly concurrency?: number;
	/**
	 * How many are sent a second at most, on average, so that the backlog of an outage does not use up WeChat's quota.
	 * `Infinity` for no limit. Default 20.
	 */
	readonly maxPerSecond?: number;
	/**
	 * For how long a worker has a row to itself, in seconds: what a row waits when its worker has died. Longer than the
	 * client's longest call, its `longestCallMs`. Default: that and 40 more.
	 */
	readonly leaseSeconds?: number;
	/** How often a running worker looks for what others have enqueued, in seconds, at the latest. Default 5. */
	readonly pollSeconds?: number;
	/** Names this worker, and no other one, ever. Default: a random UUID. */
	readonly workerId?: string;
	/** The clock, in Unix seconds. Default: the platform's. */
	readonly now?: () => number;
	/**
	 * Seconds of a clock that only goes forward, against which jumps of `now` are noticed. Default: the platform's
	 * `performance.now`, and none where `now` is given.
	 */
	readonly elapsed?: () => number;
	/** A clock for timings, in milliseconds, that never goes back. Default: `performance.now`. */
	readonly ticks?: () => number;
	/** Numbers from 0 up to, but not including, 1; they spread attempts. Default: `Math.random`. */
	readonly random?: () => number;
	/** Resolves after so many seconds, or as soon as the signal aborts. Default: `setTimeout`. */
	readonly sleep?: (seconds: number, signal: AbortSignal) => Promise<void>;
}

const optionNames: readonly string[] = [
	"client",
	"store",
	"onDelivered",
	"onInDanger",
	"onExpired",
	"onNeedsHuman",
	"onEvent",
	"onTiming",
	"inDangerSeconds",
	"lateSeconds",
	"concurrency",
	"maxPerSecond",
	"leaseSeconds",
	"pollSeconds",
	"workerId",
	"now",
	"elapsed",
	"ticks",
	"random",
	"sleep",
] satisfies (keyof OutboxOptions | "client" | "store")[];

/** Beyond a call of the client: for the store, and for the hooks. */
const leaseMarginSeconds = 40;

/** What an outbox of one kind is made with, and how that is said. */
export interface OutboxKind<Payload> {
	readonly client: { readonly longestCallMs: number };
	/** Whether the client is one that can send them. */
	readonly isClient: boolean;
	readonly clientMaker: string;
	/** The part of the store that keeps them. */
	readonly part: string;
	readonly deliveries: DeliveryStore<Payload> | undefined;
}

/** What {@link checkOptions} is given in any case. */
export function checkNames(options: object, maker: string): void {
	if (typeof options !== "object" || options === null) {
		throw invalidArgument("options", `${maker} needs an object with \`client\` and \`store\`.`);
	}
	for (const name of Object.keys(options)) {
		if (optionNames.includes(name)) continue;
		throw invalidArgument("options", `${maker} knows only the options ${optionNames.join(", ")}.`);
	}
}

/** Checks the options once, when the outbox is made, and fills in the defaults. */
export function checkOptions<Payload>(options: OutboxOptions<Payload>, kind: OutboxKind<Payload>) {
	const { client, isClient, clientMaker, part, deliveries } = kind;
	const { onDelivered, onInDanger, onExpired, onNeedsHuman, onEvent, onTiming } = options;
	if (!isClient) {
		throw invalidArgument("client", `\`client\` must be a client, such as ${clientMaker}() gives.`);
	}
	if (typeof deliveries?.enqueue !== "function") {
		throw invalidArgument(
			"store",
			`\`store\` must be a store with ${part}, such as createSqliteStore() gives.`,
		);
	}
	const { now = () => Date.now() / 1000, random = Math.random, sleep = sleepByTimer } = options;
	const { ticks = platformTicks } = options;
	const { elapsed = options.now === undefined ? () => performance.now() / 1000 : undefined } = options;
	const functions = {
		onDelivered,
		onInDanger,
		onExpired,
		onNeedsHuman,
		onEvent,
		onTiming,
		now,
		elapsed,
		ticks,
		random,
		sleep,
	};
	for (const [name, value] of Object.entries(functions)) {
		if (value === undefined || typeof value === "function") continue;
		throw invalidArgument(name, `\`${name}\` must be a function.`);
	}
	checkInteger("client.longestCallMs", client.longestCallMs, 1);
	const callSeconds = Math.ceil(client.longestCallMs / 1000);
	const { inDangerSeconds = 7200, lateSeconds = 259_200, concurrency = 8, pollSeconds = 5 } = options;
	const { leaseSeconds = callSeconds + leaseMarginSeconds, maxPerSecond = 20 } = options;
	checkInteger("inDangerSeconds", inDangerSeconds, 0);
	checkInteger("lateSeconds", lateSeconds, 0);
	checkInteger("concurrency", concurrency, 1, 256);
	checkInteger("pollSeconds", pollSeconds, 1, 3600);
	checkInteger("leaseSeconds", leaseSeconds, callSeconds + 5);
	if (!(typeof maxPerSecond === "number" && maxPerSecond > 0)) {
		throw invalidArgument("maxPerSecond", "`maxPerSecond` must be a number above 0, or Infinity.");
	}
	const { workerId } = options;
	if (workerId !== undefined && (typeof workerId !== "string" || workerId === "")) {
		throw invalidArgument("workerId", "`workerId` must be a text that names this worker alone.");
	}
	const hooks = new Map<DeliveryNotice, OutboxHook<Payload>>();
	if (onDelivered !== undefined) hooks.set("delivered", onDelivered);
	if (onInDanger !== undefined) hooks.set("inDanger", onInDanger);
	if (onExpired !== undefined) hooks.set("expired", onExpired);
	if (onNeedsHuman !== undefined) hooks.set("needsHuman", onNeedsHuman);
	return {
		deliveries,
		hooks: hooks as ReadonlyMap<DeliveryNotice, OutboxHook<Payload>>,
		onEvent,
		onTiming,
		ticks,
		rules: { inDangerSeconds, lateSeconds, random, wanted: new Set(hooks.keys()) },
		concurrency,
		maxPerSecond,
		callSeconds,
		leaseSeconds,
		pollSeconds,
		workerId,
		now: () => unixSeconds(now()),
		elapsed,
		sleep,
	};
}

/** {@link OutboxOptions}, checked and complete. */
export type CheckedOutboxOptions<Payload> = ReturnType<typeof checkOptions<Payload>>;

// Date.now as the clock would make every delivery expire at once.
function unixSeconds(now: number): number {
	if (now >= 0 && now < 1e11) return now;
	throw invalidArgument("now", "`now` must give Unix seconds, not milliseconds.");
}

function sleepByTimer(seconds: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) return resolve();
		const wake = (): void => {
			clearTimeout(timer);
			signal.removeEventListener("abort", wake);
			resolve();
		};
		const timer = setTimeout(wake, seconds * 1000);
		signal.addEventListener("abort", wake);
	});
}
