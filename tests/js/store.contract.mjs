// The laws of the alarm store (pkg-templates/store.ts), checked on whichever store `open` opens.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { alarmOf, digestOf, oddTexts, refusedOf, rejects } from "./support/store.mjs";

const all = { limit: 1_000 };

/**
 * @param {string} name What is under test.
 * @param {() => Promise<import("paysign").AlarmStore>} open Opens a new, empty store.
 */
export function storeContract(name, open) {
	/** A test with a store of its own, closed afterwards. */
	function law(title, check) {
		it(title, async () => {
			const store = await open();
			try {
				await check(store);
			} finally {
				await store.close();
			}
		});
	}

	describe(`${name}: alarms`, () => {
		law("starts empty", async (store) => {
			assert.deepEqual(await store.list(all), []);
			assert.deepEqual(await store.list({ ...all, unhandled: true }), []);
		});

		law("keeps an alarm field for field", async (store) => {
			const alarm = alarmOf("one");
			assert.equal(await store.insert(alarm, 1401159213), "inserted");
			const [row, ...rest] = await store.list(all);
			assert.deepEqual(rest, []);
			assert.deepEqual(
				{ ...row, alarm: { ...row.alarm } },
				{
					sequence: row.sequence,
					alarm,
					receivedAt: 1401159213,
					handledAt: null,
				},
			);
			assert.equal(Number.isSafeInteger(row.sequence) && row.sequence > 0, true);
		});

		law("keeps odd text unchanged, in every field", async (store) => {
			for (const [index, text] of oddTexts.entries()) {
				const fields = { description: text, appId: text, errorType: text, timeStamp: text };
				const alarm = alarmOf(text, { ...fields, appSignature: text, dedupKey: `${index}${text}` });
				assert.equal(await store.insert(alarm, index), "inserted");
			}
			const rows = await store.list(all);
			assert.deepEqual(
				rows.map((row) => row.alarm.alarmContent),
				oddTexts,
			);
			for (const [index, { alarm }] of rows.entries()) {
				const { dedupKey, ...others } = alarm;
				assert.deepEqual(new Set(Object.values(others)), new Set([oddTexts[index]]));
				assert.equal(dedupKey, `${index}${oddTexts[index]}`);
			}
		});

		law("takes odd text as a dedupKey", async (store) => {
			for (const text of oddTexts) {
				const alarm = alarmOf("x", { dedupKey: text });
				assert.equal(await store.insert(alarm, 1), "inserted");
				assert.equal(await store.insert(alarm, 2), "duplicate");
			}
			assert.equal((await store.list(all)).length, oddTexts.length);
			await store.markHandled("__proto__", 3);
			const handled = (await store.list(all)).filter((row) => row.handledAt !== null);
			assert.deepEqual(
				handled.map((row) => row.alarm.dedupKey),
				["__proto__"],
			);
		});

		law("of concurrent inserts of one key exactly one says inserted", async (store) => {
			const keys = ["a", "b", "c"];
			const outcomes = await Promise.all(
				Array.from({ length: 60 }, (_, index) => store.insert(alarmOf(keys[index % 3]), index)),
			);
			assert.equal(outcomes.filter((outcome) => outcome === "inserted").length, 3);
			assert.equal(outcomes.filter((outcome) => outcome === "duplicate").length, 57);
			assert.equal((await store.list(all)).length, 3);
		});

		law("a duplicate changes nothing of the first", async (store) => {
			await store.insert(alarmOf("one"), 10);
			await store.markHandled(digestOf("one"), 11);
			const before = await store.list(all);
			const again = alarmOf("one", { description: "another", appSignature: "f".repeat(40) });
			assert.equal(await store.insert(again, 99), "duplicate");
			assert.deepEqual(await store.list(all), before);
		});

		law("lists in the order of storing, whatever the times say", async (store) => {
			const texts = ["z", "a", "m", "b"];
			for (const [index, text] of texts.entries()) await store.insert(alarmOf(text), 100 - index);
			const rows = await store.list(all);
			assert.deepEqual(
				rows.map((row) => row.alarm.alarmContent),
				texts,
			);
			assertGrowing(rows);
		});

		law("pages without gap or overlap, also while alarms arrive", async (store) => {
			for (let index = 0; index < 10; index += 1) await store.insert(alarmOf(`${index}`), index);
			const seen = [];
			let after = 0;
			for (;;) {
				const rows = await store.list({ limit: 3, after });
				if (rows.length === 0) break;
				assert.equal(rows.length <= 3, true);
				if (seen.length === 3) await store.insert(alarmOf("10"), 10);
				seen.push(...rows.map((row) => row.alarm.alarmContent));
				after = rows.at(-1).sequence;
			}
			assert.deepEqual(
				seen,
				Array.from({ length: 11 }, (_, index) => `${index}`),
			);
		});

		law("lists what is unhandled, and only that", async (store) => {
			for (const text of ["a", "b", "c", "d"]) await store.insert(alarmOf(text), 1);
			await store.markHandled(digestOf("b"), 50);
			await store.markHandled(digestOf("d"), 60);
			const unhandled = await store.list({ ...all, unhandled: true });
			assert.deepEqual(
				unhandled.map((row) => row.alarm.alarmContent),
				["a", "c"],
			);
			const [first] = unhandled;
			const rest = await store.list({ ...all, unhandled: true, after: first.sequence });
			assert.deepEqual(
				rest.map((row) => row.alarm.alarmContent),
				["c"],
			);
			const every = await store.list({ ...all, unhandled: false });
			assert.deepEqual(
				every.map((row) => row.handledAt),
				[null, 50, null, 60],
			);
		});

		law("marks as handled once, and knows no other keys", async (store) => {
			await store.insert(alarmOf("a"), 1);
			await store.markHandled(digestOf("a"), 5);
			await store.markHandled(digestOf("a"), 6);
			await store.markHandled(digestOf("unknown"), 7);
			assert.deepEqual(
				(await store.list(all)).map((row) => row.handledAt),
				[5],
			);
		});

		law("copies in and out", async (store) => {
			const alarm = alarmOf("one");
			const inserted = store.insert(alarm, 1);
			alarm.description = "changed";
			await inserted;
			const [row] = await store.list(all);
			row.alarm.description = "changed";
			row.handledAt = 9;
			const [fresh] = await store.list(all);
			assert.equal(fresh.alarm.description, "delivery overdue");
			assert.equal(fresh.handledAt, null);
		});

		law("refuses a page or a time that is not clear", async (store) => {
			await store.insert(alarmOf("one"), 1);
			for (const limit of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "10", undefined]) {
				await rejects("ARGUMENT_INVALID", store.list({ limit }));
				await rejects("ARGUMENT_INVALID", store.listQuarantine({ limit }));
			}
			await rejects("ARGUMENT_INVALID", store.list({ limit: 1, after: 0.5 }));
			await rejects("ARGUMENT_INVALID", store.insert(alarmOf("two"), 1.5));
			await rejects("ARGUMENT_INVALID", store.markHandled(digestOf("one"), Number.NaN));
			await rejects("ARGUMENT_INVALID", store.quarantine(refusedOf("x"), -1));
			await rejects("ARGUMENT_INVALID", store.quarantine(refusedOf("x", { receivedAt: 0.5 }), 1));
			assert.equal((await store.list(all)).length, 1);
			assert.deepEqual(await store.listQuarantine(all), []);
		});
	});

	describe(`${name}: quarantine`, () => {
		law("keeps a refused body byte for byte", async (store) => {
			const body = Uint8Array.from({ length: 65_536 }, (_, index) => index % 256);
			await store.quarantine(refusedOf("bytes", { body, truncated: true, code: "XML_TOO_LARGE" }), 200);
			await store.quarantine(refusedOf("", { receivedAt: 8 }), 200);
			const [first, second, ...rest] = await store.listQuarantine(all);
			assert.deepEqual(rest, []);
			assert.deepEqual(Uint8Array.from(first.body), body);
			const { sequence, digest, truncated, code, receivedAt } = first;
			assert.deepEqual(
				{ digest, truncated, code, receivedAt },
				{ digest: digestOf("bytes"), truncated: true, code: "XML_TOO_LARGE", receivedAt: 7 },
			);
			assert.equal(second.sequence > sequence, true);
			assert.deepEqual([second.body.length, second.truncated, second.receivedAt], [0, false, 8]);
		});

		law("keeps each digest once, the first time", async (store) => {
			await store.quarantine(refusedOf("same", { receivedAt: 0 }), 200);
			await Promise.all(
				Array.from({ length: 20 }, (_, index) =>
					store.quarantine(refusedOf("same", { receivedAt: index + 1 }), 200),
				),
			);
			const rows = await store.listQuarantine(all);
			assert.equal(rows.length, 1);
			assert.equal(rows[0].receivedAt, 0);
		});

		law("keeps the newest up to the limit", async (store) => {
			for (let index = 0; index < 12; index += 1) await store.quarantine(refusedOf(`${index}`), 5);
			assert.deepEqual(await bodiesOf(store), ["7", "8", "9", "10", "11"]);
			assertGrowing(await store.listQuarantine(all));
			await store.quarantine(refusedOf("12"), 2);
			assert.deepEqual(await bodiesOf(store), ["11", "12"]);
			await store.quarantine(refusedOf("13"), 0);
			assert.deepEqual(await bodiesOf(store), []);
		});

		law("drops no alarm for it", async (store) => {
			for (let index = 0; index < 20; index += 1) await store.insert(alarmOf(`${index}`), index);
			for (let index = 0; index < 20; index += 1) await store.quarantine(refusedOf(`${index}`), 3);
			assert.equal((await store.list(all)).length, 20);
		});

		law("pages", async (store) => {
			for (const text of ["a", "b", "c"]) await store.quarantine(refusedOf(text), 10);
			const [first, second] = await store.listQuarantine({ limit: 2 });
			assert.deepEqual([first, second].map(textOf), ["a", "b"]);
			const rest = await store.listQuarantine({ limit: 2, after: second.sequence });
			assert.deepEqual(rest.map(textOf), ["c"]);
		});

		law("releases one body, and gives its number to no other", async (store) => {
			for (const text of ["a", "b"]) await store.quarantine(refusedOf(text), 10);
			const [, b] = await store.listQuarantine(all);
			await store.release(b.sequence);
			await store.release(b.sequence);
			await store.release(b.sequence + 1_000);
			assert.deepEqual(await bodiesOf(store), ["a"]);
			// The digest is free again, and the number is not.
			await store.quarantine(refusedOf("b"), 10);
			const rows = await store.listQuarantine(all);
			assert.deepEqual(rows.map(textOf), ["a", "b"]);
			assert.equal(rows[1].sequence > b.sequence, true);
		});

		law("copies in and out", async (store) => {
			const refused = refusedOf("abc");
			const quarantined = store.quarantine(refused, 10);
			refused.body.fill(0);
			await quarantined;
			const [row] = await store.listQuarantine(all);
			assert.equal(textOf(row), "abc");
			row.body.fill(0);
			assert.deepEqual(await bodiesOf(store), ["abc"]);
		});
	});

	describe(`${name}: close`, () => {
		it("may be repeated, and ends everything else", async () => {
			const store = await open();
			await store.insert(alarmOf("one"), 1);
			await store.close();
			await store.close();
			await rejects("STORE_FAILED", store.insert(alarmOf("two"), 1));
			await rejects("STORE_FAILED", store.markHandled(digestOf("one"), 1));
			await rejects("STORE_FAILED", store.list(all));
			await rejects("STORE_FAILED", store.quarantine(refusedOf("x"), 1));
			await rejects("STORE_FAILED", store.listQuarantine(all));
			await rejects("STORE_FAILED", store.release(1));
		});
	});
}

function textOf(row) {
	return new TextDecoder().decode(row.body);
}

async function bodiesOf(store) {
	return (await store.listQuarantine(all)).map(textOf);
}

function assertGrowing(rows) {
	for (const [index, row] of rows.entries()) {
		if (index > 0) assert.equal(row.sequence > rows[index - 1].sequence, true);
	}
}
