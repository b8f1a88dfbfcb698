// The Postgres store over a real server, which is restarted, killed and set up wrongly.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { WeChatPayError } from "paysign";
import { createPostgresStore } from "paysign/stores/postgres";
import { deliveryStoreContract } from "./delivery-store.contract.mjs";
import { notificationStoreContract } from "./notification-store.contract.mjs";
import { storeContract } from "./store.contract.mjs";
import { kinds, progressOf, rowOf } from "./support/deliveries.mjs";
import { startPostgres } from "./support/postgres.mjs";
import { gate } from "./support/receiver.mjs";
import { alarmOf, notificationOf, refusedOf, rejects } from "./support/store.mjs";

const all = { limit: 100_000 };

let server;
let pool;
before(async () => {
	server = await startPostgres();
	pool = server.pool();
});
after(() => server?.remove());

let schemas = 0;
function newSchema() {
	schemas += 1;
	return `test_${schemas}`;
}
const open = (options = {}) => createPostgresStore({ pool, schema: newSchema(), ...options });

storeContract("Postgres store", open);
for (const kind of Object.values(kinds)) deliveryStoreContract("Postgres store", open, kind);
notificationStoreContract("Postgres store", open);

const contentsOf = async (store) => (await store.list(all)).map((row) => row.alarm.alarmContent);

/** Work on a connection of its own, past the store. */
async function withClient(work, from = pool) {
	const client = await from.connect();
	try {
		return await work(client);
	} finally {
		client.release();
	}
}

/** The pool, with `query` in the place of each connection's. */
function poolWith(query, from = pool) {
	return {
		on: (...values) => from.on(...values),
		removeListener: (...values) => from.removeListener(...values),
		async connect() {
			const client = await from.connect();
			return new Proxy(client, {
				get(target, name) {
					if (name === "query") return (...values) => query(target, ...values);
					const member = target[name];
					return typeof member === "function" ? member.bind(target) : member;
				},
			});
		},
	};
}

/** What the server sees when the client's machine loses power. */
function cut(client) {
	client.connection.stream.destroy();
}

async function waitFor(client, condition) {
	const end = Date.now() + 5_000;
	while (!(await client.query(`SELECT ${condition} AS holds`)).rows[0].holds) {
		assert.ok(Date.now() < end, condition);
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

/** All that a log could show of an error. */
function everythingIn(error) {
	if (!(error instanceof Error)) return "";
	return [error.message, error.stack, JSON.stringify({ ...error }), everythingIn(error.cause)].join("\n");
}

describe("Postgres store: several machines", () => {
	it("is one store, whoever sets it up first", async () => {
		const schema = newSchema();
		const pools = Array.from({ length: 6 }, () => server.pool({ max: 2 }));
		const stores = await Promise.all(pools.map((pool) => open({ schema, pool })));
		const outcomes = await Promise.all(
			stores.flatMap((store) =>
				Array.from({ length: 20 }, (_, index) => store.insert(alarmOf(`${index}`), 1)),
			),
		);
		assert.equal(outcomes.filter((outcome) => outcome === "inserted").length, 20);
		assert.equal((await stores[5].list(all)).length, 20);
		for (const store of stores) await store.close();
		for (const pool of pools) await pool.end();
	});

	it("shows no row before those with smaller numbers, so that paging misses none", async () => {
		const schema = newSchema();
		let commits = Promise.resolve();
		const slowPool = poolWith(async (client, text, values) => {
			if (text === "COMMIT") await commits;
			return client.query(text, values);
		});
		const slow = await open({ schema, pool: slowPool });
		const fast = await open({ schema });
		const { opened, open: letCommit } = gate();
		commits = opened;
		const advisory = (granted) =>
			`EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted = ${granted})`;
		const outcomes = await withClient(async (client) => {
			const first = slow.insert(alarmOf("slow"), 1);
			await waitFor(client, advisory(true));
			const second = fast.insert(alarmOf("fast"), 2);
			await waitFor(client, advisory(false));
			assert.deepEqual(await contentsOf(fast), []);
			letCommit();
			return Promise.all([first, second]);
		});
		assert.deepEqual(outcomes, ["inserted", "inserted"]);
		assert.deepEqual(await contentsOf(fast), ["slow", "fast"]);
	});

	it("waits for a lock until its time is over, and leaves nobody waiting in the server", async () => {
		const schema = newSchema();
		const store = await open({ schema, timeoutMs: 300 });
		await withClient(async (client) => {
			await client.query(`BEGIN; LOCK TABLE ${schema}.alarms`);
			const start = performance.now();
			const outcomes = await Promise.allSettled(
				[1, 2, 3].map((index) => store.insert(alarmOf(`${index}`), 1)),
			);
			assert.equal(performance.now() - start < 3_000, true);
			for (const { reason } of outcomes) {
				assert.deepEqual([reason.code, reason.details.retryable], ["STORE_FAILED", true]);
			}
			await waitFor(client, "NOT EXISTS (SELECT FROM pg_locks WHERE NOT granted)");
			await client.query("ROLLBACK");
		});
		assert.equal(await store.insert(alarmOf("1"), 1), "inserted");
		assert.deepEqual(await contentsOf(store), ["1"]);
	});

	it("commits together what comes together, and lets nobody pay for another one's row", async () => {
		let commits = 0;
		const counting = poolWith((client, text, values) => {
			if (text === "COMMIT") commits += 1;
			return client.query(text, values);
		});
		const store = await open({ pool: counting });
		commits = 0;
		await Promise.all(Array.from({ length: 100 }, (_, index) => store.insert(alarmOf(`${index}`), 1)));
		assert.equal(commits <= 3, true, `${commits} commits`);
		// Postgres keeps no text with a NUL.
		const outcomes = await Promise.allSettled(
			["a", "\0poison", "b", "c"].map((text) => store.insert(alarmOf(text), 1)),
		);
		assert.deepEqual(
			outcomes.map(({ value, reason }) => value ?? reason.code),
			["inserted", "STORE_FAILED", "inserted", "inserted"],
		);
	});
});

describe("Postgres store: faults", () => {
	it("tries again what was cut off before the commit, and says so when it was in it", async () => {
		let cutAt;
		const cutting = poolWith((client, text, values) => {
			if (cutAt !== undefined && text.startsWith(cutAt)) {
				cutAt = undefined;
				// The statement is on its way when the connection breaks.
				const answer = client.query(text, values);
				cut(client);
				return answer;
			}
			return client.query(text, values);
		});
		const store = await open({ pool: cutting });
		for (const statement of ["BEGIN", "INSERT"]) {
			cutAt = statement;
			assert.equal(await store.insert(alarmOf(statement), 1), "inserted");
			assert.equal(cutAt, undefined);
		}
		cutAt = "COMMIT";
		await assert.rejects(store.insert(alarmOf("COMMIT"), 1), (error) => {
			assert.match(error.message, /not known whether anything was kept/);
			return error.details.retryable === true;
		});
		await store.insert(alarmOf("COMMIT"), 1);
		assert.deepEqual(await contentsOf(store), ["BEGIN", "INSERT", "COMMIT"]);
	});

	it("does not wait for a connection for ever, and gives back one that comes too late", async () => {
		const busy = server.pool({ max: 1 });
		const store = await open({ pool: busy, timeoutMs: 200 });
		await withClient(() => assert.rejects(store.list(all), /did not answer in time/), busy);
		assert.deepEqual(await store.list(all), []);
		assert.deepEqual([busy.idleCount, busy.waitingCount], [1, 0]);
	});

	it("shows no value in an error", async () => {
		const store = await open();
		const refused = refusedOf("secret-value", { digest: "secret-value", code: undefined });
		await assert.rejects(store.quarantine(refused, 10), (error) => {
			assert.deepEqual([error.code, error.details], ["STORE_FAILED", { reason: "23502" }]);
			assert.equal(everythingIn(error).includes("secret-value"), false);
			return true;
		});
		await rejects("STORE_FAILED", store.insert(alarmOf("secret-value\0"), 1));
		assert.deepEqual(await store.listQuarantine(all), []);
	});
});

describe("Postgres store: the set-up", () => {
	it("is finished by the next start, wherever it was cut off", async () => {
		for (let call = 0; ; call += 1) {
			const schema = newSchema();
			let callsLeft = call;
			const dying = poolWith((client, text, values) => {
				callsLeft -= 1;
				if (callsLeft !== -1) return client.query(text, values);
				cut(client);
				return Promise.reject(new WeChatPayError("STORE_FAILED", "the process is dead"));
			});
			const outcome = await open({ schema, pool: dying }).catch((error) => error.message);
			const store = await open({ schema });
			assert.equal(await store.insert(alarmOf("one"), 1), "inserted", `cut off at call ${call}`);
			await store.quarantine(refusedOf("x"), 1);
			assert.equal(await store.deliveries.enqueue(rowOf(1), progressOf()), "inserted");
			assert.equal(await store.notifications.insert(notificationOf("one"), 1), "inserted");
			if (outcome !== "the process is dead") {
				assert.equal(call > 20, true, "the set-up has at least the checks, the tables and their indexes");
				return;
			}
		}
	});

	it("needs no right to make tables where they are there already", async () => {
		const schema = newSchema();
		await open({ schema });
		await pool.query(`CREATE ROLE app_${schema} LOGIN; GRANT USAGE ON SCHEMA ${schema} TO app_${schema};
			GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO app_${schema}`);
		const appPool = server.pool({ user: `app_${schema}` });
		const store = await open({ schema, pool: appPool });
		assert.equal(await store.insert(alarmOf("one"), 1), "inserted");
		await assert.rejects(open({ schema: newSchema(), pool: appPool }), /permission denied for database/);
		await pool.query(`REVOKE SELECT ON ALL TABLES IN SCHEMA ${schema} FROM app_${schema}`);
		await assert.rejects(open({ schema, pool: appPool }), /permission denied for table paysign_schema/);
	});

	it("leaves alone what a newer paysign or another program has made", async () => {
		const newer = newSchema();
		await open({ schema: newer });
		await pool.query(`UPDATE ${newer}.paysign_schema SET version = 9`);
		await assert.rejects(open({ schema: newer }), /schema version 9; .* versions up to 3/);
		const others = newSchema();
		await pool.query(`CREATE SCHEMA ${others}; CREATE TABLE ${others}.alarms (bell TEXT)`);
		await assert.rejects(open({ schema: others }), /a table `alarms` that paysign did not make/);
		const { rows } = await pool.query(
			`SELECT relname FROM pg_class WHERE relnamespace = '${others}'::regnamespace`,
		);
		assert.deepEqual(rows, [{ relname: "alarms" }]);
	});

	it("refuses a server that would lose what it acknowledged, now and later", async () => {
		const store = await open();
		for (const setting of ["synchronous_commit", "fsync"]) {
			await setServer(`ALTER SYSTEM SET ${setting} = off`, setting, "off");
			await assert.rejects(open(), new RegExp(`has ${setting}=off, .* loses acknowledged alarms`));
			await assert.rejects(
				store.insert(alarmOf(setting), 1),
				(error) => error.details.retryable === undefined,
			);
			await setServer(`ALTER SYSTEM RESET ${setting}`, setting, "on");
		}
		assert.deepEqual(await contentsOf(store), []);
		assert.equal(await store.insert(alarmOf("safe"), 1), "inserted");
	});

	it("refuses a database that cannot keep every text", async () => {
		await pool.query("CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0");
		await assert.rejects(open({ pool: server.pool({ database: "ascii" }) }), /ENCODING 'UTF8'/);
	});

	it("says what is wrong with the connection", async () => {
		const timeoutMs = 300;
		for (const [more, sentence] of [
			[{ database: "missing" }, /database "missing" does not exist; nothing was kept/],
			[{ user: "missing" }, /role "missing" does not exist/],
			[{ host: "/nowhere" }, /cannot be reached \(ENOENT\)/],
			[{ host: "127.0.0.1", port: 1 }, /cannot be reached \(ECONNREFUSED\)/],
		]) {
			await assert.rejects(open({ pool: server.pool(more), timeoutMs }), (error) => {
				assert.equal(error.code, "STORE_FAILED");
				assert.match(error.message, sentence);
				return true;
			});
		}
	});

	it("refuses options that cannot be used", async () => {
		for (const options of [
			{ pool: {} },
			{ pool: undefined },
			{ schema: 'x"; DROP TABLE alarms' },
			{ schema: "" },
			{ schema: "x".repeat(64) },
			{ timeoutMs: 0 },
		]) {
			await rejects("ARGUMENT_INVALID", open(options));
		}
	});
});

/** Changes a setting of the server, and waits until sessions have it. */
async function setServer(statement, setting, value) {
	await pool.query(statement);
	await pool.query("SELECT pg_reload_conf()");
	// Sessions read it one after the other.
	await Promise.all(
		Array.from({ length: 5 }, () =>
			withClient((client) => waitFor(client, `current_setting('${setting}') = '${value}'`)),
		),
	);
}

async function _waitUntil(condition) {
	const end = Date.now() + 10_000;
	while (!condition()) {
		assert.ok(Date.now() < end, String(condition));
		await new Promise((resolve) => setTimeout(resolve, 2));
	}
}
