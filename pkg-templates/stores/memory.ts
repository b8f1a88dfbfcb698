import type { Alarm } from "#wasm";
import { checkInteger } from "../arguments.js";
import type { QuarantinedBody, RefusedBody, Store, StoredAlarm } from "../store.js";
import { checkPage, closedError } from "./laws.js";
import { createMemoryDeliveries } from "./memory-deliveries.js";

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
	// Maps keep the order of insertion, which is the order of `sequence`.
	const alarms = new Map<string, StoredAlarm>();
	const refusals = new Map<string, QuarantinedBody>();
	let lastAlarm = 0;
	let lastRefusal = 0;
	let closed = false;

	function checkOpen(): void {
		if (closed) throw closedError();
	}

	return {
		deliveries: createMemoryDeliveries(checkOpen),

		async insert(alarm, receivedAt) {
			checkOpen();
			checkInteger("receivedAt", receivedAt);
			if (alarms.has(alarm.dedupKey)) return "duplicate";
			lastAlarm += 1;
			const kept = { sequence: lastAlarm, alarm: copyAlarm(alarm), receivedAt, handledAt: null };
			alarms.set(alarm.dedupKey, kept);
			return "inserted";
		},

		async markHandled(dedupKey, handledAt) {
			checkOpen();
			checkInteger("handledAt", handledAt);
			const kept = alarms.get(dedupKey);
			if (kept?.handledAt === null) alarms.set(dedupKey, { ...kept, handledAt });
		},

		async list(page) {
			checkOpen();
			checkPage(page);
			const { limit, after = 0, unhandled = false } = page;
			return [...alarms.values()]
				.filter((kept) => kept.sequence > after && !(unhandled && kept.handledAt !== null))
				.slice(0, limit)
				.map((kept) => ({ ...kept, alarm: copyAlarm(kept.alarm) }));
		},

		async quarantine(refused, limit) {
			checkOpen();
			checkInteger("limit", limit, 0);
			checkInteger("receivedAt", refused.receivedAt);
			if (!refusals.has(refused.digest)) {
				lastRefusal += 1;
				refusals.set(refused.digest, { ...copyRefusal(refused), sequence: lastRefusal });
			}
			for (const digest of [...refusals.keys()].slice(0, Math.max(0, refusals.size - limit))) {
				refusals.delete(digest);
			}
		},

		async listQuarantine(page) {
			checkOpen();
			checkPage(page);
			const { limit, after = 0 } = page;
			return [...refusals.values()]
				.filter((kept) => kept.sequence > after)
				.slice(0, limit)
				.map((kept) => ({ ...copyRefusal(kept), sequence: kept.sequence }));
		},

		async release(sequence) {
			checkOpen();
			for (const kept of refusals.values()) {
				if (kept.sequence === sequence) refusals.delete(kept.digest);
			}
		},

		async close() {
			closed = true;
		},
	};
}

// Field by field, as a table would keep it: whatever else hangs on the object is not part of an alarm.
function copyAlarm(alarm: Alarm): Alarm {
	const { appId, errorType, description, alarmContent, timeStamp, appSignature, dedupKey } = alarm;
	return { appId, errorType, description, alarmContent, timeStamp, appSignature, dedupKey };
}

function copyRefusal({ digest, body, truncated, code, receivedAt }: RefusedBody): RefusedBody {
	return { digest, body: Uint8Array.from(body), truncated, code, receivedAt };
}
