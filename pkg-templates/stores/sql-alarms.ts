import type { AlarmStore, StoredAlarm } from "../store.js";
import type { Alarm } from "../wasm/load.js";
import type { SqlDatabase, SqlRow } from "./sql.js";
import { createSqlInbox, receivedRow, refusedColumns, refusedRow, refusedValues } from "./sql-inbox.js";

/** The alarms and the quarantine of a database; it is closed by whoever opened it. */
export function createSqlAlarms(database: SqlDatabase): Omit<AlarmStore, "close"> {
	return createSqlInbox(database, {
		messages: {
			table: "alarms",
			columns: {
				dedup_key: "text",
				app_id: "text",
				error_type: "text",
				description: "text",
				alarm_content: "text",
				time_stamp: "text",
				app_signature: "text",
			},
			values({ appId, errorType, description, alarmContent, timeStamp, appSignature, dedupKey }: Alarm) {
				return [dedupKey, appId, errorType, description, alarmContent, timeStamp, appSignature];
			},
			read: alarmRow,
		},
		quarantine: {
			table: "quarantine",
			columns: refusedColumns,
			values: refusedValues,
			read: refusedRow,
		},
		hasSources: false,
	});
}

function alarmRow(row: SqlRow): StoredAlarm {
	return {
		...receivedRow(row),
		alarm: {
			appId: String(row.app_id),
			errorType: String(row.error_type),
			description: String(row.description),
			alarmContent: String(row.alarm_content),
			timeStamp: String(row.time_stamp),
			appSignature: String(row.app_signature),
			dedupKey: String(row.dedup_key),
		},
	};
}
