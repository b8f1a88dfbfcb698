export type { NotificationAccount } from "./apiv3/account.js";
export type { NotificationHeaders } from "./apiv3/headers.js";
export type { JsonValue, Notification, ViolationNotification } from "./apiv3/notification.js";
export type {
	NotificationReceiver,
	NotificationReceiverOptions,
	ReceivedNotification,
} from "./apiv3/receiver.js";
export { createNotificationReceiver } from "./apiv3/receiver.js";
export type {
	SignedTestNotification,
	TestNotification,
	TestNotificationSigner,
	TestNotificationSigning,
} from "./apiv3/sign-test.js";
export { signTestNotification } from "./apiv3/sign-test.js";
export { readStoredNotification } from "./apiv3/stored.js";
export type { NotificationRequest } from "./apiv3/verify.js";
export { verifyNotification } from "./apiv3/verify.js";
export { WeChatPayError } from "./errors.js";
export type { RequestContext } from "./receiver/background.js";
export type { Receiver } from "./receiver/engine.js";
export type {
	NotificationReceiverEvent,
	ReceiverEvent,
	ReceiverTiming,
	StoreOperation,
} from "./receiver/events.js";
export type { ResumeResult } from "./receiver/offers.js";
export type { ReceiverOptions } from "./receiver/options.js";
export type { Arrival } from "./receiver/protocol.js";
export type { ReverifyResult } from "./receiver/reverify.js";
