// F14. Many processes with a cold cache begin to send at once. `stable`: each may ask for the token once. `classic`: each
// new token kills the previous one, so all together may ask once, through the store they share.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startSandbox } from "paysign/sandbox";
import { account, order } from "../js/client-support.mjs";
import { startPostgres } from "../js/support/postgres.mjs";
import { startRedis } from "../js/support/redis.mjs";

const worker = fileURLToPath(new URL("token-stampede.worker.mjs", import.meta.url));

/** The ways, with what a worker needs to know of the store, and what ends it. */
const ways = {
	stable: async () => ({ store: {}, stop: async () => {} }),
	redis: async () => {
		const { socket, stop } = await startRedis();
		return { store: { socket }, stop };
	},
	postgres: async () => {
		const server = await startPostgres({ max_connections: 200 });
		return { store: { connection: server.connection }, stop: server.remove };
	},
};

export async function stampede({ log, ...size }) {
	const outcomes = [];
	for (const way of Object.keys(ways)) {
		const outcome = await run(way, size);
		log(`${way}: ${outcome.fetches} token requests, ${outcome.failed[0] ?? "nothing failed"}`);
		outcomes.push(outcome);
	}
	const sum = (name) => outcomes.reduce((total, outcome) => total + outcome[name], 0);
	const fetches = outcomes.map((outcome) => outcome.fetches);
	return {
		tries: `${outcomes.length} times ${size.processes} processes, ${sum("tries")} deliveries`,
		lost: sum("lost"),
		wrong: sum("refused"),
		ok: outcomes.every(({ ok }) => ok),
		note: `${fetches.join(", ")} token requests: stable, classic through Redis, classic through PostgreSQL`,
	};
}

/** Runs one way: how many deliveries were sent, how many were not taken, and what the sandbox was asked. */
async function run(way, { processes, sends }) {
	const { store, stop } = await ways[way]();
	const sandbox = await startSandbox({ accounts: [account] });
	sandbox.addOrder({ ...order, paidAt: Math.floor(Date.now() / 1000) });
	const children = [];
	try {
		const job = { way, store, url: sandbox.url, sends };
		for (let index = 0; index < processes; index += 1) children.push(fork(worker, [JSON.stringify(job)]));
		await Promise.all(children.map(message));
		// All at the same moment, their caches cold.
		for (const child of children) child.send("go");
		const results = await Promise.all(children.map(message));
		const refused = sandbox.requests.filter(({ errcode }) => errcode !== 0).length;
		const fetches = sandbox.requests.filter(({ path }) => path.startsWith("/cgi-bin/")).length;
		const taken = sandbox.order(order.transid).notifications;
		const failed = results.flatMap(({ errors }) => errors);
		const tries = processes * sends;
		const allowed = way === "stable" ? processes : 1;
		const ok = taken === tries && refused === 0 && fetches <= allowed && failed.length === 0;
		return { tries, lost: tries - taken, fetches, refused, failed, ok };
	} finally {
		for (const child of children) child.kill();
		await sandbox.close();
		await stop();
	}
}

async function message(child) {
	// Not `exit`, which may come before the last message has been read.
	const ended = once(child, "disconnect").then(() => {
		throw new Error("a worker ended without a word");
	});
	ended.catch(() => {});
	const [said] = await Promise.race([once(child, "message"), ended]);
	return said;
}
