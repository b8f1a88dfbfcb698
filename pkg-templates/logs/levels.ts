import type { ClientEvent } from "../client-events.js";
import type { OutboxEvent } from "../outbox.js";
import type { NotificationReceiverEvent, PushReceiverEvent, ReceiverEvent } from "../receiver/events.js";

/** `error`: somebody has to act. `warn`: it is dealt with, and worth a look. `info`: as it should be. */
export type LogLevel = "info" | "warn" | "error";

const receiver = {
	stored: "info",
	duplicate: "info",
	refused: "warn",
	quarantineDropped: "warn",
	keyLeakSuspected: "error",
	unread: "info",
	verifyFailed: "error",
	storeFailed: "error",
	handled: "info",
	handlerFailed: "error",
} as const;

const outbox = {
	enqueued: "info",
	duplicate: "info",
	delivered: "info",
	failed: "warn",
	inDanger: "error",
	expired: "error",
	needsHuman: "error",
	breakerOpened: "error",
	breakerClosed: "info",
	hookFailed: "error",
	leaseLost: "warn",
	storeFailed: "error",
	clockJumped: "warn",
} as const;

/** How important each event is. */
export const levels = {
	receiver,
	push: { ...receiver, urlVerified: "info" },
	apiv3: { ...receiver, probeRefused: "info" },
	client: {
		delivered: "info",
		shipped: "info",
		callFailed: "warn",
		tokenFetched: "info",
		tokenRefused: "warn",
		tokenStoreFailed: "error",
	},
	outbox,
	shippingOutbox: outbox,
} as const satisfies {
	readonly receiver: Readonly<Record<ReceiverEvent["type"], LogLevel>>;
	readonly push: Readonly<Record<PushReceiverEvent["type"], LogLevel>>;
	readonly apiv3: Readonly<Record<NotificationReceiverEvent["type"], LogLevel>>;
	readonly client: Readonly<Record<ClientEvent["type"], LogLevel>>;
	readonly outbox: Readonly<Record<OutboxEvent["type"], LogLevel>>;
	readonly shippingOutbox: Readonly<Record<OutboxEvent["type"], LogLevel>>;
};
