import type { RefusedBody, Store } from "../store.js";
import type { Alarm } from "../wasm/load.js";
import { deliveryShape, shippingShape } from "./delivery-laws.js";
import { closedError } from "./laws.js";
import { createMemoryDeliveries } from "./memory-deliveries.js";
import { createMemoryInbox } from "./memory-inbox.js";
import { createMemoryNotifications } from "./memory-notifications.js";

/**
 * A store that lives and dies with the process: for tests and demonstrations. An alarm in it is acknowledged and lost
 * when the process ends, and so is a delivery; production wants `paysign/stores/sqlite` or another durable store.
 *
 * @example
 * ```ts
 * import { createAlarmReceiver } from "paysign";
 * import { createMemoryStore } from "paysign/stores/memory";
 *
 * const store = createMemoryStore();
 * const receiver = createAlarmReceiver({
 * 	accounts: { appId: "wxf8b4f85f3a794e77", appKey: "k".repeat(128) },
 * 	store,
 * });
 * const answer = await receiver(new Request("http://localhost/", { method: "POST", body: "<html>" }));
 * console.log(answer.status, (await store.listQuarantine({ limit: 10 })).length); // 401 1
 * ```
 */
export function createMemoryStore(): Store {
	let closed = false;

	function checkOpen(): void {
		if (closed) throw closedError();
	}

	const alarms = createMemoryInbox({
		checkOpen,
		keyOf: ({ dedupKey }: Alarm) => dedupKey,
		keep: (alarm) => ({ alarm: copyAlarm(alarm) }),
		copy: ({ alarm }) => ({ alarm: copyAlarm(alarm) }),
		copyRefused,
	});

	return {
		...alarms,
		deliveries: createMemoryDeliveries(deliveryShape, checkOpen),
		shipments: createMemoryDeliveries(shippingShape, checkOpen),
		notifications: createMemoryNotifications(checkOpen),
		async close() {
			closed = true;
		},
	};
}

// Whatever else hangs on the object is not part of an alarm.
function copyAlarm(alarm: Alarm): Alarm {
	const { appId, errorType, description, alarmContent, timeStamp, appSignature, dedupKey } = alarm;
	return { appId, errorType, description, alarmContent, timeStamp, appSignature, dedupKey };
}

function copyRefused({ digest, body, truncated, code, receivedAt }: RefusedBody): RefusedBody {
	return { digest, body: Uint8Array.from(body), truncated, code, receivedAt };
}
