import type { Labels } from "./registry.js";

/** One metric: its name in Prometheus, what it counts, and its labels, whose values all come from closed lists. */
export interface Metric {
	readonly name: string;
	readonly type: "counter" | "gauge" | "histogram";
	readonly labels: readonly string[];
	readonly help: string;
	/** Upper bounds of a histogram's buckets, in seconds. */
	readonly buckets?: readonly number[];
	/**
	 * Labels that a counter has from the start, at 0: what begins with 1 is no increase to Prometheus, and an alert would miss the
	 * first event. Default: that of a counter without labels.
	 */
	readonly zeros?: readonly Labels[];
}

/** From one commit on a good disk to three tries of a slow network. */
const short = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** From a delivery that is sent at once to the deadline of physical goods. */
const long = [1, 5, 30, 60, 300, 1_800, 7_200, 21_600, 86_400, 259_200];

const counter = (
	name: string,
	labels: readonly string[],
	help: string,
	zeros: readonly Labels[] = labels.length === 0 ? [[]] : [],
): Metric => ({
	name: `paysign_${name}_total`,
	type: "counter",
	labels,
	help,
	zeros,
});
/** Each of the one with each of the other. */
const pairs = (ones: readonly string[], others: readonly string[]): readonly Labels[] =>
	ones.flatMap((one) => others.map((other) => [one, other]));
const seconds = (name: string, labels: readonly string[], help: string, buckets = short): Metric => ({
	name: `paysign_${name}_seconds`,
	type: "histogram",
	labels,
	help,
	buckets,
});
const gauge = (name: string, labels: readonly string[], help: string): Metric => ({
	name: `paysign_${name}`,
	type: "gauge",
	labels,
	help,
});
/** Every metric there is. docs/operations.md lists the same, and a test compares. */
export const table = {
	alarmsStored: counter(
		"alarms_stored",
		["age"],
		"New alarms that were committed; age is fresh, stale or future.",
	),
	alarmsDuplicate: counter("alarms_duplicate", [], "Alarms that were in the store already."),
	alarmsRefused: counter("alarms_refused", ["code"], "Bodies that were not believed, by error code."),
	alarmsHandled: counter("alarms_handled", [], "Alarms that onAlarm finished with."),
	handlerFailed: counter("handler_failed", [], "Calls of onAlarm that threw; the alarm is offered again."),
	quarantineDropped: counter("quarantine_dropped", [], "Refused bodies that came too fast to be kept."),
	keyLeakSuspected: counter(
		"key_leak_suspected",
		[],
		"Refused bodies that hold a paySignKey. Find out who has it.",
	),
	requestsUnread: counter(
		"requests_unread",
		["status"],
		"Requests that were turned away unread, by HTTP status.",
	),
	verifyFailed: counter("verify_failed", [], "Bodies that could not be checked: the look-up of a key threw."),
	storeFailed: counter("store_failed", ["component", "operation"], "Calls that a store rejected.", [
		...pairs(["receiver", "push", "apiv3"], ["insert"]),
		...pairs(["deliveries", "shipments"], ["enqueue", "lease", "settle"]),
	]),
	answerSeconds: seconds(
		"answer",
		["status"],
		"From a request to the alarm URL to its answer, by HTTP status.",
	),
	storeSeconds: seconds(
		"store",
		["operation", "outcome"],
		"Calls of the receiver's store; outcome is ok or failed.",
	),
	handlerSeconds: seconds("handler", ["outcome"], "Calls of onAlarm; outcome is ok or failed."),
	notificationsStored: counter(
		"notifications_stored",
		["source", "age"],
		"New notifications that were committed; source is push or apiv3, age is fresh, stale or future.",
	),
	notificationsDuplicate: counter(
		"notifications_duplicate",
		["source"],
		"Notifications that were in the store already.",
	),
	notificationsRefused: counter(
		"notifications_refused",
		["source", "code"],
		"Requests that were not believed, by error code.",
	),
	notificationsUnread: counter(
		"notifications_unread",
		["source", "status"],
		"Requests to a notification URL that were turned away unread, by HTTP status.",
	),
	notificationsHandled: counter(
		"notifications_handled",
		["source"],
		"Notifications that onPush or onNotification finished with.",
	),
	notificationEvents: counter(
		"notification_events",
		["source", "event"],
		"Whatever else a receiver of notifications tells: handlerFailed, keyLeakSuspected, probeRefused, quarantineDropped, urlVerified or verifyFailed.",
		pairs(["push", "apiv3"], ["handlerFailed", "keyLeakSuspected"]),
	),
	notificationAnswerSeconds: seconds(
		"notification_answer",
		["source", "status"],
		"From a request to a notification URL to its answer, by HTTP status.",
	),
	notificationStoreSeconds: seconds(
		"notification_store",
		["source", "operation", "outcome"],
		"Calls of a notification receiver's store; outcome is ok or failed.",
	),
	notificationHandlerSeconds: seconds(
		"notification_handler",
		["source", "outcome"],
		"Calls of onPush and onNotification; outcome is ok or failed.",
	),
	callSeconds: seconds("call", ["call", "outcome"], "Exchanges with WeChat; outcome is ok or an error code."),
	callFailed: counter(
		"call_failed",
		["call", "code", "errcode"],
		"Exchanges that failed; errcode is WeChat's, none or other.",
	),
	delivered: counter("delivered", [], "Delivery notifications that WeChat has taken."),
	shipped: counter(
		"shipped",
		["outcome"],
		"Shipping notices after which WeChat knows of the order; outcome is accepted, unchanged or alreadyShipped.",
	),
	tokenFetched: counter(
		"token_fetched",
		["endpoint"],
		"Access tokens that WeChat gave; endpoint is stable or classic.",
	),
	tokenRefused: counter("token_refused", ["errcode"], "Access tokens that WeChat refused."),
	tokenStoreSeconds: seconds(
		"token_store",
		["operation", "outcome"],
		"Calls of the token store; outcome is ok or failed.",
	),
	outboxEnqueued: counter(
		"outbox_enqueued",
		["outbox", "outcome"],
		"Put into an outbox; outbox is deliveries or shipments, outcome is new or duplicate.",
	),
	outboxDelivered: counter(
		"outbox_delivered",
		["outbox", "late"],
		"What WeChat has taken from an outbox; late is yes or no.",
	),
	outboxDeliverySeconds: seconds(
		"outbox_delivery",
		["outbox"],
		"From an outbox taking something to WeChat taking it.",
		long,
	),
	outboxAttemptSeconds: seconds(
		"outbox_attempt",
		["outbox", "outcome"],
		"Attempts of an outbox, the access token included; outcome is ok or failed.",
	),
	outboxStoreSeconds: seconds(
		"outbox_store",
		["outbox", "operation", "outcome"],
		"Calls of an outbox's store; outcome is ok or failed.",
	),
	outboxHookSeconds: seconds(
		"outbox_hook",
		["outbox", "hook", "outcome"],
		"Calls of an outbox's hooks; outcome is ok or failed.",
	),
	outboxFailed: counter(
		"outbox_failed",
		["outbox", "code", "errcode"],
		"Attempts of an outbox that failed; errcode is WeChat's, none or other.",
	),
	outboxNotices: counter(
		"outbox_notices",
		["outbox", "notice"],
		"What came to be inDanger, expired or needsHuman in an outbox.",
		pairs(["deliveries", "shipments"], ["inDanger", "expired", "needsHuman"]),
	),
	outboxBreakerChanged: counter(
		"outbox_breaker_changed",
		["outbox", "change", "reason"],
		"Times that an outbox stopped sending (opened) and began again (closed).",
	),
	outboxHookFailed: counter(
		"outbox_hook_failed",
		["outbox", "hook"],
		"Hooks of an outbox that threw; they are called again.",
	),
	outboxLeaseLost: counter("outbox_lease_lost", ["outbox"], "What another worker may have sent too."),
	outboxClockJumped: counter(
		"outbox_clock_jumped",
		["outbox"],
		"Jumps of the time of day that an outbox noticed.",
	),
	outboxRows: gauge("outbox_rows", ["outbox", "state"], "What is in the store of an outbox, by state."),
	outboxNextDeadline: gauge(
		"outbox_next_deadline_timestamp_seconds",
		["outbox"],
		"The soonest deadline of what is not delivered, in Unix seconds; absent without one.",
	),
} as const satisfies Readonly<Record<string, Metric>>;
