// What of the receiver for APIv3's notifications no law of receiver-laws.test.mjs says.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { describe, it } from "node:test";
import { readStoredNotification, verifyNotification } from "paysign/apiv3";
import { startTime } from "./support/receiver.mjs";
import { keys, kindOf, notificationAccount, notificationRequest, setUpKind } from "./support/receivers.mjs";

const kind = kindOf("notification");
const probe = "WECHATPAY/SIGNTEST/".padEnd(344, "A");

function withSignature({ headers, ...request }, signature) {
	return { ...request, headers: { ...headers, "Wechatpay-Signature": signature } };
}

describe("notification receiver: probes", () => {
	it("refuses them as it refuses a forgery, and keeps its quarantine for what may be worth it", async () => {
		const { send, rows, quarantined, events } = setUpKind(kind);
		const genuine = await kind.request("x");
		const refused = await send(withSignature(genuine, probe));
		assert.deepEqual(refused, kind.fail(401));
		assert.deepEqual(await send(withSignature(genuine, `A${probe.slice(1)}`)), refused);
		assert.deepEqual(await rows(), []);
		assert.equal((await quarantined()).length, 1);
		assert.deepEqual(events, [
			{ type: "probeRefused" },
			{ type: "refused", code: "SIGNATURE_MISMATCH", quarantined: true },
		]);
	});
});

describe("notification receiver: what is kept", () => {
	it("is the notification, as it was verified", async () => {
		const { send, rows } = setUpKind(kind);
		const resource = `{"record_id":"r-1","amount":1.10,"name":"a\\u0000b 错误"}`;
		const request = await notificationRequest(resource, { id: "EV-\u0000-1", sentAt: startTime - 7 });
		assert.deepEqual(await send(request), kind.success);
		const [row] = await rows();
		const { source, account, type, isProtected, sentAt, receivedAt } = row;
		assert.deepEqual(
			{ source, account, type, isProtected, sentAt, receivedAt },
			{
				source: "apiv3",
				account: notificationAccount.mchId,
				type: "VIOLATION.PUNISH",
				isProtected: true,
				sentAt: startTime - 7,
				receivedAt: startTime,
			},
		);
		assert.equal(JSON.parse(row.content).resource, resource);
		assert.equal(row.content.includes("\0"), false);
		const now = () => startTime;
		const verified = await verifyNotification(request, { ...notificationAccount, now });
		assert.deepEqual(readStoredNotification(row), verified);
		assert.throws(() => readStoredNotification({ ...row, content: "{" }), TypeError);
	});

	it("is refused when it comes too late, and is believed when WeChat Pay sends it again", async () => {
		const { send, clock, eventsOf } = setUpKind(kind);
		clock.seconds += 301;
		assert.deepEqual(await send(await kind.request("x")), kind.fail(401));
		assert.equal(eventsOf("refused")[0].code, "NOTIFICATION_STALE");
		assert.deepEqual(await send(await kind.request("x", { sentAt: clock.seconds })), kind.success);
	});

	it("answers 503 when a key turns out to be none", async () => {
		const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
		const pem = publicKey.export({ type: "spki", format: "pem" });
		const accounts = { ...notificationAccount, publicKeys: { [keys.platform.serial]: pem } };
		const { send, eventsOf, quarantined } = setUpKind(kind, { accounts });
		assert.deepEqual(await send(await kind.request("x")), kind.fail(503));
		assert.equal(eventsOf("verifyFailed")[0].error.code, "ARGUMENT_INVALID");
		assert.deepEqual(await quarantined(), []);
	});
});

describe("notification receiver: several merchants", () => {
	const other = { ...notificationAccount, mchId: "1900000002", apiV3Key: "k".repeat(32) };

	it("finds whose a notification is by the keys, and says so", async () => {
		const seen = [];
		const onMessage = ({ mchId, notification }) => seen.push([mchId, notification.violation.recordId]);
		for (const accounts of [
			[notificationAccount, other],
			[other, notificationAccount],
		]) {
			const { send, receiver, rows } = setUpKind(kind, { accounts, onMessage });
			assert.deepEqual(await send(await kind.request("a")), kind.success);
			assert.deepEqual(await send(await kind.request("b", { apiV3Key: other.apiV3Key })), kind.success);
			await receiver.idle();
			assert.deepEqual(
				(await rows()).map(({ account }) => account),
				[notificationAccount.mchId, other.mchId],
			);
		}
		const both = [
			[notificationAccount.mchId, "a"],
			[other.mchId, "b"],
		];
		assert.deepEqual(seen, [...both, ...both]);
	});

	it("names the reason of the one that comes nearest to believing it", async () => {
		const stranger = {
			...other,
			mchId: "1900000003",
			publicKeys: { [keys.publicKey.id]: keys.publicKey.publicKey },
		};
		for (const accounts of [
			[stranger, other],
			[other, stranger],
		]) {
			const { send, eventsOf } = setUpKind(kind, { accounts });
			await send(await kind.request("x"));
			await send(withSignature(await kind.request("x"), "A".repeat(344)));
			assert.deepEqual(
				eventsOf("refused").map(({ code }) => code),
				["NOTIFICATION_UNREADABLE", "SIGNATURE_MISMATCH"],
			);
		}
	});

	it("wants each of them to have a number of its own", () => {
		const { mchId: _, ...nameless } = other;
		for (const second of [nameless, { ...other, mchId: notificationAccount.mchId }]) {
			const accounts = [notificationAccount, second];
			assert.throws(() => setUpKind(kind, { accounts }), { code: "ARGUMENT_INVALID" });
		}
		setUpKind(kind, { accounts: nameless });
	});
});
