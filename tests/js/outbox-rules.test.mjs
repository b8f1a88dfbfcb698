// The rules of the outbox one by one: the schedule, the verdicts, the breaker, the rate, the clock, the options.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createMemoryStore } from "paysign/stores/memory";
import { createClient, createDeliveryOutbox, WeChatPayError } from "#modules/index.js";
import { createBreaker } from "#modules/outbox/breaker.js";
import { createClock } from "#modules/outbox/clock.js";
import { createRate } from "#modules/outbox/rate.js";
import { lastChances, longestWait, nextAttempt } from "#modules/outbox/schedule.js";
import { judgeFailure } from "#modules/outbox/verdict.js";
import { account } from "./client-support.mjs";

const errcodeRows = JSON.parse(
	readFileSync(new URL("../vectors/errcodes.json", import.meta.url), "utf8"),
).vectors;

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const pace = fc.constantFrom("normal", "slow");

describe("the schedule", () => {
	it("is never later than the next last chance, nor than the longest wait, and always ahead", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 1_000 }),
				fc.integer({ min: -300_000, max: 300_000 }),
				pace,
				fraction,
				(attempts, left, pace, random) => {
					const now = 1_400_000_000;
					const deadline = now + left;
					const schedule = { now, sure: now, attempts, deadline, pace, lateSeconds: 259_200 };
					const at = nextAttempt({ ...schedule, random: () => random });
					if (left < -259_200) return assert.equal(at, null);
					assert.equal(Number.isInteger(at) && at > now && at <= now + longestWait, true, `${at - now}`);
					for (const before of lastChances) {
						const chance = deadline - before;
						if (chance > now) assert.equal(at <= chance, true, `${before} s before the deadline`);
					}
				},
			),
		);
	});

	it("has at least one attempt in the final window, whenever an outage ends before it", () => {
		fc.assert(
			fc.property(fc.array(fraction, { minLength: 1 }), pace, (randoms, pace) => {
				const deadline = 1_400_000_000;
				let now = deadline - 86_400;
				let turn = 0;
				const at = [];
				for (let attempts = 1; now <= deadline; attempts += 1) {
					at.push(now);
					const random = () => randoms[turn++ % randoms.length];
					now = nextAttempt({ now, sure: now, attempts, deadline, pace, lateSeconds: 0, random });
				}
				assert.equal(at.includes(deadline - 60), true);
				assert.equal(
					at.some((time) => time >= deadline - 600),
					true,
				);
			}),
			{ numRuns: 50 },
		);
	});

	it("tries some 70 to 200 times in a day, and more and more rarely", () => {
		for (const [random, least, most] of [
			[0.999_999, 60, 80],
			[0.5, 110, 150],
		]) {
			const start = 1_400_000_000;
			const waits = [];
			let now = start;
			for (let attempts = 1; now <= start + 86_400; attempts += 1) {
				const schedule = {
					now,
					sure: now,
					attempts,
					deadline: start + 86_400,
					pace: "normal",
					lateSeconds: 0,
				};
				const next = nextAttempt({ ...schedule, random: () => random });
				if (next === null) break;
				waits.push(next - now);
				now = next;
			}
			assert.equal(waits.length >= least && waits.length <= most, true, `${waits.length}`);
			for (const [index, longest] of [5, 30, 120, 300, 600, 900, 900, 900].entries()) {
				assert.equal(Math.abs(waits[index] - longest * random) <= 1, true, `${waits[index]} of ${longest}`);
			}
		}
	});

	it("does not give up by a clock that may be wrong", () => {
		const schedule = {
			now: 1_000_000,
			attempts: 9,
			deadline: 500,
			pace: "slow",
			lateSeconds: 100,
			random: () => 0,
		};
		assert.equal(nextAttempt({ ...schedule, sure: 601 }), null);
		assert.notEqual(nextAttempt({ ...schedule, sure: 600 }), null);
	});
});

describe("the verdict", () => {
	const refusal = (errcode) => new WeChatPayError("API_ERROR", "A sentence.", { errcode });
	const expected = {
		retry: ["host", false, "normal"],
		refresh: ["account", true, "normal"],
		wait: ["account", true, "slow"],
		human: ["account", true, "slow"],
		fix: ["delivery", true, "slow"],
	};

	for (const { errcode, action } of errcodeRows.filter((row) => row.action !== "ok")) {
		it(`on errcode ${errcode}`, () => {
			const verdict = judgeFailure(refusal(errcode));
			assert.deepEqual([verdict.scope, verdict.alert, verdict.pace], expected[action]);
			assert.equal(verdict.pauseSeconds, errcode === 45011 ? 60 : undefined);
			assert.deepEqual(
				[verdict.code, verdict.errcode, verdict.sentence],
				["API_ERROR", errcode, "A sentence."],
			);
		});
	}

	it("on an unknown errcode: again soon, and somebody should look", () => {
		const { scope, alert, pace } = judgeFailure(refusal(99999));
		assert.deepEqual([scope, alert, pace], ["delivery", true, "normal"]);
	});

	it("on the network, and on what stands before it", () => {
		for (const code of ["NETWORK", "TIMEOUT", "HTTP_STATUS", "RESPONSE_MALFORMED", "STORE_FAILED"]) {
			const { scope, alert, pauseSeconds } = judgeFailure(new WeChatPayError(code, "x", { retryable: true }));
			assert.deepEqual([scope, alert, pauseSeconds], ["host", false, undefined]);
		}
		const tooMany = new WeChatPayError("HTTP_STATUS", "x", { retryable: true, httpStatus: 429 });
		assert.equal(judgeFailure(tooMany).pauseSeconds, 60);
		const malformed = judgeFailure(new WeChatPayError("FIELD_MALFORMED", "x", { field: "transid" }));
		assert.deepEqual([malformed.scope, malformed.alert, malformed.pace], ["delivery", true, "slow"]);
	});

	it("repeats nothing of a foreign error", () => {
		for (const error of [new Error("canary"), "canary", undefined, { code: "canary" }]) {
			const verdict = judgeFailure(error);
			assert.deepEqual(
				[verdict.scope, verdict.alert, verdict.code, verdict.errcode],
				["delivery", true, null, null],
			);
			assert.equal(JSON.stringify(verdict).includes("canary"), false);
		}
	});
});

describe("the breaker", () => {
	function breakerAt() {
		const clock = { now: 0 };
		return { clock, breaker: createBreaker(() => clock.now) };
	}
	const attempt = { isProbe: false };
	const probe = { isProbe: true };

	it("opens at the third failure in a row, and probes every 30 s, one at a time", () => {
		const { clock, breaker } = breakerAt();
		assert.equal(breaker.failed("host", attempt), false);
		assert.equal(breaker.failed("host", attempt), false);
		assert.equal(breaker.reached(), null);
		for (const opens of [false, false, true, false]) assert.equal(breaker.failed("host", attempt), opens);
		for (let round = 0; round < 5; round += 1) {
			assert.equal(breaker.permits(), "nothing");
			assert.equal(breaker.probeAt(), clock.now + 30);
			clock.now += 30;
			assert.equal(breaker.permits(), "probe");
			breaker.probing();
			assert.equal(breaker.permits(), "nothing");
			// Somebody's last chance does not end the probe.
			breaker.failed("host", attempt);
			assert.equal(breaker.permits(), "nothing");
			breaker.failed("host", probe);
		}
		clock.now += 30;
		breaker.probing();
		breaker.spared();
		assert.equal(breaker.permits(), "probe");
		assert.equal(breaker.reached(), "host");
		assert.deepEqual([breaker.permits(), breaker.probeAt()], ["all", null]);
	});

	it("opens at once for the account, and probes more and more rarely", () => {
		const { clock, breaker } = breakerAt();
		assert.equal(breaker.failed("account", attempt), true);
		const waits = [];
		for (let round = 0; round < 7; round += 1) {
			waits.push(breaker.probeAt() - clock.now);
			clock.now = breaker.probeAt();
			breaker.probing();
			breaker.failed("account", probe);
		}
		assert.deepEqual(waits, [60, 120, 240, 480, 600, 600, 600]);
		assert.equal(breaker.reached(), "account");
	});

	it("pauses where WeChat says that it is too much", () => {
		const { clock, breaker } = breakerAt();
		assert.equal(breaker.failed("host", { ...attempt, pauseSeconds: 60 }), true);
		clock.now = 59;
		assert.equal(breaker.permits(), "nothing");
		clock.now = 60;
		assert.equal(breaker.permits(), "probe");
	});
});

describe("the rate", () => {
	it("never lets more through than it may, over any stretch of time", () => {
		fc.assert(
			fc.property(
				fc.double({ min: 0.1, max: 100, noNaN: true }),
				fc.array(fc.tuple(fc.double({ min: 0, max: 3, noNaN: true }), fc.integer({ min: 1, max: 50 }))),
				(perSecond, steps) => {
					let now = 0;
					let taken = 0;
					const rate = createRate(perSecond, () => now);
					for (const [pause, wanted] of steps) {
						now += pause;
						const got = rate.take(wanted);
						assert.equal(got <= wanted && got >= 0, true);
						taken += got;
						assert.equal(taken <= Math.max(1, perSecond) + now * perSecond + 1e-6, true);
					}
				},
			),
		);
	});

	it("has something again when it says so, and takes back what was not used", () => {
		let now = 0;
		const rate = createRate(8, () => now);
		assert.deepEqual([rate.waitSeconds(), rate.take(100), rate.take(1)], [0, 8, 0]);
		now += rate.waitSeconds();
		assert.equal(rate.take(100), 2);
		rate.giveBack(2);
		assert.deepEqual([rate.waitSeconds(), rate.take(1)], [0, 1]);
		now -= 1_000;
		assert.equal(rate.take(9), 1);
		assert.equal(createRate(Number.POSITIVE_INFINITY, () => now).take(1e9), 1e9);
	});
});

describe("the clock", () => {
	it("lets nothing be given up by a jump, and puts no work off", () => {
		let wall = 1_000_000;
		let at = 0;
		const jumps = [];
		const clock = createClock(
			() => wall,
			() => at,
			(seconds) => jumps.push(seconds),
		);
		const times = () => [clock.due(), clock.sure(), clock.steady()];
		wall += 86_400;
		assert.deepEqual(times(), [1_086_400, 1_000_000, 1_000_000]);
		wall -= 2 * 86_400;
		at += 10;
		assert.deepEqual(times(), [1_000_010, 913_600, 1_000_010]);
		wall = 1_000_040;
		assert.deepEqual(times(), [1_000_040, 1_000_040, 1_000_040]);
		assert.deepEqual(jumps, [86_400]);
		wall += 7_200;
		assert.equal(clock.sure(), 1_000_040);
		at += 3_600;
		wall += 3_600;
		assert.deepEqual(times(), [1_010_840, 1_010_840, 1_010_840]);
		assert.deepEqual(jumps, [86_400, 7_200]);
	});

	it("is the time of day where there is nothing else", () => {
		let wall = 5;
		const clock = createClock(() => wall, undefined, assert.fail);
		wall += 86_400;
		assert.deepEqual(
			[clock.due(), clock.sure(), clock.steady(), clock.elapsed()],
			[86_405, 86_405, 86_405, 86_405],
		);
	});
});

describe("options", () => {
	const client = createClient(account);
	const store = createMemoryStore();

	it("that cannot be used are refused by name", () => {
		const wrong = {
			client: [undefined, {}, "client"],
			store: [undefined, {}, { deliveries: {} }],
			onDelivered: ["hook"],
			onInDanger: [1],
			onExpired: [null],
			onNeedsHuman: [{}],
			onEvent: ["event"],
			onTiming: ["timing"],
			ticks: [1],
			now: [1, Date.now],
			elapsed: [1],
			random: [0.5],
			sleep: [5],
			inDangerSeconds: [-1, 1.5, "1"],
			lateSeconds: [-1, Number.NaN],
			concurrency: [0, 257, 1.5],
			maxPerSecond: [0, -1, Number.NaN, "1"],
			leaseSeconds: [0, 54, Number.POSITIVE_INFINITY],
			pollSeconds: [0, 3_601],
			workerId: ["", 1],
		};
		for (const [field, values] of Object.entries(wrong)) {
			for (const value of values) {
				assert.throws(
					() => createDeliveryOutbox({ client, store, [field]: value }),
					(error) => error.code === "ARGUMENT_INVALID" && error.details.field === field,
					`${field}: ${String(value)}`,
				);
			}
		}
		for (const options of [undefined, null, "options", { client, store, surprise: 1 }]) {
			assert.throws(() => createDeliveryOutbox(options), { code: "ARGUMENT_INVALID" });
		}
	});

	it("have defaults", async () => {
		const outbox = createDeliveryOutbox({ client, store });
		assert.deepEqual(await outbox.runOnce(), { attempts: 0, delivered: 0, nextRunAt: null });
		for (const limit of [0, -1, 1.5, "1"]) {
			await assert.rejects(outbox.runOnce(limit), { code: "ARGUMENT_INVALID" });
		}
		for (const grace of [-1, 1.5, "1"])
			await assert.rejects(outbox.stop(grace), { code: "ARGUMENT_INVALID" });
		outbox.start();
		await outbox.stop();
	});

	it("may be a store that fails: it is reported, and asked again", async () => {
		const closed = createMemoryStore();
		await closed.close();
		const events = [];
		let naps = 0;
		const sleep = async () => {
			naps += 1;
			if (naps === 3) await outbox.stop();
		};
		const outbox = createDeliveryOutbox({
			client,
			store: closed,
			sleep,
			onEvent: (event) => events.push(event),
		});
		await assert.rejects(outbox.runOnce(), { code: "STORE_FAILED" });
		outbox.start();
		while (naps < 3) await new Promise((resolve) => setImmediate(resolve));
		assert.equal(events.filter((event) => event.type === "storeFailed").length >= 3, true);
	});
});
