// A Redis server of its own for a test file, on a socket in a temporary folder, keeping nothing on disk.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Starts it; `socket` is where it listens. */
export async function startRedis() {
	const folder = mkdtempSync(join(tmpdir(), "paysign-redis-"));
	const socket = join(folder, "socket");
	const server = spawn(process.env.REDIS_SERVER ?? "redis-server", [
		...["--port", "0", "--unixsocket", socket, "--dir", folder],
		...["--save", "", "--appendonly", "no"],
	]);
	let said = "";
	server.stdout.setEncoding("utf8").on("data", (text) => {
		said += text;
	});
	server.on("error", (error) => {
		said += error.message;
	});
	const ended = once(server, "exit").catch(() => {});
	for (const start = Date.now(); !(/ready to accept/i.test(said) && existsSync(socket)); ) {
		if (server.exitCode !== null || Date.now() - start > 10_000) {
			server.kill();
			throw new Error(`redis-server did not start: ${said}`);
		}
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
	return {
		socket,
		async stop() {
			server.kill();
			await ended;
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
