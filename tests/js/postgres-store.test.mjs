import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createPostgresStore } from "paysign/stores/postgres";
import { storeContract } from "./store.contract.mjs";
import { startPostgres } from "./support/postgres.mjs";
import { alarmOf, rejects } from "./support/store.mjs";

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

storeContract("Postgres store", () => createPostgresStore({ pool, schema: newSchema() }));
