// Mistakes that must not compile. A line below `@ts-expect-error` that does compile fails the check.

import {
	type Alarm,
	buildDeliverNotify,
	type Credentials,
	type DeliverNotifyBody,
	type Delivery,
	deliveryDeadline,
	explainSignature,
	type MessageName,
	parseAlarm,
	signMessage,
	signTestAlarm,
	type UnverifiedAlarm,
	verifyAlarm,
	verifyAlarms,
	type WeChatPayError,
	type WeChatPayErrorCode,
} from "paysign";
import { type Notification, type NotificationAccount, verifyNotification } from "paysign/apiv3";
import { type Diagnosis, diagnoseSignature, readMessage } from "paysign/diagnose";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<_Claim extends true>(): void {}

declare const credentials: Credentials;
declare const delivery: Delivery;

// Verification returns the content; there is no boolean to forget to look at.
holds<Equal<ReturnType<typeof verifyAlarm>, Alarm>>();
for (const { alarm, error } of verifyAlarms([new Uint8Array(), ""], { appId: "wx1", appKey: "k" })) {
	holds<Equal<typeof alarm, Alarm | undefined>>();
	if (error === undefined) holds<Equal<typeof alarm, Alarm>>();
}
holds<Equal<ReturnType<typeof parseAlarm>, UnverifiedAlarm>>();

// What was only read cannot be passed off as verified.
// @ts-expect-error
export const believed: Alarm = parseAlarm("<xml></xml>");

// There is no verifying without a key.
// @ts-expect-error
verifyAlarm("<xml></xml>", { appId: "wxf8b4f85f3a794e77" });
// @ts-expect-error
verifyAlarm("<xml></xml>", { appId: "wxf8b4f85f3a794e77", appKey: undefined });

// The key cannot be posted: the body has no room for it.
holds<Equal<Extract<keyof DeliverNotifyBody, "appkey" | "appKey">, never>>();

// A verified alarm stays as it was.
const alarm = verifyAlarm(signTestAlarm({ timeStamp: 1393860740 }, credentials), credentials);
// @ts-expect-error
alarm.errorType = "1002";

// Names and states come from closed lists.
// @ts-expect-error
deliveryDeadline(1393860740, "digital");
// @ts-expect-error
signMessage("alarms", {}, "k");
// @ts-expect-error
buildDeliverNotify({ ...delivery, deliverStatus: 2 }, credentials);
// @ts-expect-error
buildDeliverNotify({ ...delivery, deliverStatus: true }, credentials);

// A switch over the codes can be exhaustive, and a code that does not exist is a mistake.
export function isForged(error: WeChatPayError): boolean {
	// @ts-expect-error
	if (error.code === "SIGNATURE_INVALID") return true;
	return error.code === "SIGNATURE_MISMATCH";
}
holds<Equal<WeChatPayError["code"], WeChatPayErrorCode>>();

// Every message of the table can be explained, with or without a signature to compare.
declare const message: MessageName;
explainSignature({ message, fields: { appid: "wxf8b4f85f3a794e77" }, appKey: "k" });
explainSignature({ message, fields: {}, appKey: new Uint8Array(128), given: "0".repeat(40) });

// A diagnosis is of fields or of a body, not of both and not of neither; a secret may be absent, but not `secrets`.
const fields = { appid: "wxf8b4f85f3a794e77", timestamp: 1393400471 };
holds<Equal<ReturnType<typeof diagnoseSignature>, Diagnosis>>();
diagnoseSignature({
	message,
	fields,
	secrets: { appKey: process.env.PAY_SIGN_KEY, "key of the old shop": "k" },
	signedText: "appid=wx1",
	appId: process.env.APP_ID,
	now: 1393400471,
});
diagnoseSignature({ body: "<xml></xml>", secrets: {}, given: "0".repeat(40), budget: 1000 });
// @ts-expect-error
diagnoseSignature({ fields, body: "<xml></xml>", secrets: {} });
// @ts-expect-error
diagnoseSignature({ secrets: {} });
// @ts-expect-error
diagnoseSignature({ fields });
// @ts-expect-error
diagnoseSignature({ message: "alarms", fields, secrets: {} });

// The verdict is no boolean; what was read is no verified message, and holds no key.
const diagnosis = diagnoseSignature({ fields, secrets: {} });
// @ts-expect-error
if (diagnosis.verdict === "wrong") throw new Error();
// @ts-expect-error
export const read: Alarm = readMessage("<xml></xml>");
// @ts-expect-error
readMessage("<xml></xml>").key;

// A notification is verified over the body as sent, with keys, and waited for; what it returns stays as it was.
declare const merchant: NotificationAccount;
declare const request: Request;
holds<Equal<ReturnType<typeof verifyNotification>, Promise<Notification>>>();
verifyNotification({ headers: request.headers, body: new Uint8Array() }, merchant);
verifyNotification({ headers: { "wechatpay-nonce": ["a"], host: undefined }, body: "" }, merchant);
verifyNotification({ headers: new Map([["Wechatpay-Nonce", "a"]]), body: "" }, merchant);
// @ts-expect-error
verifyNotification({ headers: request.headers, body: {} }, merchant);
// @ts-expect-error
verifyNotification({ headers: request.headers, body: "" }, { publicKeys: merchant.publicKeys });
// @ts-expect-error
verifyNotification({ headers: request.headers, body: "" }, { apiV3Key: "k" });
// @ts-expect-error
verifyNotification({ headers: request.headers, body: "" }, merchant).id;
declare const notification: Notification;
// @ts-expect-error
notification.dedupKey = "";
