// The same two jobs for a merchant of today: a shipping notice, and a push about a late one, against a local double of
// WeChat: `cargo xtask demo --today`, or with Node.js 24 `node examples/demo/today.mjs`. Every outcome is checked.

import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNotificationReceiver, signTestNotification } from "paysign/apiv3";
import { serveAlarms } from "paysign/node";
import { createPushReceiver } from "paysign/push";
import { diagnosePush } from "paysign/push/diagnose";
import { startSandbox } from "paysign/sandbox";
import { createShippingClient, createShippingOutbox, deliverNotifyAsShipping } from "paysign/shipping";
import { createSqliteStore } from "paysign/stores/sqlite";
import { date, expect, tell, withEndings } from "./stage.mjs";
import { bad, bold, dim, good, quote, say, section, table } from "./terminal.mjs";

// No paySignKey any more. Token and EncodingAESKey are those of WeChat's own sample of a message push.
const account = {
	appId: "wx2c2769f8efd9abc2",
	appSecret: "e76050733ce76050733ce76050733cdd",
	token: "spamtest",
	encodingAesKey: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
};
const merchant = { mchId: "1900009191", apiV3Key: "0123456789abcdef0123456789abcdef" };
const serial = "PUB_KEY_ID_0119000091912026112800000000000001";
const openid = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
const hours = 3_600;

let clock = 1_767_229_200;
const now = () => clock;
const random = () => 0.5;

await tell(() =>
	withEndings(async (atTheEnd) => {
		const folder = mkdtempSync(join(tmpdir(), "paysign-today-"));
		atTheEnd(() => rmSync(folder, { recursive: true, force: true }));
		const path = join(folder, "paysign.sqlite");
		const store = createSqliteStore({ path });
		atTheEnd(() => store.close());
		const events = [];
		const handled = [];
		const onEvent = (event) => events.push(event.type === "refused" ? `refused: ${event.code}` : event.type);

		const pushes = createPushReceiver({
			accounts: account,
			store,
			now,
			onPush: ({ push }) => handled.push(push.event),
			onEvent,
		});
		const pushServer = await serveAlarms(pushes, { port: 0, path: "/wechat/push" });
		atTheEnd(() => pushServer.close());

		// WeChat Pay's private key nobody has: the double of it is a key of this run.
		const keys = generateKeyPairSync("rsa", {
			modulusLength: 2048,
			publicKeyEncoding: { type: "spki", format: "pem" },
			privateKeyEncoding: { type: "pkcs8", format: "pem" },
		});
		const notifications = createNotificationReceiver({
			accounts: { ...merchant, publicKeys: { [serial]: keys.publicKey } },
			store,
			now,
			onNotification: ({ notification }) => handled.push(notification.violation),
			onEvent,
		});
		const notificationServer = await serveAlarms(notifications, { port: 0, path: "/wechat/apiv3" });
		atTheEnd(() => notificationServer.close());

		const accounts = [{ ...account, pushUrl: pushServer.url, pushFormat: "json" }];
		const sandbox = await startSandbox({ accounts, now, random });
		atTheEnd(() => sandbox.close());
		const urls = { pushes: pushServer.url, notifications: notificationServer.url };
		const receivers = { pushes, notifications };
		await tellStory({ path, store, sandbox, receivers, urls, keys, events, handled });
	}),
);

async function tellStory({ path, store, sandbox, receivers, urls, keys, events, handled }) {
	console.log(bold("A shipping notice, and a push about a late one"));
	console.log(dim(`WeChat is a double on this machine; the clock starts at ${date(clock)}.`));

	section("WeChat's console checks the URL for pushes");
	const check = await sandbox.checkPushUrl(account.appId);
	expect([check.accepted, events], [true, ["urlVerified"]], "The echostr must come back.");
	say(`GET ?signature&timestamp&nonce&echostr  ${good(`${check.httpStatus} with the echostr`)}`);

	section("A parcel goes out, and WeChat is told");
	const { appId, appSecret } = account;
	const client = createShippingClient({ appId, appSecret, fetch: sandbox.fetch, now, random });
	expect(await client.isTradeManaged(), true, "The mini program must use the order shipping service.");
	const inTime = { openid, transid: "4200001858202306300646157659", outTradeNo: "JfuKdiBig4zZnE4n" };
	sandbox.addOrder({ appId, ...inTime, paidAt: clock - hours, goods: "physical" });
	const shipping = {
		orderKey: { transactionId: inTime.transid },
		logisticsType: "express",
		shippingList: [{ itemDesc: "微信红包抱枕*1个", trackingNo: "323244567777", expressCompany: "ZTO" }],
		payer: { openid },
	};
	expect((await client.uploadShippingInfo(shipping)).outcome, "accepted", "WeChat must take the notice.");
	quote(lines(sandbox.requests.at(-1).body));
	const { orderState } = await client.getOrder({ transactionId: inTime.transid });
	expect(orderState, "shipped", "The order must be shipped.");
	say(`POST /wxa/sec/order/upload_shipping_info  ${good("accepted")}; the order is ${orderState}`);

	section("A program of before says the same in its own words");
	const delivery = { ...inTime, deliverTimestamp: clock, deliverStatus: 1, deliverMsg: "ok" };
	const details = { logisticsType: "express", ...shipping.shippingList[0] };
	const { outcome } = await deliverNotifyAsShipping(client, delivery, details);
	expect(outcome, "unchanged", "A repetition must change nothing.");
	say(`deliverNotifyAsShipping(…)  ${good(outcome)}: WeChat knew it already (10060023), which is no error`);

	section("Another order is forgotten for 48 hours");
	const late = { openid, transid: "4200001858202306300646157660", outTradeNo: "JfuKdiBig4zZnE4o" };
	const paidAt = clock;
	sandbox.addOrder({ appId, ...late, paidAt, goods: "physical" });
	expect(await sandbox.checkShipping(), [], "Before the deadline there is no push.");
	clock = paidAt + 48 * hours + 60;
	say(`paid ${date(paidAt)}; the clock jumps to ${date(clock)}`);

	section("WeChat pushes a reminder, encrypted, and the receiver keeps it before it answers");
	const [reminder] = await sandbox.checkShipping();
	await receivers.pushes.idle();
	const [sent] = reminder.tries;
	expect([reminder.acknowledged, sent.answer], [true, "success"], "The push must be acknowledged.");
	expect(events.slice(1), ["stored", "handled"], "It must be stored, then handled.");
	const [event] = handled;
	expect(
		[event.type, event.transactionId],
		[reminder.event, late.transid],
		"The handler must be told of the forgotten order.",
	);
	say("what came:");
	quote(cut(sent.body, 88));
	say("what it says, once msg_signature is verified and the rest decrypted:");
	quote(lines(reminder.content));
	say(`verified, committed, answered ${good("200 success")}; then the handler was told`);

	section("The same push comes again, encrypted anew");
	const again = await sandbox.sendPush({
		appId,
		event: reminder.event,
		fields: fieldsOf(reminder.content),
	});
	await receivers.pushes.idle();
	expect(
		[again.acknowledged, again.content === reminder.content],
		[true, true],
		"It must be the same content.",
	);
	expect([events.at(-1), handled.length], ["duplicate", 1], "A repetition must not be handled again.");
	say(`${good("200 success")}  a duplicate: nothing is stored, the handler is not called`);

	section("Forgeries are refused, and kept as evidence");
	const post = postTo(urls.pushes, receivers.pushes);
	const changed = sent.body.replace(/.(?=[^"]{9}"}$)/, (letter) => (letter === "A" ? "B" : "A"));
	expect(changed === sent.body, false, "The ciphertext must have changed.");
	expect(await post(sent.query, changed), "401 fail", "A changed ciphertext must be refused.");
	say(`${"one letter of the ciphertext changed".padEnd(42)}  ${bad("401 fail")}  ${events.at(-1)}`);
	expect(await post(sent.query, reminder.content), "401 fail", "A plain body must be refused.");
	say(`${"the same, but not encrypted".padEnd(42)}  ${bad("401 fail")}  ${events.at(-1)}`);
	say(dim("A right `signature` in the query does not protect the body: only msg_signature does."));

	section("Why did it not verify? The diagnosis says it, with proof");
	const diagnosis = await diagnosePush({
		query: sent.query,
		body: sent.body,
		...account,
		encodingAesKey: account.encodingAesKey.slice(0, -1),
	});
	expect(diagnosis.verdict, "explained", "The lost character must be found.");
	say(`an EncodingAESKey of 42 characters: ${good(diagnosis.verdict)}`);
	for (const { sentence } of diagnosis.mistakes) say(sentence.en);

	section("The outbox sends what was forgotten");
	const outbox = createShippingOutbox({ client, store, now, random });
	const forgotten = {
		...shipping,
		orderKey: { transactionId: late.transid },
		shippingList: [{ ...shipping.shippingList[0], trackingNo: "323244567778" }],
	};
	await outbox.enqueue(forgotten, { paidAt });
	const run = await outbox.runOnce();
	expect(
		[run.delivered, sandbox.shipment(late.transid).orderState],
		[1, 2],
		"The order must be shipped now.",
	);
	say(`${good("delivered")}, late, but before the buyer asks`);

	section("The buyer confirms, and WeChat tells of the settlement");
	const settlement = await sandbox.confirmReceipt(late.transid);
	await receivers.pushes.idle();
	expect(settlement.acknowledged, true, "The settlement must be acknowledged.");
	const { type, confirmReceiveMethod } = handled.at(-1);
	expect([type, confirmReceiveMethod], ["trade_manage_order_settlement", "2"], "By hand, it must say.");
	say(`${type}: confirmed by ${confirmReceiveMethod === "2" ? "the buyer" : "time"}`);

	section("WeChat Pay reports a violation through APIv3");
	const notification = await signTestNotification(
		{
			eventType: "VIOLATION.PUNISH",
			id: "EV-2026010212152200001",
			summary: "违规处罚通知",
			originalType: "violation",
			associatedData: "violation",
			resource: {
				sub_mchid: "1900009231",
				record_id: "200201820200101080076610000",
				punish_plan: "关闭支付权限",
			},
		},
		{ privateKey: keys.privateKey, serial, apiV3Key: merchant.apiV3Key },
		{ timestamp: clock, nonce: "3d980fb850fdce97f6bfb3d248597f16" },
	);
	const notify = postTo(urls.notifications, receivers.notifications);
	expect(
		await notify("", notification.body, notification.headers),
		'200 {"code":"SUCCESS"}',
		"The notification must be acknowledged.",
	);
	expect(handled.at(-1).punishPlan, "关闭支付权限", "The handler must be told of the violation.");
	say(`${notification.headers["Wechatpay-Signature-Type"]}, key ${serial.slice(0, 24)}…`);
	say(`verified, decrypted, committed: ${good('200 {"code":"SUCCESS"}')}  ${handled.at(-1).punishPlan}`);
	const reserialised = JSON.stringify(JSON.parse(notification.body), null, " ");
	const refusal = await notify("", reserialised, notification.headers);
	expect(refusal.slice(0, 3), "401", "A body that was written anew must be refused.");
	say(`${"the same JSON, written anew".padEnd(42)}  ${bad("401")}  ${events.at(-1)}`);

	section("What the SQLite file says");
	const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
	const file = new DatabaseSync(path, { readOnly: true });
	const kept = file.prepare("SELECT * FROM notifications").all();
	const refused = file.prepare("SELECT * FROM notification_quarantine").all();
	const shipments = file.prepare("SELECT * FROM shipments").all();
	file.close();
	expect([kept.length, refused.length, shipments.length], [3, 3, 1], "The file must hold all of it.");
	table(
		["notifications", "source", "type", "handled_at"],
		kept.map((row) => [row.sequence, row.source, row.type, row.handled_at]),
	);
	console.log();
	table(
		["notification_quarantine", "source", "code", "bytes"],
		refused.map((row) => [row.sequence, row.source, row.code, row.body.length]),
	);
	console.log();
	table(
		["shipments", "state", "attempts", "deadline"],
		shipments.map((row) => [row.sequence, row.state, row.attempts, date(row.deadline)]),
	);
	console.log(dim("\nEvery outcome above was checked."));
}

/** Posts to a receiver, as anyone on the internet can, and waits until it is at rest. */
function postTo(url, receiver) {
	return async (query, body, headers = {}) => {
		const response = await fetch(`${url}?${query}`, { method: "POST", body, headers });
		const answer = `${response.status} ${await response.text()}`;
		await receiver.idle();
		return answer;
	};
}

/** The fields of an event beside those that every event has. */
function fieldsOf(content) {
	const {
		ToUserName: _,
		FromUserName: __,
		CreateTime: ___,
		MsgType: ____,
		Event: _____,
		...fields
	} = JSON.parse(content);
	return fields;
}

/** JSON with a member a line. */
function lines(json) {
	return json.replaceAll(',"', ',\n "');
}

function cut(text, length) {
	return text.length > length ? `${text.slice(0, length)}…` : text;
}
