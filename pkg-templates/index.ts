export { parseAlarm, signTestAlarm, verifyAlarm } from "./alarm.js";
export * from "./alarms.js";
export * from "./client.js";
export type { AppKeys, Credentials } from "./credentials.js";
export { buildDeliverNotify, deliveryDeadline } from "./deliver-notify.js";
export type {
	DeliveryCounts,
	DeliveryLease,
	DeliveryNotice,
	DeliveryProgress,
	DeliveryQuery,
	DeliveryState,
	DeliveryStore,
	DeliveryWork,
	NewDelivery,
	StoredDelivery,
} from "./delivery-store.js";
export * from "./errors.js";
export { verifyFeedback } from "./feedback.js";
export { buildNativePackageResponse, verifyNativePackageRequest } from "./native-package.js";
export type {
	NewNotification,
	NotificationQuery,
	NotificationSource,
	NotificationStore,
	QuarantinedNotification,
	RefusedNotification,
	StoredNotification,
} from "./notification-store.js";
export * from "./outbox.js";
export * from "./pay-notify.js";
export * from "./receiver.js";
export type { AlarmStore, Page, QuarantinedBody, RefusedBody, Store, StoredAlarm } from "./store.js";
export type { StoredToken, TokenStore } from "./token.js";
export type {
	Alarm,
	AlarmFields,
	AppKey,
	Buyer,
	DeliverNotifyBody,
	Delivery,
	Explanation,
	ExplanationProblem,
	ExplanationStep,
	Feedback,
	Goods,
	MessageName,
	NativePackageRequest,
	NativePackageResponse,
	TestAlarmFields,
	UnverifiedAlarm,
	UnverifiedFeedback,
} from "./wasm/load.js";
export { explainSignature, signMessage } from "./wasm/load.js";
