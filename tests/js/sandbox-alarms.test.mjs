// The sandbox as the sender of alarms: when it posts one, what it looks like on the wire, and when it is content.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { createClient, verifyAlarm } from "paysign";
import { startSandbox } from "paysign/sandbox";
import { account, delivery, listening, order, paidAt, paySign, stoppedClock } from "./client-support.mjs";

const day = 86_400;

/** A sandbox with an order, and a receiver that keeps what is posted and answers with `answer`. */
async function withReceiver(t, answer = (response) => response.end("success")) {
	const posts = [];
	const server = createServer(async (request, response) => {
		const chunks = await request.toArray();
		posts.push({ method: request.method, url: request.url, body: Buffer.concat(chunks).toString("utf8") });
		answer(response, posts.length);
	});
	const alarmUrl = `http://127.0.0.1:${await listening(t, server)}/alarm`;
	const clock = stoppedClock();
	const sandbox = await startSandbox({ accounts: [{ ...account, alarmUrl }], now: clock.now });
	t.after(() => sandbox.close());
	sandbox.addOrder(order);
	const client = createClient({ ...account, fetch: sandbox.fetch, now: clock.now });
	return { clock, client, posts, sandbox };
}

test("an order that nobody delivers raises one alarm, in the shape of the documented sample", async (t) => {
	const { clock, posts, sandbox } = await withReceiver(t);
	clock.add(day);
	assert.deepEqual(await sandbox.checkDeadlines(), [], "the last second is in time");
	clock.add(1);
	const timeStamp = `${paidAt + day + 1}`;
	const signature = paySign(
		{
			appid: account.appId,
			errortype: "1001",
			description: "发货超时",
			alarmcontent: `transaction_id=${order.transid}`,
			timestamp: timeStamp,
		},
		account.appKey,
	);
	const body = `<xml>
    <AppId><![CDATA[${account.appId}]]></AppId>
    <ErrorType>1001</ErrorType>
    <Description><![CDATA[发货超时]]></Description>
    <AlarmContent><![CDATA[transaction_id=${order.transid}]]></AlarmContent>
    <TimeStamp>${timeStamp}</TimeStamp>
    <AppSignature><![CDATA[${signature}]]></AppSignature>
    <SignMethod><![CDATA[sha1]]></SignMethod>
</xml>`;
	assert.deepEqual(await sandbox.checkDeadlines(), [
		{
			appId: account.appId,
			transid: order.transid,
			body,
			httpStatus: 200,
			answer: "success",
			acknowledged: true,
		},
	]);
	assert.deepEqual(posts, [{ method: "POST", url: "/alarm", body }]);
	assert.equal(verifyAlarm(body, account).alarmContent, `transaction_id=${order.transid}`);
	assert.equal(sandbox.order(order.transid).alarm, "acknowledged");
	assert.deepEqual(await sandbox.checkDeadlines(), [], "one alarm per order");
});

test("an order delivered in time raises none; physical goods have 72 h; failures count as told", async (t) => {
	const { client, clock, sandbox } = await withReceiver(t);
	const parcel = { ...order, transid: "2", outTradeNo: "parcel", goods: "physical" };
	sandbox.addOrder(parcel);
	clock.add(day);
	await client.deliverNotify(delivery);
	clock.add(2 * day);
	await client.deliverNotify({
		...delivery,
		transid: "2",
		outTradeNo: "parcel",
		deliverStatus: 0,
		deliverMsg: "该商品已退款",
	});
	clock.add(10 * day);
	// A later word does not make an order late.
	await client.deliverNotify(delivery);
	assert.deepEqual(await sandbox.checkDeadlines(), []);
	assert.equal(sandbox.order("2").deliverStatus, "0");
	assert.equal(sandbox.order("2").deadline, paidAt + 3 * day);
});

test("an order delivered late raises an alarm all the same", async (t) => {
	const { client, clock, sandbox } = await withReceiver(t);
	clock.add(day + 1);
	assert.equal((await client.deliverNotify(delivery)).errcode, 0);
	const posts = await sandbox.checkDeadlines();
	assert.deepEqual(
		posts.map(({ transid, acknowledged }) => [transid, acknowledged]),
		[[order.transid, true]],
	);
});

const wrongAnswers = {
	nothing: (response) => response.end(),
	"another word": (response) => response.end("Success"),
	"a line break": (response) => response.end("success\n"),
	"a byte order mark": (response) => response.end("\ufeffsuccess"),
	"status 201": (response) => response.writeHead(201).end("success"),
	"status 503": (response) => response.writeHead(503).end("success"),
	"a redirect": (response) => response.writeHead(302, { location: "/alarm" }).end("success"),
	"a reset": (response) => response.socket.resetAndDestroy(),
};

for (const [name, wrong] of Object.entries(wrongAnswers)) {
	test(`an alarm answered with ${name} is posted again, byte for byte`, async (t) => {
		const { clock, posts, sandbox } = await withReceiver(t, (response, attempt) =>
			attempt < 3 ? wrong(response) : response.end("success"),
		);
		clock.add(day + 1);
		for (const acknowledged of [false, false, true]) {
			const [post, ...more] = await sandbox.checkDeadlines();
			assert.deepEqual([post.acknowledged, more], [acknowledged, []]);
			assert.equal(sandbox.order(order.transid).alarm, acknowledged ? "acknowledged" : "unacknowledged");
			clock.add(60);
		}
		assert.deepEqual(await sandbox.checkDeadlines(), []);
		assert.equal(posts.length, 3);
		assert.equal(new Set(posts.map(({ body }) => body)).size, 1);
	});
}

test("two checks at once post one alarm", async (t) => {
	const { clock, posts, sandbox } = await withReceiver(t);
	clock.add(day + 1);
	const checks = await Promise.all([sandbox.checkDeadlines(), sandbox.checkDeadlines()]);
	assert.deepEqual(
		checks.map((check) => check.length),
		[1, 0],
	);
	assert.equal(posts.length, 1);
});

test("an account without an alarmUrl gets none", async (t) => {
	const clock = stoppedClock();
	const sandbox = await startSandbox({ accounts: [account], now: clock.now });
	t.after(() => sandbox.close());
	sandbox.addOrder(order);
	clock.add(day + 1);
	assert.deepEqual(await sandbox.checkDeadlines(), []);
	assert.equal(sandbox.order(order.transid).alarm, "none");
	await assert.rejects(sandbox.sendAlarm({ appId: account.appId, alarmContent: "x" }), TypeError);
	await assert.rejects(sandbox.sendAlarm({ appId: "wx3", alarmContent: "x" }), TypeError);
});

test("an alarm of one's own words, and a forged one", async (t) => {
	const { posts, sandbox } = await withReceiver(t);
	const alarm = { appId: account.appId, errorType: "1", description: "test", alarmContent: "test" };
	const post = await sandbox.sendAlarm(alarm);
	assert.deepEqual([post.transid, post.acknowledged], [null, true]);
	assert.equal(verifyAlarm(posts[0].body, account).errorType, "1");
	await sandbox.sendAlarm({ ...alarm, appSignature: "0".repeat(40) });
	assert.throws(() => verifyAlarm(posts[1].body, account), { code: "SIGNATURE_MISMATCH" });
});
