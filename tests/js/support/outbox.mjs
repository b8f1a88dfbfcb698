// A world for outboxes: time that stands still until it is moved, WeChat's double, and what it saw.
import { createClient, createDeliveryOutbox } from "paysign";
import { startSandbox } from "paysign/sandbox";
import { createShippingClient, createShippingOutbox } from "paysign/shipping";
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

/** The shipping notice about that order. */
export function shippingOf(number, fields = {}) {
	return {
		orderKey: { transactionId: orderOf(number).transid },
		logisticsType: "virtual",
		shippingList: [{ itemDesc: `order ${number}` }],
		uploadTime: paidAt + 60,
		payer: { openid: orderOf(number).openid },
		...fields,
	};
}

export function keyOf(number) {
	const { transid, outTradeNo } = orderOf(number);
	return `${account.appId}/${transid}/${outTradeNo}`;
}

/** What is particular to each kind of outbox; everything that is promised is promised of both. */
export const outboxKinds = {
	deliveries: {
		part: "deliveries",
		account,
		path: "/pay/delivernotify",
		terms,
		deadline: paidAt + day,
		payloadOf: deliveryOf,
		nameOf: orderOf,
		keyOf,
		numberOf: (body) => Number(body.out_trade_no.slice("order-".length)),
		client: (options) => createClient({ ...account, ...options }),
		create: createDeliveryOutbox,
		/** What WeChat has heard of an order: when first, how often. */
		heard: (sandbox, number) => sandbox.order(orderOf(number).transid),
		overdue: (sandbox) => sandbox.checkDeadlines(),
		again: { deliverTimestamp: "1393869999" },
		changes: [{ deliverStatus: 0 }],
		otherTerms: { goods: "physical" },
		/** The same numbers in other places. */
		moved: { outTradeNo: "1/order-0" },
		wrong: [
			["FIELD_MALFORMED", { transid: "" }],
			["FIELD_MALFORMED", { outTradeNo: "a=b" }],
			["FIELD_MALFORMED", { outTradeNo: "x".repeat(33) }],
			["FIELD_MALFORMED", { deliverTimestamp: 1_393_860_740_000 }],
			["FIELD_MALFORMED", { deliverMsg: "\\u4e2d" }],
			["FIELD_MALFORMED", { deliverMsg: "\u0000" }],
		],
		wrongTerms: [{ paidAt: 1.5 }, { paidAt: -1 }, { paidAt: paidAt * 1000 }, { goods: "air" }],
		/** What a program of before may have left in a store. */
		broken: (delivery) => ({ ...delivery, transid: "not digits" }),
	},
	shipments: {
		part: "shipments",
		account: { appId: account.appId, appSecret: account.appSecret },
		path: "/wxa/sec/order/upload_shipping_info",
		terms: { paidAt },
		deadline: paidAt + 2 * day,
		payloadOf: shippingOf,
		nameOf: (number) => ({ transactionId: orderOf(number).transid }),
		keyOf: (number) => `${account.appId}/${orderOf(number).transid}`,
		numberOf: (body) => Number(body.order_key.transaction_id.slice(-9)),
		client: ({ appKey: _, ...options }) =>
			createShippingClient({ appId: account.appId, appSecret: account.appSecret, ...options }),
		create: createShippingOutbox,
		heard(sandbox, number) {
			const { shippedAt, uploads, repeats } = sandbox.shipment(orderOf(number).transid);
			return { notifiedAt: shippedAt, notifications: uploads + repeats };
		},
		overdue: (sandbox) => sandbox.checkShipping(),
		again: { uploadTime: paidAt + 999 },
		changes: [{ logisticsType: "pickup" }, { payer: { openid: "another" } }],
		otherTerms: { preSale: true },
		moved: { orderKey: { mchId: "1", outTradeNo: "1" } },
		wrong: [
			["FIELD_MALFORMED", { orderKey: { transactionId: "" } }],
			["FIELD_MISSING", { payer: undefined }],
			["FIELD_MALFORMED", { shippingList: [] }],
			["FIELD_MALFORMED", { uploadTime: paidAt * 1000 }],
			["FIELD_MALFORMED", { shippingList: [{ itemDesc: "\\u4e2d" }] }],
			["FIELD_UNKNOWN", { deliverMsg: "ok" }],
		],
		wrongTerms: [
			{ paidAt: 1.5 },
			{ paidAt: -1 },
			{ paidAt: paidAt * 1000 },
			{ shipBy: paidAt },
			{ shipBy: paidAt + 331 * day },
			{ shipBy: paidAt + day, preSale: true },
			{ notice: "a b" },
			{ notice: "" },
		],
		broken: (shipping) => ({ ...shipping, shippingList: [] }),
	},
};

/**
 * @param {{ store: import("paysign").Store, after: (work: () => unknown) => void, orders?: number,
 *   kind?: (typeof outboxKinds)["deliveries" | "shipments"] }} options
 *   `orders`: how many orders WeChat knows, numbered from 0.
 */
export async function outboxWorld({ store, after, orders = 3, kind = outboxKinds.deliveries }) {
	const time = fakeTime();
	const sandbox = await startSandbox({ accounts: [kind.account], now: () => Math.floor(time.now()) });
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
		kind,
		rowOf: (number) => store[kind.part].get(kind.keyOf(number)),
	};

	async function fetch(url, init) {
		if (!url.includes(`${kind.path}?`)) return sandbox.fetch(url, init);
		const number = kind.numberOf(JSON.parse(init.body));
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
		return kind.create({
			client: kind.client({ fetch, now: time.now, ...clientOptions }),
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
