// How many alarms a second? The receiver on SQLite against a plain handler that verifies and commits one row per request,
// with the same settings, against itself with a store that keeps nothing, and against a plain handler that keeps nothing; and
// the outbox against a loop of the client.
// `node bench/load.mjs` after `cargo xtask build`; `--write` keeps the figures in LOAD.md. Sender and server are processes
// of their own, every body is an alarm of its own, and the servers take turns.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAlarmReceiver, createClient, createDeliveryOutbox, signTestAlarm, verifyAlarm } from "paysign";
import { serveAlarms } from "paysign/node";
import { startSandbox } from "paysign/sandbox";
import { createMemoryStore } from "paysign/stores/memory";
import { createSqliteStore } from "paysign/stores/sqlite";

const account = { appId: "wxf8b4f85f3a794e77", appSecret: "s".repeat(32), appKey: "k".repeat(128) };
const connections = 64;
const starts = 5;
const rounds = 5;
const alarmsPerRound = 5_000;
const deliveries = 10_000;
const concurrency = 8;
const script = fileURLToPath(import.meta.url);

/** The servers. Each gives the port on which it listens. */
const servers = {
	receiver: (path) => receive(createSqliteStore({ path })),
	forgetful: () => receive({ ...createMemoryStore(), insert: async () => "inserted" }),
	async plain(path) {
		const { DatabaseSync } = await import("node:sqlite");
		const database = new DatabaseSync(path);
		database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
		database.exec(
			"CREATE TABLE alarms (key TEXT PRIMARY KEY, type TEXT, description TEXT, content TEXT, time TEXT)",
		);
		const insert = database.prepare("INSERT INTO alarms VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
		return handle(({ dedupKey, errorType, description, alarmContent, timeStamp }) =>
			insert.run(dedupKey, errorType, description, alarmContent, timeStamp),
		);
	},
	verifying: () => handle(() => {}),
};

async function receive(store) {
	const receiver = createAlarmReceiver({ accounts: account, store });
	return Number(new URL((await serveAlarms(receiver, { port: 0 })).url).port);
}

/** A handler as people write it. */
async function handle(keep) {
	const server = createServer((request, response) => {
		const chunks = [];
		request.on("data", (chunk) => chunks.push(chunk));
		request.on("end", () => {
			try {
				keep(verifyAlarm(Buffer.concat(chunks), account));
				response.end("success");
			} catch {
				response.writeHead(401).end("fail");
			}
		});
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	return server.address().port;
}

/** Posts the alarms over so many connections; how many a second, and the 99th of a hundred answers. */
async function send({ port, from, count }) {
	const bodies = Array.from({ length: count }, (_, index) => {
		const body = signTestAlarm({ timeStamp: 1_401_159_213, alarmContent: `alarm ${from + index}` }, account);
		const head = `POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/xml\r\ncontent-length: ${Buffer.byteLength(body)}`;
		return Buffer.from(`${head}\r\n\r\n${body}`);
	});
	const times = [];
	const start = performance.now();
	await Promise.all(
		Array.from({ length: connections }, async () => {
			const socket = connect(port, "127.0.0.1").setNoDelay();
			for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
				const sent = performance.now();
				socket.write(body);
				// The answer ends with its seven letters.
				for (let said = ""; !said.endsWith("success"); ) {
					said += (await once(socket, "data"))[0];
					if (!said.startsWith("HTTP/1.1 200")) throw new Error(`answered with ${said.slice(0, 12)}`);
				}
				times.push(performance.now() - sent);
			}
			socket.destroy();
		}),
	);
	const rate = (count / (performance.now() - start)) * 1000;
	times.sort((a, b) => a - b);
	return { rate, p99: times[Math.ceil(count * 0.99) - 1] };
}

async function startServer(kind, path) {
	const child = fork(script, ["server", kind, path]);
	const [port] = await once(child, "message");
	const rss = () =>
		Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))[1]) / 1024;
	return { kind, child, port, rss, memory: [] };
}

/** Each server starts anew a few times: one process can be a third slower than the same once more, for all its life. */
async function alarms(folder) {
	const measured = {};
	for (const kind of Object.keys(servers)) measured[kind] = { rates: [], p99s: [], grown: [] };
	for (let start = 0; start < starts; start += 1) await alarmsOnce(join(folder, `${start}`), measured);
	for (const one of Object.values(measured)) {
		one.rate = middle(one.rates);
		one.p99 = middle(one.p99s);
		one.growth = middle(one.grown);
	}
	return measured;
}

async function alarmsOnce(folder, measured) {
	mkdirSync(folder);
	const started = [];
	for (const kind of Object.keys(servers)) started.push(await startServer(kind, join(folder, kind)));
	const sender = fork(script, ["sender"]);
	try {
		// The first round is for the engines to get warm.
		for (let round = 0; round <= rounds; round += 1) {
			for (const { kind, port, rss, memory } of started) {
				sender.send({ port, from: round * alarmsPerRound, count: alarmsPerRound });
				const [{ rate, p99 }] = await once(sender, "message");
				memory.push(rss());
				if (round === 0) continue;
				measured[kind].rates.push(rate);
				measured[kind].p99s.push(p99);
			}
		}
		for (const { kind, memory } of started) measured[kind].grown.push(memory.at(-1) - memory[2]);
	} finally {
		sender.kill();
		for (const { child } of started) child.kill("SIGKILL");
	}
}

function middle(values) {
	return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** The middle of the ratios of each two: what slows a machine for a while slows both. */
function ratio(one, other) {
	return middle(one.rates.map((rate, round) => rate / other.rates[round])).toFixed(2);
}

/** Deliveries a second: through the outbox on SQLite, and by a loop that keeps nothing. */
async function outbox(path) {
	const paidAt = Math.floor(Date.now() / 1000);
	const sandbox = await startSandbox({ accounts: [account] });
	const orders = (name) =>
		Array.from({ length: deliveries }, (_, index) => {
			const order = { openid: "o1", transid: `${name}${index}`, outTradeNo: `${name}-${index}` };
			sandbox.addOrder({ appId: account.appId, ...order, paidAt, goods: "virtual" });
			return { ...order, deliverTimestamp: paidAt, deliverStatus: 1, deliverMsg: "ok" };
		});
	const client = createClient({ ...account, fetch: sandbox.fetch });
	const timed = async (work) => {
		const start = performance.now();
		await work();
		return (deliveries / (performance.now() - start)) * 1000;
	};
	const loop = (list) =>
		timed(() =>
			Promise.all(
				Array.from({ length: concurrency }, async () => {
					for (let one = list.pop(); one !== undefined; one = list.pop()) await client.deliverNotify(one);
				}),
			),
		);
	const before = await loop(orders("1"));
	const store = createSqliteStore({ path });
	const box = createDeliveryOutbox({ client, store, concurrency, maxPerSecond: Number.POSITIVE_INFINITY });
	await Promise.all(orders("2").map((one) => box.enqueue(one, { paidAt, goods: "virtual" })));
	const through = await timed(() => box.runOnce());
	const { delivered } = await box.counts();
	if (delivered !== deliveries) throw new Error(`${delivered} of ${deliveries} were delivered`);
	const after = await loop(orders("3"));
	await store.close();
	await sandbox.close();
	return { through, bare: (before + after) / 2 };
}

async function main() {
	const folder = mkdtempSync(join(tmpdir(), "paysign-load-"));
	try {
		const { receiver, forgetful, plain, verifying } = await alarms(folder);
		const drains = [];
		for (let drain = 0; drain < 3; drain += 1) drains.push(await outbox(join(folder, `outbox-${drain}`)));
		const of = (name) => ({ rates: drains.map((drain) => drain[name]) });
		const row = (label, goal, value) => `${label.padEnd(52)}${goal.padStart(10)}${value.padStart(14)}\n`;
		const perSecond = (value) => `${Math.round(value)}/s`;
		const table = [
			row("", "goal", "measured"),
			row("alarms, receiver on SQLite", "", perSecond(receiver.rate)),
			row("alarms, plain handler, a commit each", "", perSecond(plain.rate)),
			row("alarms, receiver whose store keeps nothing", "", perSecond(forgetful.rate)),
			row("alarms, plain handler that keeps nothing", "", perSecond(verifying.rate)),
			row("the first to the second", "3", ratio(receiver, plain)),
			row("the first to the third", "0.70", ratio(receiver, forgetful)),
			row("the first to the fourth", "0.70", ratio(receiver, verifying)),
			row("99 of 100 answers within, receiver", "", `${receiver.p99.toFixed(1)} ms`),
			row("99 of 100 answers within, plain handler", "more", `${plain.p99.toFixed(1)} ms`),
			row("the receiver's memory grew by", "flat", `${receiver.growth.toFixed(0)} MiB`),
			row("deliveries, outbox on SQLite", "", perSecond(middle(of("through").rates))),
			row("deliveries, a loop of the client", "", perSecond(middle(of("bare").rates))),
			row("the first to the second", "0.80", ratio(of("through"), of("bare"))),
		].join("");
		console.log(table);
		if (process.argv.includes("--write")) {
			const date = new Date().toISOString().slice(0, 10);
			const machine = `${process.platform} ${process.arch}, ${cpus()[0].model}, ${cpus().length} cores`;
			writeFileSync(
				new URL("LOAD.md", import.meta.url),
				`# How many alarms a second?

Written by \`node bench/load.mjs --write\`; what is measured and how stands in [load.mjs](load.mjs). One run, in turns, ${connections}
connections, the middle of ${starts} starts of ${rounds} rounds of ${alarmsPerRound} alarms, and of their ratios; of three times ${deliveries} deliveries, ${concurrency} at a time. Machines differ, and so do
disks: where a sync takes no longer than a verification, there is little for a joint commit to save, and the faster a machine
computes, the more its disk counts: on this one the last ratio of the alarms was 0.53 to 0.73 in single runs.

Where the time of the receiver goes, in one profile of 58 µs an alarm: 26 in SQLite, 7 in the module, 6 in writing the answer (18
in the plain handler, whose answers do not go out together), 3 in our JavaScript for the request, the rest in Node.js. Of SQLite's
26, the sync is 4; the others are the price of knowing each alarm again: \`dedupKey\` is a hash, so each row dirties another page of
its index, and a page is two writes into the WAL. Tried without gain: smaller and larger pages, a larger cache, mapped memory,
a key of bytes. Keys in the order of their arrival would halve it, but there are none. A thread of its own for the database
brought little on two cores, one of which has to send, and is not taken: a bundle would have to carry its file. A thread that only
copies the WAL into the file won 2 µs.

${date}, ${machine}, Node.js ${process.version}, load ${loadavg()[0].toFixed(1)}

\`\`\`text
${table.replace(/ +$/gm, "")}\`\`\`
`,
			);
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

const [role, kind, path] = process.argv.slice(2);
if (role === "server") process.send(await servers[kind](path));
else if (role === "sender") process.on("message", async (job) => process.send(await send(job)));
else await main();
