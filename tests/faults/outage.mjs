// F18. WeChat cannot be reached for 23 h 50 min of the 24 h that a delivery has, every minute of them gone through.
import { join } from "node:path";
import { createPostgresStore } from "paysign/stores/postgres";
import { createSqliteStore } from "paysign/stores/sqlite";
import {
	day,
	deliveryOf,
	orderOf,
	outboxWorld,
	paidAt,
	runUntil,
	terms,
	unreachable,
} from "../js/support/outbox.mjs";
import { startPostgres } from "../js/support/postgres.mjs";

export async function outage({ folder, log, rows, hours }) {
	const server = await startPostgres();
	try {
		const stores = [
			createSqliteStore({ path: join(folder, "outage.sqlite") }),
			await createPostgresStore({ pool: server.pool() }),
		];
		let lost = 0;
		let wrong = 0;
		let seconds = 0;
		for (const store of stores) {
			const ends = [];
			const world = await outboxWorld({ store, after: (work) => ends.push(work), orders: rows });
			const { time, sandbox } = world;
			// 23 h 50 min and a little, so that it does not end at the moment of a probe.
			const end = paidAt + day - 600 + 17;
			world.intervene = async () => (time.now() < end ? unreachable() : undefined);
			// In the short form the deliveries wait in vain only for the last hour before the end.
			time.set(Math.max(paidAt, end - hours * 3_600));
			const box = world.outbox();
			for (let number = 0; number < rows; number += 1) await box.enqueue(deliveryOf(number), terms);
			await runUntil(box, time, paidAt + day);
			for (let number = 0; number < rows; number += 1) {
				const { notifications, notifiedAt } = sandbox.order(orderOf(number).transid);
				if (notifications !== 1 || notifiedAt > paidAt + day) lost += 1;
				else seconds = Math.max(seconds, notifiedAt - end);
			}
			// The double's own judgement: each would be an alarm 1001.
			wrong += (await sandbox.checkDeadlines()).length + world.hookedOf("expired").length;
			log(`${world.sends.length} attempts`);
			for (const work of ends) await work();
			await store.close();
		}
		return {
			tries: `${rows} deliveries on SQLite, ${rows} on PostgreSQL`,
			lost,
			wrong,
			seconds,
			ok: seconds <= 60,
			note: "lost here is what came after the deadline; seconds on the outbox's clock until the last is delivered",
		};
	} finally {
		await server.remove();
	}
}
