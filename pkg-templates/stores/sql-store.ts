import type { AlarmStore } from "../store.js";
import type { SqlDatabase } from "./sql.js";
import { createSqlAlarms } from "./sql-alarms.js";

/** All that is kept in one database, which is closed with it. */
export function createSqlStore(database: SqlDatabase): AlarmStore {
	return { ...createSqlAlarms(database), close: () => database.close() };
}
