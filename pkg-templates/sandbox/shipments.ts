import { type Answer, answers } from "./answers.js";
import { shippingAnswers as says } from "./shipping-answers.js";
import { contentOf, type Json } from "./shipping-form.js";
import type { SandboxShipment } from "./shipping-types.js";
import type { SandboxOrder } from "./types.js";

/** The orders as the order shipping service knows them. Everything handed out is a copy. */
export interface ShipmentBook {
	add(order: SandboxOrder): void;
	get(transid: string): SandboxShipment | undefined;
	order(transid: string): SandboxOrder | undefined;
	/** The order of an account that a wire key names. */
	find(appId: string, key: Json): SandboxOrder | undefined;
	/** What a notice about an order would be answered now. */
	judge(transid: string, notice: Json, uploadedAt: number): Answer;
	/** Takes a notice that {@link ShipmentBook.judge} has found good, or notes that it said nothing new. */
	take(transid: string, notice: Json, uploadedAt: number, answer: Answer): void;
	change(transid: string, changes: Partial<SandboxShipment>): void;
	/** Orders that are to be shipped and late, with a push that nobody has acknowledged yet, oldest first. */
	overdue(): { readonly order: SandboxOrder; readonly shipment: SandboxShipment }[];
}

interface Kept {
	readonly order: SandboxOrder;
	readonly shipment: SandboxShipment;
	/** The `upload_time` of the latest notice, in milliseconds. */
	readonly uploadedAt: number;
}

export const usualMchId = "1900000109";
const hoursUntilReminder = 48;

/** Makes an empty book. */
export function createShipmentBook(now: () => number): ShipmentBook {
	const book = new Map<string, Kept>();

	function keptOf(transid: string): Kept {
		const kept = book.get(transid);
		if (kept === undefined) throw new TypeError("The sandbox has no order with this transid.");
		return kept;
	}

	function change(transid: string, changes: Partial<SandboxShipment>): void {
		const kept = keptOf(transid);
		book.set(transid, { ...kept, shipment: { ...kept.shipment, ...changes } });
	}

	return {
		add(order) {
			const deadline = order.shipBy ?? order.paidAt + hoursUntilReminder * 3600;
			const shipment: SandboxShipment = {
				transid: order.transid,
				orderState: 1,
				deadline,
				notice: null,
				shippedAt: null,
				finishShippingCount: 0,
				uploads: 0,
				repeats: 0,
				reminded: false,
				push: "none",
			};
			book.set(order.transid, { order: { ...order }, shipment, uploadedAt: -1 });
		},
		get(transid) {
			const kept = book.get(transid);
			return kept === undefined ? undefined : structuredClone(kept.shipment);
		},
		order: (transid) => book.get(transid)?.order,
		find(appId, { order_number_type, transaction_id, mchid, out_trade_no }) {
			const found = [...book.values()].find(({ order }) =>
				order_number_type === 2
					? order.transid === transaction_id
					: (order.mchId ?? usualMchId) === mchid && order.outTradeNo === out_trade_no,
			);
			return found?.order.appId === appId ? found.order : undefined;
		},
		judge(transid, notice, uploadedAt) {
			const { shipment, uploadedAt: before } = keptOf(transid);
			const { orderState, finishShippingCount } = shipment;
			if (orderState === 5) return says.notShippable;
			if (shipment.notice !== null && contentOf(shipment.notice) === contentOf(notice)) return says.unchanged;
			if (orderState !== 1 && orderState !== 2) return says.received;
			if (finishShippingCount === 2) return says.correctionUsed;
			// The pages say that it must be later, and give no code of its own.
			return uploadedAt <= before ? says.badArgument : answers.ok;
		},
		take(transid, notice, uploadedAt, answer) {
			const { shipment, order } = keptOf(transid);
			if (answer !== answers.ok) {
				change(transid, { repeats: shipment.repeats + 1 });
				return;
			}
			const isComplete = notice.delivery_mode === 1 || notice.is_all_delivered === true;
			// Another way of shipping is the one correction, too, even before everything is on its way.
			const before = shipment.notice;
			const isOther =
				before !== null &&
				(before.delivery_mode !== notice.delivery_mode || before.logistics_type !== notice.logistics_type);
			const isCorrection = shipment.finishShippingCount > 0 || isOther;
			const done: SandboxShipment = {
				...shipment,
				notice: structuredClone(notice),
				uploads: shipment.uploads + 1,
				orderState: isComplete || shipment.orderState === 2 ? 2 : 1,
				shippedAt: isComplete ? (shipment.shippedAt ?? now()) : shipment.shippedAt,
				finishShippingCount: isCorrection ? 2 : isComplete ? 1 : 0,
			};
			book.set(transid, { order, shipment: done, uploadedAt });
		},
		change,
		overdue() {
			return [...book.values()]
				.filter(({ shipment }) => shipment.push !== "acknowledged")
				.filter(({ shipment: { orderState, deadline } }) => orderState === 1 && now() > deadline)
				.map(({ order, shipment }) => ({ order, shipment }));
		},
	};
}
