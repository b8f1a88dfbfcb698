import type { SandboxOrder, SandboxOrderState } from "./types.js";

/** The orders that the sandbox knows. Everything handed out is a copy. */
export interface OrderBook {
	add(order: SandboxOrder): void;
	get(transid: string): SandboxOrderState | undefined;
	/** Notes a delivery notification that was taken now. */
	notify(transid: string, deliverStatus: "0" | "1", deliverMsg: string): void;
	/** Orders that need an alarm which nobody has acknowledged yet, oldest first. */
	overdue(): SandboxOrderState[];
	/** Notes that an alarm was posted. */
	alarmed(transid: string, acknowledged: boolean): void;
}

const hoursUntilDue = { virtual: 24, physical: 72 };

/** Makes an empty order book. */
export function createOrderBook(now: () => number): OrderBook {
	const orders = new Map<string, SandboxOrderState>();

	function change(transid: string, changes: Partial<SandboxOrderState>): void {
		const order = orders.get(transid);
		if (order !== undefined) orders.set(transid, { ...order, ...changes });
	}

	return {
		add({ appId, transid, outTradeNo, openid, paidAt, goods }) {
			if (orders.has(transid)) throw new TypeError("addOrder: there is an order with this transid already.");
			if (!Number.isSafeInteger(paidAt))
				throw new TypeError("addOrder: paidAt has to be whole Unix seconds.");
			const hours = hoursUntilDue[goods];
			if (hours === undefined) throw new TypeError('addOrder: goods has to be "virtual" or "physical".');
			orders.set(transid, {
				appId,
				transid,
				outTradeNo,
				openid,
				paidAt,
				goods,
				deadline: paidAt + hours * 3600,
				notifiedAt: null,
				deliverStatus: null,
				deliverMsg: null,
				notifications: 0,
				alarm: "none",
			});
		},
		get(transid) {
			const order = orders.get(transid);
			return order === undefined ? undefined : { ...order };
		},
		notify(transid, deliverStatus, deliverMsg) {
			const order = orders.get(transid);
			// A report of failure counts too: what is due is that WeChat hears of the order (PROTOCOL 3).
			const notifiedAt = order?.notifiedAt ?? now();
			change(transid, {
				deliverStatus,
				deliverMsg,
				notifiedAt,
				notifications: (order?.notifications ?? 0) + 1,
			});
		},
		overdue() {
			const late = ({ notifiedAt, deadline }: SandboxOrderState) => (notifiedAt ?? now()) > deadline;
			return [...orders.values()].filter((order) => order.alarm !== "acknowledged" && late(order));
		},
		alarmed(transid, acknowledged) {
			change(transid, { alarm: acknowledged ? "acknowledged" : "unacknowledged" });
		},
	};
}
