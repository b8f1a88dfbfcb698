import { checkInteger } from "./arguments.js";
import type { Client } from "./client.js";
import { deliveryDeadline } from "./deliver-notify.js";
import type { DeliveryStore } from "./delivery-store.js";
import { WeChatPayError } from "./errors.js";
import { createOutbox, type Outbox } from "./outbox/engine.js";
import { checkNames, checkOptions, type OutboxOptions } from "./outbox/options.js";
import { judgeFailure } from "./outbox/verdict.js";
import type { Delivery, Goods } from "./wasm/load.js";

export type { BreakerReason } from "./outbox/breaker.js";
export type { Outbox, OutboxRun } from "./outbox/engine.js";
export type { OutboxEvent, OutboxTiming } from "./outbox/events.js";
export type { OutboxHook, OutboxOptions, ReportedDelivery } from "./outbox/options.js";

/** What decides by when WeChat has to hear of a delivery. */
export interface DeliveryTerms {
	/** When it was paid, in Unix seconds: the payment notification's `time_end`, not the time of your own call. */
	readonly paidAt: number;
	readonly goods: Goods;
}

/** How an outbox is set up. Outboxes that share a store are set up alike, each with its own `workerId`. */
export interface DeliveryOutboxOptions extends OutboxOptions {
	/** Sends the deliveries: the client of the account. */
	readonly client: Pick<Client, "appId" | "host" | "longestCallMs" | "deliverNotify" | "checkDelivery">;
	/** Where deliveries are kept: a store of the package, which may be the receiver's as well. */
	readonly store: { readonly deliveries: DeliveryStore };
}

type OrderNumbers = Pick<Delivery, "outTradeNo" | "transid">;

/** Deliveries that are on their way to WeChat, made by {@link createDeliveryOutbox}. */
export interface DeliveryOutbox extends Outbox<Delivery, DeliveryTerms, OrderNumbers> {
	/**
	 * Keeps a delivery until WeChat has taken it. It is durable when this resolves. The same order, by `outTradeNo` and
	 * `transid`, is kept once; `deliverTimestamp` may differ then, and the first one stays.
	 *
	 * @throws {WeChatPayError} `FIELD_MALFORMED`, `FIELD_CONTAINS_KEY`, `ARGUMENT_INVALID`: it could never be sent.
	 *   `DELIVERY_CONFLICT`: the order is here already with another buyer, status, text, payment time or kind of goods;
	 *   nothing was changed. `STORE_FAILED`: it is not kept.
	 */
	enqueue(delivery: Delivery, terms: DeliveryTerms): Promise<"inserted" | "duplicate">;
}

/**
 * Sends delivery notifications so that none is lost and none is late (PROTOCOL 3): what `enqueue` has resolved for is
 * sent until WeChat takes it, signed anew each time.
 *
 * Each failure is followed by a longer wait, with jitter, but 60, 30, 10, 5, 2 and 1 minute before its deadline a
 * delivery is sent in any case. When WeChat cannot be reached, or refuses the whole account, one delivery at a time is
 * tried until it can, every 30 to 600 seconds; then all go, at `maxPerSecond`. What needs a person, such as errcode
 * 48001, 40164 or 49004, becomes `needs-human`, and is still tried from time to time. After its deadline a delivery
 * becomes `expired` and is still sent for `lateSeconds`: late, but WeChat hears of it.
 *
 * Any number of workers may share a store. A row is sent by one at a time, and at least once: a worker that dies
 * between WeChat's answer and its own commit leaves a row that is sent again. WeChat documents nothing against that.
 * Hooks are called at least once, too.
 *
 * @throws {WeChatPayError} `ARGUMENT_INVALID` when an option cannot be used.
 *
 * @example
 * ```ts
 * import { createClient, createDeliveryOutbox } from "paysign";
 * import { startSandbox } from "paysign/sandbox";
 * import { createMemoryStore } from "paysign/stores/memory";
 *
 * const account = { appId: "wxf8b4f85f3a794e77", appSecret: "secret", appKey: "k".repeat(128) };
 * const order = { openid: "o0pk9uIVnlY", transid: "1218614901201405273313473135", outTradeNo: "JfuKdiBig4zZnE4n" };
 * const paidAt = Math.floor(Date.now() / 1000);
 * const sandbox = await startSandbox({ accounts: [account] });
 * sandbox.addOrder({ appId: account.appId, ...order, paidAt, goods: "virtual" });
 *
 * const outbox = createDeliveryOutbox({
 * 	client: createClient({ ...account, fetch: sandbox.fetch }),
 * 	store: createMemoryStore(), // paysign/stores/sqlite keeps what was enqueued
 * 	onInDanger: ({ key, secondsLeft }) => console.error(key, secondsLeft),
 * });
 * await outbox.enqueue(
 * 	{ ...order, deliverTimestamp: paidAt, deliverStatus: 1, deliverMsg: "ok" },
 * 	{ paidAt, goods: "virtual" },
 * );
 * console.log((await outbox.runOnce()).delivered); // 1
 * await sandbox.close();
 * ```
 */
export function createDeliveryOutbox(options: DeliveryOutboxOptions): DeliveryOutbox {
	const maker = "createDeliveryOutbox";
	checkNames(options, maker);
	const { client, store, ...rest } = options;
	const isClient = typeof client?.deliverNotify === "function" && typeof client.checkDelivery === "function";
	const checked = checkOptions<Delivery>(rest, {
		client,
		isClient,
		clientMaker: "createClient",
		part: "deliveries",
		deliveries: store?.deliveries,
	});
	const { appId } = client;
	return createOutbox(checked, {
		appId,
		prepare(delivery, { paidAt, goods }: DeliveryTerms) {
			const checkedDelivery = client.checkDelivery(delivery);
			checkInteger("paidAt", paidAt, 0);
			const deadline = deliveryDeadline(paidAt, goods);
			return { key: keyOf(appId, delivery), delivery: checkedDelivery, goods, paidAt, deadline };
		},
		keyOf: (order: OrderNumbers) => keyOf(appId, order),
		conflict,
		send: ({ delivery }) => client.deliverNotify(delivery),
		judge: (error) => judgeFailure(error),
	});
}

/** One key for each order: neither an AppId nor a transid holds a slash. */
function keyOf(appId: string, { transid, outTradeNo }: OrderNumbers): string {
	return `${appId}/${transid}/${outTradeNo}`;
}

function conflict(): WeChatPayError {
	return new WeChatPayError(
		"DELIVERY_CONFLICT",
		"The outbox has a delivery with this outTradeNo and transid already, and it says something else: another openid, " +
			"deliverStatus, deliverMsg, paidAt or kind of goods. The first one stays. If it is wrong, report the change with " +
			"client.deliverNotify(); no source says what WeChat makes of a second notification.",
	);
}
