import { usualMchId } from "./shipments.js";
import type { SandboxShipment } from "./shipping-types.js";
import type { SandboxOrder } from "./types.js";

type Fields = Record<string, string | number>;

/** What the events about an order say of it (PROTOCOL 8.2). */
function orderFields({ transid, mchId = usualMchId, outTradeNo, paidAt }: SandboxOrder): Fields {
	return { transaction_id: transid, merchant_id: mchId, merchant_trade_no: outTradeNo, pay_time: paidAt };
}

/** The fields of `trade_manage_remind_shipping`. */
export function shippingFields(order: SandboxOrder): Fields {
	return { ...orderFields(order), msg: "你有一笔订单已超过48小时未发货，请尽快发货" };
}

/** The fields of `trade_manage_order_settlement` that are known once an order is shipped. */
export function settlementFields(order: SandboxOrder, { shippedAt }: SandboxShipment): Fields {
	const shipped_time = shippedAt ?? order.paidAt;
	return { ...orderFields(order), shipped_time, estimated_settlement_time: shipped_time + 10 * 86_400 };
}
