// What an outbox promises, over whichever store `open` opens.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { day, outboxKinds, outboxWorld, paidAt, runUntil, turn, unreachable } from "./support/outbox.mjs";
import { rejects } from "./support/store.mjs";

const refusal = (errcode) => async () => ({ errcode, errmsg: "as WeChat says" });
/** Of the test with many workers; 10,000 take a minute. */
const manyRows = Number(process.env.PAYSIGN_OUTBOX_ROWS ?? 400);

/**
 * @param {string} name What is under test.
 * @param {() => Promise<import("paysign").Store>} open Opens a new, empty store.
 * @param {{ workers?: number, rows?: number, outageHours?: number }} [size] Of the test with many workers; how much of
 *   the day's outage is gone through, with all its probes, counted from its end.
 * @param {(typeof outboxKinds)["deliveries" | "shipments"]} kind What it sends.
 */
export function outboxSuite(
	name,
	open,
	{ workers = 20, rows = manyRows, outageHours = 2 } = {},
	kind = outboxKinds.deliveries,
) {
	const { part, terms, deadline, payloadOf, nameOf, keyOf, heard } = kind;

	/** A test with a world of its own. */
	function promise(title, check, options = {}) {
		it(title, async (t) => {
			const store = await open();
			t.after(() => store.close());
			const world = await outboxWorld({ store, after: (work) => t.after(work), kind, ...options });
			await check(world, t);
		});
	}

	describe(`${name}: an outbox keeps`, () => {
		promise("a delivery once, and says when it is another one", async ({ outbox, rowOf, sends }) => {
			const box = outbox();
			assert.equal(await box.enqueue(payloadOf(0), terms), "inserted");
			assert.equal(await box.enqueue(payloadOf(0), terms), "duplicate");
			assert.equal(await box.enqueue(payloadOf(0, kind.again), terms), "duplicate");
			for (const change of kind.changes) {
				await rejects("DELIVERY_CONFLICT", box.enqueue(payloadOf(0, change), terms));
			}
			await rejects("DELIVERY_CONFLICT", box.enqueue(payloadOf(0), { ...terms, ...kind.otherTerms }));
			const row = await rowOf(0);
			assert.deepEqual(
				[row.key, row.deadline, row.paidAt, row.state, sends.length],
				[keyOf(0), deadline, paidAt, "waiting", 0],
			);
			assert.deepEqual(await box.get(nameOf(0)), row);
			assert.equal(await box.enqueue(payloadOf(0, kind.moved), terms), "inserted");
		});

		promise("nothing that could never be sent, and says so at once", async ({ outbox, store, sends }) => {
			const box = outbox();
			for (const [code, wrong] of kind.wrong) {
				await rejects(code, box.enqueue(payloadOf(0, wrong), terms));
			}
			for (const wrong of kind.wrongTerms) {
				await rejects("ARGUMENT_INVALID", box.enqueue(payloadOf(0), { ...terms, ...wrong }));
			}
			assert.deepEqual([await store[part].list({ limit: 9 }), sends], [[], []]);
		});

		promise("what is another account's apart", async ({ outbox, store, sends }) => {
			const box = outbox();
			const other = outbox({ client: { appId: "wx0000000000000000" } });
			await other.enqueue(payloadOf(0), terms);
			assert.equal(await box.enqueue(payloadOf(0), terms), "inserted");
			assert.equal((await box.runOnce()).delivered, 1);
			assert.equal(sends.length, 1);
			assert.deepEqual([(await box.counts()).delivered, (await other.counts()).waiting], [1, 1]);
			assert.deepEqual(
				[(await box.list({ limit: 9 })).length, (await store[part].list({ limit: 9 })).length],
				[1, 2],
			);
		});
	});

	describe(`${name}: an outbox sends`, () => {
		promise(
			"what is enqueued, signed when it is sent",
			async ({ outbox, rowOf, sandbox, hooked, events, time }) => {
				const box = outbox();
				for (const number of [0, 1]) await box.enqueue(payloadOf(number), terms);
				time.set(paidAt + 100);
				const run = await box.runOnce();
				assert.deepEqual(run, { attempts: 2, delivered: 2, nextRunAt: null });
				const row = await rowOf(0);
				assert.deepEqual(
					[row.state, row.attempts, row.deliveredAt, row.attemptAt, row.noticeAt, row.leasedUntil, row.owed],
					["delivered", 1, paidAt + 100, null, null, null, []],
				);
				assert.equal(heard(sandbox, 0).notifiedAt, paidAt + 100);
				assert.deepEqual(
					hooked.map(({ hook, key, state, secondsLeft }) => [hook, key, state, secondsLeft]).sort(),
					[0, 1].map((number) => ["delivered", keyOf(number), "delivered", deadline - paidAt - 100]),
				);
				const delivered = events.filter((event) => event.type === "delivered");
				assert.deepEqual(delivered[0], {
					type: "delivered",
					key: keyOf(0),
					attempts: 1,
					seconds: 100,
					late: false,
				});
				assert.deepEqual(await box.runOnce(), { attempts: 0, delivered: 0, nextRunAt: null });
				assert.equal(await box.enqueue(payloadOf(0), terms), "duplicate");
				assert.equal((await box.runOnce()).attempts, 0);
			},
		);

		promise("again after whatever passes, and soon when it has passed", async (world) => {
			const { outbox, sandbox, time, eventsOf } = world;
			const box = outbox();
			const faults = ["busy", "http500", "html", "empty", "truncated", "reset", "rateLimited", "http502html"];
			for (const fault of faults) sandbox.inject({ path: kind.path, fault });
			sandbox.inject({ path: "/cgi-bin/stable_token", fault: "reset" });
			await box.enqueue(payloadOf(0), terms);
			await runUntil(box, time, paidAt + 1_200);
			const row = await world.rowOf(0);
			assert.deepEqual([row.state, row.attempts, world.sends.length], ["delivered", 10, 9]);
			assert.equal(eventsOf("failed").length, 9);
			assert.deepEqual(world.hookedOf("needsHuman"), []);
		});

		promise("what needs a person slowly, and at once when told to", async (world) => {
			const { outbox, time, hookedOf } = world;
			const box = outbox();
			for (const errcode of [49004, 49005]) {
				world.intervene = refusal(errcode);
				await runUntil(box, time, time.now() + 1);
				if (errcode === 49004) await box.enqueue(payloadOf(0), terms);
				await runUntil(box, time, time.now() + 7_200);
			}
			const row = await world.rowOf(0);
			assert.deepEqual([row.state, row.lastCode, row.lastErrcode], ["needs-human", "API_ERROR", 49005]);
			assert.match(row.lastSentence, /errcode 49005.*Check transid/);
			// Once for each reason.
			assert.deepEqual(
				hookedOf("needsHuman").map(({ lastErrcode }) => lastErrcode),
				[49004, 49005],
			);
			assert.equal(world.sends.length <= 9, true, `${world.sends.length} attempts in four hours`);
			world.intervene = async () => undefined;
			assert.equal(await box.retry(row.sequence), true);
			assert.equal((await box.runOnce()).delivered, 1);
			assert.equal(await box.retry(row.sequence), false);
		});

		promise(
			"nothing but probes while the account is refused, and everything when it is not",
			async (world) => {
				const { outbox, time, sends, eventsOf } = world;
				const box = outbox();
				for (let number = 0; number < 60; number += 1) await box.enqueue(payloadOf(number), terms);
				world.intervene = refusal(40164);
				await runUntil(box, time, paidAt + 7_200);
				// Those of the first moment were on their way together.
				assert.equal(sends.length <= 8 + 16, true, `${sends.length} attempts in two hours`);
				assert.equal((await box.counts())["needs-human"], new Set(sends.map((send) => send.number)).size);
				world.intervene = async () => undefined;
				await runUntil(box, time, paidAt + 7_200 + 601);
				assert.equal((await box.counts()).delivered, 60);
				assert.deepEqual([eventsOf("breakerOpened").length, eventsOf("breakerClosed").length], [1, 1]);
				assert.deepEqual(eventsOf("breakerOpened")[0], {
					type: "breakerOpened",
					reason: "account",
					code: "API_ERROR",
					errcode: 40164,
				});
			},
			{ orders: 60 },
		);

		promise(
			"a probe that proves something, though the most urgent row cannot be sent at all",
			async (world) => {
				const { outbox, store, time, sends } = world;
				const box = outbox();
				world.intervene = unreachable;
				for (const number of [0, 1, 2]) await box.enqueue(payloadOf(number), terms);
				await runUntil(box, time, paidAt + 600);
				const broken = {
					...(await world.rowOf(0)),
					key: "broken",
					deadline: deadline - 1,
					attemptAt: paidAt,
				};
				broken.delivery = kind.broken(broken.delivery);
				await store[part].enqueue(broken, broken);
				const before = sends.length;
				await runUntil(box, time, paidAt + 900);
				assert.equal(sends.length - before <= 11, true, `${sends.length - before} attempts in 300 s`);
				world.intervene = async () => undefined;
				await runUntil(box, time, paidAt + 961);
				const counts = await box.counts();
				assert.deepEqual([counts.delivered, counts["needs-human"]], [3, 1]);
			},
		);

		promise(
			"no faster than it may",
			async ({ outbox, time, sends }) => {
				const box = outbox({ maxPerSecond: 5 });
				for (let number = 0; number < 60; number += 1) await box.enqueue(payloadOf(number), terms);
				await runUntil(box, time, paidAt + 20);
				assert.equal(sends.length, 60);
				for (let second = 0; second < 20; second += 1) {
					const until = sends.filter((send) => send.at < paidAt + second + 1).length;
					assert.equal(until <= 5 * (second + 2), true, `${until} in ${second + 1} s`);
				}
			},
			{ orders: 60 },
		);
	});

	describe(`${name}: the deadline`, () => {
		promise("is met after an outage of 23 h 50 min", async (world) => {
			const { outbox, time, hookedOf, sends, sandbox } = world;
			const box = outbox();
			for (const number of [0, 1, 2]) await box.enqueue(payloadOf(number), terms);
			const end = deadline - 600;
			time.set(end - outageHours * 3_600);
			world.intervene = async () => (time.now() < end ? unreachable() : undefined);
			await runUntil(box, time, deadline);
			assert.equal((await box.counts()).delivered, 3);
			for (const number of [0, 1, 2]) {
				const { notifiedAt } = heard(sandbox, number);
				assert.equal(notifiedAt - end <= 60, true, `${notifiedAt - end} s after the end of the outage`);
			}
			assert.equal(sends.length <= (2 * 86_400) / 30 + 30, true, `${sends.length} attempts`);
			assert.equal(hookedOf("inDanger").length, 3);
			assert.deepEqual(hookedOf("expired"), []);
			assert.deepEqual(await kind.overdue(sandbox), []);
		});

		promise("is tried for at 60, 30, 10, 5, 2 and 1 minute before it in any case", async (world) => {
			const { outbox, time, sends } = world;
			// The longest waits there are.
			const box = outbox({ random: () => 0.999_999 });
			world.intervene = refusal(49003);
			await box.enqueue(payloadOf(0), terms);
			await runUntil(box, time, deadline);
			const before = new Set(sends.map((send) => (deadline - send.at) / 60));
			for (const minutes of [60, 30, 10, 5, 2, 1])
				assert.equal(before.has(minutes), true, `${minutes} minutes`);
		});

		promise("that is near lets a delivery through an open breaker", async (world) => {
			const { outbox, time, sends } = world;
			const box = outbox();
			world.intervene = refusal(48001);
			time.set(deadline - 3_600);
			// Ten of them, so that the probes are mostly others.
			for (let number = 0; number < 10; number += 1) await box.enqueue(payloadOf(number), terms);
			await runUntil(box, time, deadline);
			for (let number = 0; number < 10; number += 1) {
				const last = Math.max(...sends.filter((send) => send.number === number).map((send) => send.at));
				assert.equal(deadline - last <= 120, true, `${number}: ${deadline - last} s before the deadline`);
			}
		});

		promise("that passes is told of, and the delivery sent late all the same", async (world) => {
			const { outbox, time, hooked, eventsOf, sandbox } = world;
			const box = outbox({ inDangerSeconds: 1_000 });
			await box.enqueue(payloadOf(0), terms);
			time.set(deadline - 1_800);
			world.intervene = unreachable;
			await runUntil(box, time, deadline);
			assert.equal((await world.rowOf(0)).state, "waiting");
			await runUntil(box, time, deadline + 1);
			assert.equal((await world.rowOf(0)).state, "expired");
			world.intervene = async () => undefined;
			await runUntil(box, time, deadline + 3_600);
			assert.equal((await world.rowOf(0)).state, "delivered");
			assert.equal(heard(sandbox, 0).notifications, 1);
			assert.deepEqual(
				hooked.map(({ hook, secondsLeft }) => [hook, Math.ceil(secondsLeft / 100) + 0]),
				[
					["inDanger", 10],
					["expired", 0],
					["delivered", 0],
				],
			);
			assert.deepEqual([eventsOf("delivered")[0].late, eventsOf("expired").length], [true, 1]);
		});

		promise("leaves a row that nobody loses when it is given up", async (world) => {
			const { outbox, time } = world;
			const box = outbox({ lateSeconds: 7_200 });
			await box.enqueue(payloadOf(0), terms);
			world.intervene = refusal(49003);
			await runUntil(box, time, deadline + 20_000);
			const row = await world.rowOf(0);
			assert.deepEqual([row.state, row.attemptAt, row.noticeAt], ["expired", null, null]);
			assert.equal((await box.list({ limit: 9, state: "expired" })).length, 1);
			world.intervene = async () => undefined;
			assert.equal((await box.runOnce()).attempts, 0);
			assert.equal(await box.retry(row.sequence), true);
			assert.equal((await box.runOnce()).delivered, 1);
		});

		promise("comes no earlier because the clock jumps", async (world) => {
			const { outbox, time, hookedOf, eventsOf } = world;
			const box = outbox();
			world.intervene = unreachable;
			await box.enqueue(payloadOf(0), terms);
			const states = new Set();
			for (const jump of [day + 60, -day - 60, -day, day, 3_600, -3_600]) {
				time.jump(jump);
				for (let minute = 0; minute < 20; minute += 1) {
					await box.runOnce();
					states.add((await world.rowOf(0)).state);
					time.set(time.now() + 60);
				}
			}
			assert.deepEqual([...states], ["waiting"]);
			assert.deepEqual(hookedOf("expired"), []);
			assert.equal(eventsOf("clockJumped").length >= 3, true);
			// All the while it is tried as ever, and it goes when it can.
			world.intervene = async () => undefined;
			await runUntil(box, time, time.now() + 120);
			assert.equal((await world.rowOf(0)).state, "delivered");
		});

		promise("is that of a clock which was really wrong", async (world) => {
			const { outbox, time } = world;
			const box = outbox();
			world.intervene = unreachable;
			await box.enqueue(payloadOf(0), terms);
			time.jump(2 * day);
			await runUntil(box, time, time.now() + 4_000);
			assert.equal((await world.rowOf(0)).state, "expired");
		});
	});

	describe(`${name}: hooks`, () => {
		promise("are called again until they have heard", async (world) => {
			const { outbox, time, hookedOf, eventsOf } = world;
			const box = outbox();
			let failures = 3;
			world.onHook = () => {
				failures -= 1;
				if (failures >= 0) throw new Error("not now");
			};
			await box.enqueue(payloadOf(0), terms);
			assert.equal((await box.runOnce()).delivered, 1);
			assert.deepEqual((await world.rowOf(0)).owed, ["delivered"]);
			await runUntil(box, time, paidAt + 3_600);
			assert.deepEqual([hookedOf("delivered").length, eventsOf("hookFailed").length], [4, 3]);
			assert.deepEqual((await world.rowOf(0)).owed, []);
			assert.equal(world.sends.length, 1, "the delivery itself is not sent again");
		});

		promise("that never return hold nothing up but themselves", async (world) => {
			const { outbox, time } = world;
			const box = outbox();
			world.onHook = (_, { key }) => (key === keyOf(0) ? new Promise(() => {}) : undefined);
			for (const number of [0, 1, 2]) await box.enqueue(payloadOf(number), terms);
			const run = box.runOnce();
			for (let tries = 0; tries < 200 && (await box.counts()).delivered < 3; tries += 1) await turn();
			await turn();
			time.set(time.now() + 11);
			assert.equal((await run).delivered, 3);
			assert.equal(world.eventsOf("hookFailed").length, 1);
		});

		promise("hear after a crash of the worker that was to call them", async (world) => {
			const { outbox, time, hookedOf, store } = world;
			await crash(world, { at: "hook" });
			assert.deepEqual([(await world.rowOf(0)).state, hookedOf("delivered").length], ["delivered", 0]);
			const second = outbox({ store });
			await runUntil(second, time, time.now() + 200);
			assert.deepEqual([hookedOf("delivered").length, world.sends.length], [1, 1]);
		});
	});

	describe(`${name}: workers`, () => {
		promise(
			"never send one row at the same time, and leave none out",
			async (world) => {
				const { outbox, sends, sandbox } = world;
				const boxes = Array.from({ length: workers }, () =>
					outbox({ onDelivered: undefined, onEvent: undefined }),
				);
				const numbers = Array.from({ length: rows }, (_, number) => number);
				await Promise.all(numbers.map((number) => boxes[0].enqueue(payloadOf(number), terms)));
				// Answers come late, so that rows are on their way while others are leased.
				world.intervene = async () => void (await new Promise((resolve) => setImmediate(resolve)));
				while ((await boxes[0].counts()).delivered < rows)
					await Promise.all(boxes.map((box) => box.runOnce()));
				assert.deepEqual([sends.length, world.concurrent], [rows, 0]);
				for (const number of numbers) assert.equal(heard(sandbox, number).notifications, 1);
			},
			{ orders: rows },
		);

		promise("that die after WeChat's answer cause one more notification, not two", async (world) => {
			const { outbox, time, sandbox } = world;
			await crash(world, { at: "settle" });
			assert.deepEqual([world.sends.length, (await world.rowOf(0)).state], [1, "waiting"]);
			const second = outbox();
			assert.equal((await second.runOnce()).attempts, 0, "the lease still holds");
			await runUntil(second, time, time.now() + 200);
			assert.equal((await world.rowOf(0)).state, "delivered");
			assert.equal(heard(sandbox, 0).notifications, 2);
		});

		promise("whose lease ran out overwrite nothing", async (world) => {
			const { outbox, time, eventsOf } = world;
			const slow = outbox();
			const quick = outbox();
			const { opened, open: answer } = gate();
			let first = true;
			world.intervene = async () => {
				if (!first) return undefined;
				first = false;
				await opened;
				return { errcode: 49004, errmsg: "late" };
			};
			await slow.enqueue(payloadOf(0), terms);
			const late = slow.runOnce();
			while (first) await turn();
			time.set(paidAt + 91);
			assert.equal((await quick.runOnce()).delivered, 1);
			answer();
			await late;
			assert.equal((await world.rowOf(0)).state, "delivered");
			assert.equal(eventsOf("leaseLost").length, 1);
		});

		promise("do not take for free what they are sending themselves", async (world) => {
			const { outbox, time, sends, eventsOf } = world;
			const box = outbox();
			const gates = [gate(), gate()];
			world.intervene = async (number) => void (await gates[number].opened);
			for (const number of [0, 1]) await box.enqueue(payloadOf(number), terms);
			const run = box.runOnce();
			while (sends.length < 2) await turn();
			time.set(paidAt + 81);
			gates[1].open();
			while ((await box.counts()).delivered < 1) await turn();
			for (let turns = 0; turns < 10; turns += 1) await turn();
			gates[0].open();
			await run;
			assert.deepEqual([sends.length, world.concurrent, eventsOf("leaseLost").length], [2, 0, 0]);
			assert.equal((await box.counts()).delivered, 2);
		});

		promise(
			"are not held up by a row that always fails, nor by one that never ends",
			async (world) => {
				const { outbox, sends } = world;
				const box = outbox({ concurrency: 4 });
				const { opened, open: answer } = gate();
				world.intervene = async (number) => {
					if (number === 0) return { errcode: 49005, errmsg: "never" };
					if (number === 1) await opened;
					return undefined;
				};
				for (let number = 0; number < 100; number += 1) await box.enqueue(payloadOf(number), terms);
				const run = box.runOnce();
				for (let tries = 0; tries < 1_000 && (await box.counts()).delivered < 98; tries += 1) await turn();
				assert.equal((await box.counts()).delivered, 98);
				answer();
				await run;
				assert.deepEqual([sends.length, (await box.counts()).delivered], [100, 99]);
			},
			{ orders: 100 },
		);

		promise(
			"stop: what is on its way arrives, and the rest is free at once",
			async (world) => {
				const { outbox, sends } = world;
				const box = outbox();
				const { opened, open: answer } = gate();
				world.intervene = async () => void (await opened);
				for (let number = 0; number < 40; number += 1) await box.enqueue(payloadOf(number), terms);
				box.start();
				while (sends.length < 8) await turn();
				const stopped = box.stop();
				await turn();
				answer();
				await stopped;
				assert.deepEqual([sends.length, (await box.counts()).delivered], [8, 8]);
				for (const row of await box.list({ limit: 100 })) assert.equal(row.leasedUntil, null);
				await turn();
				assert.equal(sends.length, 8);
				assert.equal((await outbox().runOnce()).delivered, 32);
			},
			{ orders: 40 },
		);

		promise("stop without what does not end, after a while", async (world) => {
			const { outbox, sends, time } = world;
			const box = outbox();
			const { opened, open: answer } = gate();
			world.intervene = async () => void (await opened);
			await box.enqueue(payloadOf(0), terms);
			box.start();
			while (sends.length < 1) await turn();
			const stopped = box.stop(8);
			time.set(time.now() + 8);
			await stopped;
			assert.equal((await world.rowOf(0)).leasedUntil > time.now(), true);
			answer();
			await turn();
		});

		promise("wake up for what is enqueued, and look for what others enqueue", async (world) => {
			const { outbox, time } = world;
			const box = outbox();
			box.start();
			box.start();
			await turn();
			await box.enqueue(payloadOf(0), terms);
			while ((await box.counts()).delivered < 1) await turn();
			await outbox().enqueue(payloadOf(1), terms);
			await turn();
			time.set(time.now() + 5);
			while ((await box.counts()).delivered < 2) await turn();
			await box.stop();
		});
	});
}

/** A worker that dies while it handles order 0: from some write on, its store never answers. */
async function crash(world, { at }) {
	const { outbox, store, kind } = world;
	const deliveries = store[kind.part];
	let settlements = 0;
	const dead = new Promise(() => {});
	const settle = (...values) => {
		settlements += 1;
		return settlements > (at === "hook" ? 1 : 0) ? dead : deliveries.settle(...values);
	};
	const dying = new Proxy(deliveries, { get: (target, name) => (name === "settle" ? settle : target[name]) });
	const options = { store: { [kind.part]: dying } };
	let isCalled = false;
	const onDelivered = () => {
		isCalled = true;
		return dead;
	};
	const box = outbox(at === "hook" ? { ...options, onDelivered } : options);
	await box.enqueue(kind.payloadOf(0), kind.terms);
	box.runOnce();
	// The hook is called when what it is told of is written.
	while (at === "hook" ? !isCalled : settlements < 1) await turn();
	await turn();
}

function gate() {
	let open;
	const opened = new Promise((resolve) => {
		open = resolve;
	});
	return { opened, open };
}
