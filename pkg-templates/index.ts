export type {
	Alarm,
	AlarmFields,
	AppKey,
	DeliverNotifyBody,
	Delivery,
	Explanation,
	ExplanationProblem,
	ExplanationStep,
	Goods,
	MessageName,
	TestAlarmFields,
	UnverifiedAlarm,
} from "#wasm";
export { explainSignature, signMessage } from "#wasm";
export { parseAlarm, signTestAlarm, verifyAlarm } from "./alarm.js";
export * from "./client.js";
export type { AppKeys, Credentials } from "./credentials.js";
export { buildDeliverNotify, deliveryDeadline } from "./deliver-notify.js";
export * from "./errors.js";
export * from "./receiver.js";
export type { AlarmStore, Page, QuarantinedBody, RefusedBody, StoredAlarm } from "./store.js";
export type { StoredToken, TokenStore } from "./token.js";
