// The stores of access tokens that machines share, on a real server; both usual clients of Redis.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createClient as createNodeRedis } from "@redis/client";
import { Redis } from "ioredis";
import { createClient } from "paysign";
import { createMemoryTokenStore } from "paysign/tokens/memory";
import { createPostgresTokenStore } from "paysign/tokens/postgres";
import { createRedisTokenStore } from "paysign/tokens/redis";
import { account, failure, tokenFetch } from "./client-support.mjs";
import { startPostgres } from "./support/postgres.mjs";
import { startRedis } from "./support/redis.mjs";
import { tokenStoreContract } from "./token-store.contract.mjs";

tokenStoreContract("memory token store", async () => [createMemoryTokenStore()]);

it("a lease in memory lasts as long as its clock says", async () => {
	let ticks = 0;
	const store = createMemoryTokenStore({ ticks: () => ticks });
	await store.lease("a", 1_000);
	ticks = 999;
	assert.equal(await store.lease("a", 1_000), undefined);
	ticks = 1_000;
	assert.equal(await store.lease("a", 1_000), 2);
});

describe("Redis", () => {
	const now = () => 0;
	let server;
	let ioredis;
	let nodeRedis;
	let stores = 0;
	before(async () => {
		server = await startRedis();
		ioredis = new Redis({ path: server.socket });
		nodeRedis = await createNodeRedis({ socket: { path: server.socket } }).connect();
	});
	after(async () => {
		ioredis?.disconnect();
		nodeRedis?.destroy();
		await server?.stop();
	});

	const evals = [
		(script, keys, args) => ioredis.eval(script, keys.length, ...keys, ...args),
		(script, keys, args) => nodeRedis.eval(script, { keys, arguments: args }),
	];

	tokenStoreContract("Redis token store", async () => {
		stores += 1;
		return evals.map((evaluate) => createRedisTokenStore({ eval: evaluate, prefix: `store-${stores}`, now }));
	});

	it("a token forgets itself at its end, a lease too, and nothing else is left but a number", async () => {
		const store = createRedisTokenStore({ eval: evals[0], prefix: "ttl", now });
		await store.replace("a", undefined, { accessToken: "t", refreshAt: 6_900, expiresAt: 7_200 });
		await store.lease("a", 60_000);
		const life = await ioredis.ttl("ttl:{a}:token");
		assert.equal(life > 7_100 && life <= 7_200, true, `${life} s`);
		const leased = await ioredis.pttl("ttl:{a}:lease");
		assert.equal(leased > 50_000 && leased <= 60_000, true, `${leased} ms`);
		assert.deepEqual((await ioredis.keys("ttl:*")).sort(), [
			"ttl:{a}:lease",
			"ttl:{a}:leases",
			"ttl:{a}:token",
		]);
	});

	it("what somebody else has put there is a STORE_FAILED, and is not used", async () => {
		await ioredis.set(`foreign:{${account.appId}}:token`, '{"secret":"of somebody"}');
		const tokens = createRedisTokenStore({ eval: evals[0], prefix: "foreign" });
		const { asked, fetch } = tokenFetch(7200);
		await failure(createClient({ ...account, fetch, tokens }).accessToken(), "STORE_FAILED", ["of somebody"]);
		assert.equal(asked.length, 0);
	});

	it("a server that is gone is a STORE_FAILED that names the reason and nothing else", async () => {
		const gone = new Redis({ path: `${server.socket}-gone`, lazyConnect: true, retryStrategy: () => null });
		gone.on("error", () => {});
		const tokens = createRedisTokenStore({
			eval: (script, keys, args) => gone.eval(script, keys.length, ...keys, ...args),
		});
		const { fetch } = tokenFetch(7200);
		const events = [];
		const client = createClient({ ...account, fetch, tokens, onEvent: (event) => events.push(event) });
		const error = await failure(client.accessToken(), "STORE_FAILED");
		assert.equal(error.details.retryable, true);
		assert.equal(events[0].type, "tokenStoreFailed");
		assert.equal(events[0].operation, "read");
	});
});

describe("Postgres", () => {
	let server;
	let pools;
	before(async () => {
		server = await startPostgres();
		pools = [server.pool(), server.pool()];
	});
	after(() => server?.remove());

	tokenStoreContract("Postgres token store", async () => {
		await pools[0].query("DROP TABLE IF EXISTS paysign_tokens");
		return pools.map((pool) => createPostgresTokenStore({ pool }));
	});

	it("makes its table once, however many machines begin at the same time", async () => {
		await pools[0].query("DROP TABLE IF EXISTS paysign_tokens");
		const stores = Array.from({ length: 20 }, (_, index) =>
			createPostgresTokenStore({ pool: pools[index % 2] }),
		);
		const leases = await Promise.all(stores.map((store) => store.lease("a", 60_000)));
		assert.deepEqual(
			leases.filter((lease) => lease !== undefined),
			[1],
		);
	});

	it("works for a role that may not make tables, once another has made it", async () => {
		await pools[0].query(
			"CREATE ROLE worker LOGIN; GRANT SELECT, INSERT, UPDATE ON paysign_tokens TO worker",
		);
		const pool = server.pool({ user: "worker" });
		const { fetch } = tokenFetch(7200);
		const tokens = createPostgresTokenStore({ pool });
		const client = createClient({ ...account, fetch, tokens, tokenEndpoint: "classic" });
		assert.equal(await client.accessToken(), "token-1");
		await pool.end();
	});

	it("a server that is gone is a STORE_FAILED, and serves again when it is back", async () => {
		const { asked, fetch } = tokenFetch(7200);
		const pool = server.pool();
		pool.on("error", () => {});
		for (const each of pools) each.on("error", () => {});
		const tokens = createPostgresTokenStore({ pool });
		await server.stop();
		const client = createClient({ ...account, fetch, tokens, tokenEndpoint: "classic" });
		const error = await failure(client.accessToken(), "STORE_FAILED");
		assert.equal(error.details.retryable, true);
		await server.start();
		assert.equal(await client.accessToken(), "token-1", "the one from before, which the server has kept");
		assert.equal(asked.length, 0);
	});
});

it("wants what it runs on", () => {
	assert.throws(() => createRedisTokenStore({}), { code: "ARGUMENT_INVALID" });
	assert.throws(() => createPostgresTokenStore({}), { code: "ARGUMENT_INVALID" });
});
