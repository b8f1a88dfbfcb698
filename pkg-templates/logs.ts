import type { ClientEvent } from "./client-events.js";
import { WeChatPayError } from "./errors.js";
import { type LogLevel, levels } from "./logs/levels.js";
import { printable } from "./mask.js";
import { emitterFor } from "./observe.js";
import type { OutboxEvent } from "./outbox.js";
import type { NotificationReceiverEvent, PushReceiverEvent, ReceiverEvent } from "./receiver/events.js";
import type { AppKey } from "./wasm/load.js";

export type { LogLevel } from "./logs/levels.js";

/** One line of a log. Beside these four it has the members of the event, each text made safe. */
export interface LogRecord {
	/** ISO 8601, UTC, with milliseconds. */
	readonly time: string;
	readonly level: LogLevel;
	/** Who tells: `receiver`, `push`, `apiv3`, `client`, `outbox` or `shippingOutbox`. */
	readonly component: string;
	/** The event's `type`. */
	readonly event: string;
	readonly [member: string]: string | number | boolean | null;
}

/** How a log is set up. */
export interface LogOptions {
	/**
	 * Takes a record: as a line of JSON without its line end, and as an object for a logger of your own. What it throws is
	 * ignored.
	 */
	readonly write: (line: string, record: LogRecord) => unknown;
	/** Keys and secrets to mask, should what a store or a hook threw repeat one: AppSecret, paySignKey, passwords. */
	readonly secrets?: readonly AppKey[];
	/** What is less important than this is left out. Default `info`, which is everything. */
	readonly least?: LogLevel;
	/** The clock, in Unix seconds. Default: this machine's. */
	readonly now?: () => number;
}

/** Hooks that write a log. */
export interface Log {
	/** For `onEvent` of a receiver. */
	readonly receiver: (event: ReceiverEvent) => void;
	/** For `onEvent` of a push receiver. */
	readonly push: (event: PushReceiverEvent) => void;
	/** For `onEvent` of a receiver of APIv3's notifications. */
	readonly apiv3: (event: NotificationReceiverEvent) => void;
	/** For `onEvent` of a client. */
	readonly client: (event: ClientEvent) => void;
	/** For `onEvent` of an outbox of deliveries. */
	readonly outbox: (event: OutboxEvent) => void;
	/** For `onEvent` of an outbox of shipping notices. */
	readonly shippingOutbox: (event: OutboxEvent) => void;
}

const importance: readonly LogLevel[] = ["info", "warn", "error"];

/**
 * Makes hooks that turn events into lines of JSON. Without it nothing is logged. No character in a line can end it, move
 * a cursor or turn the direction of writing: control and format characters become `\u{…}`, even for those who parse the
 * line. Of an error its name, code and message are kept.
 *
 * @example
 * ```ts
 * import { createAlarmReceiver } from "paysign";
 * import { createLog } from "paysign/logs";
 * import { createMemoryStore } from "paysign/stores/memory";
 *
 * const account = { appId: "wxf8b4f85f3a794e77", appKey: "k".repeat(128) };
 * const log = createLog({ write: (line) => console.log(line), secrets: [account.appKey] });
 * const receiver = createAlarmReceiver({ accounts: account, store: createMemoryStore(), onEvent: log.receiver });
 * await receiver(new Request("http://localhost/alarm"));
 * // {"time":"…","level":"info","component":"receiver","event":"unread","status":405}
 * ```
 */
export function createLog(options: LogOptions): Log {
	const { secrets = [], least = "info", now = () => Date.now() / 1000 } = options;
	if (typeof options.write !== "function") {
		throw new WeChatPayError("ARGUMENT_INVALID", "`write` must be a function that takes a line.", {
			field: "write",
		});
	}
	if (!importance.includes(least)) {
		throw new WeChatPayError("ARGUMENT_INVALID", `\`least\` must be one of ${importance.join(", ")}.`, {
			field: "least",
		});
	}
	const write = emitterFor((record: LogRecord) => options.write(JSON.stringify(record), record));

	function hook<Component extends keyof typeof levels>(component: Component) {
		return (event: { readonly type: keyof (typeof levels)[Component] & string }): void => {
			const { type, ...members } = event;
			const level = (levels[component] as Readonly<Record<string, LogLevel>>)[type] ?? "info";
			if (importance.indexOf(level) < importance.indexOf(least)) return;
			const time = new Date(now() * 1000).toISOString();
			const shown = Object.entries(members).map(([name, value]) => [name, safe(value, secrets)]);
			// The four come last, so that no member can take their place, and are written first.
			const head = { time, level, component, event: type };
			write({ ...head, ...Object.fromEntries(shown), ...head });
		};
	}

	return {
		receiver: hook("receiver"),
		push: hook("push"),
		apiv3: hook("apiv3"),
		client: hook("client"),
		outbox: hook("outbox"),
		shippingOutbox: hook("shippingOutbox"),
	};
}

function safe(value: unknown, secrets: readonly AppKey[]): string | number | boolean | null {
	if (value === null || typeof value === "boolean" || typeof value === "number") return value;
	return printable(typeof value === "string" ? value : words(value), secrets);
}

/** What was thrown, in words; it can be anything. */
function words(value: unknown): string {
	try {
		if (!(value instanceof Error)) return String(value);
		const code = "code" in value && typeof value.code === "string" ? ` ${value.code}` : "";
		return `${value.name}${code}: ${value.message}`;
	} catch {
		return "something that has no words";
	}
}
