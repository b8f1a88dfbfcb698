// One process of token-stampede.mjs: it says that it is ready, waits for the start, sends, and tells what failed.
import { Redis } from "ioredis";
import { createClient } from "paysign";
import { sandboxFetch } from "paysign/sandbox";
import { createPostgresTokenStore } from "paysign/tokens/postgres";
import { createRedisTokenStore } from "paysign/tokens/redis";
import pg from "pg";
import { account, delivery } from "../js/client-support.mjs";

const { way, store, url, sends } = JSON.parse(process.argv[2]);

const stores = {
	stable: () => ({}),
	redis() {
		const redis = new Redis({ path: store.socket });
		const run = (script, keys, args) => redis.eval(script, keys.length, ...keys, ...args);
		return { tokenEndpoint: "classic", tokens: createRedisTokenStore({ eval: run }) };
	},
	postgres() {
		const pool = new pg.Pool({ ...store.connection, max: 2 });
		return { tokenEndpoint: "classic", tokens: createPostgresTokenStore({ pool }) };
	},
};

const client = createClient({ ...account, ...stores[way](), fetch: sandboxFetch(url), timeoutMs: 60_000 });
process.send("ready");
process.once("message", async () => {
	const errors = [];
	for (let index = 0; index < sends; index += 1) {
		await client.deliverNotify(delivery).catch((error) => errors.push(error.message));
	}
	process.send({ errors });
});
