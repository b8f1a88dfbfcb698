import type { Store } from "../store.js";
import type { SqlDatabase } from "./sql.js";
import { createSqlAlarms } from "./sql-alarms.js";
import { createSqlDeliveries } from "./sql-deliveries.js";

/** All that is kept in one database, which is closed with it. */
export function createSqlStore(database: SqlDatabase): Store {
	return {
		...createSqlAlarms(database),
		deliveries: createSqlDeliveries(database),
		close: () => database.close(),
	};
}
