// The outbox over the stores of Cloudflare's platform, which are in workerd itself.
import { after, before } from "node:test";
import { outboxSuite } from "./outbox.suite.mjs";
import { startWorkerd } from "./support/workerd.mjs";

let workerd;
before(async () => {
	workerd = await startWorkerd();
});
after(() => workerd?.remove());

let objects = 0;
// Each call is a request to another process.
const size = { workers: 8, rows: 120, outageHours: 0.25 };

outboxSuite(
	"outbox over D1",
	async () => {
		const place = { binding: workerd.bindings[0] };
		const store = workerd.store(place);
		// It is one database for all, emptied.
		await store.deliveries.list({ limit: 1 });
		await workerd.sql(place, "DELETE FROM deliveries");
		return store;
	},
	size,
);

outboxSuite(
	"outbox over a Durable Object",
	async () => {
		objects += 1;
		return workerd.store({ object: `object ${objects}` });
	},
	size,
);
