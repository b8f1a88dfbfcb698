// F6. Another process holds the write lock of the file for longer than a store waits. Who needs no store waits for nobody.
import { once } from "node:events";
import { join } from "node:path";
import { sendAlarms, startReceiver, textsIn } from "../js/support/receiver-process.mjs";
import { startChild } from "../js/support/sqlite.mjs";

export async function lock({ folder, holdMs }) {
	const path = join(folder, "locked.sqlite");
	const server = await startReceiver(path);
	const load = sendAlarms(server.url, "locked");
	while (load.acknowledged.length < 50) await new Promise((resolve) => setTimeout(resolve, 1));
	const holder = startChild("holdWriteLock", path, holdMs);
	await once(holder.stdout, "data");
	const slowestOther = await slowestRefusal(server.url, once(holder, "close"));
	const free = performance.now();
	const before = load.acknowledged.length;
	while (load.acknowledged.length <= before) await new Promise((resolve) => setTimeout(resolve, 1));
	const seconds = (performance.now() - free) / 1000;
	await load.stop();
	server.process.kill("SIGTERM");
	await server.ended;
	const { kept, twice } = await textsIn(path);
	return {
		tries: `a lock of ${holdMs / 1000} s under load, ${load.acknowledged.length} acknowledgements`,
		lost: load.acknowledged.filter((text) => !kept.has(text)).length,
		wrong: twice,
		seconds,
		ok: load.slowest < 7_000 && slowestOther < 2_000 && (holdMs < 6_000 || load.refused.length > 0),
		note:
			`${load.refused.length} answered with 503; slowest answer ${(load.slowest / 1000).toFixed(1)} s, ` +
			`${(slowestOther / 1000).toFixed(1)} s where no store is needed`,
	};
}

/** How long a GET, which is refused unread, takes at most until something has ended, in milliseconds. */
async function slowestRefusal(url, end) {
	let slowest = 0;
	let ended = false;
	void end.then(() => {
		ended = true;
	});
	while (!ended) {
		const start = performance.now();
		await (await fetch(url)).arrayBuffer();
		slowest = Math.max(slowest, performance.now() - start);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	return slowest;
}
