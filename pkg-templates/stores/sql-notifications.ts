import { checkInteger } from "../arguments.js";
import type {
	NewNotification,
	NotificationSource,
	NotificationStore,
	QuarantinedNotification,
	RefusedNotification,
	StoredNotification,
} from "../notification-store.js";
import { checkSource } from "./laws.js";
import type { SqlDatabase, SqlRow } from "./sql.js";
import { createSqlInbox, receivedRow, refusedColumns, refusedRow, refusedValues } from "./sql-inbox.js";

/** The notifications of a database and their quarantine; it is closed by whoever opened it. */
export function createSqlNotifications(database: SqlDatabase): NotificationStore {
	return createSqlInbox(database, {
		messages: {
			table: "notifications",
			columns: {
				dedup_key: "text",
				source: "text",
				account: "text",
				type: "text",
				content: "text",
				is_protected: "integer",
				sent_at: "integer",
			},
			values({ dedupKey, source, account, type, content, isProtected, sentAt }: NewNotification) {
				checkSource(source);
				checkInteger("sentAt", sentAt);
				return [dedupKey, source, account, type, content, isProtected ? 1 : 0, sentAt];
			},
			read: notificationRow,
		},
		quarantine: {
			table: "notification_quarantine",
			columns: { ...refusedColumns, source: "text", context: "text" },
			values(refused: RefusedNotification) {
				checkSource(refused.source);
				return [...refusedValues(refused), refused.source, refused.context];
			},
			read: (row: SqlRow): QuarantinedNotification => ({
				...refusedRow(row),
				source: sourceOf(row),
				context: String(row.context),
			}),
		},
		hasSources: true,
	});
}

function notificationRow(row: SqlRow): StoredNotification {
	return {
		...receivedRow(row),
		dedupKey: String(row.dedup_key),
		source: sourceOf(row),
		account: String(row.account),
		type: String(row.type),
		content: String(row.content),
		isProtected: Number(row.is_protected) === 1,
		sentAt: Number(row.sent_at),
	};
}

// The table takes no other.
function sourceOf(row: SqlRow): NotificationSource {
	return row.source === "apiv3" ? "apiv3" : "push";
}
