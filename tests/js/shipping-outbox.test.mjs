// What the outbox of shipping notices adds to the promises of every outbox (outbox.suite.mjs): its deadlines, which answers
// are good ones, several notices about one order, orders that WeChat does not know yet.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createClient, createDeliveryOutbox } from "paysign";
import { createShippingClient, createShippingOutbox } from "paysign/shipping";
import { createMemoryStore } from "paysign/stores/memory";
import { account, day, orderOf, outboxKinds, outboxWorld, paidAt, runUntil } from "./support/outbox.mjs";

const kind = outboxKinds.shipments;
const { payloadOf, keyOf, nameOf, terms } = kind;
const refusal = (errcode) => async () => ({ errcode, errmsg: "as WeChat says" });

/** A test with a world of its own. */
function promise(title, check) {
	it(title, async (t) => {
		const world = await outboxWorld({ store: createMemoryStore(), after: (work) => t.after(work), kind });
		await check(world);
	});
}

const express = (trackingNo, fields = {}) => ({
	logisticsType: "express",
	shippingList: [{ itemDesc: "a", trackingNo, expressCompany: "ZTO" }],
	...fields,
});

describe("the deadline", () => {
	promise("is 48 hours after the payment, 15 days of a pre-sale, or given", async ({ outbox, rowOf }) => {
		const box = outbox();
		await box.enqueue(payloadOf(0), { paidAt });
		await box.enqueue(payloadOf(1), { paidAt, preSale: true });
		await box.enqueue(payloadOf(2), { paidAt, shipBy: paidAt + 330 * day });
		const days = await Promise.all(
			[0, 1, 2].map(async (number) => ((await rowOf(number)).deadline - paidAt) / day),
		);
		assert.deepEqual(days, [2, 15, 330]);
		assert.equal((await rowOf(0)).goods, "virtual");
	});

	promise("is WeChat's own: what is sent in its last second is never reminded of", async (world) => {
		const { outbox, time, sandbox } = world;
		const box = outbox();
		world.intervene = refusal(-1);
		await box.enqueue(payloadOf(0), terms);
		await runUntil(box, time, paidAt + 2 * day - 61);
		assert.equal(world.hookedOf("inDanger").length, 1);
		world.intervene = async () => undefined;
		await runUntil(box, time, paidAt + 2 * day);
		assert.equal(sandbox.shipment(orderOf(0).transid).shippedAt <= paidAt + 2 * day, true);
		assert.deepEqual([world.hookedOf("expired").length, world.hookedOf("delivered").length], [0, 1]);
	});
});

describe("an answer that WeChat knows of the order already", () => {
	for (const errcode of [10060002, 10060003, 10060023]) {
		promise(`(${errcode}) is as good as one that it has taken it`, async (world) => {
			const { outbox, rowOf } = world;
			const box = outbox();
			world.intervene = refusal(errcode);
			await box.enqueue(payloadOf(0), terms);
			assert.equal((await box.runOnce()).delivered, 1);
			const { state, lastErrcode } = await rowOf(0);
			assert.deepEqual([state, lastErrcode], ["delivered", null]);
			assert.deepEqual(world.hookedOf("needsHuman"), []);
		});
	}

	promise("is not one to a correction, unless the answer before was lost", async (world) => {
		const { outbox, time } = world;
		const box = outbox();
		await box.enqueue(payloadOf(0), terms);
		await box.runOnce();
		// Somebody has used up the one correction in the console.
		world.intervene = refusal(10060003);
		const correction = { ...terms, notice: "correction" };
		assert.equal(await box.enqueue(payloadOf(0, express("1")), correction), "inserted");
		await box.runOnce();
		const name = { ...nameOf(0), notice: "correction" };
		const row = await box.get(name);
		assert.deepEqual(
			[row.state, row.lastCode, row.lastErrcode, row.key],
			["needs-human", "API_ERROR", 10060003, `${keyOf(0)}#correction`],
		);
		assert.match(row.lastSentence, /one correction is used/);
		// Another one, whose answer breaks off on the way back.
		world.intervene = () => {
			throw new TypeError("fetch failed");
		};
		await box.enqueue(payloadOf(1, express("2")), { ...correction, notice: "second" });
		await box.runOnce();
		world.intervene = refusal(10060003);
		await runUntil(box, time, time.now() + 60);
		assert.equal((await box.get({ ...nameOf(1), notice: "second" })).state, "delivered");
	});
});

describe("several notices about one order", () => {
	promise("go each for itself: the parcels of a split order, and its correction", async (world) => {
		const { outbox, sandbox, time } = world;
		const box = outbox();
		const part = (number, isAllDelivered) =>
			payloadOf(0, {
				...express(`${number}`, { deliveryMode: "split", isAllDelivered }),
				uploadTime: paidAt + number,
			});
		await box.enqueue(part(1, false), { ...terms, notice: "parcel-1" });
		assert.equal(await box.enqueue(part(1, false), { ...terms, notice: "parcel-1" }), "duplicate");
		await box.runOnce();
		assert.equal(sandbox.shipment(orderOf(0).transid).orderState, 1);
		time.set(paidAt + 600);
		await box.enqueue(part(2, true), { ...terms, notice: "parcel-2" });
		await box.runOnce();
		const { orderState, uploads } = sandbox.shipment(orderOf(0).transid);
		assert.deepEqual([orderState, uploads, (await box.counts()).delivered], [2, 2, 2]);
	});

	promise("without names are a conflict that says how to name them", async ({ outbox }) => {
		const box = outbox();
		await box.enqueue(payloadOf(0), terms);
		await assert.rejects(box.enqueue(payloadOf(0, express("1")), terms), /Pass `notice`/);
	});
});

describe("the time of upload", () => {
	promise("is that of enqueuing, however often and late a notice is sent", async (world) => {
		const { outbox, time, rowOf } = world;
		const box = outbox();
		world.intervene = refusal(-1);
		const { uploadTime: _, ...shipping } = payloadOf(0);
		await box.enqueue(shipping, terms);
		const { uploadTime } = (await rowOf(0)).delivery;
		assert.equal(Date.parse(uploadTime), paidAt * 1000);
		await runUntil(box, time, paidAt + 3_600);
		world.intervene = async () => undefined;
		await runUntil(box, time, paidAt + 7_200);
		const bodies = world.sandbox.requests.filter((request) => request.path === kind.path);
		assert.equal(JSON.parse(bodies.at(-1).body).upload_time, uploadTime);
		assert.equal(await box.enqueue(shipping, terms), "duplicate");
	});

	promise("keeps an old notice from taking the place of a correction that went past it", async (world) => {
		const { outbox, time, sandbox, rowOf } = world;
		const box = outbox();
		world.intervene = refusal(-1);
		await box.enqueue(payloadOf(0, express("wrong")), terms);
		await box.runOnce();
		world.intervene = async () => undefined;
		const client = createShippingClient({
			...kind.account,
			fetch: sandbox.fetch,
			now: () => Math.floor(time.now()) + 100,
		});
		const { uploadTime: _, ...right } = payloadOf(0, express("right"));
		await client.uploadShippingInfo(right);
		await runUntil(box, time, paidAt + 3_600);
		assert.equal(sandbox.shipment(orderOf(0).transid).notice.shipping_list[0].tracking_no, "right");
		const { state, lastErrcode } = await rowOf(0);
		assert.deepEqual([state, lastErrcode], ["needs-human", 10060014]);
	});
});

describe("an order that WeChat does not know", () => {
	promise("yet is sent again soon, and nobody is called", async (world) => {
		const { outbox, time, rowOf, sandbox } = world;
		const box = outbox({ random: () => 0.5 });
		await box.enqueue(payloadOf(9), terms);
		await box.enqueue(payloadOf(0), terms);
		await box.runOnce();
		assert.equal((await rowOf(0)).state, "delivered", "it holds no other one up");
		assert.equal((await rowOf(9)).state, "waiting");
		// WeChat has stored it by now.
		await runUntil(box, time, paidAt + 20);
		sandbox.addOrder({ appId: account.appId, ...orderOf(9), paidAt, goods: "virtual" });
		await runUntil(box, time, paidAt + 120);
		assert.equal((await rowOf(9)).state, "delivered");
		assert.deepEqual(world.hookedOf("needsHuman"), []);
		assert.deepEqual(world.eventsOf("breakerOpened"), []);
	});

	promise("after a while needs a person", async (world) => {
		const { outbox, time, rowOf } = world;
		const box = outbox({ random: () => 0.999_999 });
		await box.enqueue(payloadOf(9), terms);
		await runUntil(box, time, paidAt + 120);
		assert.equal((await rowOf(9)).state, "waiting");
		await runUntil(box, time, paidAt + 1_800);
		const { state, lastErrcode } = await rowOf(9);
		assert.deepEqual([state, lastErrcode], ["needs-human", 10060001]);
		assert.equal(world.hookedOf("needsHuman").length, 1);
		assert.deepEqual(world.eventsOf("breakerOpened"), [], "whatever is wrong is wrong with this order");
	});
});

describe("a refusal", () => {
	for (const [errcode, state, most] of [
		[10060004, "needs-human", 7],
		[10060014, "needs-human", 7],
		[10060012, "waiting", 400],
		[10060019, "waiting", 400],
	]) {
		promise(`(${errcode}) leaves the row ${state}`, async (world) => {
			const { outbox, time, rowOf, sends } = world;
			const box = outbox({ random: () => 0.5 });
			world.intervene = refusal(errcode);
			await box.enqueue(payloadOf(0), terms);
			await runUntil(box, time, paidAt + 3 * 3_600);
			assert.deepEqual([(await rowOf(0)).state, (await rowOf(0)).lastErrcode], [state, errcode]);
			assert.equal(sends.length >= 3 && sends.length <= most, true, `${sends.length} attempts in 3 hours`);
			assert.equal(world.hookedOf("needsHuman").length, state === "needs-human" ? 1 : 0);
			assert.equal(world.eventsOf("breakerOpened").length, state === "waiting" ? 1 : 0);
		});
	}
});

it("an outbox takes only its own kind of client and store", () => {
	const store = createMemoryStore();
	const client = createShippingClient(kind.account);
	const legacy = createClient(account);
	for (const [make, options, field] of [
		[createShippingOutbox, { client: legacy, store }, "client"],
		[createShippingOutbox, { client, store: { deliveries: store.deliveries } }, "store"],
		[createShippingOutbox, { client, store, surprise: 1 }, "options"],
		[createShippingOutbox, undefined, "options"],
		[createDeliveryOutbox, { client, store }, "client"],
	]) {
		assert.throws(
			() => make(options),
			(error) => error.code === "ARGUMENT_INVALID" && error.details.field === field,
		);
	}
	assert.doesNotThrow(() => createShippingOutbox({ client, store }));
});

it("both outboxes share a store, and neither sends what is the other's", async (t) => {
	const store = createMemoryStore();
	const worlds = {};
	for (const [name, each] of Object.entries(outboxKinds)) {
		worlds[name] = await outboxWorld({ store, after: (work) => t.after(work), kind: each });
	}
	const { deliveries, shipments } = worlds;
	await deliveries.outbox().enqueue(outboxKinds.deliveries.payloadOf(0), outboxKinds.deliveries.terms);
	await shipments.outbox().enqueue(payloadOf(0), terms);
	assert.equal((await shipments.outbox().runOnce()).attempts, 1);
	assert.deepEqual([deliveries.sends.length, shipments.sends.length], [0, 1]);
	assert.equal((await deliveries.outbox().runOnce()).delivered, 1);
});
