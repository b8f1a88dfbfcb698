// The laws of the delivery store (pkg-templates/delivery-store.ts), checked on whichever store `open` opens.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
	appId,
	delivered,
	rowOf as deliveryRow,
	kinds,
	leaseOf,
	otherAppId,
	paidAt,
	progressOf,
} from "./support/deliveries.mjs";
import { oddTexts, rejects } from "./support/store.mjs";

const all = { limit: 1_000 };
const numbersOf = (rows) => rows.map((row) => Number(row.key.slice(4)));

/**
 * @param {string} name What is under test.
 * @param {() => Promise<import("paysign").Store>} open Opens a new, empty store.
 * @param {(typeof kinds)["deliveries" | "shipments"]} kind Which of its parts.
 */
export function deliveryStoreContract(name, open, kind = kinds.deliveries) {
	const { part, payloadOf } = kind;
	const rowOf = (number, fields = {}) => deliveryRow(number, { delivery: payloadOf(number), ...fields });

	/** A test with a store of its own, closed afterwards. */
	function law(title, check) {
		it(title, async () => {
			const store = await open();
			try {
				await check(store[part]);
			} finally {
				await store.close();
			}
		});
	}

	describe(`${name}: ${part}`, () => {
		law("starts empty", async (store) => {
			assert.deepEqual(await store.list(all), []);
			assert.deepEqual(await store.lease(leaseOf()), []);
			assert.deepEqual(await store.lease(leaseOf({ work: "notice" })), []);
			assert.equal(await store.nextDueAt(appId, "attempt"), null);
			assert.equal(await store.get("key 1"), undefined);
			const none = { waiting: 0, "needs-human": 0, expired: 0, delivered: 0, nextDeadline: null };
			assert.deepEqual(await store.counts(), none);
		});

		law("keeps a delivery field for field", async (store) => {
			const progress = progressOf({
				state: "needs-human",
				attempts: 3,
				owed: ["inDanger", "needsHuman"],
				owedSince: 1,
				warnedAt: 2,
				deliveredAt: 3,
				lastCode: "API_ERROR",
				lastErrcode: -1,
				lastSentence: "A sentence.",
			});
			for (const [number, goods] of [
				[1, "virtual"],
				[2, "physical"],
			]) {
				assert.equal(await store.enqueue(rowOf(number, { goods }), progress), "inserted");
			}
			const [first, second] = await store.list(all);
			assert.deepEqual(first, {
				sequence: first.sequence,
				...rowOf(1),
				...progress,
				leasedUntil: null,
			});
			assert.equal(second.goods, "physical");
			assert.equal(second.sequence > first.sequence && first.sequence > 0, true);
			assert.deepEqual(await store.get("key 2"), second);
			await store.enqueue(rowOf(3), progressOf({ attemptAt: null, noticeAt: null }));
			const third = await store.get("key 3");
			for (const field of Object.keys(progressOf()).filter((field) => /At$|Since$|^last/.test(field))) {
				assert.equal(third[field], null, field);
			}
		});

		law("keeps odd text unchanged", async (store) => {
			for (const [index, text] of oddTexts.entries()) {
				const delivery = payloadOf(index, kind.withText(text));
				const row = rowOf(index, { key: `${index}${text}`, delivery });
				assert.equal(await store.enqueue(row, progressOf({ lastSentence: text })), "inserted");
				assert.equal(await store.enqueue(row, progressOf()), "duplicate");
				const kept = await store.get(row.key);
				assert.deepEqual([kept.delivery, kept.lastSentence, kept.key], [delivery, text, row.key]);
			}
		});

		law("takes times and flags in every spelling, and gives one", async (store) => {
			await store.enqueue(rowOf(1, { delivery: payloadOf(1, kind.respelled) }), progressOf());
			assert.deepEqual((await store.get("key 1")).delivery, payloadOf(1, kind.kept));
			assert.equal(await store.enqueue(rowOf(1), progressOf()), "duplicate");
		});

		law("of concurrent inserts of one key exactly one says inserted", async (store) => {
			const outcomes = await Promise.all(
				Array.from({ length: 60 }, (_, index) => store.enqueue(rowOf(index % 3), progressOf())),
			);
			assert.equal(outcomes.filter((outcome) => outcome === "inserted").length, 3);
			assert.equal(outcomes.filter((outcome) => outcome === "duplicate").length, 57);
			assert.equal((await store.list(all)).length, 3);
		});

		law("says of a changed delivery that it is one, and changes nothing", async (store) => {
			await store.enqueue(rowOf(1), progressOf());
			const before = await store.list(all);
			for (const changed of [
				...kind.changes.map((change) => ({ delivery: payloadOf(1, change) })),
				{ delivery: payloadOf(2) },
				{ goods: "physical" },
				{ paidAt: paidAt + 1 },
				{ deadline: paidAt + 86_401 },
				{ appId: otherAppId },
			]) {
				assert.equal(
					await store.enqueue(rowOf(1, changed), progressOf()),
					"conflict",
					JSON.stringify(changed),
				);
			}
			for (const same of [{ delivery: payloadOf(1, kind.again) }, { enqueuedAt: paidAt + 99 }]) {
				assert.equal(await store.enqueue(rowOf(1, same), progressOf({ attempts: 7 })), "duplicate");
			}
			assert.deepEqual(await store.list(all), before);
		});

		law("copies in and out", async (store) => {
			const row = rowOf(1);
			const progress = progressOf({ owed: ["inDanger"] });
			await store.enqueue(row, progress);
			kind.touch(row.delivery);
			progress.owed.push("expired");
			const [leased] = await store.lease(leaseOf());
			kind.touch(leased.delivery);
			leased.owed.push("expired");
			const kept = await store.get("key 1");
			assert.deepEqual([kept.delivery, kept.owed], [payloadOf(1), ["inDanger"]]);
		});

		law("lists by sequence, in pages, of one state, of one account", async (store) => {
			for (let number = 0; number < 9; number += 1) {
				const state = number % 3 === 0 ? "expired" : "waiting";
				const account = number % 2 === 0 ? appId : otherAppId;
				await store.enqueue(rowOf(number, { appId: account }), progressOf({ state }));
			}
			const rows = await store.list(all);
			assert.deepEqual(numbersOf(rows), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
			assert.deepEqual(numbersOf(await store.list({ limit: 2, after: rows[3].sequence })), [4, 5]);
			assert.deepEqual(numbersOf(await store.list({ ...all, state: "expired" })), [0, 3, 6]);
			assert.deepEqual(numbersOf(await store.list({ ...all, appId: otherAppId })), [1, 3, 5, 7]);
			const both = { state: "expired", appId, after: rows[0].sequence };
			assert.deepEqual(numbersOf(await store.list({ ...all, ...both })), [6]);
		});

		law("counts by state, of one account or of all", async (store) => {
			const states = ["waiting", "waiting", "needs-human", "expired", "delivered"];
			for (const [number, state] of states.entries()) {
				await store.enqueue(rowOf(number, { deadline: 5_000 - number }), progressOf({ state }));
			}
			await store.enqueue(rowOf(9, { appId: otherAppId, deadline: 10 }), progressOf());
			const counts = { waiting: 2, "needs-human": 1, expired: 1, delivered: 1, nextDeadline: 4_998 };
			assert.deepEqual(await store.counts(appId), counts);
			assert.deepEqual(await store.counts(), { ...counts, waiting: 3, nextDeadline: 10 });
		});
	});

	describe(`${name}: ${part}, leases`, () => {
		law("gives what is due, and only that", async (store) => {
			const times = [99, 100, 101, null];
			for (const [number, time] of times.entries()) {
				await store.enqueue(rowOf(number), progressOf({ attemptAt: time, noticeAt: 500 }));
				await store.enqueue(rowOf(10 + number), progressOf({ attemptAt: null, noticeAt: time }));
			}
			await store.enqueue(rowOf(20, { appId: otherAppId }), progressOf({ attemptAt: 1, noticeAt: 1 }));
			const at = { dueBy: 100, now: 50, until: 60 };
			assert.deepEqual(numbersOf(await store.lease(leaseOf(at))), [0, 1]);
			assert.deepEqual(numbersOf(await store.lease(leaseOf({ ...at, work: "notice" }))), [10, 11]);
			const rest = await store.lease(leaseOf({ ...at, appId: otherAppId }));
			assert.deepEqual(numbersOf(rest), [20]);
			assert.deepEqual([rest[0].leasedUntil, (await store.get("key 20")).leasedUntil], [60, 60]);
		});

		law("gives the most urgent first, and those that are late already last", async (store) => {
			const now = paidAt;
			const deadlines = [now + 500, now - 10, now + 20, now + 20, now, now + 400];
			for (const [number, deadline] of deadlines.entries()) {
				// The time at which they became due says nothing.
				const progress = progressOf({ attemptAt: now - number, noticeAt: now - number });
				await store.enqueue(rowOf(number, { deadline }), progress);
			}
			const at = { dueBy: now, now, until: now + 10 };
			const one = leaseOf({ ...at, limit: 1 });
			assert.deepEqual(numbersOf(await store.lease(one)), [2]);
			await store.release(one.token);
			const four = leaseOf({ ...at, limit: 4 });
			assert.deepEqual(numbersOf(await store.lease(four)), [2, 3, 5, 0]);
			await store.release(four.token);
			const every = leaseOf(at);
			assert.deepEqual(numbersOf(await store.lease(every)), [2, 3, 5, 0, 1, 4]);
			await store.release(every.token);
			const near = leaseOf({ ...at, deadlineBy: now + 400 });
			assert.deepEqual(numbersOf(await store.lease(near)), [2, 3, 5]);
			await store.release(near.token);
			assert.deepEqual(numbersOf(await store.lease(leaseOf({ ...at, work: "notice" }))), [5, 4, 3, 2, 1, 0]);
		});

		law("is exclusive among concurrent workers", async (store) => {
			for (let number = 0; number < 60; number += 1) await store.enqueue(rowOf(number), progressOf());
			const leases = await Promise.all(Array.from({ length: 20 }, () => store.lease(leaseOf({ limit: 4 }))));
			const numbers = leases.flatMap(numbersOf);
			assert.equal(new Set(numbers).size, numbers.length, "no row twice");
			assert.equal(
				leases.every((rows) => rows.length <= 4),
				true,
			);
			const rest = await store.lease(leaseOf());
			assert.equal(rest.length + numbers.length, 60);
			assert.deepEqual(await store.lease(leaseOf({ work: "notice", dueBy: paidAt + 99_999 })), []);
		});

		law("lasts until its time is over", async (store) => {
			await store.enqueue(rowOf(1), progressOf());
			const first = leaseOf({ now: 1_000, until: 1_060 });
			assert.equal((await store.lease(first)).length, 1);
			assert.equal((await store.lease(leaseOf({ now: 1_059, until: 2_000 }))).length, 0);
			const second = leaseOf({ now: 1_060, until: 2_000 });
			assert.equal((await store.lease(second)).length, 1);
			assert.equal(await store.settle(await sequenceOf(store, 1), first.token, delivered), false);
			assert.equal((await store.get("key 1")).state, "waiting");
			assert.equal(await store.settle(await sequenceOf(store, 1), second.token, delivered), true);
			assert.equal((await store.get("key 1")).state, "delivered");
		});

		law("is settled by its own token, once", async (store) => {
			for (const number of [1, 2]) await store.enqueue(rowOf(number), progressOf());
			const lease = leaseOf();
			await store.lease(lease);
			const [first, second] = await store.list(all);
			assert.equal(await store.settle(first.sequence, "another", delivered), false);
			assert.equal(await store.settle(first.sequence + 1_000, lease.token, delivered), false);
			const later = progressOf({
				attempts: 1,
				attemptAt: paidAt + 200,
				lastCode: "NETWORK",
				owed: ["expired"],
			});
			assert.equal(await store.settle(first.sequence, lease.token, later), true);
			assert.equal(await store.settle(first.sequence, lease.token, delivered), false);
			const { sequence } = first;
			assert.deepEqual(await store.get("key 1"), { sequence, ...rowOf(1), ...later, leasedUntil: null });
			assert.deepEqual(await store.get("key 2"), second);
		});

		law("of concurrent settlements exactly one writes", async (store) => {
			await store.enqueue(rowOf(1), progressOf());
			const lease = leaseOf();
			const [row] = await store.lease(lease);
			const outcomes = await Promise.all(
				Array.from({ length: 10 }, () => store.settle(row.sequence, lease.token, delivered)),
			);
			assert.equal(outcomes.filter(Boolean).length, 1);
		});

		law("may be kept while something is written", async (store) => {
			await store.enqueue(rowOf(1), progressOf());
			const lease = leaseOf({ now: 1_000, until: 1_060 });
			const [{ sequence }] = await store.lease(lease);
			const owing = progressOf({ ...delivered, owed: ["delivered"], owedSince: 5, noticeAt: 5 });
			assert.equal(await store.settle(sequence, lease.token, owing, 1_100), true);
			const kept = await store.get("key 1");
			assert.deepEqual([kept.state, kept.leasedUntil, kept.owed], ["delivered", 1_100, ["delivered"]]);
			assert.deepEqual(await store.lease(leaseOf({ work: "notice", now: 1_099, until: 9_999 })), []);
			assert.equal(await store.settle(sequence, lease.token, delivered), true);
		});

		law("is let go of by its token, and the row is as before", async (store) => {
			for (const number of [1, 2]) await store.enqueue(rowOf(number), progressOf());
			const before = await store.list(all);
			const lease = leaseOf({ limit: 1 });
			const other = leaseOf();
			await store.lease(lease);
			await store.lease(other);
			await store.release(lease.token);
			await store.release(lease.token);
			await store.release("unknown");
			await store.release(other.token, 9_999);
			await store.release("unknown", before[1].sequence);
			assert.equal((await store.get("key 2")).leasedUntil, other.until);
			assert.deepEqual(numbersOf(await store.lease(leaseOf())), [1]);
			await store.release(other.token, before[1].sequence);
			assert.deepEqual((await store.list({ ...all, after: before[0].sequence }))[0], before[1]);
		});
	});

	describe(`${name}: ${part}, the next turn`, () => {
		law("is that of the first row that is due, or of the first lease to end", async (store) => {
			await store.enqueue(rowOf(1), progressOf({ attemptAt: 700, noticeAt: 800 }));
			await store.enqueue(rowOf(2), progressOf({ attemptAt: null, noticeAt: 600 }));
			await store.enqueue(rowOf(3), progressOf({ attemptAt: null, noticeAt: null }));
			await store.enqueue(rowOf(4, { appId: otherAppId }), progressOf({ attemptAt: 1 }));
			const next = async () => [
				await store.nextDueAt(appId, "attempt"),
				await store.nextDueAt(appId, "notice"),
			];
			assert.deepEqual(await next(), [700, 600]);
			const lease = leaseOf({ work: "notice", dueBy: 600, now: 600, until: 900 });
			const [row] = await store.lease(lease);
			assert.deepEqual(await next(), [700, 800]);
			await store.lease(leaseOf({ dueBy: 700, now: 600, until: 850 }));
			assert.deepEqual(await next(), [850, 850]);
			await store.settle(row.sequence, lease.token, delivered);
			assert.deepEqual(await next(), [850, 850]);
			assert.equal(await store.nextDueAt("unknown", "attempt"), null);
		});

		law("is now when a person says so", async (store) => {
			const states = ["waiting", "needs-human", "expired", "delivered"];
			for (const [number, state] of states.entries()) {
				const attemptAt = state === "delivered" ? null : paidAt + 9_999;
				await store.enqueue(rowOf(number), progressOf({ state, attemptAt, attempts: 4 }));
			}
			const sequences = (await store.list(all)).map((row) => row.sequence);
			const outcomes = [];
			for (const sequence of [...sequences, 9_999]) outcomes.push(await store.retry(sequence, 1_000));
			assert.deepEqual(outcomes, [true, true, true, false, false]);
			assert.deepEqual(
				(await store.list(all)).map((row) => [row.state, row.attemptAt, row.attempts]),
				[
					["waiting", 1_000, 4],
					["waiting", 1_000, 4],
					["expired", 1_000, 4],
					["delivered", null, 4],
				],
			);
		});

		law("leaves a lease alone when a person asks", async (store) => {
			await store.enqueue(rowOf(1), progressOf());
			const lease = leaseOf();
			const [{ sequence }] = await store.lease(lease);
			assert.equal(await store.retry(sequence, paidAt), true);
			assert.deepEqual(await store.lease(leaseOf()), []);
			assert.equal(await store.settle(sequence, lease.token, delivered), true);
		});

		law("is now for rows in these states, where they wait", async (store) => {
			const put = (number, fields, progress) => store.enqueue(rowOf(number, fields), progressOf(progress));
			await put(0, {}, { attemptAt: 2_000 });
			await put(1, {}, { attemptAt: 500 });
			await put(2, {}, { attemptAt: 2_000, state: "needs-human" });
			await put(3, {}, { attemptAt: null, state: "expired" });
			await put(4, {}, { attemptAt: 2_000, state: "expired" });
			await put(5, { appId: otherAppId }, { attemptAt: 2_000 });
			const times = async () => (await store.list(all)).map((row) => row.attemptAt);
			const before = await times();
			await store.hasten(appId, ["waiting", "expired"], 1_000, 2_000);
			assert.deepEqual(await times(), before, "none after 2,000");
			await store.hasten(appId, ["expired"], 1_000, 1_999);
			assert.deepEqual(await times(), [2_000, 500, 2_000, null, 1_000, 2_000]);
			await store.hasten(appId, ["waiting", "expired"], 1_000);
			assert.deepEqual(await times(), [1_000, 500, 2_000, null, 1_000, 2_000]);
			await store.hasten(appId, ["needs-human"], 1_000);
			await store.hasten(appId, [], 1);
			assert.deepEqual(await times(), [1_000, 500, 1_000, null, 1_000, 2_000]);
		});
	});

	describe(`${name}: ${part}, what is refused`, () => {
		law("times, limits and tokens that are not clear", async (store) => {
			const invalid = (promise) => rejects("ARGUMENT_INVALID", promise);
			await invalid(store.enqueue(rowOf(1, { key: "" }), progressOf()));
			for (const time of [1.5, Number.NaN, Number.POSITIVE_INFINITY, "1"]) {
				for (const field of ["paidAt", "deadline", "enqueuedAt"]) {
					await invalid(store.enqueue(rowOf(1, { [field]: time }), progressOf()));
				}
				for (const field of ["attemptAt", "noticeAt", "attempts", "owedSince", "warnedAt", "deliveredAt"]) {
					await invalid(store.enqueue(rowOf(1), progressOf({ [field]: time })));
					await invalid(store.settle(1, "token", progressOf({ [field]: time })));
				}
				for (const field of ["dueBy", "now", "until", "limit", "deadlineBy"]) {
					await invalid(store.lease(leaseOf({ [field]: time })));
				}
				await invalid(store.settle(1, "token", delivered, time));
				await invalid(store.retry(1, time));
				await invalid(store.hasten(appId, ["waiting"], time));
				await invalid(store.hasten(appId, ["waiting"], 1, time));
				await invalid(store.list({ limit: time }));
				await invalid(store.list({ limit: 1, after: time }));
			}
			for (const limit of [0, -1, undefined]) {
				await invalid(store.list({ limit }));
				await invalid(store.lease(leaseOf({ limit })));
			}
			await invalid(store.lease(leaseOf({ now: 5, until: 5 })));
			await invalid(store.lease(leaseOf({ token: "" })));
			await invalid(store.lease(leaseOf({ work: "anything" })));
			await invalid(store.nextDueAt(appId, "anything"));
			await invalid(store.settle(1, "", delivered));
			await invalid(store.release(""));
			await invalid(store.enqueue(rowOf(1), progressOf({ state: "lost" })));
			await invalid(store.list({ ...all, state: "lost" }));
			await invalid(store.hasten(appId, ["lost"], 1));
			assert.deepEqual(await store.list(all), []);
		});

		it("everything once it is closed", async () => {
			const opened = await open();
			const store = opened[part];
			await store.enqueue(rowOf(1), progressOf());
			await opened.close();
			for (const call of [
				() => store.enqueue(rowOf(2), progressOf()),
				() => store.lease(leaseOf()),
				() => store.settle(1, "token", delivered),
				() => store.release("token"),
				() => store.retry(1, 1),
				() => store.hasten(appId, ["waiting"], 1),
				() => store.get("key 1"),
				() => store.list(all),
				() => store.counts(),
				() => store.nextDueAt(appId, "notice"),
			]) {
				await rejects("STORE_FAILED", call());
			}
		});
	});
}

async function sequenceOf(store, number) {
	return (await store.get(`key ${number}`)).sequence;
}
