import { checkInteger } from "../arguments.js";
import type { NewNotification, NotificationStore, RefusedNotification } from "../notification-store.js";
import { checkSource } from "./laws.js";
import { createMemoryInbox } from "./memory-inbox.js";

/** The notifications of a store in memory, and their quarantine. */
export function createMemoryNotifications(checkOpen: () => void): NotificationStore {
	return createMemoryInbox({ checkOpen, keyOf: ({ dedupKey }) => dedupKey, keep, copy: keep, copyRefused });
}

function keep(notification: NewNotification): NewNotification {
	const { dedupKey, source, account, type, content, isProtected, sentAt } = notification;
	checkSource(source);
	checkInteger("sentAt", sentAt);
	return { dedupKey, source, account, type, content, isProtected, sentAt };
}

function copyRefused(refused: RefusedNotification): RefusedNotification {
	const { digest, source, context, body, truncated, code, receivedAt } = refused;
	checkSource(source);
	return { digest, source, context, body: Uint8Array.from(body), truncated, code, receivedAt };
}
