import { signTestAlarm } from "../alarm.js";
import { checkInteger, invalidArgument } from "../arguments.js";
import { type Credentials, keysOf } from "../credentials.js";
import { platformTicks } from "../observe.js";
import type { AlarmStore } from "../store.js";
import type { ReceiverEvent, ReceiverTiming } from "./events.js";
import type { ReceivedAlarm } from "./offers.js";

/** How a receiver is set up. */
export interface AlarmReceiverOptions {
	/** The account, or the accounts whose alarms are sent to this URL. An alarm for any other AppId is refused. */
	readonly accounts: Credentials | readonly Credentials[];
	/** Where alarms are kept before they are acknowledged. */
	readonly store: AlarmStore;
	/**
	 * Called with each alarm after it is stored and outside the answer's path: at least once, so it must bear a
	 * repetition (`alarm.dedupKey` says which one it is). When it resolves the alarm is marked as handled; when it
	 * throws the alarm stays unhandled, and `resume()` offers it again. Without it alarms are only
	 * stored, as unhandled ones.
	 */
	readonly onAlarm?: (received: ReceivedAlarm) => unknown;
	/** Told what happens, for logs and metrics. What it throws is ignored. */
	readonly onEvent?: (event: ReceiverEvent) => unknown;
	/** Told how long things took, for metrics. What it throws is ignored. */
	readonly onTiming?: (timing: ReceiverTiming) => unknown;
	/** The clock, in Unix seconds. Default: this machine's. */
	readonly now?: () => number;
	/** A clock for timings, in milliseconds, that never goes back. Default: `performance.now`. */
	readonly ticks?: () => number;
	/**
	 * From which distance of its `TimeStamp` on an alarm is called `stale` or `future`, in seconds. It is never refused
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

/** The largest body a receiver reads, in bytes; the verifier refuses larger ones anyway. */
const MAX_BODY_BYTES = 65_536;

const optionNames: readonly string[] = [
	"accounts",
	"store",
	"onAlarm",
	"onEvent",
	"onTiming",
	"now",
	"ticks",
	"staleAfterSeconds",
	"maxBodyBytes",
	"readTimeoutMs",
	"quarantine",
] satisfies (keyof AlarmReceiverOptions)[];

/** Checks the options once, when the receiver is made, and fills in the defaults. */
export function checkOptions(options: AlarmReceiverOptions) {
	if (typeof options !== "object" || options === null) {
		throw invalidArgument("options", "createAlarmReceiver needs an object with `accounts` and `store`.");
	}
	for (const name of Object.keys(options)) {
		if (optionNames.includes(name)) continue;
		throw invalidArgument("options", `createAlarmReceiver knows only the options ${optionNames.join(", ")}.`);
	}
	const { store, onAlarm, onEvent, onTiming } = options;
	const { now = () => Date.now() / 1000, ticks = platformTicks } = options;
	const { staleAfterSeconds = 300, maxBodyBytes = MAX_BODY_BYTES, readTimeoutMs = 10_000 } = options;
	const accounts = [options.accounts].flat();
	const quarantineLimit = options.quarantine?.limit ?? 200;
	checkAccounts(accounts);
	if (typeof store?.insert !== "function") {
		throw invalidArgument("store", "`store` must be an AlarmStore, such as createSqliteStore() gives.");
	}
	for (const [name, value] of Object.entries({ onAlarm, onEvent, onTiming, now, ticks })) {
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
	return {
		accounts,
		store,
		onAlarm,
		onEvent,
		onTiming,
		seconds,
		ticks,
		staleAfterSeconds,
		maxBodyBytes,
		readTimeoutMs,
		quarantineLimit,
	};
}

/** Fails at the start, where someone is looking, instead of with the first alarm. */
function checkAccounts(accounts: readonly Credentials[]): void {
	if (accounts.length === 0) {
		throw invalidArgument("accounts", "`accounts` is empty; the receiver would refuse every alarm.");
	}
	if (!accounts.every((account) => typeof account === "object" && account !== null)) {
		throw invalidArgument(
			"accounts",
			"`accounts` must be an account, { appId, appKey }, or a list of accounts.",
		);
	}
	if (new Set(accounts.map((account) => account.appId)).size < accounts.length) {
		throw invalidArgument(
			"accounts",
			"`accounts` has one appId twice; give that account a list of keys instead.",
		);
	}
	for (const account of accounts) {
		// A look-up function is asked when an alarm for its account is there, not before.
		if (typeof account.appKey === "function") continue;
		for (const appKey of keysOf(account)) signTestAlarm({ timeStamp: 0 }, { appId: account.appId, appKey });
	}
}

// Date.now as the clock would make every alarm stale.
function wholeSeconds(now: number): number {
	if (now >= 0 && now < 1e11) return Math.floor(now);
	throw invalidArgument("now", "`now` must give Unix seconds, not milliseconds.");
}
