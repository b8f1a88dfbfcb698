import type { OutboxEvent, OutboxTiming } from "../outbox.js";
import { errcodeLabel } from "./errcode-label.js";
import type { createRegistry } from "./registry.js";
import { table } from "./table.js";

/** What an outbox holds: the value of the label `outbox`. */
export type OutboxName = "deliveries" | "shipments";

/** The hooks of an outbox. */
export interface OutboxHooks {
	readonly onEvent: (event: OutboxEvent) => void;
	readonly onTiming: (timing: OutboxTiming) => void;
}

/** Makes the hooks that count under this name. */
export function outboxHooks(
	{ add, observe }: Pick<ReturnType<typeof createRegistry>, "add" | "observe">,
	outbox: OutboxName,
): OutboxHooks {
	function onEvent(event: OutboxEvent): void {
		switch (event.type) {
			case "enqueued":
				add(table.outboxEnqueued, [outbox, "new"]);
				break;
			case "duplicate":
				add(table.outboxEnqueued, [outbox, "duplicate"]);
				break;
			case "delivered":
				add(table.outboxDelivered, [outbox, event.late ? "yes" : "no"]);
				observe(table.outboxDeliverySeconds, [outbox], event.seconds);
				break;
			case "failed":
				add(table.outboxFailed, [outbox, event.code ?? "none", errcodeLabel(event.errcode)]);
				break;
			case "inDanger":
			case "expired":
			case "needsHuman":
				add(table.outboxNotices, [outbox, event.type]);
				break;
			case "breakerOpened":
				add(table.outboxBreakerChanged, [outbox, "opened", event.reason]);
				break;
			case "breakerClosed":
				add(table.outboxBreakerChanged, [outbox, "closed", event.reason]);
				break;
			case "hookFailed":
				add(table.outboxHookFailed, [outbox, event.hook]);
				break;
			case "leaseLost":
				add(table.outboxLeaseLost, [outbox]);
				break;
			case "storeFailed":
				add(table.storeFailed, [outbox, event.operation]);
				break;
			case "clockJumped":
				add(table.outboxClockJumped, [outbox]);
				break;
		}
	}

	function onTiming(timing: OutboxTiming): void {
		const outcome = timing.failed ? "failed" : "ok";
		const seconds = timing.milliseconds / 1000;
		switch (timing.operation) {
			case "attempt":
				observe(table.outboxAttemptSeconds, [outbox, outcome], seconds);
				break;
			case "store":
				observe(table.outboxStoreSeconds, [outbox, timing.method, outcome], seconds);
				break;
			case "hook":
				observe(table.outboxHookSeconds, [outbox, timing.hook, outcome], seconds);
				break;
		}
	}

	return { onEvent, onTiming };
}
