// A world for outboxes: time that stands still until it is moved, WeChat's double, and what it saw.
import { createClient, createDeliveryOutbox } from "paysign";
import { startSandbox } from "paysign/sandbox";
import { account, paidAt } from "../client-support.mjs";

export { account, paidAt };

export const day = 86_400;

/** Both clocks and the timer. `jump` moves the time of day alone. */
export function fakeTime(start = paidAt) {
	let at = 0;
	let shift = start;
	const sleepers = new Set();
	return {
		now: () => shift + at,
		elapsed: () => at,
		jump(seconds) {
			shift += seconds;
		},
		/** Moves on to a time of day; does nothing when it has passed. */
		set(now) {
			at = Math.max(at, now - shift);
			for (const sleeper of sleepers) if (sleeper.until <= at) sleeper.wake();
		},
		sleep: (seconds, signal) =>
			new Promise((resolve) => {
				const sleeper = { until: at + seconds, wake };
				function wake() {
					sleepers.delete(sleeper);
					signal.removeEventListener("abort", wake);
					resolve();
				}
				if (signal.aborted) return resolve();
				sleepers.add(sleeper);
				signal.addEventListener("abort", wake);
			}),
	};
}

/** The number of an order, back from its delivery. */
export function orderOf(number) {
	return {
		openid: "o0pk9uIVnlY-fJkzFKEbQ6LJ4cFc",
		transid: `1218614901201405273${String(number).padStart(9, "0")}`,
		outTradeNo: `order-${number}`,
	};
}

export function deliveryOf(number, fields = {}) {
	return {
		...orderOf(number),
		deliverTimestamp: paidAt + 60,
		deliverStatus: 1,
		deliverMsg: "ok",
		...fields,
	};
}

export const terms = { paidAt, goods: "virtual" };

/**
 * @param {{ store: import("paysign").Store, after: (work: () => unknown) => void, orders?: number }} options
 *   `orders`: how many orders WeChat knows, numbered from 0.
 */
export async function outboxWorld({ store, after, orders = 3 }) {
	const time = fakeTime();
	const sandbox = await startSandbox({ accounts: [account], now: () => Math.floor(time.now()) });
	after(() => sandbox.close());
	for (let number = 0; number < orders; number += 1) {
		sandbox.addOrder({ appId: account.appId, ...orderOf(number), ...terms });
	}
	const events = [];
	const hooked = [];
	const sends = [];
	const flying = new Map();
	const world = {
		time,
		sandbox,
		store,
		events,
		hooked,
		sends,
		/** What WeChat does to a notification instead of taking it: gives an answer, throws, or waits. */
		intervene: async (_number) => undefined,
		/** How often a row was on its way twice at the same time. */
		concurrent: 0,
		eventsOf: (type) => events.filter((event) => event.type === type),
		hookedOf: (hook) => hooked.filter((call) => call.hook === hook),
		outbox,
		rowOf: (number) => store.deliveries.get(keyOf(number)),
	};

	async function fetch(url, init) {
		if (!url.includes("/pay/delivernotify")) return sandbox.fetch(url, init);
		const number = Number(JSON.parse(init.body).out_trade_no.slice("order-".length));
		const here = (flying.get(number) ?? 0) + 1;
		flying.set(number, here);
		if (here > 1) world.concurrent += 1;
		sends.push({ number, at: time.now() });
		try {
			const answer = await world.intervene(number);
			return answer === undefined ? await sandbox.fetch(url, init) : Response.json(answer);
		} finally {
			flying.set(number, flying.get(number) - 1);
		}
	}

	function outbox(options = {}) {
		const hook = (name) => (delivery) => {
			hooked.push({ hook: name, ...delivery });
			return world.onHook?.(name, delivery);
		};
		const { client: clientOptions, ...rest } = options;
		return createDeliveryOutbox({
			client: createClient({ ...account, fetch, now: time.now, ...clientOptions }),
			store,
			now: time.now,
			elapsed: time.elapsed,
			sleep: time.sleep,
			maxPerSecond: Number.POSITIVE_INFINITY,
			onDelivered: hook("delivered"),
			onInDanger: hook("inDanger"),
			onExpired: hook("expired"),
			onNeedsHuman: hook("needsHuman"),
			onEvent: (event) => events.push(event),
			...rest,
		});
	}
	return world;
}

export function keyOf(number) {
	const { transid, outTradeNo } = orderOf(number);
	return `${account.appId}/${transid}/${outTradeNo}`;
}

/** Runs the outbox whenever it says it is time to, until the time of day is `end`. */
export async function runUntil(outbox, time, end) {
	for (;;) {
		const { nextRunAt } = await outbox.runOnce();
		if (nextRunAt === null || nextRunAt > end) break;
		time.set(Math.max(nextRunAt, time.now() + 1));
	}
	time.set(end);
	await outbox.runOnce();
}

/** What a connection that cannot be made looks like. */
export function unreachable() {
	throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } });
}

/** Lets everything run that needs no time. */
export function turn() {
	return new Promise((resolve) => setTimeout(resolve, 5));
}
