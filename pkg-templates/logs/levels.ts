import type { ClientEvent } from "../client-events.js";
import type { OutboxEvent } from "../outbox.js";
import type { ReceiverEvent } from "../receiver.js";

/** `error`: somebody has to act. `warn`: it is dealt with, and worth a look. `info`: as it should be. */
export type LogLevel = "info" | "warn" | "error";

/** How important each event is. */
export const levels = {
	receiver: {
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
	},
	client: {
		delivered: "info",
		callFailed: "warn",
		tokenFetched: "info",
		tokenRefused: "warn",
		tokenStoreFailed: "error",
	},
	outbox: {
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
	},
} as const satisfies {
	readonly receiver: Readonly<Record<ReceiverEvent["type"], LogLevel>>;
	readonly client: Readonly<Record<ClientEvent["type"], LogLevel>>;
	readonly outbox: Readonly<Record<OutboxEvent["type"], LogLevel>>;
};
