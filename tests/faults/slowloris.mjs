// F22. Connections that send a byte now and then, and never a whole request.
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sendAlarms, startReceiver, textsIn } from "../js/support/receiver-process.mjs";

/** `untilCut`: whether to wait until the server has cut off every one of them, which its limits say takes 45 s at most. */
export async function slowloris({ folder, log, sockets, seconds, untilCut }) {
	const path = join(folder, "slow.sqlite");
	const server = await startReceiver(path);
	const { hostname, port } = new URL(server.url);
	let open = 0;
	const slow = await Promise.all(
		Array.from(
			{ length: sockets },
			(_, index) =>
				new Promise((resolve, reject) => {
					const socket = connect(Number(port), hostname, () => {
						socket.removeListener("error", reject);
						socket.on("error", () => {});
						open += 1;
						// Half of them stay in the head, half in the body.
						const body = index % 2 === 0 ? "" : "Host: x\r\nContent-Length: 5000\r\n\r\n<xml>";
						socket.write(`POST /alarm HTTP/1.1\r\n${body}`);
						resolve(socket);
					});
					socket.once("error", reject);
					socket.once("close", () => {
						open -= 1;
					});
					socket.resume();
				}),
		),
	);
	const drip = setInterval(() => {
		for (const socket of slow) if (socket.writable) socket.write("x");
	}, 1_000);
	const start = performance.now();
	const load = sendAlarms(server.url, "good", { connections: 4 });
	await sleep(seconds * 1_000);
	await load.stop();
	const stillOpen = open;
	while (untilCut && open > 0 && performance.now() - start < 90_000) await sleep(100);
	const cut = (performance.now() - start) / 1000;
	clearInterval(drip);
	log(`${stillOpen} slow connections were open at the end of the load`);
	const left = untilCut ? open : 0;
	for (const socket of slow) socket.destroy();
	server.process.kill("SIGTERM");
	await server.ended;
	const { kept, twice } = await textsIn(path);
	return {
		tries: `${sockets} slow connections, ${load.acknowledged.length} acknowledgements beside them`,
		lost: load.acknowledged.filter((text) => !kept.has(text)).length,
		wrong: twice + load.refused.length + left,
		seconds: untilCut ? cut : undefined,
		ok: load.acknowledged.length > 50 && load.slowest < 2_000,
		note: `slowest good answer ${Math.round(load.slowest)} ms${untilCut ? "; seconds until the last slow one is cut off" : ""}`,
	};
}
