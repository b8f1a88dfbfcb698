// What the disk does: syncs that are counted, syncs that fail, no room, and a cut of the power.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createPostgresStore } from "paysign/stores/postgres";
import { startPostgres } from "../js/support/postgres.mjs";
import { alarmBody } from "../js/support/receiver.mjs";
import { postTo, startReceiver, textsIn } from "../js/support/receiver-process.mjs";
import { alarmOf } from "../js/support/store.mjs";

const script = fileURLToPath(new URL("./disk.child.mjs", import.meta.url));
const syncs = "fsync,fdatasync";

/** Runs disk.child.mjs under strace; returns what it answered, and the calls between one answer and the next. */
async function traced(path, count, inject = []) {
	const list = `${path}.strace`;
	const strace = ["-f", "-y", "-s", "64", "-o", list, "-e", `trace=${syncs},write`, ...inject];
	const values = [...strace, process.execPath, "--no-warnings", script, path, String(count)];
	const child = spawn("strace", values, { stdio: ["ignore", "pipe", "pipe"] });
	let said = "";
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding("utf8").on("data", (text) => {
			said += text;
		});
	}
	const failed = once(child, "error").then(([error]) => {
		throw new Error(`strace cannot be started (${error.code}); install it`);
	});
	await Promise.race([once(child, "close"), failed]);
	if (/ptrace|PTRACE/.test(said))
		throw new Error(`strace may not trace here, which this fault needs: ${said.trim()}`);
	return answersIn(readFileSync(list, "utf8"));
}

/** Each answer with the syncs of the -wal since the one before: how many succeeded, how many failed. */
export function answersIn(list) {
	const answers = [];
	let synced = 0;
	let failed = 0;
	// A call that another thread's call interrupts in the list has its end in a line of its own.
	const unfinished = new Set();
	for (const line of list.split("\n")) {
		const answer = /write\(1<.*"answer (\d+) (alarm \d+)\\n"/.exec(line);
		if (answer !== null) {
			answers.push({ status: Number(answer[1]), text: answer[2], synced, failed });
			synced = 0;
			failed = 0;
			continue;
		}
		const [thread] = line.split(" ", 1);
		const begun = /(?:fsync|fdatasync)\(\d+<[^>]*-wal>/.test(line);
		if (begun && line.endsWith("<unfinished ...>")) unfinished.add(thread);
		else if (begun || (/<\.\.\. (?:fsync|fdatasync) resumed>/.test(line) && unfinished.delete(thread))) {
			if (/= 0$/.test(line)) synced += 1;
			else failed += 1;
		}
	}
	return answers;
}

/** F3. At least one sync of the log between two acknowledgements, in SQLite's process and in PostgreSQL's. */
export async function countSyncs({ folder, alarms }) {
	const path = join(folder, "synced.sqlite");
	const answers = await traced(path, alarms);
	const unsynced = answers.filter(({ status, synced }) => status !== 200 || synced < 1).length;
	const { kept } = await textsIn(path);
	const perCommit = answers.reduce((sum, { synced }) => sum + synced, 0) / answers.length;
	const postgres = await countPostgresSyncs(folder, alarms);
	return {
		tries: `${answers.length} acknowledgements on SQLite, ${alarms} on PostgreSQL`,
		lost: answers.filter(({ text }) => !kept.has(text)).length,
		wrong: unsynced,
		ok: answers.length === alarms && perCommit >= 1 && postgres >= 1,
		note: `${perCommit.toFixed(2)} and ${postgres.toFixed(2)} syncs a commit, counted by strace, before the acknowledgement`,
	};
}

async function countPostgresSyncs(folder, alarms) {
	const server = await startPostgres();
	try {
		const store = await createPostgresStore({ pool: server.pool() });
		await store.insert(alarmOf("connected"), 1);
		const [pid] = readFileSync(join(server.connection.host, "data/postmaster.pid"), "utf8").split("\n");
		const list = join(folder, "postgres.strace");
		const children = spawnSync("pgrep", ["-P", pid], { encoding: "utf8" }).stdout.trim().split("\n");
		const processes = [pid, ...children].flatMap((process) => ["-p", process]);
		const strace = spawn("strace", ["-f", "-o", list, "-e", `trace=${syncs}`, ...processes]);
		let attached = 0;
		strace.stderr.setEncoding("utf8").on("data", (text) => {
			attached += text.split(" attached").length - 1;
		});
		const failed = once(strace, "close").then(() => {
			throw new Error("strace may not trace PostgreSQL here, which this fault needs");
		});
		failed.catch(() => {});
		while (attached <= children.length) {
			await Promise.race([failed, new Promise((resolve) => setTimeout(resolve, 5))]);
		}
		for (let index = 0; index < alarms; index += 1) await store.insert(alarmOf(`alarm ${index}`), 1);
		strace.kill("SIGINT");
		await once(strace, "close");
		return (
			readFileSync(list, "utf8")
				.split("\n")
				.filter((line) => /= 0$/.test(line)).length / alarms
		);
	} finally {
		await server.remove();
	}
}

/** F4. Syncs that fail with EIO: nothing is acknowledged by them, and it goes on when they succeed again. */
export async function failSyncs({ folder, tries }) {
	const count = 40;
	let acknowledged = 0;
	let refused = 0;
	let lost = 0;
	let wrong = 0;
	for (let trial = 0; trial < tries; trial += 1) {
		const path = join(folder, `eio-${trial}.sqlite`);
		// After the syncs of the set-up.
		const first = 20 + Math.floor(Math.random() * 15);
		const answers = await traced(path, count, [
			"-e",
			`inject=${syncs}:error=EIO:when=${first}..${first + 2}`,
		]);
		const { kept } = await textsIn(path);
		acknowledged += answers.filter(({ status }) => status === 200).length;
		refused += answers.filter(({ status }) => status === 503).length;
		wrong += answers.filter(({ status, synced }) => status === 200 && synced < 1).length;
		wrong += answers.filter(({ failed }) => failed > 0).length === 0 ? 1 : 0;
		if (answers.length !== count || answers.at(-1).status !== 200) wrong += 1;
		lost += answers.filter(({ status, text }) => status === 200 && !kept.has(text)).length;
	}
	return {
		tries: `${tries} processes, ${acknowledged} acknowledgements`,
		lost,
		wrong,
		ok: refused >= tries,
		note: `${refused} answered with 503; no acknowledgement without a sync that succeeded; the same process goes on`,
	};
}

/** F5. No room: 503 and no acknowledgement; what is there can be read; with room again all can be sent again. */
export async function fillDisk({ folder, tries }) {
	let acknowledged = 0;
	let refused = 0;
	let lost = 0;
	let wrong = 0;
	let seconds = 0;
	for (let trial = 0; trial < tries; trial += 1) {
		const path = join(folder, `full-${trial}.sqlite`);
		// In blocks of 512 bytes: no file may become larger.
		const limited = ["sh", "-c", `ulimit -f ${600 + Math.floor(Math.random() * 400)}; exec "$0" "$@"`];
		const server = await startReceiver(path, "serve", limited);
		const texts = { 200: [], 503: [] };
		for (let index = 0; texts[503].length < 20; index += 1) {
			if (index > 5_000) throw new Error("the limit of the file size has no effect");
			const text = `${trial}-${index} ${"x".repeat(1_000)}`;
			const status = await postTo(server.url, alarmBody(text));
			(texts[status] ?? assertStatus(status)).push(text);
		}
		const whileFull = await textsIn(path);
		wrong += texts[503].filter((text) => whileFull.kept.has(text)).length;
		server.process.kill("SIGKILL");
		await server.ended;
		const start = performance.now();
		const again = await startReceiver(path);
		for (const text of texts[503]) if ((await postTo(again.url, alarmBody(text))) !== 200) wrong += 1;
		seconds = Math.max(seconds, (performance.now() - start) / 1000);
		again.process.kill("SIGKILL");
		await again.ended;
		const { kept, twice } = await textsIn(path);
		lost += [...texts[200], ...texts[503]].filter((text) => !kept.has(text)).length;
		wrong += twice;
		acknowledged += texts[200].length;
		refused += texts[503].length;
	}
	return {
		tries: `${tries} disks, ${acknowledged} acknowledgements`,
		lost,
		wrong,
		seconds,
		ok: refused >= 20 * tries,
		note: `${refused} answered with 503 and sent again later; what was there could be read meanwhile`,
	};
}

function assertStatus(status) {
	throw new Error(`a receiver on a full disk answered with ${status}`);
}
