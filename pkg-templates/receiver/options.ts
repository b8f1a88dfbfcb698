import { checkInteger, invalidArgument } from "../arguments.js";
import { platformTicks } from "../observe.js";
import type { ReceiverEvent, ReceiverTiming } from "./events.js";

/** What the receivers of all kinds of messages have in common. */
export interface ReceiverOptions<Event = ReceiverEvent> {
	/** Told what happens, for logs and metrics. What it throws is ignored. */
	readonly onEvent?: (event: Event) => unknown;
	/** Told how long things took, for metrics. What it throws is ignored. */
	readonly onTiming?: (timing: ReceiverTiming) => unknown;
	/** The clock, in Unix seconds. Default: this machine's. */
	readonly now?: () => number;
	/** A clock for timings, in milliseconds, that never goes back. Default: `performance.now`. */
	readonly ticks?: () => number;
	/**
	 * From which distance of its time stamp on a message is called `stale` or `future`, in seconds. It is never refused
	 * for it: a late alarm is still an alarm. Default 300.
	 */
	readonly staleAfterSeconds?: number;
	/** The largest body that is read, in bytes: 1 to 65536. Default 65536. */
	readonly maxBodyBytes?: number;
	/** How long reading a body may take, in milliseconds; then 408. Default 10000. */
	readonly readTimeoutMs?: number;
	/** What is kept of refused bodies. */
	readonly quarantine?: {
		/** At most this many, the newest; 0 keeps none. As many may come at once, then one a second. Default 200. */
		readonly limit?: number;
	};
}

/** The largest body a receiver reads, in bytes; the verifiers refuse larger ones anyway. */
const MAX_BODY_BYTES = 65_536;

const optionNames: readonly string[] = [
	"onEvent",
	"onTiming",
	"now",
	"ticks",
	"staleAfterSeconds",
	"maxBodyBytes",
	"readTimeoutMs",
	"quarantine",
] satisfies (keyof ReceiverOptions)[];

/** What the engine is given. */
export interface CheckedOptions<Received> {
	readonly handler: ((received: Received) => unknown) | undefined;
	readonly onEvent: ((event: ReceiverEvent) => unknown) | undefined;
	readonly onTiming: ((timing: ReceiverTiming) => unknown) | undefined;
	/** Unix seconds, whole ones. */
	readonly seconds: () => number;
	readonly ticks: () => number;
	readonly staleAfterSeconds: number;
	readonly maxBodyBytes: number;
	readonly readTimeoutMs: number;
	readonly quarantineLimit: number;
}

/**
 * Checks the options once, when the receiver is made, and fills in the defaults. `accounts` and `store` are the caller's to
 * check.
 *
 * @param maker The function that was called, for the errors.
 * @param handlerName The option that is called with each message.
 */
export function checkOptions<Received>(
	maker: string,
	handlerName: string,
	options: ReceiverOptions,
): CheckedOptions<Received> {
	if (typeof options !== "object" || options === null) {
		throw invalidArgument("options", `${maker} needs an object with \`accounts\` and \`store\`.`);
	}
	const known = ["accounts", "store", handlerName, ...optionNames];
	for (const name of Object.keys(options)) {
		if (known.includes(name)) continue;
		throw invalidArgument("options", `${maker} knows only the options ${known.join(", ")}.`);
	}
	const handler: CheckedOptions<Received>["handler"] = Reflect.get(options, handlerName);
	const { onEvent, onTiming } = options;
	const { now = () => Date.now() / 1000, ticks = platformTicks } = options;
	const { staleAfterSeconds = 300, maxBodyBytes = MAX_BODY_BYTES, readTimeoutMs = 10_000 } = options;
	const quarantineLimit = options.quarantine?.limit ?? 200;
	for (const [name, value] of Object.entries({ [handlerName]: handler, onEvent, onTiming, now, ticks })) {
		if (value !== undefined && typeof value !== "function") {
			throw invalidArgument(name, `\`${name}\` must be a function.`);
		}
	}
	checkInteger("staleAfterSeconds", staleAfterSeconds, 0);
	checkInteger("maxBodyBytes", maxBodyBytes, 1, MAX_BODY_BYTES);
	// The longest a timer can wait; beyond it, timers fire at once.
	checkInteger("readTimeoutMs", readTimeoutMs, 1, 2_147_483_647);
	checkInteger("quarantine.limit", quarantineLimit, 0, 10_000);
	const seconds = () => wholeSeconds(now());
	const limits = { staleAfterSeconds, maxBodyBytes, readTimeoutMs, quarantineLimit };
	return { handler, onEvent, onTiming, seconds, ticks, ...limits };
}

/**
 * The accounts as a list.
 *
 * @param messages What is received, in the plural.
 * @param shape What an account looks like.
 */
export function accountList<Account extends object>(
	accounts: Account | readonly Account[],
	messages: string,
	shape: string,
): readonly Account[] {
	const list = [accounts].flat() as readonly Account[];
	if (list.length === 0) {
		throw invalidArgument("accounts", `\`accounts\` is empty; the receiver would refuse all ${messages}.`);
	}
	if (!list.every((account) => typeof account === "object" && account !== null)) {
		throw invalidArgument("accounts", `\`accounts\` must be an account, ${shape}, or a list of accounts.`);
	}
	return list;
}

// Date.now as the clock would make every alarm stale.
function wholeSeconds(now: number): number {
	if (now >= 0 && now < 1e11) return Math.floor(now);
	throw invalidArgument("now", "`now` must give Unix seconds, not milliseconds.");
}
