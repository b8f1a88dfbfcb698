import assert from "node:assert/strict";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, describe, it } from "node:test";
import { createSqliteStore } from "paysign/stores/sqlite";
import { deliveryStoreContract } from "./delivery-store.contract.mjs";
import { notificationStoreContract } from "./notification-store.contract.mjs";
import { storeContract } from "./store.contract.mjs";
import { kinds } from "./support/deliveries.mjs";
import { hurriedClock, openSpied, runChild, startChild } from "./support/sqlite.mjs";
import { alarmOf, oddTexts, refusedOf, rejects } from "./support/store.mjs";

const folder = mkdtempSync(join(tmpdir(), "paysign-sqlite-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
function newPath() {
	files += 1;
	return join(folder, `${files}.sqlite`);
}
const all = { limit: 100_000 };

storeContract("SQLite store", async () => createSqliteStore({ path: newPath() }));
for (const kind of Object.values(kinds)) {
	deliveryStoreContract("SQLite store", async () => createSqliteStore({ path: newPath() }), kind);
}
notificationStoreContract("SQLite store", async () => createSqliteStore({ path: newPath() }));

describe("SQLite store: the file", () => {
	it("keeps alarms and refused bodies over a reopening", async () => {
		const path = newPath();
		const first = createSqliteStore({ path });
		for (const [index, text] of oddTexts.entries()) await first.insert(alarmOf(text), index);
		await first.markHandled(alarmOf("__proto__").dedupKey, 77);
		await first.quarantine(refusedOf("refused"), 10);
		const before = [await first.list(all), await first.listQuarantine(all)];
		await first.close();

		const second = createSqliteStore({ path });
		assert.deepEqual([await second.list(all), await second.listQuarantine(all)], before);
		assert.equal(await second.insert(alarmOf(""), 1), "duplicate");
		await second.close();
	});

	it("is one store through two connections", async () => {
		const path = newPath();
		const stores = [createSqliteStore({ path }), createSqliteStore({ path })];
		const outcomes = await Promise.all(
			Array.from({ length: 40 }, (_, index) => stores[index % 2].insert(alarmOf(`${index >> 1}`), index)),
		);
		assert.equal(outcomes.filter((outcome) => outcome === "inserted").length, 20);
		assert.deepEqual(await stores[0].list(all), await stores[1].list(all));
		await stores[0].quarantine(refusedOf("a"), 2);
		await stores[1].quarantine(refusedOf("a"), 2);
		assert.equal((await stores[1].listQuarantine(all)).length, 1);
		for (const store of stores) await store.close();
	});

	it("may be new to several processes at once", async () => {
		const path = newPath();
		const start = Date.now() + 1_000;
		const said = await Promise.all(Array.from({ length: 6 }, () => runChild("openAt", path, start)));
		assert.deepEqual(
			said.map(({ stdout }) => stdout),
			Array(6).fill("inserted\n"),
		);
		const store = createSqliteStore({ path });
		assert.equal((await store.list(all)).length, 6);
		await store.close();
	});

	it("waits for whoever holds the lock of a new file", async () => {
		const path = newPath();
		const holder = startChild("holdWriteLock", path, 300);
		await once(holder.stdout, "data");
		await createSqliteStore({ path }).close();
		await once(holder, "close");
	});

	it("loses no acknowledged alarm to kill -9", async () => {
		const path = newPath();
		const acknowledged = new Set();
		for (const round of ["a", "b", "c"]) {
			for (const text of await acknowledgedUntilKilled(path, round)) acknowledged.add(text);
		}
		const store = createSqliteStore({ path });
		const kept = new Set((await store.list(all)).map((row) => row.alarm.alarmContent));
		assert.deepEqual(
			[...acknowledged].filter((text) => !kept.has(text)),
			[],
		);
		assert.equal(acknowledged.size >= 60, true);
		await store.close();
	});

	it("is set up again after a death at any call of the set-up", async () => {
		for (let call = 0; ; call += 1) {
			const path = newPath();
			const { stdout: said } = await runChild("dieAtCall", path, call);
			const store = createSqliteStore({ path });
			assert.equal(await store.insert(alarmOf("one"), 1), "inserted", `after a death at call ${call}`);
			await store.quarantine(refusedOf("x"), 1);
			await store.close();
			if (said === "set up\n") {
				assert.equal(call > 10, true, "the set-up has at least the calls for the settings and the tables");
				return;
			}
		}
	});
});

describe("SQLite store: durability", () => {
	it("has its settings in force", async () => {
		const path = newPath();
		const { store, database } = openSpied(path);
		const setting = (name) => Object.values(database.prepare(`PRAGMA ${name}`).get())[0];
		assert.equal(setting("journal_mode"), "wal");
		assert.equal(setting("synchronous"), 2);
		assert.equal(setting("busy_timeout"), 10);
		assert.equal(setting("foreign_keys"), 1);
		assert.equal(setting("user_version"), 3);
		const strict = database.prepare("SELECT name, strict FROM pragma_table_list WHERE type = 'table'").all();
		for (const table of strict.filter(({ name }) => !name.startsWith("sqlite_")))
			assert.equal(table.strict, 1);
		const other = new DatabaseSync(path);
		assert.equal(other.prepare("PRAGMA journal_mode").get().journal_mode, "wal");
		other.close();
		await store.close();
	});

	for (const [setting, instead] of [
		["PRAGMA journal_mode = WAL", "PRAGMA journal_mode = DELETE"],
		["PRAGMA synchronous = FULL", "PRAGMA synchronous = NORMAL"],
	]) {
		it(`does not start when \`${setting}\` has no effect`, () => {
			const deaf = (statement) => (statement === setting ? instead : statement);
			assert.throws(() => openSpied(newPath(), deaf), hasCode("STORE_FAILED"));
		});
	}

	it("rejects an insert that the disk has no room for, keeps what it has, and recovers", async () => {
		const { store, database } = openSpied(newPath());
		await store.insert(alarmOf("first"), 1);
		const { page_count: pages } = database.prepare("PRAGMA page_count").get();
		database.exec(`PRAGMA max_page_count = ${pages}`);
		const large = alarmOf("secret-value ".repeat(1_000));
		await assert.rejects(store.insert(large, 2), (error) => {
			assert.match(error.message, /database or disk is full/);
			assert.equal(error.code, "STORE_FAILED");
			assert.equal(everythingIn(error).includes("secret-value"), false);
			return true;
		});
		const body = new Uint8Array(60_000);
		await rejects("STORE_FAILED", store.quarantine(refusedOf("large", { body }), 10));
		assert.equal((await store.list(all)).length, 1);
		database.exec("PRAGMA max_page_count = 100000");
		assert.equal(await store.insert(large, 3), "inserted");
		await store.quarantine(refusedOf("large", { body }), 10);
		await store.close();
	});

	it("is not stuck in a transaction that failed", async () => {
		const store = createSqliteStore({ path: newPath() });
		await rejects("STORE_FAILED", store.quarantine(refusedOf("x", { code: undefined }), 10));
		await store.quarantine(refusedOf("x"), 10);
		assert.equal((await store.listQuarantine(all)).length, 1);
		await store.close();
	});

	it("waits five seconds for a lock, and then says that it is locked", async () => {
		const path = newPath();
		const ticks = hurriedClock();
		const { store } = openSpied(path, undefined, ticks);
		const other = new DatabaseSync(path);
		other.exec("BEGIN IMMEDIATE");
		const start = ticks();
		await assert.rejects(store.insert(alarmOf("one"), 1), /database is locked/);
		await assert.rejects(store.quarantine(refusedOf("one"), 1), /database is locked/);
		assert.equal(ticks() - start >= 10_000, true);
		other.exec("COMMIT");
		other.close();
		assert.equal(await store.insert(alarmOf("one"), 1), "inserted");
		await store.close();
	});

	it("holds up nothing else while it waits: what holds the lock may be of the same process", async () => {
		const path = newPath();
		const { store } = openSpied(path);
		const other = new DatabaseSync(path);
		other.exec("BEGIN IMMEDIATE");
		const inserting = store.insert(alarmOf("one"), 1);
		await new Promise((resolve) => setTimeout(resolve, 100));
		assert.deepEqual(await store.list(all), [], "reading waits for nobody");
		other.exec("COMMIT");
		other.close();
		assert.equal(await inserting, "inserted");
		await store.close();
	});
});

describe("SQLite store: what it does not open", () => {
	function refuses(path, code, sentence) {
		assert.throws(
			() => createSqliteStore({ path }),
			(error) => {
				assert.equal(error.code, code);
				assert.match(error.message, sentence);
				return true;
			},
		);
	}

	it("no path, or one that keeps nothing", () => {
		for (const path of ["", "a\0b", undefined, 7])
			refuses(path, "ARGUMENT_INVALID", /path of the database file/);
		refuses(":memory:", "ARGUMENT_INVALID", /keeps nothing it acknowledged/);
		refuses("file:x?mode=memory", "STORE_FAILED", /journal_mode=WAL/);
	});

	it("a folder, or a file in a folder that is missing", () => {
		refuses(folder, "STORE_FAILED", /unable to open database file/);
		refuses(join(folder, "missing", "alarms.sqlite"), "STORE_FAILED", /The folder must exist/);
	});

	it("a file that cannot be written", async () => {
		const path = newPath();
		await createSqliteStore({ path }).close();
		refuses(`file:${path}?mode=ro`, "STORE_FAILED", /readonly database/);
		const fresh = newPath();
		writeFileSync(fresh, "");
		refuses(`file:${fresh}?mode=ro`, "STORE_FAILED", /readonly database/);
	});

	it("what this process may not write", async () => {
		for (const [denied, sentence] of [
			["folder", /unable to open database file.*allowed to write in it/],
			["file", /readonly database/],
			["new files", /unable to open database file|readonly database/],
		]) {
			const place = mkdtempSync(join(folder, "denied-"));
			const { stdout, stderr } = await runChild("openWithoutRight", place, denied);
			// What may not be written in can otherwise not be removed.
			chmodSync(place, 0o700);
			assert.match(stdout, sentence, stderr);
			assert.match(stdout, /^STORE_FAILED /);
		}
	});

	it("a file that is not a database", () => {
		const path = newPath();
		writeFileSync(path, "id,alarm\n".repeat(1_000));
		refuses(path, "STORE_FAILED", /file is not a database/);
	});

	it("another program's database, which it leaves as it is", () => {
		const path = newPath();
		const other = new DatabaseSync(path);
		other.exec("CREATE TABLE orders (id INTEGER); PRAGMA user_version = 12");
		other.close();
		refuses(path, "STORE_FAILED", /another program/);
		const again = new DatabaseSync(path);
		assert.equal(again.prepare("PRAGMA journal_mode").get().journal_mode, "delete");
		assert.equal(again.prepare("SELECT count(*) AS tables FROM sqlite_schema").get().tables, 1);
		again.close();
	});

	it("a newer schema", async () => {
		const path = newPath();
		const { store, database } = openSpied(path);
		database.exec("PRAGMA user_version = 9");
		await store.close();
		refuses(path, "STORE_FAILED", /schema version 9; this version of paysign knows versions up to 3/);
	});
});

/** The alarms that a process said were inserted, until it was killed after the twentieth. */
async function acknowledgedUntilKilled(path, round) {
	let said = "";
	const running = startChild("insert", path, round);
	running.stdout.on("data", (text) => {
		said += text;
		if (said.split("\n").length > 20) running.kill("SIGKILL");
	});
	const [, signal] = await once(running, "close");
	assert.equal(signal, "SIGKILL");
	// A line that the kill cut off was acknowledged to nobody.
	return said.split("\n").slice(0, -1);
}

function hasCode(code) {
	return (error) => error.name === "WeChatPayError" && error.code === code;
}

/** All that a log could show of an error. */
function everythingIn(error) {
	if (!(error instanceof Error)) return "";
	return [error.message, error.stack, JSON.stringify({ ...error }), everythingIn(error.cause)].join("\n");
}
