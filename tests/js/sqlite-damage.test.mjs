// A database file that is damaged when the store is opened: kept, reported, and no reason to stop receiving.
import assert from "node:assert/strict";
import {
	copyFileSync,
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, it } from "node:test";
import { createSqliteStore } from "paysign/stores/sqlite";
import { runChild } from "./support/sqlite.mjs";
import { alarmOf } from "./support/store.mjs";

const folder = mkdtempSync(join(tmpdir(), "paysign-damage-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const all = { limit: 10_000 };
const now = () => 1_401_159_213;
const time = "20140527T025333Z";

/** A database as it is after a crash: some rows in the file, some only in its `-wal`. */
const crashed = join(folder, "crashed.sqlite");
before(async () => {
	const live = join(folder, "live.sqlite");
	const store = createSqliteStore({ path: live });
	for (let index = 0; index < 200; index += 1) await store.insert(alarmOf(`${index} ${"x".repeat(400)}`), 1);
	const other = new DatabaseSync(live);
	other.exec("PRAGMA wal_checkpoint(TRUNCATE)");
	other.close();
	await store.insert(alarmOf("in the -wal"), 1);
	for (const part of ["", "-wal"]) copyFileSync(live + part, crashed + part);
	await store.close();
});

/** A copy of the crashed database in a folder of its own. */
function newCopy() {
	const path = join(mkdtempSync(join(folder, "copy-")), "alarms.sqlite");
	for (const part of ["", "-wal"]) copyFileSync(crashed + part, path + part);
	return path;
}

/** Opens the store; what it reports is in `reports`. */
function open(path) {
	const reports = [];
	const store = createSqliteStore({ path, now, onCorrupt: (corrupt) => reports.push(corrupt) });
	return { store, reports };
}

function overwrite(path, position, bytes) {
	const content = readFileSync(path);
	Buffer.from(bytes).copy(content, position);
	writeFileSync(path, content);
}

/** What became of the path: the names beside it, without their beginning. */
function namesBeside(path) {
	return readdirSync(join(path, ".."))
		.map((name) => name.slice(basename(path).length))
		.sort();
}

describe("SQLite store: a damaged file", () => {
	it("is what this test damages, and not yet so", async () => {
		const path = newCopy();
		const { store, reports } = open(path);
		assert.deepEqual(reports, []);
		assert.equal((await store.list(all)).length, 201);
		await store.close();
	});

	const damages = {
		"a page in the middle": (path) => overwrite(path, 2 * 4096, "garbage ".repeat(512)),
		"every page but the first": (path) =>
			overwrite(path, 4096, Buffer.alloc(readFileSync(path).length - 4096, 0xa5)),
		"the first bytes": (path) => overwrite(path, 0, "garbage"),
		"a header of zeros": (path) => overwrite(path, 0, Buffer.alloc(4096)),
		"cut in half": (path) => truncateSync(path, 6 * 4096 + 100),
		"cut to its header": (path) => truncateSync(path, 100),
		"cut to a few bytes": (path) => truncateSync(path, 10),
		"cut to nothing": (path) => truncateSync(path, 0),
	};
	for (const [name, damage] of Object.entries(damages)) {
		it(`is moved aside and replaced: ${name}`, async () => {
			const path = newCopy();
			// What SQLite has in the `-wal` would stand in for what is damaged in the file.
			if (name.includes("page") || name.includes("cut in half")) rmSync(`${path}-wal`);
			damage(path);
			const parts = ["", "-wal"].filter((part) => existsSync(path + part));
			const damaged = parts.map((part) => readFileSync(path + part));

			const { store, reports } = open(path);
			const movedTo = `${path}.corrupt-${time}`;
			assert.deepEqual(
				reports.map((report) => report.movedTo),
				[movedTo],
			);
			assert.match(reports[0].reason, /\S/);
			assert.equal(await store.insert(alarmOf("new"), 1), "inserted");
			await store.close();
			assert.deepEqual(
				parts.map((part) => readFileSync(movedTo + part)),
				damaged,
				"it is kept as it was, to the byte",
			);

			const again = open(path);
			assert.deepEqual(again.reports, []);
			assert.equal((await again.store.list(all)).length, 1);
			await again.store.close();
		});
	}

	it("is opened as it is when only its -wal is damaged, which SQLite reads up to there", async () => {
		const path = newCopy();
		overwrite(`${path}-wal`, 40, Buffer.alloc(64, 0xa5));
		const { store, reports } = open(path);
		assert.deepEqual(reports, []);
		assert.equal((await store.list(all)).length, 200);
		await store.close();
	});

	it("does not replace one that was moved aside in the same second", async () => {
		const path = newCopy();
		for (const [index, name] of [`.corrupt-${time}`, `.corrupt-${time}-2`].entries()) {
			writeFileSync(path, Buffer.alloc(100));
			const { store, reports } = open(path);
			assert.deepEqual(
				reports.map(({ movedTo }) => movedTo),
				[path + name],
				`${index}`,
			);
			await store.close();
		}
	});

	it("is a warning of the process by default, and a hook that throws changes nothing", async () => {
		const path = newCopy();
		truncateSync(path, 100);
		const said = await runChild("open", path);
		assert.match(said.stdout, /opened/);
		assert.match(
			said.stderr,
			/Warning: The SQLite database of the store was damaged .* It is kept as .*\.corrupt-/,
		);
		writeFileSync(path, Buffer.alloc(100));
		const onCorrupt = () => {
			throw new Error("hook");
		};
		await createSqliteStore({ path, now, onCorrupt }).close();
	});

	it("is moved once, and no alarm is lost, when several processes find it at once", async () => {
		const path = newCopy();
		overwrite(path, 0, "garbage");
		const start = Date.now() + 1_000;
		const said = await Promise.all(Array.from({ length: 5 }, () => runChild("openAt", path, start)));
		assert.deepEqual(
			said.map(({ stdout }) => stdout),
			Array(5).fill("inserted\n"),
		);
		const { store } = open(path);
		assert.equal((await store.list(all)).length, 5);
		await store.close();
		assert.equal(namesBeside(path).filter((name) => /^\.corrupt-[^-]*$/.test(name)).length, 1);
	});

	it("is kept whole when the process dies while it is moved", async () => {
		for (let call = 0; ; call += 1) {
			const path = newCopy();
			overwrite(path, 0, "garbage");
			const damaged = ["", "-wal"].map((part) => readFileSync(path + part));
			const { stdout } = await runChild("dieAtRename", path, call);
			const { store } = open(path);
			assert.equal(await store.insert(alarmOf("new"), 1), "inserted");
			await store.close();
			const kept = readdirSync(join(path, "..")).map((name) => readFileSync(join(path, "..", name)));
			for (const part of damaged)
				assert.ok(
					kept.some((bytes) => bytes.equals(part)),
					`call ${call}`,
				);
			if (stdout === "opened\n") {
				assert.equal(call >= 2, true, "a -wal and the file are renamed");
				return;
			}
		}
	});
});

describe("SQLite store: a damaged file of somebody else", () => {
	it("stays where it is", async () => {
		const path = join(folder, "orders.sqlite");
		const other = new DatabaseSync(path);
		other.exec("CREATE TABLE orders (id INTEGER, text TEXT); PRAGMA application_id = 7");
		for (let id = 0; id < 200; id += 1) other.exec(`INSERT INTO orders VALUES (${id}, '${"x".repeat(100)}')`);
		other.close();
		overwrite(path, 4096, Buffer.alloc(8192, 0xa5));
		const before = readFileSync(path);
		assert.throws(() => open(path), /another program|malformed/);
		writeFileSync(`${path}.csv`, "id,text\n".repeat(1_000));
		assert.throws(() => open(`${path}.csv`), /file is not a database/);
		assert.deepEqual(readFileSync(path), before);
		assert.deepEqual(readFileSync(`${path}.csv`, "utf8"), "id,text\n".repeat(1_000));
	});
});
