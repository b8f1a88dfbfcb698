export type {
	OrderSettlementEvent,
	OtherEvent,
	Push,
	PushEvent,
	PushOrder,
	PushOrigin,
	RemindAccessApiEvent,
	RemindShippingEvent,
	TestPush,
} from "#wasm-push";
export { WeChatPayError } from "./errors.js";
export type { PushAccount, PushRequest, PushSecret, TestPushOptions } from "./push/account.js";
export { parsePushContent, signTestPush, verifyPush, verifyPushUrl } from "./push/verify.js";
