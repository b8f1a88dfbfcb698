import { apiError } from "../api-error.js";
import { checkInteger, invalidArgument } from "../arguments.js";
import type { DeliveryStore, StoredDelivery } from "../delivery-store.js";
import { WeChatPayError } from "../errors.js";
import { createOutbox, type Outbox } from "../outbox/engine.js";
import { checkNames, checkOptions, type OutboxOptions } from "../outbox/options.js";
import { judgeFailure, type Verdict } from "../outbox/verdict.js";
import type { Shipping, ShippingOrder } from "../shipping-info.js";
import { checkedOrder } from "./check.js";
import type { ShippingClient } from "./client.js";
import { findShippingErrcode } from "./errcodes.js";

const hour = 3600;
const day = 24 * hour;
const preSaleDays = 15;
/** The longest that WeChat grants (PROTOCOL 8.1). */
const longestDays = 330;

/** What decides by when WeChat has to hear of a shipment. */
export interface ShippingTerms {
	/** When it was paid, in Unix seconds: `pay_time` of the payment, not the time of your own call. */
	readonly paidAt: number;
	/** Sold before it is there: WeChat waits for 15 days after the payment instead of 48 hours. Default: `false`. */
	readonly preSale?: boolean;
	/**
	 * The promised time, in Unix seconds, instead of either: after the payment and within 330 days of it. Beyond 15 days
	 * WeChat wants the order to be reported first, with `opspecialorder`, which this package does not call.
	 */
	readonly shipBy?: number;
	/**
	 * Tells the notices about one order apart where there are several, as `parcel-2` of a split order or `correction`: 1 to
	 * 64 of A-Z a-z 0-9 _ -. Default: the only one.
	 */
	readonly notice?: string;
}

/** Which notice. */
export type ShippingNotice = ShippingOrder & Pick<ShippingTerms, "notice">;

/** How an outbox is set up. Outboxes that share a store are set up alike, each with its own `workerId`. */
export interface ShippingOutboxOptions extends OutboxOptions<Shipping> {
	/** Sends the notices: the client of the account. */
	readonly client: Pick<
		ShippingClient,
		"appId" | "host" | "longestCallMs" | "uploadShippingInfo" | "checkShipping"
	>;
	/** Where notices are kept: a store of the package, which may be a receiver's as well. */
	readonly store: { readonly shipments: DeliveryStore<Shipping> };
}

/** Shipping notices that are on their way to WeChat, made by {@link createShippingOutbox}. */
export interface ShippingOutbox extends Outbox<Shipping, ShippingTerms, ShippingNotice> {
	/**
	 * Keeps a notice until WeChat has taken it. It is durable when this resolves. The same order, as its `orderKey` names
	 * it, and the same `notice` are kept once; `uploadTime` may differ then, and the first one stays.
	 *
	 * @throws {WeChatPayError} `FIELD_MISSING`, `FIELD_MALFORMED`, `FIELD_UNKNOWN`, `ARGUMENT_INVALID`: it could never be
	 *   sent. `DELIVERY_CONFLICT`: it is here already with another content, payment time or deadline; nothing was changed.
	 *   `STORE_FAILED`: it is not kept.
	 */
	enqueue(shipping: Shipping, terms: ShippingTerms): Promise<"inserted" | "duplicate">;
}

/**
 * When WeChat begins to remind of an order that is not shipped: 48 hours after the payment, of a pre-sale 15 days
 * (PROTOCOL 8.1).
 *
 * @param paidAt Unix seconds.
 * @returns Unix seconds; at this moment it is still in time.
 * @throws {WeChatPayError} `ARGUMENT_INVALID`.
 *
 * @example
 * ```ts
 * import { shippingDeadline } from "paysign/shipping";
 *
 * console.log(shippingDeadline(1_700_000_000) - 1_700_000_000); // 172800
 * ```
 */
export function shippingDeadline(paidAt: number, options: { readonly preSale?: boolean } = {}): number {
	// A payment before 2001, or milliseconds, is a slip.
	checkInteger("paidAt", paidAt, 0, 99_999_999_999);
	return paidAt + (options.preSale === true ? preSaleDays * day : 48 * hour);
}

/**
 * Sends shipping notices so that none is lost and none is late (PROTOCOL 8.1): what `enqueue` has resolved for is sent
 * until WeChat takes it. It is the outbox of `createDeliveryOutbox` in everything but what it sends and by when, with the
 * same states, hooks and events; its rows are those of `store.shipments`.
 *
 * The time of upload is that of `enqueue`, and stays: it tells WeChat which of two notices is the later one, so a notice
 * that is sent again must not look newer than a correction that went past it. That WeChat knows a notice already counts
 * as delivered. Of a named `notice`, an order that is shipped and takes no more corrections needs a person, unless it was
 * sent before and the answer never came. That WeChat does not know an order is normal in the minutes after the payment, and
 * needs a person only when it stays so.
 *
 * @throws {WeChatPayError} `ARGUMENT_INVALID` when an option cannot be used.
 *
 * @example
 * ```ts
 * import { startSandbox } from "paysign/sandbox";
 * import { createShippingClient, createShippingOutbox } from "paysign/shipping";
 * import { createMemoryStore } from "paysign/stores/memory";
 *
 * const account = { appId: "wxf8b4f85f3a794e77", appSecret: "secret" };
 * const order = { transid: "4200001858202306300646157659", outTradeNo: "JfuKdiBig4zZnE4n", openid: "oUpF8uMuAJO" };
 * const paidAt = Math.floor(Date.now() / 1000);
 * const sandbox = await startSandbox({ accounts: [account] });
 * sandbox.addOrder({ appId: account.appId, ...order, paidAt, goods: "virtual" });
 *
 * const outbox = createShippingOutbox({
 * 	client: createShippingClient({ ...account, fetch: sandbox.fetch }),
 * 	store: createMemoryStore(), // paysign/stores/sqlite keeps what was enqueued
 * 	onInDanger: ({ key, secondsLeft }) => console.error(key, secondsLeft),
 * });
 * await outbox.enqueue(
 * 	{
 * 		orderKey: { transactionId: order.transid },
 * 		logisticsType: "virtual",
 * 		shippingList: [{ itemDesc: "话费充值100元" }],
 * 		payer: { openid: order.openid },
 * 	},
 * 	{ paidAt },
 * );
 * console.log((await outbox.runOnce()).delivered); // 1
 * await sandbox.close();
 * ```
 */
export function createShippingOutbox(options: ShippingOutboxOptions): ShippingOutbox {
	checkNames(options, "createShippingOutbox");
	const { client, store, ...rest } = options;
	const isClient =
		typeof client?.uploadShippingInfo === "function" && typeof client.checkShipping === "function";
	const checked = checkOptions<Shipping>(rest, {
		client,
		isClient,
		clientMaker: "createShippingClient",
		part: "shipments",
		deliveries: store?.shipments,
	});
	const { appId } = client;
	return createOutbox(checked, {
		appId,
		prepare(shipping, terms: ShippingTerms) {
			const delivery = client.checkShipping(shipping);
			return {
				key: keyOf(appId, delivery.orderKey, terms.notice),
				delivery,
				goods: delivery.logisticsType === "virtual" ? "virtual" : "physical",
				paidAt: terms.paidAt,
				deadline: deadlineOf(terms),
			};
		},
		keyOf({ notice, ...order }: ShippingNotice) {
			// What is left is one of the two.
			return keyOf(appId, checkedOrder(order as ShippingOrder, "order_key"), notice);
		},
		conflict,
		send: (row) => send(client, row),
		judge,
	});
}

function deadlineOf({ paidAt, preSale, shipBy }: ShippingTerms): number {
	const usual = shippingDeadline(paidAt, preSale === undefined ? {} : { preSale });
	if (shipBy === undefined) return usual;
	if (preSale === true) {
		throw invalidArgument(
			"shipBy",
			"`preSale` means 15 days, `shipBy` a time of your own: pass one of them.",
		);
	}
	checkInteger("shipBy", shipBy, paidAt + 1, paidAt + longestDays * day);
	return shipBy;
}

/** One key for each notice: no part of it holds a slash or `#`. */
function keyOf(appId: string, order: ShippingOrder, notice: string | undefined): string {
	const numbers = "transactionId" in order ? order.transactionId : `${order.mchId}/${order.outTradeNo}`;
	if (notice === undefined) return `${appId}/${numbers}`;
	if (typeof notice !== "string" || !/^[\w-]{1,64}$/.test(notice)) {
		throw invalidArgument("notice", "`notice` must be 1 to 64 of A-Z a-z 0-9 _ -.");
	}
	return `${appId}/${numbers}#${notice}`;
}

async function send(
	client: ShippingOutboxOptions["client"],
	row: StoredDelivery<Shipping>,
): Promise<unknown> {
	const result = await client.uploadShippingInfo(row.delivery);
	const { outcome, errcode, errmsg } = result;
	const isNamed = row.key.includes("#");
	// An answer that never came may have been a good one.
	const mayBeTaken = row.attempts > 0 && row.lastCode !== "API_ERROR";
	if (outcome !== "alreadyShipped" || !isNamed || mayBeTaken) return result;
	const answer = { errcode, fields: new Map([["errmsg", errmsg]]) };
	const call = "POST /wxa/sec/order/upload_shipping_info";
	throw apiError(call, answer, [], undefined, findShippingErrcode);
}

const unknownOrder = 10060001;
/** How often an order may be unknown before somebody has to look: some ten minutes. */
const attemptsUnknown = 5;

function judge(error: unknown, row: StoredDelivery<Shipping>): Verdict {
	const verdict = judgeFailure(error, findShippingErrcode);
	if (verdict.errcode !== unknownOrder) return verdict;
	return { ...verdict, scope: "delivery", alert: row.attempts >= attemptsUnknown };
}

function conflict(): WeChatPayError {
	return new WeChatPayError(
		"DELIVERY_CONFLICT",
		"The outbox has a notice about this order already, and it says something else: other parcels, another openid, " +
			"paidAt or deadline. The first one stays. Pass `notice` with a name of its own to send another parcel of a split " +
			"order, or the one correction that WeChat allows.",
	);
}
