export { WeChatPayError } from "./errors.js";
export type { PushAccount, PushRequest, PushSecret, TestPushOptions } from "./push/account.js";
export type { PushReceiver, PushReceiverOptions, ReceivedPush } from "./push/receiver.js";
export { createPushReceiver, readStoredPush } from "./push/receiver.js";
export { parsePushContent, signTestPush, verifyPush, verifyPushUrl } from "./push/verify.js";
export type { RequestContext } from "./receiver/background.js";
export type { Receiver } from "./receiver/engine.js";
export type { PushReceiverEvent, ReceiverEvent, ReceiverTiming, StoreOperation } from "./receiver/events.js";
export type { ResumeResult } from "./receiver/offers.js";
export type { ReceiverOptions } from "./receiver/options.js";
export type { Arrival } from "./receiver/protocol.js";
export type { ReverifyResult } from "./receiver/reverify.js";
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
} from "./wasm/load.push.js";
