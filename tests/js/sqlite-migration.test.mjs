// A file of an older schema version becomes one of version 3, also when the process dies on the way; and a copy of a file
// in use.
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, it } from "node:test";
import { createSqliteStore } from "paysign/stores/sqlite";
import { progressOf, rowOf, shippingOf } from "./support/deliveries.mjs";
import { runChild } from "./support/sqlite.mjs";
import { alarmOf, notificationOf, refusedNotificationOf, refusedOf } from "./support/store.mjs";

const folder = mkdtempSync(join(tmpdir(), "paysign-migration-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const all = { limit: 100_000 };

/** The statements with which the versions set up their files. They do not follow the schema of today. */
const version1 = `
	PRAGMA journal_mode = WAL;
	CREATE TABLE alarms (
		sequence INTEGER PRIMARY KEY AUTOINCREMENT,
		dedup_key TEXT NOT NULL UNIQUE,
		app_id TEXT NOT NULL,
		error_type TEXT NOT NULL,
		description TEXT NOT NULL,
		alarm_content TEXT NOT NULL,
		time_stamp TEXT NOT NULL,
		app_signature TEXT NOT NULL,
		received_at INTEGER NOT NULL,
		handled_at INTEGER
	) STRICT;
	CREATE INDEX alarms_unhandled ON alarms (sequence) WHERE handled_at IS NULL;
	CREATE TABLE quarantine (
		sequence INTEGER PRIMARY KEY AUTOINCREMENT,
		digest TEXT NOT NULL UNIQUE,
		body BLOB NOT NULL,
		truncated INTEGER NOT NULL CHECK (truncated IN (0, 1)),
		code TEXT NOT NULL,
		received_at INTEGER NOT NULL
	) STRICT;
	PRAGMA application_id = ${0x70617973};
	PRAGMA user_version = 1;
`;

const version2 = `${version1}
	CREATE TABLE deliveries (
		sequence INTEGER PRIMARY KEY AUTOINCREMENT,
		delivery_key TEXT NOT NULL UNIQUE,
		app_id TEXT NOT NULL,
		delivery TEXT NOT NULL,
		goods TEXT NOT NULL CHECK (goods IN ('virtual', 'physical')),
		paid_at INTEGER NOT NULL,
		deadline INTEGER NOT NULL,
		enqueued_at INTEGER NOT NULL,
		state TEXT NOT NULL CHECK (state IN ('waiting', 'needs-human', 'expired', 'delivered')),
		attempt_at INTEGER,
		notice_at INTEGER,
		attempts INTEGER NOT NULL,
		owed TEXT NOT NULL,
		owed_since INTEGER,
		warned_at INTEGER,
		delivered_at INTEGER,
		last_code TEXT,
		last_errcode INTEGER,
		last_sentence TEXT,
		lease_token TEXT,
		lease_until INTEGER
	) STRICT;
	CREATE INDEX deliveries_urgent ON deliveries (app_id, deadline, sequence) WHERE attempt_at IS NOT NULL;
	CREATE INDEX deliveries_attempt ON deliveries (app_id, attempt_at) WHERE attempt_at IS NOT NULL;
	CREATE INDEX deliveries_notice ON deliveries (app_id, notice_at, sequence) WHERE notice_at IS NOT NULL;
	CREATE INDEX deliveries_leased ON deliveries (lease_token) WHERE lease_token IS NOT NULL;
	CREATE INDEX deliveries_state ON deliveries (state, sequence);
	PRAGMA user_version = 2;
`;

const fileOf = (version) => join(folder, `version-${version}.sqlite`);
const olds = { 1: version1, 2: version2 };

before(() => {
	for (const [version, statements] of Object.entries(olds)) {
		const database = new DatabaseSync(fileOf(version));
		database.exec(statements);
		fill(database);
		if (version >= 2) fillDeliveries(database);
		database.close();
	}
});

function fill(database) {
	const insert = database.prepare(
		`INSERT INTO alarms (dedup_key, app_id, error_type, description, alarm_content, time_stamp, app_signature,
			received_at, handled_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	);
	for (const [text, handledAt] of [
		["handled", 5],
		["unhandled", null],
	]) {
		const { appId, errorType, description, alarmContent, timeStamp, appSignature, dedupKey } = alarmOf(text);
		insert.run(dedupKey, appId, errorType, description, alarmContent, timeStamp, appSignature, 3, handledAt);
	}
	const { digest, body, code } = refusedOf("refused");
	database
		.prepare("INSERT INTO quarantine (digest, body, truncated, code, received_at) VALUES (?, ?, 1, ?, 4)")
		.run(digest, body, code);
}

function fillDeliveries(database) {
	const { key, appId, delivery, goods, paidAt, deadline, enqueuedAt } = rowOf(2);
	database
		.prepare(
			`INSERT INTO deliveries (delivery_key, app_id, delivery, goods, paid_at, deadline, enqueued_at, state, attempts,
				owed) VALUES (?, ?, ?, ?, ?, ?, ?, 'delivered', 1, '[]')`,
		)
		.run(key, appId, JSON.stringify(delivery), goods, paidAt, deadline, enqueuedAt);
}

function newCopy(version, name) {
	const path = join(folder, `${version}-${name}.sqlite`);
	copyFileSync(fileOf(version), path);
	return path;
}

/** Everything that the old file held is there, and what the new version brought works. */
async function check(version, path, why) {
	const store = createSqliteStore({ path });
	assert.deepEqual(
		(await store.list(all)).map(({ sequence, alarm, receivedAt, handledAt }) => [
			sequence,
			{ ...alarm },
			receivedAt,
			handledAt,
		]),
		[
			[1, alarmOf("handled"), 3, 5],
			[2, alarmOf("unhandled"), 3, null],
		],
		why,
	);
	const [refused] = await store.listQuarantine(all);
	assert.deepEqual(
		[refused.digest, refused.truncated, refused.receivedAt],
		[refusedOf("refused").digest, true, 4],
	);
	assert.deepEqual(
		(await store.deliveries.list(all)).map(({ key, delivery }) => [key, { ...delivery }]),
		version >= 2 ? [[rowOf(2).key, rowOf(2).delivery]] : [],
		why,
	);
	assert.equal(await store.deliveries.enqueue(rowOf(1), progressOf()), "inserted", why);
	assert.equal(await store.notifications.insert(notificationOf("new"), 1), "inserted", why);
	await store.notifications.quarantine(refusedNotificationOf("new"), 1);
	const shipment = rowOf(1, { delivery: shippingOf(1) });
	assert.equal(await store.shipments.enqueue(shipment, progressOf()), "inserted", why);
	assert.equal(await store.insert(alarmOf("handled"), 9), "duplicate");
	await store.close();
	const database = new DatabaseSync(path);
	assert.equal(database.prepare("PRAGMA user_version").get().user_version, 3);
	database.close();
}

for (const version of [1, 2]) {
	describe(`SQLite store: from version ${version}`, () => {
		it("keeps every row", async () => {
			await check(version, newCopy(version, "whole"));
		});

		it("is finished after a death at any call on the way", async () => {
			for (let call = 0; ; call += 1) {
				const path = newCopy(version, `call-${call}`);
				const { stdout } = await runChild("dieAtCall", path, call);
				await check(version, path, `after a death at call ${call}`);
				if (stdout === "set up\n") {
					assert.equal(call > 10, true, "there are at least the settings and the statements of version 3");
					return;
				}
			}
		});

		it("is done once, by whichever of several processes is first", async () => {
			const path = newCopy(version, "together");
			const start = Date.now() + 1_000;
			const said = await Promise.all(Array.from({ length: 4 }, () => runChild("openAt", path, start)));
			assert.deepEqual(
				said.map(({ stdout }) => stdout),
				Array(4).fill("inserted\n"),
			);
			const store = createSqliteStore({ path });
			assert.equal((await store.list(all)).length, 6);
			await store.close();
		});
	});
}

describe("SQLite store: a backup", () => {
	it("made with VACUUM INTO while alarms arrive is whole, and opens as a store", async () => {
		const store = createSqliteStore({ path: join(folder, "live.sqlite") });
		let acknowledged = 0;
		let stopped = false;
		const writing = (async () => {
			for (; !stopped; acknowledged += 1) await store.insert(alarmOf(`${acknowledged}`), 1);
		})();
		const copies = [];
		for (let number = 0; number < 3; number += 1) {
			const path = join(folder, `backup-${number}.sqlite`);
			while (acknowledged < (number + 1) * 20) await new Promise((resolve) => setImmediate(resolve));
			const least = acknowledged;
			const database = new DatabaseSync(join(folder, "live.sqlite"));
			database.prepare("VACUUM INTO ?").run(path);
			database.close();
			copies.push({ path, least });
		}
		stopped = true;
		await writing;
		await store.close();
		for (const { path, least } of copies) {
			const database = new DatabaseSync(path);
			assert.equal(database.prepare("PRAGMA quick_check").get().quick_check, "ok");
			database.close();
			const reports = [];
			const copy = createSqliteStore({ path, onCorrupt: (corrupt) => reports.push(corrupt) });
			const texts = (await copy.list(all)).map((row) => row.alarm.alarmContent);
			assert.equal(texts.length >= least, true);
			assert.deepEqual(
				texts,
				texts.map((_, index) => `${index}`),
			);
			assert.deepEqual(reports, []);
			await copy.close();
		}
	});
});
