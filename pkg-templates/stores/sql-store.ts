import type { Store } from "../store.js";
import { deliveryShape, shippingShape } from "./delivery-laws.js";
import { closedError } from "./laws.js";
import type { SqlDatabase } from "./sql.js";
import { createSqlAlarms } from "./sql-alarms.js";
import { createSqlDeliveries } from "./sql-deliveries.js";
import { createSqlNotifications } from "./sql-notifications.js";

/** All that is kept in one database, and closed with it. */
export function createSqlStore(database: SqlDatabase): Store {
	let closed: Promise<void> | undefined;

	function whileOpen<T>(work: () => Promise<T>): Promise<T> {
		return closed === undefined ? work() : Promise.reject(closedError());
	}

	const open: SqlDatabase = {
		dialect: database.dialect,
		commit: (statements) => whileOpen(() => database.commit(statements)),
		read: (statement) => whileOpen(() => database.read(statement)),
		close: () => database.close(),
	};

	return {
		...createSqlAlarms(open),
		deliveries: createSqlDeliveries(open, "deliveries", deliveryShape),
		shipments: createSqlDeliveries(open, "shipments", shippingShape),
		notifications: createSqlNotifications(open),
		async close() {
			closed ??= database.close();
			await closed;
		},
	};
}
