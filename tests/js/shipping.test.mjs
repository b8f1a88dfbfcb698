// The client of the order shipping service, over the sandbox: what it sends, what it makes of the answers, what it refuses.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createShippingClient, deliverNotifyAsShipping, shippingFromDelivery } from "paysign/shipping";
import { count, delivery, failure } from "./client-support.mjs";
import { notice, shippingAccount, shippingOrder, shippingWorld, transactionId } from "./support/shipping.mjs";

const upload = "/wxa/sec/order/upload_shipping_info";
const split = (number, isAllDelivered, fields = {}) =>
	notice({
		deliveryMode: "split",
		isAllDelivered,
		shippingList: Array.from({ length: number }, (_, index) => ({
			itemDesc: `parcel ${index}`,
			trackingNo: `${index}`,
			expressCompany: "ZTO",
		})),
		...fields,
	});

describe("a shipping notice", () => {
	it("is taken, and the order is shipped", async (t) => {
		const events = [];
		const { client, sandbox } = await shippingWorld(t, {
			client: { onEvent: (event) => events.push(event) },
		});
		assert.deepEqual(await client.uploadShippingInfo(notice()), {
			outcome: "accepted",
			errcode: 0,
			errmsg: "ok",
		});
		assert.deepEqual(await client.getOrder({ transactionId }), {
			transactionId,
			merchantId: "1900000109",
			merchantTradeNo: shippingOrder.outTradeNo,
			paidAmount: 100,
			openid: shippingOrder.openid,
			tradeCreateTime: shippingOrder.paidAt,
			payTime: shippingOrder.paidAt,
			orderState: "shipped",
			inComplaint: false,
			shipping: {
				deliveryMode: "unified",
				logisticsType: "express",
				finishShipping: true,
				finishShippingCount: 1,
				shippingList: [
					{
						trackingNo: "323244567777",
						expressCompany: "ZTO",
						goodsDesc: "抱枕*1个",
						uploadTime: shippingOrder.paidAt + 60,
					},
				],
			},
		});
		assert.deepEqual(
			events.map(({ type, outcome }) => [type, outcome]),
			[
				["tokenFetched", undefined],
				["shipped", "accepted"],
			],
		);
		assert.equal(count(sandbox, "/cgi-bin/stable_token"), 1);
		const [, sent] = sandbox.requests;
		assert.equal(sent.contentType, "application/json; charset=utf-8");
		assert.equal(sent.query, "access_token=«masked»");
		assert.equal(sent.body.includes("抱枕"), true, "raw UTF-8");
	});

	it("that is sent twice is no loss, nor a correction that is not one", async (t) => {
		const { client, sandbox } = await shippingWorld(t);
		const shipping = client.checkShipping(notice());
		await client.uploadShippingInfo(shipping);
		assert.equal((await client.uploadShippingInfo(shipping)).outcome, "unchanged");
		assert.equal((await client.uploadShippingInfo(notice())).outcome, "unchanged", "at another time");
		const corrected = notice({}, { trackingNo: "1" });
		assert.equal((await client.uploadShippingInfo(corrected)).outcome, "accepted");
		const again = await client.uploadShippingInfo(notice({}, { trackingNo: "2" }));
		assert.deepEqual([again.outcome, again.errcode], ["alreadyShipped", 10060003]);
		await sandbox.confirmReceipt(transactionId);
		const late = await client.uploadShippingInfo(notice({}, { trackingNo: "3" }));
		assert.deepEqual([late.outcome, late.errcode], ["alreadyShipped", 10060002]);
		const { uploads, repeats, finishShippingCount } = sandbox.shipment(transactionId);
		assert.deepEqual([uploads, repeats, finishShippingCount], [2, 4, 2]);
	});

	it("that is older than the one before does not take its place", async (t) => {
		const { client } = await shippingWorld(t);
		const old = client.checkShipping(notice({}, { trackingNo: "old" }));
		await client.uploadShippingInfo(notice({}, { trackingNo: "new" }));
		const { details } = await failure(client.uploadShippingInfo(old), "API_ERROR");
		assert.deepEqual([details.errcode, details.retryable], [10060014, false]);
		const { shipping } = await client.getOrder({ transactionId });
		assert.equal(shipping.shippingList[0].trackingNo, "new");
	});

	it("of several parcels ships the order with the last of them", async (t) => {
		const { client } = await shippingWorld(t);
		const state = async () => (await client.getOrder({ transactionId })).orderState;
		await client.uploadShippingInfo(split(1, false));
		assert.equal(await state(), "toShip");
		await client.uploadShippingInfo(split(2, true));
		assert.equal(await state(), "shipped");
		const { shipping } = await client.getOrder({ transactionId });
		assert.deepEqual([shipping.deliveryMode, shipping.shippingList.length], ["split", 2]);
	});

	it("names an order by the merchant's numbers, too", async (t) => {
		const { client } = await shippingWorld(t);
		const orderKey = { mchId: "1900000109", outTradeNo: shippingOrder.outTradeNo };
		assert.equal((await client.uploadShippingInfo(notice({ orderKey }))).outcome, "accepted");
		assert.equal((await client.getOrder(orderKey)).transactionId, transactionId);
		assert.equal((await client.getOrder({ ...orderKey, subMchId: "1900000110" })).orderState, "shipped");
	});

	it("about orders that were paid together ships all or none of them", async (t) => {
		const { client, sandbox } = await shippingWorld(t);
		for (const number of [1, 2]) {
			const transid = `${transactionId}${number}`;
			sandbox.addOrder({ ...shippingOrder, transid, outTradeNo: `order-${number}`, combinedIn: "combined" });
		}
		const { payer, ...goods } = notice();
		const of = (numbers) => ({
			orderKey: { transactionId: "combined" },
			subOrders: numbers.map((number) => ({
				...goods,
				orderKey: { transactionId: `${transactionId}${number}` },
			})),
			payer,
		});
		const { details } = await failure(client.uploadCombinedShippingInfo(of([1, 3])), "API_ERROR");
		assert.deepEqual([details.errcode, details.retryable], [10060001, true]);
		assert.equal(sandbox.shipment(`${transactionId}1`).orderState, 1);
		assert.equal((await client.uploadCombinedShippingInfo(of([1, 2]))).outcome, "accepted");
		assert.equal(sandbox.shipment(`${transactionId}2`).orderState, 2);
		assert.equal((await client.uploadCombinedShippingInfo(of([1, 2]))).outcome, "unchanged");
	});
});

describe("what WeChat refuses", () => {
	it("is thrown with its number, its meaning and what to do", async (t) => {
		const { client, sandbox } = await shippingWorld(t);
		const rows = [
			[notice({ orderKey: { transactionId: "1" } }), 10060001, true, /mchId is its own/],
			[notice({ payer: { openid: "another" } }), 10060031, false, /OpenId/],
		];
		for (const [shipping, errcode, retryable, fix] of rows) {
			const { details, message } = await failure(client.uploadShippingInfo(shipping), "API_ERROR");
			assert.deepEqual([details.errcode, details.retryable], [errcode, retryable]);
			assert.match(details.fix, fix);
			assert.match(message, /^WeChat refused POST \/wxa\/sec\/order\/upload_shipping_info with errcode/);
		}
		sandbox.refund(transactionId);
		const refunded = await failure(client.uploadShippingInfo(notice()), "API_ERROR");
		assert.equal(refunded.details.errcode, 10060004);
		assert.equal((await client.getOrder({ transactionId })).orderState, "refunded");
	});

	it("as a token is replaced once, and the same notice is sent again", async (t) => {
		const events = [];
		const { client, sandbox } = await shippingWorld(t, {
			client: { onEvent: (event) => events.push(event.type) },
		});
		await client.accessToken();
		sandbox.inject({ path: upload, fault: "expiredToken" });
		const refused = await failure(client.uploadShippingInfo(notice()), "API_ERROR");
		// The sandbox's stable token is still good, so it gives it out again.
		assert.match(refused.details.fix, /the very same one again/);
		const { client: classic, sandbox: other } = await shippingWorld(t, {
			client: { tokenEndpoint: "classic" },
		});
		await classic.accessToken();
		other.inject({ path: upload, fault: "expiredToken" });
		assert.equal((await classic.uploadShippingInfo(notice())).outcome, "accepted");
		assert.deepEqual([count(other, "/cgi-bin/token"), count(other, upload)], [2, 2]);
		const [first, second] = other.requests.filter((request) => request.path === upload);
		assert.equal(first.body, second.body, "its time of upload included");
		assert.equal(events.includes("tokenRefused"), true);
	});

	it("and what comes back broken may be sent again", async (t) => {
		const { client, sandbox } = await shippingWorld(t);
		for (const [fault, code] of [
			["busy", "API_ERROR"],
			["http500", "HTTP_STATUS"],
			["html", "RESPONSE_MALFORMED"],
			["truncated", "RESPONSE_MALFORMED"],
			["reset", "NETWORK"],
			["redirect", "HTTP_STATUS"],
			["gzipBomb", "RESPONSE_MALFORMED"],
		]) {
			sandbox.inject({ path: upload, fault });
			const { details } = await failure(client.uploadShippingInfo(notice()), code);
			assert.equal(details.retryable, true, fault);
		}
		assert.equal((await client.uploadShippingInfo(notice())).outcome, "accepted");
	});

	it("in answers without their content is an answer that cannot be used", async () => {
		const answers = [
			{ errcode: 0 },
			{ errcode: 0, order: [] },
			{ errcode: 0, order: { order_state: "x" } },
			{},
		];
		for (const answer of answers) {
			const fetch = async (url) =>
				Response.json(url.includes("token?") || url.endsWith("_token") ? token : answer);
			const token = { access_token: "t", expires_in: 7200 };
			const client = createShippingClient({ ...shippingAccount, fetch });
			await failure(client.getOrder({ transactionId }), "RESPONSE_MALFORMED");
			await failure(client.isTradeManaged(), "RESPONSE_MALFORMED");
		}
	});

	it("and a state that this version does not know is said to be unknown", async () => {
		const order = {
			order_state: 7,
			paid_amount: "100",
			shipping: { delivery_mode: 9, shipping_list: [null, { contact: { receiver_contact: "*" } }] },
		};
		const fetch = async (url) =>
			Response.json(
				url.includes("get_order") ? { errcode: 0, order } : { access_token: "t", expires_in: 7200 },
			);
		const client = createShippingClient({ ...shippingAccount, fetch });
		assert.deepEqual(await client.getOrder({ transactionId }), {
			paidAmount: 100,
			orderState: "unknown",
			shipping: { shippingList: [{ contact: { receiverContact: "*" } }] },
		});
	});
});

describe("the other calls", () => {
	it("say whether the service is used", async (t) => {
		const { client } = await shippingWorld(t);
		assert.equal(await client.isTradeManaged(), true);
		const { details } = await failure(client.isTradeManaged("wx0000000000000000"), "API_ERROR");
		assert.equal(details.errcode, 40013);
		const { client: without } = await shippingWorld(t, { account: { isTradeManaged: false } });
		assert.equal(await without.isTradeManaged(), false);
	});

	it("remind the buyer once, of what went by express", async (t) => {
		const { client, sandbox, clock } = await shippingWorld(t);
		const refused = async (time) =>
			(await failure(client.notifyConfirmReceive({ transactionId }, time), "API_ERROR")).details.errcode;
		assert.equal(await refused(clock.now()), 10060028);
		await client.uploadShippingInfo(notice());
		clock.add(86_400);
		assert.equal(await refused(clock.now() - 90_000), 10060029, "before it was shipped");
		assert.equal(await refused(clock.now() + 9), 10060029, "in the future");
		const milliseconds = client.notifyConfirmReceive({ transactionId }, clock.now() * 1000);
		await failure(milliseconds, "FIELD_MALFORMED");
		await client.notifyConfirmReceive({ transactionId }, new Date(clock.now() * 1000));
		assert.equal(sandbox.shipment(transactionId).reminded, true);
		assert.equal(await refused(clock.now()), 10060030);
	});

	it("set the page that messages open", async (t) => {
		const { client, sandbox } = await shippingWorld(t);
		await client.setMsgJumpPath("pages/order/detail?from=发货");
		assert.deepEqual(JSON.parse(sandbox.requests.at(-1).body), { path: "pages/order/detail?from=发货" });
		for (const path of [undefined, 1, "\u0000"]) {
			await failure(client.setMsgJumpPath(path), "FIELD_MALFORMED");
		}
	});
});

describe("options", () => {
	it("are those of the client without a paySignKey", () => {
		for (const options of [
			undefined,
			{ appId: "wx1" },
			{ ...shippingAccount, appKey: "k".repeat(128) },
			{ ...shippingAccount, appSecret: "with space" },
			{ ...shippingAccount, host: "example.com" },
			{ ...shippingAccount, timeoutMs: 0 },
		]) {
			assert.throws(() => createShippingClient(options), { code: "ARGUMENT_INVALID" });
		}
		const client = createShippingClient({ ...shippingAccount, timeoutMs: 1_000 });
		assert.deepEqual(
			[client.appId, client.host, client.longestCallMs],
			[shippingAccount.appId, "api.weixin.qq.com", 14_000],
		);
	});
});

describe("a delivery notification of before", () => {
	const details = { logisticsType: "virtual", itemDesc: "话费充值100元" };
	const before = { ...delivery, transid: transactionId, openid: shippingOrder.openid };

	it("becomes a notice of today, field by field", async (t) => {
		const { client, sandbox } = await shippingWorld(t);
		assert.equal((await deliverNotifyAsShipping(client, before, details)).outcome, "accepted");
		assert.deepEqual(JSON.parse(sandbox.requests.at(-1).body), {
			order_key: { order_number_type: 2, transaction_id: transactionId },
			logistics_type: 3,
			delivery_mode: 1,
			shipping_list: [{ item_desc: "话费充值100元" }],
			upload_time: "2014-03-03T23:33:20.000+08:00",
			payer: { openid: shippingOrder.openid },
		});
		const parcel = { trackingNo: "1", expressCompany: "SF", contact: { receiverContact: "189****1234" } };
		const express = { logisticsType: "express", itemDesc: "a", ...parcel };
		assert.deepEqual(shippingFromDelivery({ ...before, deliverTimestamp: "1393860800" }, express), {
			orderKey: { transactionId },
			logisticsType: "express",
			shippingList: [{ itemDesc: "a", ...parcel }],
			uploadTime: 1_393_860_800,
			payer: { openid: shippingOrder.openid },
		});
	});

	it("of goods that could not be delivered has no counterpart, and says so", async (t) => {
		const { client, sandbox } = await shippingWorld(t);
		for (const deliverStatus of [0, "0"]) {
			const error = await failure(
				deliverNotifyAsShipping(client, { ...before, deliverStatus }, details),
				"FIELD_MALFORMED",
			);
			assert.equal(error.details.field, "deliver_status");
			assert.match(error.message, /Refund such an order/);
		}
		for (const [change, field] of [
			[{ deliverTimestamp: "yesterday" }, "deliver_timestamp"],
			[{ deliverTimestamp: 1_393_860_800_000 }, "deliver_timestamp"],
			[{ transid: "" }, "transid"],
			[{ openid: undefined }, "payer.openid"],
		]) {
			await assert.rejects(
				deliverNotifyAsShipping(client, { ...before, ...change }, details),
				(error) => error.details.field === field,
			);
		}
		await failure(deliverNotifyAsShipping(client, before, { logisticsType: "express" }), "FIELD_MISSING");
		assert.deepEqual(sandbox.requests, []);
	});
});
