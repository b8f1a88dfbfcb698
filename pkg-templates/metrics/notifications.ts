import type { NotificationSource } from "../notification-store.js";
import type { NotificationReceiverEvent, PushReceiverEvent, ReceiverTiming } from "../receiver/events.js";
import type { createRegistry } from "./registry.js";
import { table } from "./table.js";

type NotificationEvent = PushReceiverEvent | NotificationReceiverEvent;

/** The hooks of a receiver whose messages came this way. */
export interface NotificationHooks {
	readonly onEvent: (event: NotificationEvent) => void;
	readonly onTiming: (timing: ReceiverTiming) => void;
}

/** Makes the hooks that count under this source. */
export function notificationHooks(
	{ add, observe }: Pick<ReturnType<typeof createRegistry>, "add" | "observe">,
	source: NotificationSource,
): NotificationHooks {
	function onEvent(event: NotificationEvent): void {
		switch (event.type) {
			case "stored":
				add(table.notificationsStored, [source, event.stale ? "stale" : event.future ? "future" : "fresh"]);
				break;
			case "duplicate":
				add(table.notificationsDuplicate, [source]);
				break;
			case "refused":
				add(table.notificationsRefused, [source, event.code]);
				break;
			case "unread":
				add(table.notificationsUnread, [source, event.status]);
				break;
			case "storeFailed":
				add(table.storeFailed, [source, event.operation]);
				break;
			case "handled":
				add(table.notificationsHandled, [source]);
				break;
			case "quarantineDropped":
			case "keyLeakSuspected":
			case "verifyFailed":
			case "handlerFailed":
			case "urlVerified":
			case "probeRefused":
				add(table.notificationEvents, [source, event.type]);
				break;
		}
	}

	function onTiming(timing: ReceiverTiming): void {
		const seconds = timing.milliseconds / 1000;
		switch (timing.operation) {
			case "answer":
				observe(table.notificationAnswerSeconds, [source, timing.status], seconds);
				break;
			case "store":
				observe(
					table.notificationStoreSeconds,
					[source, timing.method, timing.failed ? "failed" : "ok"],
					seconds,
				);
				break;
			case "handler":
				observe(table.notificationHandlerSeconds, [source, timing.failed ? "failed" : "ok"], seconds);
				break;
		}
	}

	return { onEvent, onTiming };
}
