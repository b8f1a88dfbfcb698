// The outbox against a model of it: whatever is enqueued, answered, waited for and restarted, in any order.
import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { createMemoryStore } from "paysign/stores/memory";
import {
	day,
	deliveryOf,
	orderOf,
	outboxWorld,
	paidAt,
	runUntil,
	terms,
	unreachable,
} from "./support/outbox.mjs";

const orders = 4;
const refusal = (errcode) => async () => ({ errcode, errmsg: "as WeChat says" });
const answers = {
	taken: async () => undefined,
	unreachable,
	...Object.fromEntries(
		[-1, 45011, 45009, 48001, 49004, 99999].map((errcode) => [errcode, refusal(errcode)]),
	),
};

const number = fc.nat({ max: orders - 1 });
const commands = fc.commands(
	[
		fc.tuple(number, fc.constantFrom(0, 1)).map(([number, deliverStatus]) => ({
			check: () => true,
			async run(model, { box }) {
				const known = model.statuses.get(number);
				const call = box().enqueue(deliveryOf(number, { deliverStatus }), terms);
				if (known !== undefined && known !== deliverStatus) {
					return assert.rejects(call, { code: "DELIVERY_CONFLICT" });
				}
				assert.equal(await call, known === undefined ? "inserted" : "duplicate");
				model.statuses.set(number, deliverStatus);
			},
			toString: () => `enqueue(${number}, ${deliverStatus})`,
		})),
		fc.constantFrom(...Object.keys(answers)).map((answer) => ({
			check: () => true,
			async run(_, { world }) {
				world.intervene = answers[answer];
			},
			toString: () => `answer(${answer})`,
		})),
		fc.constantFrom(1, 60, 900, 3_600, 6 * 3_600).map((seconds) => ({
			check: () => true,
			async run(model, { world, box }) {
				await runUntil(box(), world.time, world.time.now() + seconds);
				await compare(model, world);
			},
			toString: () => `wait(${seconds})`,
		})),
		number.map((number) => ({
			check: (model) => model.statuses.has(number),
			async run(_, { world, box }) {
				const row = await world.rowOf(number);
				assert.equal(await box().retry(row.sequence), row.state !== "delivered");
			},
			toString: () => `retry(${number})`,
		})),
		fc.constant({
			check: () => true,
			async run(_, real) {
				real.restart();
			},
			toString: () => "restart()",
		}),
	],
	{ maxCommands: 25, size: "max" },
);

/** What is true after every run. */
async function compare(model, { store, sandbox, hookedOf, time, events }) {
	const rows = await store.deliveries.list({ limit: 100 });
	assert.equal(rows.length, model.statuses.size, "each order once");
	for (const row of rows) {
		const { notifiedAt, notifications, deliverStatus } = sandbox.order(row.delivery.transid);
		const number = Number(row.delivery.outTradeNo.slice("order-".length));
		const isTaken = notifications > 0;
		assert.equal(row.state === "delivered", isTaken, "delivered is what WeChat has taken");
		assert.equal(notifications <= 1, true, "once");
		assert.equal(row.state === "expired", !isTaken && time.now() > row.deadline);
		if (isTaken)
			assert.deepEqual([deliverStatus, row.deliveredAt], [`${model.statuses.get(number)}`, notifiedAt]);
		const calls = (hook) => hookedOf(hook).filter((call) => call.key === row.key).length;
		assert.equal(calls("delivered"), isTaken ? 1 : 0);
		assert.equal(calls("expired"), row.state === "expired" || events.some(isLate(row)) ? 1 : 0);
		if (row.state === "needs-human") assert.equal(calls("needsHuman") >= 1, true);
		assert.deepEqual([row.owed, row.leasedUntil], [[], null]);
		assert.equal(row.attemptAt === null, isTaken, "never out of sight");
	}
}

const isLate = (row) => (event) => event.type === "delivered" && event.key === row.key && event.late;

it("does what its model does, and at last everything is delivered, in time if there is any", async (t) => {
	await fc.assert(
		fc.asyncProperty(commands, async (script) => {
			const ends = [];
			const world = await outboxWorld({
				store: createMemoryStore(),
				after: (work) => ends.push(work),
				orders,
			});
			let box = world.outbox();
			const model = { statuses: new Map() };
			const real = {
				world,
				box: () => box,
				restart() {
					box = world.outbox();
				},
			};
			try {
				await fc.asyncModelRun(() => ({ model, real }), script);
				world.intervene = answers.taken;
				const wasInTime = world.time.now() < paidAt + day - 600;
				await runUntil(box, world.time, world.time.now() + 3_600);
				await compare(model, world);
				for (const number of model.statuses.keys()) {
					const { notifiedAt, deadline } = world.sandbox.order(orderOf(number).transid);
					assert.notEqual(notifiedAt, null, "delivered at last");
					if (wasInTime) assert.equal(notifiedAt <= deadline, true, "in time");
				}
			} finally {
				for (const end of ends) await end();
			}
		}),
		{ numRuns: Number(process.env.PAYSIGN_OUTBOX_RUNS ?? 40) },
	);
	t.diagnostic("PAYSIGN_OUTBOX_RUNS sets how many scripts are tried");
});
