import type { ClientEvent, ClientTiming } from "./client-events.js";
import type { DeliveryStore } from "./delivery-store.js";
import { errcodeLabel } from "./metrics/errcode-label.js";
import { type NotificationHooks, notificationHooks } from "./metrics/notifications.js";
import { type OutboxHooks, type OutboxName, outboxHooks } from "./metrics/outbox.js";
import { createRegistry, type Labels } from "./metrics/registry.js";
import { table } from "./metrics/table.js";
import type { ReceiverEvent, ReceiverTiming } from "./receiver.js";
import type { Shipping } from "./shipping-info.js";

type Sample = readonly [labels: Labels, value: number];

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
	/** The hooks of an outbox of deliveries. */
	readonly outbox: OutboxHooks;
	/** The hooks of an outbox of shipping notices. */
	readonly shippingOutbox: OutboxHooks;
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

	/** Counts what is in the stores now. */
	async function countRows(): Promise<void> {
		const rows: Sample[] = [];
		const deadlines: Sample[] = [];
		const count = async (outbox: OutboxName, store: Pick<DeliveryStore, "counts"> | undefined) => {
			if (store === undefined) return;
			try {
				const { nextDeadline, ...states } = await store.counts();
				for (const [state, count] of Object.entries(states)) rows.push([[outbox, state], count]);
				if (nextDeadline !== null) deadlines.push([[outbox], nextDeadline]);
			} catch {
				// It is left out: an old number would look like a true one.
				add(table.storeFailed, ["metrics", "counts"]);
			}
		};
		await Promise.all([count("deliveries", deliveries), count("shipments", shipments)]);
		set(table.outboxRows, rows);
		set(table.outboxNextDeadline, deadlines);
	}

	return {
		receiver: { onEvent: receiverEvent, onTiming: receiverTiming },
		push: notificationHooks({ add, observe }, "push"),
		apiv3: notificationHooks({ add, observe }, "apiv3"),
		client: { onEvent: clientEvent, onTiming: clientTiming },
		outbox: outboxHooks({ add, observe }, "deliveries"),
		shippingOutbox: outboxHooks({ add, observe }, "shipments"),
		async text() {
			await countRows();
			return text();
		},
	};
}
