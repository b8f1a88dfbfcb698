import { after, before } from "node:test";
import { createPostgresStore } from "paysign/stores/postgres";
import { outboxSuite } from "./outbox.suite.mjs";
import { startPostgres } from "./support/postgres.mjs";

let server;
let pool;
before(async () => {
	server = await startPostgres();
	pool = server.pool({ max: 20 });
});
after(async () => {
	// `end` resolves before the last connection has ended; the server's end would be news to it.
	const { totalCount } = pool;
	let removed = 0;
	const gone = new Promise((resolve) => {
		pool.on("remove", () => {
			removed += 1;
			if (removed === totalCount) resolve();
		});
	});
	await pool.end();
	if (totalCount > 0) await gone;
	await server.remove();
});

let schemas = 0;
outboxSuite("outbox over Postgres", () => {
	schemas += 1;
	return createPostgresStore({ pool, schema: `test_${schemas}` });
});
