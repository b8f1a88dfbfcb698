// The sandbox as WeChat's order shipping service: its own rules, asked without the package's client, and what it pushes.
import assert from "node:assert/strict";
import { createDecipheriv, createHash } from "node:crypto";
import { createServer } from "node:http";
import { describe, it } from "node:test";
import { startSandbox } from "paysign/sandbox";
import { listening, other, paidAt, stoppedClock } from "./client-support.mjs";
import { shippingAccount, shippingOrder, transactionId } from "./support/shipping.mjs";

const token = "AAAAA";
const encodingAesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
const parcel = { tracking_no: "1", express_company: "ZTO", item_desc: "a" };
const good = {
	order_key: { order_number_type: 2, transaction_id: transactionId },
	logistics_type: 1,
	delivery_mode: 1,
	shipping_list: [parcel],
	upload_time: "2014-03-03T23:33:20.000+08:00",
	payer: { openid: shippingOrder.openid },
};

/** A sandbox with one order, and a way to call it. */
async function world(t, account = {}, order = {}) {
	const clock = stoppedClock();
	const sandbox = await startSandbox({
		accounts: [{ ...shippingAccount, ...account }, other],
		now: clock.now,
	});
	t.after(() => sandbox.close());
	sandbox.addOrder({ ...shippingOrder, ...order });
	async function call(path, body, { method = "POST", appId = shippingAccount.appId } = {}) {
		const { appSecret } = appId === other.appId ? other : shippingAccount;
		const credential = { grant_type: "client_credential", appid: appId, secret: appSecret };
		const got = await sandbox.fetch("https://api.weixin.qq.com/cgi-bin/stable_token", {
			method: "POST",
			body: JSON.stringify(credential),
		});
		const { access_token } = await got.json();
		const url = `https://api.weixin.qq.com/wxa/sec/order/${path}?access_token=${access_token}`;
		const text = typeof body === "string" ? body : JSON.stringify(body);
		const answer = await sandbox.fetch(url, method === "GET" ? {} : { method, body: text });
		return answer.json();
	}
	const upload = async (change = {}, options = {}) =>
		(
			await call(
				"upload_shipping_info",
				typeof change === "string" ? change : { ...good, ...change },
				options,
			)
		).errcode;
	return { sandbox, clock, call, upload };
}

const list = (change) => ({ shipping_list: [{ ...parcel, ...change }] });
const split = { delivery_mode: 2, is_all_delivered: true };
const refusals = [
	["a GET", {}, 43002, { method: "GET" }],
	["an empty body", "", 44002],
	["an escape", JSON.stringify(good).replace("ZTO", "\\u4e2d"), 40033],
	["no JSON", "{", 47001],
	["a number as text", { logistics_type: "1" }, 47001],
	["a list that is none", { shipping_list: parcel }, 47001],
	["no buyer", { payer: undefined }, 47001],
	["a kind of number", { order_key: { order_number_type: 3 } }, 268485194],
	["no number of WeChat's", { order_key: { order_number_type: 2 } }, 268485195],
	["no merchant", { order_key: { order_number_type: 1, out_trade_no: "1" } }, 268485196],
	["no number of the merchant's", { order_key: { order_number_type: 1, mchid: "1" } }, 268485197],
	["another order", { order_key: { order_number_type: 2, transaction_id: "1" } }, 10060001],
	["another account", {}, 10060001, { appId: other.appId }],
	["another way", { logistics_type: 5 }, 10060005],
	["another mode", { delivery_mode: 3 }, 268485224],
	["virtual goods in parcels", { ...split, logistics_type: 3 }, 10060006],
	["parcels, and not whether all", { delivery_mode: 2 }, 10060007],
	["no description", list({ item_desc: "" }), 10060008],
	["a long description", list({ item_desc: "字".repeat(121) }), 10060009],
	["16 parcels", { ...split, shipping_list: Array(16).fill(parcel) }, 10060024],
	["a long company", list({ express_company: "Z".repeat(129) }), 10060025],
	["a long number", list({ tracking_no: "1".repeat(129) }), 10060026],
	["no number of the parcel", list({ tracking_no: undefined }), 268485226],
	["no company", list({ express_company: undefined }), 268485227],
	["two parcels at once", { shipping_list: [parcel, parcel] }, 268485228],
	["SF without a telephone number", list({ express_company: "SF" }), 10060014],
	["an open telephone number", list({ contact: { receiver_contact: "18912341234" } }), 10060014],
	["a time without milliseconds", { upload_time: "2014-03-03T23:33:20+08:00" }, 268485216],
	["a time that is a number", { upload_time: 1393860800 }, 268485216],
	["another buyer", { payer: { openid: "another" } }, 10060031],
];

describe("the sandbox refuses a notice with", () => {
	for (const [name, change, errcode, options] of refusals) {
		it(name, async (t) => {
			const { upload, sandbox } = await world(t);
			assert.equal(await upload(change, options), errcode);
			assert.equal(sandbox.shipment(transactionId).uploads, 0);
			assert.equal(await upload(), 0, "the same without it is taken");
		});
	}
});

describe("the sandbox's order", () => {
	const at = (second, change = {}) => ({
		upload_time: `2014-03-03T23:33:${String(second).padStart(2, "0")}.000+08:00`,
		...change,
	});

	it("can be corrected once, and not when it is received or refunded", async (t) => {
		const { upload, sandbox } = await world(t);
		assert.equal(await upload(at(1)), 0);
		assert.equal(await upload(at(2)), 10060023);
		assert.equal(await upload(at(1, list({ tracking_no: "2" }))), 10060014, "not later");
		assert.equal(await upload(at(3, list({ tracking_no: "2" }))), 0);
		assert.equal(await upload(at(4, list({ tracking_no: "3" }))), 10060003);
		await sandbox.confirmReceipt(transactionId);
		assert.equal(await upload(at(5, list({ tracking_no: "4" }))), 10060002);
		sandbox.refund(transactionId);
		assert.equal(await upload(at(6, list({ tracking_no: "5" }))), 10060004);
	});

	it("takes another way of shipping as its one correction, before all of it is on its way, too", async (t) => {
		const { upload } = await world(t);
		assert.equal(await upload(at(1, { ...split, is_all_delivered: false })), 0);
		assert.equal(await upload(at(2)), 0);
		assert.equal(await upload(at(3, list({ tracking_no: "2" }))), 10060003);
	});

	it("is received and settled in this order", async (t) => {
		const { upload, sandbox, call } = await world(t);
		const state = async () => (await call("get_order", { transaction_id: transactionId })).order.order_state;
		await assert.rejects(sandbox.confirmReceipt(transactionId), /that is shipped/);
		assert.equal(await state(), 1);
		await upload();
		assert.equal(await state(), 2);
		await assert.rejects(sandbox.settle(transactionId), /that is received/);
		assert.equal(await sandbox.confirmReceipt(transactionId), null, "there is nobody to tell");
		assert.equal(await state(), 3);
		await sandbox.settle(transactionId);
		assert.equal(await state(), 4);
		assert.throws(() => sandbox.refund("unknown"), TypeError);
		assert.equal(sandbox.shipment("unknown"), undefined);
	});

	it("is not that of a delivery notification: an account of today cannot send one", async (t) => {
		const { sandbox, call } = await world(t);
		await call("get_order", {});
		const url = "https://api.weixin.qq.com/pay/delivernotify";
		const credential = { grant_type: "client_credential", appid: shippingAccount.appId };
		const got = await sandbox.fetch("https://api.weixin.qq.com/cgi-bin/stable_token", {
			method: "POST",
			body: JSON.stringify({ ...credential, secret: shippingAccount.appSecret }),
		});
		const { access_token } = await got.json();
		const answer = await sandbox.fetch(`${url}?access_token=${access_token}`, { method: "POST", body: "{}" });
		assert.equal((await answer.json()).errcode, 48001);
	});
});

/** A receiver that does nothing but answer; it gives back what it got. */
async function receiver(t, answers = ["success"]) {
	const got = [];
	const server = createServer(async (request, response) => {
		const chunks = [];
		for await (const chunk of request) chunks.push(chunk);
		const query = new URL(request.url, "http://receiver").searchParams;
		got.push({ method: request.method, query, body: Buffer.concat(chunks).toString("utf8") });
		const answer = answers[Math.min(got.length, answers.length) - 1];
		if (typeof answer === "number") response.writeHead(answer).end("success");
		else response.end(answer === "echo" ? query.get("echostr") : answer);
	});
	const port = await listening(t, server);
	return { got, pushUrl: `http://127.0.0.1:${port}/push` };
}

const sha1 = (values) => createHash("sha1").update(values.sort().join("")).digest("hex");

/** A third implementation, so that the test believes nobody. */
function decrypted(encrypt) {
	const key = Buffer.from(`${encodingAesKey}=`, "base64");
	const decipher = createDecipheriv("aes-256-cbc", key, key.subarray(0, 16)).setAutoPadding(false);
	const plain = Buffer.concat([decipher.update(encrypt, "base64"), decipher.final()]);
	const padding = plain.at(-1);
	assert.equal(padding >= 1 && padding <= 32 && plain.length % 32 === 0, true);
	const length = plain.readUInt32BE(16);
	const appId = plain.subarray(20 + length, plain.length - padding).toString();
	return { content: plain.subarray(20, 20 + length).toString("utf8"), appId };
}

describe("the sandbox pushes", () => {
	it("a reminder when 48 hours have passed, once it is acknowledged not again", async (t) => {
		const { got, pushUrl } = await receiver(t);
		const { sandbox, clock } = await world(t, { pushUrl, token });
		clock.add(48 * 3600);
		assert.deepEqual(await sandbox.checkShipping(), [], "the last moment is in time");
		clock.add(1);
		const [post] = await sandbox.checkShipping();
		assert.deepEqual(
			[post.event, post.transid, post.acknowledged, post.tries.length],
			["trade_manage_remind_shipping", transactionId, true, 1],
		);
		const [{ query, body }] = got;
		assert.equal(query.get("signature"), sha1([token, query.get("timestamp"), query.get("nonce")]));
		assert.equal(body, post.content);
		for (const part of [
			"<Event><![CDATA[trade_manage_remind_shipping]]></Event>",
			`<transaction_id><![CDATA[${transactionId}]]></transaction_id>`,
			"<merchant_id><![CDATA[1900000109]]></merchant_id>",
			`<merchant_trade_no><![CDATA[${shippingOrder.outTradeNo}]]></merchant_trade_no>`,
			`<pay_time>${paidAt}</pay_time>`,
			"<msg><![CDATA[",
		]) {
			assert.equal(body.includes(part), true, part);
		}
		assert.deepEqual(await sandbox.checkShipping(), []);
		assert.equal(sandbox.shipment(transactionId).push, "acknowledged");
	});

	it("none for what was shipped, and later for a pre-sale", async (t) => {
		const { pushUrl } = await receiver(t);
		const shipBy = paidAt + 15 * 86_400;
		const { sandbox, clock, upload } = await world(t, { pushUrl, token }, { shipBy });
		clock.add(15 * 86_400);
		assert.deepEqual(await sandbox.checkShipping(), []);
		await upload();
		clock.add(1);
		assert.deepEqual(await sandbox.checkShipping(), []);
	});

	for (const pushFormat of ["xml", "json"]) {
		it(`encrypted, as ${pushFormat}`, async (t) => {
			const { got, pushUrl } = await receiver(t);
			const { sandbox } = await world(t, { pushUrl, token, encodingAesKey, pushFormat });
			const fields = { msg: "接入 API ]]> \u{20bb7}" };
			const event = "trade_manage_remind_access_api";
			const post = await sandbox.sendPush({ appId: shippingAccount.appId, event, fields });
			const [{ query, body }] = got;
			const encrypt =
				pushFormat === "json" ? JSON.parse(body).Encrypt : /<Encrypt><!\[CDATA\[(.+?)\]\]>/.exec(body)[1];
			assert.equal(query.get("encrypt_type"), "aes");
			const signed = [token, query.get("timestamp"), query.get("nonce"), encrypt];
			assert.equal(query.get("msg_signature"), sha1(signed));
			assert.deepEqual(decrypted(encrypt), { content: post.content, appId: shippingAccount.appId });
			assert.equal(body.includes(event), false, "nothing in the clear");
			if (pushFormat === "json") assert.equal(JSON.parse(post.content).msg, fields.msg);
			else assert.equal(post.content.includes("]]]]><![CDATA[>"), true);
		});
	}

	it("both, side by side, in compatible mode", async (t) => {
		for (const pushFormat of ["xml", "json"]) {
			const { got, pushUrl } = await receiver(t);
			const mode = { pushMode: "compatible", pushFormat };
			const { sandbox } = await world(t, { pushUrl, token, encodingAesKey, ...mode });
			await sandbox.sendPush({ appId: shippingAccount.appId, event: "any", fields: { count: 1 } });
			const [{ body }] = got;
			assert.equal(/Encrypt/.test(body) && /any/.test(body) && /count/.test(body), true);
		}
	});

	it("three times at most, signed anew each time, the same content", async (t) => {
		const { got, pushUrl } = await receiver(t, ["fail", 500, "success"]);
		const { sandbox, clock } = await world(t, { pushUrl, token, encodingAesKey });
		clock.add(48 * 3600 + 1);
		const [post] = await sandbox.checkShipping();
		assert.deepEqual([post.acknowledged, post.tries.map((one) => one.httpStatus)], [true, [200, 500, 200]]);
		assert.equal(new Set(got.map(({ query }) => query.get("msg_signature"))).size, 3);
		const bodies = got.map(({ body }) => decrypted(/<Encrypt><!\[CDATA\[(.+?)\]\]>/.exec(body)[1]).content);
		assert.deepEqual(bodies, Array(3).fill(post.content));
	});

	it("again at the next check what nobody has acknowledged, and takes an empty answer for one", async (t) => {
		const { pushUrl } = await receiver(t, ["no", "no", "no", ""]);
		const { sandbox, clock } = await world(t, { pushUrl, token });
		clock.add(48 * 3600 + 1);
		const [first] = await sandbox.checkShipping();
		assert.deepEqual([first.acknowledged, first.tries.length], [false, 3]);
		assert.equal(sandbox.shipment(transactionId).push, "unacknowledged");
		clock.add(9);
		const [second] = await sandbox.checkShipping();
		assert.deepEqual([second.acknowledged, second.tries.length, second.content], [true, 1, first.content]);
	});

	it("a settlement when the buyer has received, and when the money is there", async (t) => {
		const { pushUrl } = await receiver(t);
		const { sandbox, upload, clock } = await world(t, { pushUrl, token, pushFormat: "json" });
		await upload();
		clock.add(60);
		const received = JSON.parse((await sandbox.confirmReceipt(transactionId, "time")).content);
		assert.deepEqual(
			[received.Event, received.confirm_receive_method, received.confirm_receive_time, received.shipped_time],
			["trade_manage_order_settlement", 1, paidAt + 60, paidAt],
		);
		assert.equal("settlement_time" in received, false);
		clock.add(60);
		const settled = JSON.parse((await sandbox.settle(transactionId)).content);
		assert.equal(settled.settlement_time, paidAt + 120);
	});

	it("nobody where nobody listens", async (t) => {
		const { sandbox } = await world(t, { pushUrl: "http://127.0.0.1:1/push", token });
		const post = await sandbox.sendPush({ appId: shippingAccount.appId, event: "any" });
		assert.deepEqual([post.acknowledged, post.tries.map((one) => one.answer)], [false, [null, null, null]]);
		const { sandbox: deaf } = await world(t);
		await assert.rejects(deaf.sendPush({ appId: shippingAccount.appId, event: "any" }), /no pushUrl/);
	});

	it("a check of the URL, whose echostr has to come back", async (t) => {
		for (const [answer, accepted] of [
			["echo", true],
			["success", false],
			[404, false],
		]) {
			const { got, pushUrl } = await receiver(t, [answer]);
			const { sandbox } = await world(t, { pushUrl: `${pushUrl}?shop=1`, token });
			const check = await sandbox.checkPushUrl(shippingAccount.appId);
			assert.equal(check.accepted, accepted);
			const [{ method, query }] = got;
			assert.deepEqual([method, query.get("shop")], ["GET", "1"]);
			assert.equal(query.get("signature"), sha1([token, query.get("timestamp"), query.get("nonce")]));
		}
	});
});

it("the sandbox refuses accounts that it cannot play", async () => {
	for (const account of [
		{ appKey: "" },
		{ pushUrl: "http://127.0.0.1:1/" },
		{ pushUrl: "http://127.0.0.1:1/", token, encodingAesKey: "short" },
		{ pushUrl: "http://127.0.0.1:1/", token, pushMode: "encrypted" },
	]) {
		const accounts = [{ ...shippingAccount, ...account }];
		await assert.rejects(startSandbox({ accounts }), TypeError);
	}
});
