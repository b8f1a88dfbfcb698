import { type Answer, answers } from "./answers.js";
import { type DeliveryCall, membersOf } from "./deliveries.js";
import { type ShipmentBook, usualMchId } from "./shipments.js";
import { shippingAnswers as says } from "./shipping-answers.js";
import { goodsFault, isJson, type Json, keyFault, uploadTimeOf } from "./shipping-form.js";
import type { TokenDesk } from "./tokens.js";
import type { SandboxAccount, SandboxOrder, SandboxPath } from "./types.js";

type Judge = (body: Json, account: SandboxAccount, book: ShipmentBook, now: number) => Answer;

/** The calls of the order shipping service. */
const calls: Readonly<Partial<Record<SandboxPath, Judge>>> = {
	"/wxa/sec/order/upload_shipping_info": upload,
	"/wxa/sec/order/upload_combined_shipping_info": uploadCombined,
	"/wxa/sec/order/get_order": getOrder,
	"/wxa/sec/order/is_trade_managed": isTradeManaged,
	"/wxa/sec/order/notify_confirm_receive": notifyConfirmReceive,
	"/wxa/sec/order/set_msg_jump_path": ({ path }) => (typeof path === "string" ? answers.ok : answers.badJson),
};

/** Answers a call as the service would (PROTOCOL 8.1); `undefined` when it is none of it. */
export function shippingAnswer(
	path: string,
	call: DeliveryCall,
	desk: TokenDesk,
	book: ShipmentBook,
	now: number,
): Answer | undefined {
	if (!Object.hasOwn(calls, path)) return undefined;
	const judge = calls[path as SandboxPath];
	if (judge === undefined) return undefined;
	if (call.method !== "POST") return answers.notPost;
	if (call.token === "") return answers.noToken;
	const holder = desk.holder(call.token);
	if ("errcode" in holder) return holder;
	if (call.body === "") return answers.noBody;
	if (/\\u[0-9a-f]{4}/i.test(call.body)) return answers.escapedText;
	const body = membersOf(call.body);
	return body === undefined ? answers.badJson : judge(Object.fromEntries(body), holder, book, now);
}

function upload(body: Json, account: SandboxAccount, book: ShipmentBook): Answer {
	const fault = goodsFault(body) ?? payerFault(body);
	if (fault !== undefined) return fault;
	const uploadedAt = uploadTimeOf(body.upload_time);
	if (uploadedAt === undefined) return says.uploadTime;
	const order = orderOf(body, account, book);
	if (order === undefined) return says.noOrder;
	if (order.openid !== openidOf(body)) return says.otherBuyer;
	return taken(order, body, uploadedAt, book);
}

function uploadCombined(body: Json, account: SandboxAccount, book: ShipmentBook): Answer {
	const { order_key, sub_orders } = body;
	const byKey = keyFault(order_key) ?? payerFault(body);
	if (byKey !== undefined) return byKey;
	if (!Array.isArray(sub_orders) || sub_orders.length === 0 || !sub_orders.every(isJson))
		return answers.badJson;
	const uploadedAt = uploadTimeOf(body.upload_time);
	if (uploadedAt === undefined) return says.uploadTime;
	const found: { readonly order: SandboxOrder; readonly goods: Json }[] = [];
	for (const goods of sub_orders) {
		const fault = goodsFault(goods);
		if (fault !== undefined) return fault;
		const order = orderOf(goods, account, book);
		const key = order_key as Json;
		const number = key.order_number_type === 2 ? key.transaction_id : key.out_trade_no;
		if (order === undefined || order.combinedIn !== number) return says.noOrder;
		if (order.openid !== openidOf(body)) return says.otherBuyer;
		found.push({ order, goods });
	}
	const judged = found.map(({ order, goods }) => book.judge(order.transid, goods, uploadedAt));
	// All or none of them; unchanged only when nothing of any of them is new.
	const refusal = judged.find(({ errcode }) => errcode !== 0 && errcode !== says.unchanged.errcode);
	if (refusal !== undefined) return refusal;
	found.forEach(({ order, goods }, index) => {
		book.take(order.transid, goods, uploadedAt, judged[index] ?? answers.ok);
	});
	return judged.find(({ errcode }) => errcode === 0) ?? says.unchanged;
}

function taken(order: SandboxOrder, notice: Json, uploadedAt: number, book: ShipmentBook): Answer {
	const answer = book.judge(order.transid, notice, uploadedAt);
	const isKnown = [0, says.unchanged.errcode, says.correctionUsed.errcode, says.received.errcode];
	if (isKnown.includes(answer.errcode)) book.take(order.transid, notice, uploadedAt, answer);
	return answer;
}

function getOrder(body: Json, account: SandboxAccount, book: ShipmentBook): Answer {
	const order = queried(body, account, book);
	const shipment = order && book.get(order.transid);
	if (order === undefined || shipment === undefined) return says.noOrder;
	const { notice, orderState, finishShippingCount } = shipment;
	return {
		...answers.ok,
		order: {
			transaction_id: order.transid,
			merchant_id: order.mchId ?? usualMchId,
			merchant_trade_no: order.outTradeNo,
			paid_amount: 100,
			openid: order.openid,
			trade_create_time: order.paidAt,
			pay_time: order.paidAt,
			order_state: orderState,
			in_complaint: false,
			...(notice === null ? {} : { shipping: shippingOf(notice, finishShippingCount) }),
		},
	} as Answer;
}

function shippingOf(notice: Json, finish_shipping_count: number): Json {
	const uploadedAt = uploadTimeOf(notice.upload_time);
	return {
		delivery_mode: notice.delivery_mode,
		logistics_type: notice.logistics_type,
		finish_shipping: finish_shipping_count > 0,
		finish_shipping_count,
		shipping_list: (notice.shipping_list as Json[]).map(({ item_desc, ...parcel }) => ({
			...parcel,
			goods_desc: item_desc,
			...(uploadedAt === undefined ? {} : { upload_time: Math.floor(uploadedAt / 1000) }),
		})),
	};
}

function isTradeManaged({ appid }: Json, account: SandboxAccount): Answer {
	if (typeof appid !== "string" || appid === "") return says.noApp;
	if (appid !== account.appId) return answers.badAppId;
	return { ...answers.ok, is_trade_managed: account.isTradeManaged ?? true } as Answer;
}

function notifyConfirmReceive(body: Json, account: SandboxAccount, book: ShipmentBook, now: number): Answer {
	const order = queried(body, account, book);
	const shipment = order && book.get(order.transid);
	if (order === undefined || shipment === undefined) return says.noOrder;
	const { received_time } = body;
	if (typeof received_time !== "number") return answers.badJson;
	if (shipment.orderState !== 2) return says.notShipped;
	if (shipment.notice?.logistics_type !== 1) return says.notExpress;
	if (shipment.reminded) return says.reminded;
	// Milliseconds are far in the future.
	if (received_time < (shipment.shippedAt ?? 0) || received_time > now) return says.badReceivedTime;
	book.change(order.transid, { reminded: true });
	return answers.ok;
}

function payerFault({ payer }: Json): Answer | undefined {
	return isJson(payer) && typeof payer.openid === "string" ? undefined : answers.badJson;
}

function openidOf({ payer }: Json): unknown {
	return isJson(payer) ? payer.openid : undefined;
}

function orderOf(
	{ order_key }: Json,
	{ appId }: SandboxAccount,
	book: ShipmentBook,
): SandboxOrder | undefined {
	return isJson(order_key) ? book.find(appId, order_key) : undefined;
}

/** The order in the calls that name it by `merchant_id`. */
function queried(
	{ transaction_id, merchant_id, merchant_trade_no }: Json,
	{ appId }: SandboxAccount,
	book: ShipmentBook,
): SandboxOrder | undefined {
	return transaction_id === undefined
		? book.find(appId, { order_number_type: 1, mchid: merchant_id, out_trade_no: merchant_trade_no })
		: book.find(appId, { order_number_type: 2, transaction_id });
}
