import { after, before } from "node:test";
import { createPostgresStore } from "paysign/stores/postgres";
import { outboxSuite } from "./outbox.suite.mjs";
import { outboxKinds } from "./support/outbox.mjs";
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
for (const kind of Object.values(outboxKinds)) {
	const open = () => {
		schemas += 1;
		return createPostgresStore({ pool, schema: `test_${schemas}` });
	};
	outboxSuite(`outbox of ${kind.part} over Postgres`, open, {}, kind);
}
