import type { StoredNotification } from "../notification-store.js";
import { isObject, type JsonValue, type Notification, readViolation } from "./notification.js";
import { parsed } from "./resource.js";

/** A notification as text: its resource as it was decrypted, because a number may have been written in another way. */
export function contentOf(notification: Notification): string {
	const { id, createTime, eventType, resourceType, summary, originalType, serial, content } = notification;
	return JSON.stringify({
		id,
		create_time: createTime,
		event_type: eventType,
		resource_type: resourceType,
		summary,
		original_type: originalType,
		serial,
		resource: content,
	});
}

/**
 * The notification in a row that a notification receiver has stored.
 *
 * @throws {TypeError} when the content is not what such a receiver stores.
 *
 * @example
 * ```ts
 * import { readStoredNotification } from "paysign/apiv3";
 * import { createMemoryStore } from "paysign/stores/memory";
 *
 * const { notifications } = createMemoryStore();
 * for (const row of await notifications.list({ limit: 10, source: "apiv3" })) {
 * 	console.log(readStoredNotification(row).eventType);
 * }
 * ```
 */
export function readStoredNotification({ content, sentAt, dedupKey }: StoredNotification): Notification {
	const stored = parsed(content);
	if (!isObject(stored))
		throw new TypeError("The content of a stored notification must be an object of JSON.");
	const text = (name: string) => String(stored[name]);
	const eventType = text("event_type");
	const resource = JSON.parse(text("resource")) as JsonValue;
	const violation = readViolation(eventType, resource);
	return {
		id: text("id"),
		createTime: text("create_time"),
		eventType,
		resourceType: text("resource_type"),
		...(stored.summary !== undefined && { summary: text("summary") }),
		...(stored.original_type !== undefined && { originalType: text("original_type") }),
		content: text("resource"),
		resource,
		...(violation !== undefined && { violation }),
		serial: text("serial"),
		timestamp: sentAt,
		dedupKey,
	};
}
