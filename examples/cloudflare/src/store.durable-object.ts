import type { AlarmStore, DeliveryStore } from "paysign";
import { createDurableObjectStore } from "paysign/stores/durable-object";
import { type Env, type Kept, senderOf } from "./env.js";

/** The store in the account's object: inside it as it is, from the Worker by calls to the object. */
export function storeOf(env: Env, inside?: DurableObjectState): Kept {
	if (inside !== undefined) return createDurableObjectStore({ storage: inside.storage });
	const deliveries = calls<DeliveryStore>((method, values) => senderOf(env).callDeliveries(method, values));
	const alarms = calls<AlarmStore>((method, values) => senderOf(env).callAlarms(method, values));
	return Object.assign(alarms, { deliveries });
}

/** An object whose methods are all passed on. */
function calls<T extends object>(pass: (method: never, values: never) => Promise<unknown>): T {
	return new Proxy({} as T, {
		get: (target, name) =>
			Reflect.get(target, name) ?? ((...values: unknown[]) => pass(name as never, values as never)),
	});
}
