// The laws that alarms (pkg-templates/store.ts) and notifications (notification-store.ts) have in common: kept once,
// handled, and a quarantine beside them. store.contract.mjs and notification-store.contract.mjs say what each of them is.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { digestOf, oddTexts, rejects } from "./support/store.mjs";

const all = { limit: 1_000 };

/**
 * @typedef {object} Kind What is kept.
 * @property {string} name
 * @property {(store: any) => any} part The part of a store that keeps it.
 * @property {(text: string, fields?: object) => any} message One whose content is the text; so is its dedupKey's origin.
 * @property {(text: string, dedupKey: string) => any} odd One with that text in every field that takes any text.
 * @property {(row: any) => any} messageOf The message of a row.
 * @property {string} content The name of the content among the message's fields.
 * @property {string} other The name of another field.
 * @property {(text: string, fields?: object) => any} refused
 */

/**
 * @param {string} name What is under test.
 * @param {() => Promise<import("paysign").Store>} openStore Opens a new, empty store.
 * @param {Kind} kind
 */
export function inboxContract(name, openStore, kind) {
	const { part, message, odd, messageOf, content, other, refused } = kind;
	const contentOf = (row) => messageOf(row)[content];

	async function open() {
		const store = await openStore();
		const opened = { close: () => store.close() };
		for (const method of ["insert", "markHandled", "list", "quarantine", "listQuarantine", "release"]) {
			opened[method] = (...values) => part(store)[method](...values);
		}
		return opened;
	}

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

	describe(`${name}: ${kind.name}`, () => {
		law("starts empty", async (store) => {
			assert.deepEqual(await store.list(all), []);
			assert.deepEqual(await store.list({ ...all, unhandled: true }), []);
		});

		law("keeps a message field for field", async (store) => {
			const one = message("one");
			assert.equal(await store.insert({ ...one, extra: "not kept" }, 1401159213), "inserted");
			const [row, ...rest] = await store.list(all);
			assert.deepEqual(rest, []);
			assert.deepEqual({ ...messageOf(row) }, one);
			assert.deepEqual([row.receivedAt, row.handledAt], [1401159213, null]);
			assert.equal(Number.isSafeInteger(row.sequence) && row.sequence > 0, true);
		});

		law("keeps odd text unchanged, in every field", async (store) => {
			const messages = oddTexts.map((text, index) => odd(text, `${index}${text}`));
			for (const [index, one] of messages.entries()) {
				assert.equal(await store.insert(one, index), "inserted");
			}
			const rows = await store.list(all);
			assert.deepEqual(
				rows.map((row) => ({ ...messageOf(row) })),
				messages,
			);
		});

		law("takes odd text as a dedupKey", async (store) => {
			for (const text of oddTexts) {
				const one = message("x", { dedupKey: text });
				assert.equal(await store.insert(one, 1), "inserted");
				assert.equal(await store.insert(one, 2), "duplicate");
			}
			assert.equal((await store.list(all)).length, oddTexts.length);
			await store.markHandled("__proto__", 3);
			const handled = (await store.list(all)).filter((row) => row.handledAt !== null);
			assert.deepEqual(
				handled.map((row) => messageOf(row).dedupKey),
				["__proto__"],
			);
		});

		law("of concurrent inserts of one key exactly one says inserted", async (store) => {
			const keys = ["a", "b", "c"];
			const outcomes = await Promise.all(
				Array.from({ length: 60 }, (_, index) => store.insert(message(keys[index % 3]), index)),
			);
			assert.equal(outcomes.filter((outcome) => outcome === "inserted").length, 3);
			assert.equal(outcomes.filter((outcome) => outcome === "duplicate").length, 57);
			assert.equal((await store.list(all)).length, 3);
		});

		law("a duplicate changes nothing of the first", async (store) => {
			await store.insert(message("one"), 10);
			await store.markHandled(digestOf("one"), 11);
			const before = await store.list(all);
			const again = message("one", { [content]: "another", [other]: "another" });
			assert.equal(await store.insert(again, 99), "duplicate");
			assert.deepEqual(await store.list(all), before);
		});

		law("lists in the order of storing, whatever the times say", async (store) => {
			const texts = ["z", "a", "m", "b"];
			for (const [index, text] of texts.entries()) await store.insert(message(text), 100 - index);
			const rows = await store.list(all);
			assert.deepEqual(rows.map(contentOf), texts);
			assertGrowing(rows);
		});

		law("pages without gap or overlap, also while messages arrive", async (store) => {
			for (let index = 0; index < 10; index += 1) await store.insert(message(`${index}`), index);
			const seen = [];
			let after = 0;
			for (;;) {
				const rows = await store.list({ limit: 3, after });
				if (rows.length === 0) break;
				assert.equal(rows.length <= 3, true);
				if (seen.length === 3) await store.insert(message("10"), 10);
				seen.push(...rows.map(contentOf));
				after = rows.at(-1).sequence;
			}
			assert.deepEqual(
				seen,
				Array.from({ length: 11 }, (_, index) => `${index}`),
			);
		});

		law("lists what is unhandled, and only that", async (store) => {
			for (const text of ["a", "b", "c", "d"]) await store.insert(message(text), 1);
			await store.markHandled(digestOf("b"), 50);
			await store.markHandled(digestOf("d"), 60);
			const unhandled = await store.list({ ...all, unhandled: true });
			assert.deepEqual(unhandled.map(contentOf), ["a", "c"]);
			const [first] = unhandled;
			const rest = await store.list({ ...all, unhandled: true, after: first.sequence });
			assert.deepEqual(rest.map(contentOf), ["c"]);
			const every = await store.list({ ...all, unhandled: false });
			assert.deepEqual(
				every.map((row) => row.handledAt),
				[null, 50, null, 60],
			);
		});

		law("marks as handled once, and knows no other keys", async (store) => {
			await store.insert(message("a"), 1);
			await store.markHandled(digestOf("a"), 5);
			await store.markHandled(digestOf("a"), 6);
			await store.markHandled(digestOf("unknown"), 7);
			assert.deepEqual(
				(await store.list(all)).map((row) => row.handledAt),
				[5],
			);
		});

		law("copies in and out", async (store) => {
			const one = message("one");
			const inserted = store.insert(one, 1);
			one[other] = "changed";
			await inserted;
			const [row] = await store.list(all);
			messageOf(row)[other] = "changed";
			row[other] = "changed";
			row.handledAt = 9;
			const [fresh] = await store.list(all);
			assert.equal(messageOf(fresh)[other], message("one")[other]);
			assert.equal(fresh.handledAt, null);
		});

		law("refuses a page or a time that is not clear", async (store) => {
			await store.insert(message("one"), 1);
			for (const limit of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "10", undefined]) {
				await rejects("ARGUMENT_INVALID", store.list({ limit }));
				await rejects("ARGUMENT_INVALID", store.listQuarantine({ limit }));
			}
			await rejects("ARGUMENT_INVALID", store.list({ limit: 1, after: 0.5 }));
			await rejects("ARGUMENT_INVALID", store.insert(message("two"), 1.5));
			await rejects("ARGUMENT_INVALID", store.markHandled(digestOf("one"), Number.NaN));
			await rejects("ARGUMENT_INVALID", store.quarantine(refused("x"), -1));
			await rejects("ARGUMENT_INVALID", store.quarantine(refused("x", { receivedAt: 0.5 }), 1));
			assert.equal((await store.list(all)).length, 1);
			assert.deepEqual(await store.listQuarantine(all), []);
		});
	});

	describe(`${name}: quarantine of ${kind.name}`, () => {
		law("keeps a refused body byte for byte", async (store) => {
			const body = Uint8Array.from({ length: 65_536 }, (_, index) => index % 256);
			await store.quarantine(refused("bytes", { body, truncated: true, code: "XML_TOO_LARGE" }), 200);
			await store.quarantine(refused("", { receivedAt: 8 }), 200);
			const [first, second, ...rest] = await store.listQuarantine(all);
			assert.deepEqual(rest, []);
			assert.deepEqual(Uint8Array.from(first.body), body);
			const { sequence, digest, truncated, code, receivedAt } = first;
			assert.deepEqual(
				{ digest, truncated, code, receivedAt },
				{ digest: refused("bytes").digest, truncated: true, code: "XML_TOO_LARGE", receivedAt: 7 },
			);
			assert.equal(second.sequence > sequence, true);
			assert.deepEqual([second.body.length, second.truncated, second.receivedAt], [0, false, 8]);
		});

		law("keeps each digest once, the first time", async (store) => {
			await store.quarantine(refused("same", { receivedAt: 0 }), 200);
			await Promise.all(
				Array.from({ length: 20 }, (_, index) =>
					store.quarantine(refused("same", { receivedAt: index + 1 }), 200),
				),
			);
			const rows = await store.listQuarantine(all);
			assert.equal(rows.length, 1);
			assert.equal(rows[0].receivedAt, 0);
		});

		law("keeps the newest up to the limit", async (store) => {
			for (let index = 0; index < 12; index += 1) await store.quarantine(refused(`${index}`), 5);
			assert.deepEqual(await bodiesOf(store), ["7", "8", "9", "10", "11"]);
			assertGrowing(await store.listQuarantine(all));
			await store.quarantine(refused("12"), 2);
			assert.deepEqual(await bodiesOf(store), ["11", "12"]);
			await store.quarantine(refused("13"), 0);
			assert.deepEqual(await bodiesOf(store), []);
		});

		law("drops no message for it", async (store) => {
			for (let index = 0; index < 20; index += 1) await store.insert(message(`${index}`), index);
			for (let index = 0; index < 20; index += 1) await store.quarantine(refused(`${index}`), 3);
			assert.equal((await store.list(all)).length, 20);
		});

		law("pages", async (store) => {
			for (const text of ["a", "b", "c"]) await store.quarantine(refused(text), 10);
			const [first, second] = await store.listQuarantine({ limit: 2 });
			assert.deepEqual([first, second].map(textOf), ["a", "b"]);
			const rest = await store.listQuarantine({ limit: 2, after: second.sequence });
			assert.deepEqual(rest.map(textOf), ["c"]);
		});

		law("releases one body, and gives its number to no other", async (store) => {
			for (const text of ["a", "b"]) await store.quarantine(refused(text), 10);
			const [, b] = await store.listQuarantine(all);
			await store.release(b.sequence);
			await store.release(b.sequence);
			await store.release(b.sequence + 1_000);
			assert.deepEqual(await bodiesOf(store), ["a"]);
			// The digest is free again, and the number is not.
			await store.quarantine(refused("b"), 10);
			const rows = await store.listQuarantine(all);
			assert.deepEqual(rows.map(textOf), ["a", "b"]);
			assert.equal(rows[1].sequence > b.sequence, true);
		});

		law("copies in and out", async (store) => {
			const one = refused("abc");
			const quarantined = store.quarantine(one, 10);
			one.body.fill(0);
			await quarantined;
			const [row] = await store.listQuarantine(all);
			assert.equal(textOf(row), "abc");
			row.body.fill(0);
			assert.deepEqual(await bodiesOf(store), ["abc"]);
		});
	});

	describe(`${name}: close of ${kind.name}`, () => {
		it("may be repeated, and ends everything else", async () => {
			const store = await open();
			await store.insert(message("one"), 1);
			await store.close();
			await store.close();
			await rejects("STORE_FAILED", store.insert(message("two"), 1));
			await rejects("STORE_FAILED", store.markHandled(digestOf("one"), 1));
			await rejects("STORE_FAILED", store.list(all));
			await rejects("STORE_FAILED", store.quarantine(refused("x"), 1));
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
