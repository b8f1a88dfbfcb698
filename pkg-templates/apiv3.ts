export type { NotificationAccount } from "./apiv3/account.js";
export type { NotificationHeaders } from "./apiv3/headers.js";
export type { JsonValue, Notification, ViolationNotification } from "./apiv3/notification.js";
export type {
	SignedTestNotification,
	TestNotification,
	TestNotificationSigner,
	TestNotificationSigning,
} from "./apiv3/sign-test.js";
export { signTestNotification } from "./apiv3/sign-test.js";
export type { ReceivedNotification } from "./apiv3/verify.js";
export { verifyNotification } from "./apiv3/verify.js";
export { WeChatPayError } from "./errors.js";
