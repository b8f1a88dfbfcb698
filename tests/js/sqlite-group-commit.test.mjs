// What comes together is committed together, and answered one by one.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, describe, it } from "node:test";
import { hurriedClock, openSpied } from "./support/sqlite.mjs";
import { alarmOf, refusedOf } from "./support/store.mjs";

const folder = mkdtempSync(join(tmpdir(), "paysign-group-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
/** A store whose statements and commits are written down. */
function open(ticks) {
	files += 1;
	const said = [];
	const path = join(folder, `${files}.sqlite`);
	const note = (statement) => {
		said.push(statement);
		return statement;
	};
	const opened = openSpied(path, note, ticks);
	const times = (wanted) => () => said.filter((statement) => statement === wanted).length;
	said.length = 0;
	return { ...opened, path, tries: times("BEGIN IMMEDIATE"), commits: times("COMMIT") };
}

const all = { limit: 100_000 };
const insertAll = (store, texts) => Promise.allSettled(texts.map((text) => store.insert(alarmOf(text), 1)));
const outcomesOf = (settled) => settled.map(({ value, reason }) => value ?? reason?.code);

describe("SQLite store: group commit", () => {
	it("takes what comes in one turn of the event loop as one transaction", async () => {
		const { store, commits } = open();
		const turns = [];
		// Two sockets that have something, as the event loop reads them: one call each, microtasks between them.
		for (const text of ["a", "b"]) {
			await new Promise((resolve) => process.nextTick(resolve));
			turns.push(store.insert(alarmOf(text), 1), store.markHandled(alarmOf(text).dedupKey, 2));
		}
		assert.deepEqual(await Promise.all(turns), ["inserted", undefined, "inserted", undefined]);
		assert.equal(commits(), 1);
		assert.deepEqual(
			(await store.list(all)).map(({ handledAt }) => handledAt),
			[2, 2],
		);
		await store.close();
	});

	it("waits for a crowd while it comes, but not for ever, and for nobody when one is alone", async () => {
		const { store, commits } = open();
		const nextTurn = () => new Promise(setImmediate);
		const alone = store.insert(alarmOf("alone"), 1);
		await nextTurn();
		assert.equal(commits(), 1);

		const crowd = [store.insert(alarmOf("first"), 1)];
		for (let turn = 0; turn < 10; turn += 1) {
			crowd.push(store.insert(alarmOf(`crowd ${turn}`), 1));
			await nextTurn();
		}
		await Promise.all([alone, ...crowd]);
		assert.equal(commits(), 2);

		const stream = [store.insert(alarmOf("stream"), 1)];
		for (let turn = 0; turn < 40; turn += 1) {
			stream.push(store.insert(alarmOf(`stream ${turn}`), 1));
			await nextTurn();
		}
		// Some of it is answered while it still comes.
		assert.equal(commits() > 2, true);
		await Promise.all(stream);
		await store.close();
	});

	it("resolves after the commit, never before", async () => {
		const { store, path } = open();
		const other = new DatabaseSync(path);
		const seen = [];
		await Promise.all(
			["a", "b", "c"].map(async (text) => {
				await store.insert(alarmOf(text), 1);
				seen.push(other.prepare("SELECT count(*) AS rows FROM alarms").get().rows);
			}),
		);
		assert.deepEqual(seen, [3, 3, 3]);
		other.close();
		await store.close();
	});

	it("tells each caller of one transaction his own outcome", async () => {
		const { store, commits } = open();
		await store.insert(alarmOf("known"), 1);
		const outcomes = await insertAll(store, ["new", "known", "twice", "twice"]);
		assert.deepEqual(outcomesOf(outcomes), ["inserted", "duplicate", "inserted", "duplicate"]);
		assert.equal(commits(), 2);
		await store.close();
	});

	it("bounds a transaction", async () => {
		const { store, commits } = open();
		await insertAll(
			store,
			Array.from({ length: 1_000 }, (_, index) => `${index}`),
		);
		assert.equal(commits(), 4);
		assert.equal((await store.list(all)).length, 1_000);
		await store.close();
	});

	it("lets nobody pay for another one's row, and keeps nothing of a half transaction", async () => {
		const { store } = open();
		const outcomes = await Promise.allSettled([
			store.insert(alarmOf("before"), 1),
			// Its first statement would work, its second does not.
			store.quarantine(refusedOf("poison", { code: undefined }), 10),
			store.insert(alarmOf("poison", { appId: undefined }), 1),
			store.quarantine(refusedOf("good"), 10),
			store.insert(alarmOf("after"), 1),
		]);
		assert.deepEqual(outcomesOf(outcomes), [
			"inserted",
			"STORE_FAILED",
			"STORE_FAILED",
			undefined,
			"inserted",
		]);
		assert.deepEqual(
			(await store.list(all)).map(({ alarm }) => alarm.alarmContent),
			["before", "after"],
		);
		assert.equal((await store.listQuarantine(all)).length, 1);
		await store.close();
	});

	it("acknowledges nothing of a full disk but what fits, and goes on when there is room", async () => {
		const { store, database } = open();
		await store.insert(alarmOf("first"), 1);
		const { page_count: pages } = database.prepare("PRAGMA page_count").get();
		database.exec(`PRAGMA max_page_count = ${pages}`);
		const large = "large ".repeat(5_000);
		const outcomes = outcomesOf(await insertAll(store, [large, "small", `${large}too`]));
		assert.deepEqual(outcomes, ["STORE_FAILED", "inserted", "STORE_FAILED"]);
		database.exec("PRAGMA max_page_count = 100000");
		assert.deepEqual(outcomesOf(await insertAll(store, [large, "small"])), ["inserted", "duplicate"]);
		assert.equal((await store.list(all)).length, 3);
		await store.close();
	});

	it("tells everybody at once that the database is locked, and waits for it once", async () => {
		const { store, tries, path } = open(hurriedClock());
		const other = new DatabaseSync(path);
		other.exec("BEGIN IMMEDIATE");
		// More than one transaction's worth.
		const outcomes = await insertAll(
			store,
			Array.from({ length: 600 }, (_, index) => `${index}`),
		);
		assert.equal(tries(), 5);
		for (const { reason } of outcomes) {
			assert.deepEqual([reason.code, reason.details.retryable], ["STORE_FAILED", true]);
		}
		other.exec("COMMIT");
		other.close();
		assert.deepEqual(await store.list(all), []);
		assert.deepEqual(outcomesOf(await insertAll(store, ["a"])), ["inserted"]);
		await store.close();
	});

	it("commits what waits before it is closed, and takes nothing more", async () => {
		const { store, path } = open();
		const inserting = insertAll(store, ["a", "b"]);
		const closing = store.close();
		const late = insertAll(store, ["late"]);
		await closing;
		assert.deepEqual(outcomesOf(await inserting), ["inserted", "inserted"]);
		assert.deepEqual(outcomesOf(await late), ["STORE_FAILED"]);
		const { store: again } = openSpied(path);
		assert.equal((await again.list(all)).length, 2);
		await again.close();
	});
});
