// What WeChat's side does, over real connections; the outbox's clock is moved, so that ten minutes take none.
import { once } from "node:events";
import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { createClient } from "paysign";
import { createMemoryStore } from "paysign/stores/memory";
import { account, deliveryOf, orderOf, outboxWorld, paidAt, runUntil, terms } from "../js/support/outbox.mjs";

const bomb = Buffer.concat(Array.from({ length: 200 }, () => gzipSync(Buffer.alloc(1024 * 1024, 0x20))));
const answer = (status, body, ...lines) =>
	Buffer.concat([
		Buffer.from(`${[`HTTP/1.1 ${status}`, `content-length: ${body.length}`, ...lines].join("\r\n")}\r\n\r\n`),
		Buffer.from(body),
	]);

/** What each fault does with a connection on which a request has come. */
const faults = {
	500: (socket) => socket.end(answer("500 Internal Server Error", "")),
	429: (socket) => socket.end(answer("429 Too Many Requests", "", "retry-after: 30")),
	"never answers": () => {},
	"half an answer": (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"errcode":'),
	"a byte at a time": (socket) => {
		const timer = setInterval(() => socket.write("H"), 20);
		socket.once("close", () => clearInterval(timer));
	},
	reset: (socket) => socket.resetAndDestroy(),
	HTML: (socket) => socket.end(answer("200 OK", "<html><body>Bad gateway</body></html>")),
	"cut JSON": (socket) => socket.end(answer("200 OK", '{"errcode":0,"errms')),
	"gzip bomb": (socket) => socket.end(answer("200 OK", bomb, "content-encoding: gzip")),
};

/** F10, F11. An outage of ten minutes of each kind, with deliveries waiting. */
export async function failUpstream({ log, rows }) {
	let lost = 0;
	let wrong = 0;
	let seconds = 0;
	let attempts = 0;
	let growth = 0;
	for (const [name, fault] of Object.entries(faults)) {
		const broken = createServer((socket) => {
			socket.on("error", () => {});
			socket.once("data", () => fault(socket));
		}).listen(0, "127.0.0.1");
		await once(broken, "listening");
		const sockets = new Set();
		broken.on("connection", (socket) => sockets.add(socket));
		const ends = [];
		const world = await outboxWorld({
			store: createMemoryStore(),
			after: (work) => ends.push(work),
			orders: rows,
		});
		try {
			const { time, sandbox } = world;
			// Not at the moment of a probe.
			const recovery = paidAt + 607;
			const rss = process.memoryUsage.rss();
			const to = `http://127.0.0.1:${broken.address().port}`;
			const box = world.outbox({
				client: {
					timeoutMs: 150,
					async fetch(url, init) {
						if (time.now() >= recovery) return sandbox.fetch(url, init);
						attempts += 1;
						return fetch(url.replace("https://api.weixin.qq.com", to), init);
					},
				},
			});
			for (let number = 0; number < rows; number += 1) await box.enqueue(deliveryOf(number), terms);
			await runUntil(box, time, recovery - 1);
			growth = Math.max(growth, process.memoryUsage.rss() - rss);
			await runUntil(box, time, recovery + 3_600);
			const times = [];
			for (let number = 0; number < rows; number += 1) {
				const { notifications, notifiedAt } = sandbox.order(orderOf(number).transid);
				if (notifications === 0) lost += 1;
				else if (notifications > 1) wrong += 1;
				times.push(notifiedAt - recovery);
			}
			times.sort((a, b) => a - b);
			const most = times[Math.ceil(rows * 0.95) - 1];
			seconds = Math.max(seconds, most);
			wrong += world.hookedOf("expired").length;
			log(`${name}: 95 % delivered ${most} s after the end`);
		} finally {
			for (const end of ends) await end();
			for (const socket of sockets) socket.destroy();
			broken.close();
		}
	}
	const kinds = Object.keys(faults);
	return {
		tries: `${kinds.length} outages of 10 min, ${rows * kinds.length} deliveries, ${attempts} attempts`,
		lost,
		wrong,
		seconds,
		ok: seconds <= 60 && growth < 64 * 1024 * 1024,
		note: `${kinds.join(", ")}; seconds on the outbox's clock until 95 % are delivered; memory grew by ${Math.round(growth / 1024 / 1024)} MiB at most`,
	};
}

/** F13. Another program takes classic tokens all the time, each of which kills this one's. */
export async function rotateTokens({ deliveries }) {
	const ends = [];
	const world = await outboxWorld({
		store: createMemoryStore(),
		after: (work) => ends.push(work),
		orders: deliveries,
	});
	try {
		const { sandbox, time } = world;
		const options = { ...account, tokenEndpoint: "classic" };
		const rival = () => createClient({ ...options, fetch: sandbox.fetch, now: time.now }).accessToken();
		let calls = 0;
		let most = 0;
		const client = createClient({
			...options,
			now: time.now,
			fetch(url, init) {
				calls += 1;
				return sandbox.fetch(url, init);
			},
		});
		await client.accessToken();
		let failed = 0;
		for (let number = 0; number < deliveries; number += 1) {
			await rival();
			// The documentation lets the token before live for five minutes more.
			time.set(time.now() + 301);
			calls = 0;
			await client.deliverNotify(deliveryOf(number)).catch(() => {
				failed += 1;
			});
			most = Math.max(most, calls);
		}
		let lost = 0;
		for (let number = 0; number < deliveries; number += 1) {
			if (sandbox.order(orderOf(number).transid).notifications !== 1) lost += 1;
		}
		return {
			tries: `${deliveries} deliveries, the token killed before each`,
			lost,
			wrong: failed,
			ok: most === 3,
			note: "one refusal, one fresh token, one repetition; never more",
		};
	} finally {
		for (const end of ends) await end();
	}
}
