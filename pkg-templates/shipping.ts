// Outgoing notices of the order shipping service (发货信息管理服务, PROTOCOL 8.1): what delivernotify is called today.

export { WeChatPayError } from "./errors.js";
export { maskContact } from "./shipping/check.js";
export * from "./shipping/client.js";
export * from "./shipping/from-delivery.js";
export type {
	OrderShipping,
	ShippedParcel,
	ShippingOrderInfo,
	ShippingOrderState,
} from "./shipping/order-state.js";
export * from "./shipping/outbox.js";
export type * from "./shipping-info.js";
