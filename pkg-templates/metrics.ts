import type { ClientEvent, ClientTiming } from "./client-events.js";
import type { DeliveryStore } from "./delivery-store.js";
import { errcodes } from "./errcodes.js";
import { type NotificationHooks, notificationHooks } from "./metrics/notifications.js";
import { createRegistry } from "./metrics/registry.js";
import { type Metric, table } from "./metrics/table.js";
import type { OutboxEvent, OutboxTiming } from "./outbox.js";
import type { ReceiverEvent, ReceiverTiming } from "./receiver.js";
import { shippingErrcodes } from "./shipping/errcodes.js";
import type { Shipping } from "./shipping-info.js";

const known = new Set([...errcodes, ...shippingErrcodes].map(({ errcode }) => errcode));

/** Counters and timings of this process, in the text format of Prometheus. */
export interface Metrics {
	/** The hooks of a receiver. */
	readonly receiver: {
		readonly onEvent: (event: ReceiverEvent) => void;
		readonly onTiming: (timing: ReceiverTiming) => void;
	};
	/** The hooks of a push receiver. */
	readonly push: NotificationHooks;
	/** The hooks of a receiver of APIv3's notifications. */
	readonly apiv3: NotificationHooks;
	/** The hooks of a client. */
	readonly client: {
		readonly onEvent: (event: ClientEvent) => void;
		readonly onTiming: (timing: ClientTiming) => void;
	};
	/** The hooks of an outbox. */
	readonly outbox: {
		readonly onEvent: (event: OutboxEvent) => void;
		readonly onTiming: (timing: OutboxTiming) => void;
	};
	/** All of them, as `text/plain; version=0.0.4; charset=utf-8`. */
	text(): Promise<string>;
}

/** How {@link createMetrics} is set up. */
export interface MetricsOptions {
	/** Of the store of the outbox: what is in it is counted whenever the metrics are read. Default: it is not. */
	readonly deliveries?: Pick<DeliveryStore, "counts">;
	/** The same of the store of an outbox of shipping notices. */
	readonly shipments?: Pick<DeliveryStore<Shipping>, "counts">;
}

/**
 * Makes metrics, to be passed to any number of receivers, clients and outboxes. Nothing of a message becomes a label: all values of
 * labels come from closed lists, so that nobody can make them grow. docs/operations.md lists them.
 *
 * @example
 * ```ts
 * import { createAlarmReceiver } from "paysign";
 * import { createMetrics } from "paysign/metrics";
 * import { createMemoryStore } from "paysign/stores/memory";
 *
 * const metrics = createMetrics();
 * const accounts = { appId: "wxf8b4f85f3a794e77", appKey: "k".repeat(128) };
 * const receiver = createAlarmReceiver({ accounts, store: createMemoryStore(), ...metrics.receiver });
 * await receiver(new Request("http://localhost/alarm"));
 * console.log(/paysign_requests_unread_total.*$/m.exec(await metrics.text())?.[0]);
 * // paysign_requests_unread_total{status="405"} 1
 * ```
 */
export function createMetrics({ deliveries, shipments }: MetricsOptions = {}): Metrics {
	const { add, set, observe, text } = createRegistry(Object.values(table));
	const seconds = (milliseconds: number) => milliseconds / 1000;
	const outcome = (failed: boolean) => (failed ? "failed" : "ok");

	function receiverEvent(event: ReceiverEvent): void {
		switch (event.type) {
			case "stored":
				if (event.stale) add(table.alarmsStored, ["stale"]);
				else add(table.alarmsStored, [event.future ? "future" : "fresh"]);
				break;
			case "duplicate":
				add(table.alarmsDuplicate, []);
				break;
			case "refused":
				add(table.alarmsRefused, [event.code]);
				break;
			case "quarantineDropped":
				add(table.quarantineDropped, []);
				break;
			case "keyLeakSuspected":
				add(table.keyLeakSuspected, []);
				break;
			case "unread":
				add(table.requestsUnread, [event.status]);
				break;
			case "verifyFailed":
				add(table.verifyFailed, []);
				break;
			case "storeFailed":
				add(table.storeFailed, ["receiver", event.operation]);
				break;
			case "handled":
				add(table.alarmsHandled, []);
				break;
			case "handlerFailed":
				add(table.handlerFailed, []);
				break;
		}
	}

	function receiverTiming(timing: ReceiverTiming): void {
		switch (timing.operation) {
			case "answer":
				observe(table.answerSeconds, [timing.status], seconds(timing.milliseconds));
				break;
			case "store":
				observe(table.storeSeconds, [timing.method, outcome(timing.failed)], seconds(timing.milliseconds));
				break;
			case "handler":
				observe(table.handlerSeconds, [outcome(timing.failed)], seconds(timing.milliseconds));
				break;
		}
	}

	function clientEvent(event: ClientEvent): void {
		switch (event.type) {
			case "delivered":
				add(table.delivered, []);
				break;
			case "shipped":
				add(table.shipped, [event.outcome]);
				break;
			case "callFailed":
				add(table.callFailed, [event.call, event.code, errcodeLabel(event.errcode)]);
				break;
			case "tokenFetched":
				add(table.tokenFetched, [event.endpoint]);
				break;
			case "tokenRefused":
				add(table.tokenRefused, [errcodeLabel(event.errcode)]);
				break;
			case "tokenStoreFailed":
				add(table.storeFailed, ["tokens", event.operation]);
				break;
		}
	}

	function clientTiming(timing: ClientTiming): void {
		switch (timing.operation) {
			case "call":
				observe(table.callSeconds, [timing.call, timing.outcome], seconds(timing.milliseconds));
				break;
			case "tokenStore":
				observe(
					table.tokenStoreSeconds,
					[timing.method, outcome(timing.failed)],
					seconds(timing.milliseconds),
				);
				break;
		}
	}

	function outboxEvent(event: OutboxEvent): void {
		switch (event.type) {
			case "enqueued":
				add(table.deliveriesEnqueued, ["new"]);
				break;
			case "duplicate":
				add(table.deliveriesEnqueued, ["duplicate"]);
				break;
			case "delivered":
				add(table.deliveriesDelivered, [event.late ? "yes" : "no"]);
				observe(table.deliverySeconds, [], event.seconds);
				break;
			case "failed":
				add(table.deliveriesFailed, [event.code ?? "none", errcodeLabel(event.errcode)]);
				break;
			case "inDanger":
			case "expired":
			case "needsHuman":
				add(table.deliveryNotices, [event.type]);
				break;
			case "breakerOpened":
				add(table.breakerChanged, ["opened", event.reason]);
				break;
			case "breakerClosed":
				add(table.breakerChanged, ["closed", event.reason]);
				break;
			case "hookFailed":
				add(table.hookFailed, [event.hook]);
				break;
			case "leaseLost":
				add(table.leaseLost, []);
				break;
			case "storeFailed":
				add(table.storeFailed, ["outbox", event.operation]);
				break;
			case "clockJumped":
				add(table.clockJumped, []);
				break;
		}
	}

	function outboxTiming(timing: OutboxTiming): void {
		const { operation, failed } = timing;
		const took = seconds(timing.milliseconds);
		switch (operation) {
			case "attempt":
				observe(table.attemptSeconds, [outcome(failed)], took);
				break;
			case "store":
				observe(table.deliveryStoreSeconds, [timing.method, outcome(failed)], took);
				break;
			case "hook":
				observe(table.hookSeconds, [timing.hook, outcome(failed)], took);
				break;
		}
	}

	async function count(
		store: Pick<DeliveryStore, "counts"> | undefined,
		rows: Metric,
		deadline: Metric,
	): Promise<void> {
		if (store === undefined) return;
		try {
			const { nextDeadline, ...states } = await store.counts();
			set(
				rows,
				Object.entries(states).map(([state, count]) => [[state], count]),
			);
			set(deadline, nextDeadline === null ? [] : [[[], nextDeadline]]);
		} catch {
			// An old number would look like a true one.
			set(rows, []);
			set(deadline, []);
			add(table.storeFailed, ["metrics", "counts"]);
		}
	}

	return {
		receiver: { onEvent: receiverEvent, onTiming: receiverTiming },
		push: notificationHooks({ add, observe }, "push"),
		apiv3: notificationHooks({ add, observe }, "apiv3"),
		client: { onEvent: clientEvent, onTiming: clientTiming },
		outbox: { onEvent: outboxEvent, onTiming: outboxTiming },
		async text() {
			await Promise.all([
				count(deliveries, table.deliveries, table.nextDeadline),
				count(shipments, table.shipments, table.nextShipmentDeadline),
			]);
			return text();
		},
	};
}

// An answer can hold any number; a label for each would grow without end.
function errcodeLabel(errcode: number | null | undefined): string {
	if (errcode === undefined || errcode === null) return "none";
	return known.has(errcode) ? String(errcode) : "other";
}
