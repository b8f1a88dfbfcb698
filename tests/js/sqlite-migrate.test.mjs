// `paysign migrate`, from a SQLite file into a real Postgres server.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { copyStore } from "paysign/stores/copy";
import { createMemoryStore } from "paysign/stores/memory";
import { createPostgresStore } from "paysign/stores/postgres";
import { createSqliteStore } from "paysign/stores/sqlite";
import { shippingOf } from "./support/deliveries.mjs";
import { startPostgres } from "./support/postgres.mjs";
import {
	alarmOf,
	digestOf,
	notificationOf,
	oddTexts,
	refusedNotificationOf,
	refusedOf,
	rejects,
} from "./support/store.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const cli = join(root, "pkg/cli.js");
const all = { limit: 10_000 };
const folder = mkdtempSync(join(tmpdir(), "paysign-migrate-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function deliveryRow(number, state = "waiting") {
	const order = { openid: "o1", transid: `${number}`, outTradeNo: `order-${number}` };
	return [
		{
			key: `key-${number}`,
			appId: "wx1",
			delivery: { ...order, deliverTimestamp: 7, deliverStatus: 1, deliverMsg: oddTexts[5] },
			goods: number % 2 === 0 ? "virtual" : "physical",
			paidAt: 1_000,
			deadline: 90_000 + number,
			enqueuedAt: 2_000 + number,
		},
		{
			state,
			attemptAt: state === "delivered" ? null : 3_000 + number,
			noticeAt: 4_000,
			attempts: number,
			owed: ["inDanger"],
			owedSince: 5,
			warnedAt: 6,
			deliveredAt: state === "delivered" ? 9 : null,
			lastCode: "NETWORK",
			lastErrcode: null,
			lastSentence: "no",
		},
	];
}

async function fill(store, count) {
	for (let index = 0; index < count; index += 1) {
		await store.insert(alarmOf(`alarm-${index}`), index);
		if (index % 3 === 0) await store.markHandled(digestOf(`alarm-${index}`), index + 1);
	}
	for (const [index, text] of oddTexts.entries()) {
		await store.insert(alarmOf(text, { description: text, dedupKey: `odd-${index}` }), 5);
		await store.quarantine(refusedOf(text, { truncated: index % 2 === 0 }), 1_000);
		const source = index % 2 === 0 ? "push" : "apiv3";
		await store.notifications.insert(notificationOf(text, { source, isProtected: index % 2 === 0 }), 6);
		if (index % 3 === 0) await store.notifications.markHandled(digestOf(text), 7);
		await store.notifications.quarantine(refusedNotificationOf(text, { source }), 1_000);
	}
	for (let index = 0; index < count; index += 1) {
		await store.deliveries.enqueue(...deliveryRow(index, index % 4 === 0 ? "delivered" : "waiting"));
		const [row, progress] = deliveryRow(index, index % 5 === 0 ? "delivered" : "waiting");
		await store.shipments.enqueue({ ...row, delivery: shippingOf(index) }, progress);
	}
}

/** All of a store but the numbers that it gave itself. */
async function contentOf(store) {
	// Stores give their bytes as different classes, and texts are what a failure can show.
	const plain = (rows) =>
		rows.map(({ sequence: _, body, ...row }) =>
			JSON.stringify({ ...row, body: body && Buffer.from(body).toString("base64") }, sortedNames),
		);
	return {
		alarms: plain(await store.list(all)),
		quarantine: plain(await store.listQuarantine(all)),
		deliveries: plain(await store.deliveries.list(all)),
		shipments: plain(await store.shipments.list(all)),
		notifications: plain(await store.notifications.list(all)),
		notificationQuarantine: plain(await store.notifications.listQuarantine(all)),
	};
}

function sortedNames(_, value) {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
	return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Not `deepEqual`: its description of a difference between so many rows would take minutes. */
function sameContent(actual, expected) {
	for (const part of Object.keys(expected)) {
		assert.equal(actual[part].length, expected[part].length, part);
		for (const [index, row] of expected[part].entries()) {
			assert.equal(actual[part][index].slice(0, 2_000), row.slice(0, 2_000), `${part} ${index}`);
			assert.ok(actual[part][index] === row, `${part} ${index}`);
		}
	}
}

function paysign(args, env = {}, cwd = root) {
	return new Promise((resolve) => {
		const options = { cwd, env: { PATH: process.env.PATH, ...env }, timeout: 60_000 };
		execFile(process.execPath, [cli, ...args], options, (error, stdout, stderr) =>
			resolve({ status: error?.code ?? 0, stdout, stderr }),
		);
	});
}

describe("paysign migrate", () => {
	let server;
	let url;
	let path;
	before(async () => {
		server = await startPostgres();
		const { host, user, database } = server.connection;
		url = `postgres:///${database}?host=${encodeURIComponent(host)}&user=${user}`;
		path = join(folder, "full.sqlite");
		const store = createSqliteStore({ path });
		await fill(store, 450);
		await store.close();
	});
	after(() => server?.remove());

	it("copies everything, in order, and once", async () => {
		const call = ["migrate", "--from", `sqlite:${path}`, "--to", url, "--schema", "once"];
		const first = await paysign(call);
		assert.deepEqual([first.status, first.stderr], [0, ""]);
		assert.equal(
			first.stdout,
			[
				"alarms                 460 copied, 0 already there",
				"quarantine             10 copied, 0 already there",
				"deliveries             450 copied, 0 already there",
				"shipping notices       450 copied, 0 already there",
				"notifications          10 copied, 0 already there",
				"refused notifications  10 copied, 0 already there",
				"Everything of the file is in the database.",
				"",
			].join("\n"),
		);
		const source = createSqliteStore({ path });
		const expected = await contentOf(source);
		await source.close();
		const pool = server.pool();
		const store = await createPostgresStore({ pool, schema: "once" });
		sameContent(await contentOf(store), expected);
		const again = await paysign(call, { LANG: "zh_CN.UTF-8" });
		assert.equal(again.status, 0, again.stderr);
		assert.match(again.stdout, /告警：复制 0 条，已有 460 条/);
		sameContent(await contentOf(store), expected);
		await store.close();
		await pool.end();
	});

	it("goes on where the server stopped", async () => {
		const source = createSqliteStore({ path });
		const store = await createPostgresStore({ pool: server.pool(), schema: "resumed", timeoutMs: 3_000 });
		let pages = 0;
		let stopped;
		const broken = copyStore(source, store, () => {
			pages += 1;
			if (pages === 4) stopped = server.stop("SIGKILL");
		});
		await rejects("STORE_FAILED", broken);
		await stopped;
		await server.start();
		const result = await copyStore(source, store);
		assert.equal(result.alarms.present, 460);
		assert.equal(result.deliveries.copied > 0 && result.deliveries.copied < 450 + 1, true);
		sameContent(await contentOf(store), await contentOf(source));
		await Promise.all([source.close(), store.close()]);
	});

	it("says what is wrong with the call, and shows no password", async () => {
		const from = ["--from", `sqlite:${path}`];
		const rows = [
			[[], /--from wants a SQLite file/],
			[["--from", "postgres://x"], /--from wants a SQLite file/],
			[[...from, "--to", "mysql://x"], /--to wants a Postgres database/],
			[[...from, "--to", "postgres://u:swordfish@h/d"], /does not belong on the command line/],
			[[...from, "--to", "postgres://h/d?password=swordfish"], /does not belong on the command line/],
			[["--from", `sqlite:${path}-missing`, "--to", url], /is not there/],
		];
		for (const [args, sentence] of rows) {
			const { status, stderr } = await paysign(["migrate", ...args]);
			assert.equal(status, 3, stderr);
			assert.match(stderr, sentence);
			assert.equal(stderr.includes("swordfish"), false);
		}
		const away = await paysign(["migrate", ...from, "--to", url], {}, folder);
		assert.equal(away.status, 3);
		assert.match(away.stderr, /npm install pg/);
	});

	it("refuses a damaged file, and a database that cannot be reached", async () => {
		const damaged = join(folder, "damaged.sqlite");
		writeFileSync(damaged, "SQLite format 3\0".padEnd(8_192, "x"));
		const { status, stderr } = await paysign(["migrate", "--from", `sqlite:${damaged}`, "--to", url]);
		assert.notEqual(status, 0);
		assert.match(stderr, /damaged|not a database/);
		const gone = await paysign(["migrate", "--from", `sqlite:${path}`, "--to", "postgres:"], {
			DATABASE_URL: `postgres://u:swordfish@127.0.0.1:1/d`,
		});
		assert.equal(gone.status, 1, gone.stderr);
		assert.match(gone.stderr, /Run the same command again/);
		assert.equal(gone.stderr.includes("swordfish"), false);
	});
});

describe("copyStore", () => {
	it("sees what the other store did not take", async () => {
		const from = createMemoryStore();
		await fill(from, 3);
		const lossy = { ...createMemoryStore() };
		const { insert } = lossy;
		lossy.insert = async (alarm, at) => (at === 2 ? "inserted" : insert(alarm, at));
		await rejects("STORE_FAILED", copyStore(from, lossy));
		const unmarked = createMemoryStore();
		unmarked.notifications.markHandled = async () => {};
		await rejects("STORE_FAILED", copyStore(from, unmarked));
	});

	it("finds rows in another order, and refuses a delivery that says something else", async () => {
		const from = createMemoryStore();
		await fill(from, 5);
		const to = createMemoryStore();
		await to.insert(alarmOf("alarm-4"), 4);
		const { alarms } = await copyStore(from, to);
		assert.deepEqual(alarms, { copied: 14, present: 1 });
		const other = createMemoryStore();
		const [row, progress] = deliveryRow(1);
		await other.deliveries.enqueue({ ...row, paidAt: 1 }, progress);
		await rejects("DELIVERY_CONFLICT", copyStore(from, other));
		const shipped = createMemoryStore();
		await shipped.shipments.enqueue({ ...row, delivery: shippingOf(2) }, progress);
		await rejects("DELIVERY_CONFLICT", copyStore(from, shipped));
	});
});
