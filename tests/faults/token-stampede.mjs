// Many processes with a cold cache begin to send at once (THREATS F14). `stable`: each may ask for the token once.
// `classic`: each new token kills the previous one, so all together may ask once, through the store they share.
//
//   node tests/faults/token-stampede.mjs [--processes 50] [--sends 100]
//
// Prints a line of JSON for each way: { fault, tries, lost, seconds, ok }.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
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

/** Runs one way: how many deliveries were sent, how many were not taken, and what the sandbox was asked. */
export async function stampede(way, { processes, sends }) {
	const { store, stop } = await ways[way]();
	const sandbox = await startSandbox({ accounts: [account] });
	sandbox.addOrder({ ...order, paidAt: Math.floor(Date.now() / 1000) });
	const children = [];
	try {
		const job = { way, store, url: sandbox.url, sends };
		for (let index = 0; index < processes; index += 1) children.push(fork(worker, [JSON.stringify(job)]));
		await Promise.all(children.map(message));
		const start = performance.now();
		// All at the same moment, their caches cold.
		for (const child of children) child.send("go");
		const results = await Promise.all(children.map(message));
		const seconds = (performance.now() - start) / 1000;
		const refused = sandbox.requests.filter(({ errcode }) => errcode !== 0).length;
		const fetches = sandbox.requests.filter(({ path }) => path.startsWith("/cgi-bin/")).length;
		const taken = sandbox.order(order.transid).notifications;
		const failed = results.flatMap(({ errors }) => errors);
		const tries = processes * sends;
		const allowed = way === "stable" ? processes : 1;
		const ok = taken === tries && refused === 0 && fetches <= allowed && failed.length === 0;
		return { tries, lost: tries - taken, seconds, fetches, refused, failed, ok };
	} finally {
		for (const child of children) child.kill();
		await sandbox.close();
		await stop();
	}
}

async function message(child) {
	const ended = once(child, "exit").then(([code]) => {
		throw new Error(`a worker ended with ${code}`);
	});
	ended.catch(() => {});
	const [said] = await Promise.race([once(child, "message"), ended]);
	return said;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const { values } = parseArgs({ options: { processes: { type: "string" }, sends: { type: "string" } } });
	const size = { processes: Number(values.processes ?? 50), sends: Number(values.sends ?? 100) };
	for (const way of Object.keys(ways)) {
		const { tries, lost, seconds, ok, fetches, refused, failed } = await stampede(way, size);
		const fault = `F14 token stampede, ${way}`;
		console.log(
			JSON.stringify({ fault, tries, lost, seconds: Number(seconds.toFixed(2)), ok, fetches, refused }),
		);
		if (!ok) {
			console.error([...new Set(failed)].join("\n"));
			process.exitCode = 1;
		}
	}
}
