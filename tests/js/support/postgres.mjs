// A real PostgreSQL server of the test's own: a new data folder, a Unix socket, no TCP port, and fsync as in earnest.
// It may be stopped, killed and started again.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

const USER = "paysign";

/** Starts a server; `settings` are further ones of postgresql.conf. */
export async function startPostgres(settings = {}) {
	const bin = findBinaries();
	const owner = serverOwner();
	const folder = mkdtempSync(join(tmpdir(), "paysign-postgres-"));
	const data = join(folder, "data");
	mkdirSync(data);
	for (const path of [folder, data]) {
		if (owner.uid !== undefined) chownSync(path, owner.uid, owner.gid);
		chmodSync(path, 0o700);
	}
	const run = { ...owner, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: "C" } };
	const encoding = settings.encoding ?? "UTF8";
	execFileSync(
		join(bin, "initdb"),
		[
			"--pgdata",
			data,
			"--username",
			USER,
			"--auth=trust",
			`--encoding=${encoding}`,
			"--locale=C",
			"--no-sync",
		],
		{ ...run, stdio: "pipe" },
	);
	const options = Object.entries({
		listen_addresses: "",
		unix_socket_directories: folder,
		shared_buffers: "16MB",
		max_connections: 40,
		...settings,
		encoding: undefined,
	}).flatMap(([name, value]) => (value === undefined ? [] : ["-c", `${name}=${value}`]));
	const pools = [];
	let server;
	let said = "";

	const connection = { host: folder, user: USER, database: "postgres" };

	async function start() {
		const end = Date.now() + 20_000;
		for (;;) {
			server = spawn(join(bin, "postgres"), ["-D", data, ...options], {
				...run,
				stdio: ["ignore", "pipe", "pipe"],
			});
			server.stderr.setEncoding("utf8").on("data", (text) => {
				said += text;
			});
			server.stdout.resume();
			// After a kill the old server's processes may still be about to end; the new one does not start beside them.
			if (await accepts(server, end)) return;
			assert.ok(Date.now() < end, `PostgreSQL did not start. It said:\n${said.slice(-4_000)}`);
		}
	}

	/** Whether the server accepts connections before it ends. */
	async function accepts(process, end) {
		while (process.exitCode === null && process.signalCode === null && Date.now() < end) {
			const client = new pg.Client(connection);
			client.on("error", () => {});
			try {
				await client.connect();
				await client.end();
				return true;
			} catch {
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
		}
		return false;
	}

	/** `SIGINT`: ends all connections, then itself. `SIGQUIT`: at once. `SIGKILL`: as by the power switch. */
	async function stop(signal = "SIGINT") {
		if (server.exitCode !== null || server.signalCode !== null) return;
		server.kill(signal);
		await once(server, "exit");
	}

	await start();
	return {
		connection,
		start,
		stop,
		said: () => said,
		/** A pool that is ended with the server. It has no listener for errors, as a user's may have none. */
		pool(more = {}) {
			const pool = new pg.Pool({ ...connection, max: 5, ...more });
			pools.push(pool);
			return pool;
		},
		async remove() {
			// A pool has ended before its last connections are closed: the server's goodbye to them is an error of the pool.
			for (const pool of pools) pool.on("error", () => {});
			await Promise.all(pools.map((pool) => (pool.ended ? undefined : pool.end())));
			await stop();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** The folder that `cargo xtask test` names; started by hand, Debian's newest. */
function findBinaries() {
	if (process.env.POSTGRES_BIN !== undefined) return process.env.POSTGRES_BIN;
	const debian = "/usr/lib/postgresql";
	const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
	assert.ok(versions.length > 0, "no PostgreSQL server; POSTGRES_BIN names the folder of its programs");
	return join(debian, versions[0], "bin");
}

/** The server refuses to run as root, so root starts it as somebody else. */
function serverOwner() {
	if (process.getuid() !== 0) return {};
	for (const name of ["postgres", "nobody"]) {
		try {
			const [uid, gid] = ["-u", "-g"].map((what) =>
				Number(execFileSync("id", [what, name], { stdio: "pipe" })),
			);
			return { uid, gid };
		} catch {}
	}
	throw new Error("there is neither a user `postgres` nor a user `nobody` to run the server as");
}
