// What a shipping notice may say: every row of tests/vectors/shipping-notices.json, through the client and over the wire.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { startSandbox } from "paysign/sandbox";
import { createShippingClient, maskContact, shippingDeadline, WeChatPayError } from "paysign/shipping";
import { account } from "./client-support.mjs";
import { shippingAccount } from "./support/shipping.mjs";

const { base, masks, wire, refused } = JSON.parse(
	readFileSync(new URL("../vectors/shipping-notices.json", import.meta.url), "utf8"),
);
const half = { shippingList: [{ ...base.shippingList[0], itemDesc: "a\ud800" }] };

describe("what goes out", () => {
	for (const { name, shipping, body } of wire) {
		it(name, async (t) => {
			const sandbox = await startSandbox({ accounts: [shippingAccount] });
			t.after(() => sandbox.close());
			sandbox.addOrder({
				appId: account.appId,
				transid: "4200001858202306300646157659",
				outTradeNo: "JfuKdiBig4zZnE4n",
				openid: base.payer.openid,
				paidAt: 1_671_000_000,
				goods: "physical",
			});
			const client = createShippingClient({ ...shippingAccount, fetch: sandbox.fetch });
			assert.equal((await client.uploadShippingInfo(shipping)).outcome, "accepted");
			const sent = sandbox.requests.at(-1).body;
			assert.deepEqual(JSON.parse(sent), body);
			assert.doesNotMatch(sent, /\\u/);
			// What was checked once can be checked again, and says the same.
			const checked = client.checkShipping(shipping);
			assert.equal(checked.uploadTime, body.upload_time);
			assert.deepEqual(client.checkShipping(checked), checked);
		});
	}
});

describe("what is refused before it is sent", () => {
	const client = createShippingClient({ ...shippingAccount, fetch: assert.fail });
	for (const { name, change, without, code, field } of refused) {
		it(name, async () => {
			const shipping = { ...base, ...(change === "HALF" ? half : change) };
			if (without !== undefined) delete shipping[without];
			const check = (error) => {
				assert(error instanceof WeChatPayError);
				assert.deepEqual([error.code, error.details], [code, { field }]);
				assert.match(error.message, /^[A-Za-z_].*\.$/);
				for (const value of ["抱枕", "字字", "18912341234", "4200001858202306"]) {
					assert.equal(error.message.includes(value), false, "no value is shown");
				}
				return true;
			};
			assert.throws(() => client.checkShipping(shipping), check);
			await assert.rejects(client.uploadShippingInfo(shipping), check);
			// The same of an order among others, where the field says which one.
			const { uploadTime, payer, ...goods } = shipping;
			const combined = { orderKey: base.orderKey, subOrders: [goods], payer: base.payer };
			if (/^(payer|upload_time)/.test(field) || name.includes("wire name") || field === "shipping") return;
			await assert.rejects(client.uploadCombinedShippingInfo(combined), (error) => {
				assert.deepEqual([error.code, error.details.field], [code, `sub_orders[0].${field}`]);
				return true;
			});
		});
	}

	it("what is no notice at all, and payments of no orders or too many", async () => {
		for (const nothing of [null, 1, "text", []]) {
			assert.throws(() => client.checkShipping(nothing), { code: "FIELD_MALFORMED" });
		}
		const { uploadTime, payer, ...goods } = base;
		const rows = [
			[{ subOrders: [] }, "FIELD_MALFORMED", "sub_orders"],
			[{ subOrders: Array(51).fill(goods) }, "FIELD_MALFORMED", "sub_orders"],
			[{ subOrders: undefined }, "FIELD_MISSING", "sub_orders"],
			[{ orderKey: { mchId: "1", outTradeNo: "1" } }, "FIELD_MALFORMED", "sub_orders[0].order_key"],
		];
		for (const [change, code, field] of rows) {
			const combined = { orderKey: base.orderKey, subOrders: [goods], payer, ...change };
			await assert.rejects(client.uploadCombinedShippingInfo(combined), (error) => {
				assert.deepEqual([error.code, error.details.field], [code, field]);
				return true;
			});
		}
	});
});

describe("telephone numbers", () => {
	it("as WeChat's page shows them are taken", () => {
		const client = createShippingClient(shippingAccount);
		for (const receiverContact of masks) {
			const shippingList = [{ ...base.shippingList[0], contact: { receiverContact } }];
			assert.deepEqual(client.checkShipping({ ...base, shippingList }).shippingList, shippingList);
		}
	});

	it("are masked so that they are taken, and so that nobody can call them", () => {
		const client = createShippingClient(shippingAccount);
		const rows = [
			["18912341234", "189****1234"],
			["021-65431234", "021-****1234"],
			["+86 189 1234 1234", "+86 1** **** 1234"],
			["65431234", "****1234"],
			["12345", "*2345"],
		];
		for (const [number, masked] of rows) assert.equal(maskContact(number), masked);
		for (const number of ["", "1234", "abc", undefined, 18912341234]) {
			assert.throws(() => maskContact(number), WeChatPayError);
		}
		fc.assert(
			fc.property(fc.stringMatching(/^[0-9+() -]{5,20}$/), (number) => {
				const digits = number.replace(/[^0-9]/g, "");
				fc.pre(digits.length >= 5);
				const receiverContact = maskContact(number);
				assert.equal(receiverContact.replace(/[^0-9]/g, "").length < digits.length, true);
				client.checkShipping({
					...base,
					shippingList: [{ ...base.shippingList[0], contact: { receiverContact } }],
				});
			}),
		);
	});
});

describe("times", () => {
	it("of upload are text that is read back as the same moment", () => {
		const client = createShippingClient(shippingAccount);
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 4e12 }), (milliseconds) => {
				const asDate = client.checkShipping({ ...base, uploadTime: new Date(milliseconds) }).uploadTime;
				const asNumber = client.checkShipping({ ...base, uploadTime: milliseconds / 1000 }).uploadTime;
				assert.match(asDate, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00$/);
				assert.deepEqual([asNumber, Date.parse(asDate)], [asDate, milliseconds]);
			}),
		);
		assert.throws(() => client.checkShipping({ ...base, uploadTime: new Date("none") }), WeChatPayError);
	});

	it("that the client makes itself grow, though its clock has whole seconds", () => {
		const { uploadTime, ...shipping } = base;
		let now = 1_700_000_000;
		const client = createShippingClient({ ...shippingAccount, now: () => now });
		const times = [0, 0, 0, 5, 0, -9].map((step) => {
			now += step;
			return Date.parse(client.checkShipping(shipping).uploadTime);
		});
		assert.deepEqual(
			times.map((time) => time - 1_700_000_000_000),
			[0, 1, 2, 5_000, 5_001, 5_002],
		);
	});

	it("by which an order is to be shipped are 48 hours after the payment, or 15 days", () => {
		assert.equal(shippingDeadline(1_700_000_000), 1_700_172_800);
		assert.equal(shippingDeadline(1_700_000_000, { preSale: true }), 1_701_296_000);
		for (const paidAt of [1.5, -1, 1_700_000_000_000, "1"]) {
			assert.throws(() => shippingDeadline(paidAt), { code: "ARGUMENT_INVALID" });
		}
	});
});
