// What stores are given in tests.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";

/** An alarm as the verifier returns it; two with the same text have the same `dedupKey`. */
export function alarmOf(text, fields = {}) {
	return {
		appId: "wxf8b4f85f3a794e77",
		errorType: "1001",
		description: "delivery overdue",
		alarmContent: text,
		timeStamp: "1393860740",
		appSignature: "f8164781a303f4d5a944a2dfc68411a8c7e4fbea",
		dedupKey: digestOf(text),
		...fields,
	};
}

/** A refused body as the receiver passes it on. */
export function refusedOf(text, fields = {}) {
	const body = new TextEncoder().encode(text);
	return { digest: digestOf(text), body, truncated: false, code: "XML_ROOT", receivedAt: 7, ...fields };
}

/** A verified notification; two with the same text have the same `dedupKey`. */
export function notificationOf(text, fields = {}) {
	return {
		dedupKey: digestOf(text),
		source: "push",
		account: "wxf8b4f85f3a794e77",
		type: "trade_manage_remind_shipping",
		content: text,
		isProtected: true,
		sentAt: 1393860740,
		...fields,
	};
}

/** A refused notification as the receiver passes it on. */
export function refusedNotificationOf(text, fields = {}) {
	return { ...refusedOf(text), source: "push", context: `context of ${text}`, ...fields };
}

/** Texts that a careless store would change, cut, or take for something else. */
export const oddTexts = [
	"",
	" leading and trailing ",
	"'; DROP TABLE alarms; --",
	'"double" and `back` and \\backslash\\',
	"line\r\nbreak\ttab\u2028separator",
	"错误详情 \u{1f6a8} \u0301combining \u202eright to left",
	"__proto__",
	"constructor",
	"%s %d {0} $x ?1 :name @name",
	"16 KiB ".padEnd(16_384, "字"),
];

/** Asserts that a promise rejects with this code: a throw before there is a promise is not a rejection. */
export async function rejects(code, promise) {
	await assert.rejects(promise, (error) => {
		assert.equal(error.name, "WeChatPayError");
		assert.equal(error.code, code, error.message);
		return true;
	});
}

export function digestOf(text) {
	return createHash("sha256").update(text).digest("hex");
}
