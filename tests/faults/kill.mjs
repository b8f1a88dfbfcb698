// kill -9 at random moments, of a server that is posted to over many connections, always over the same file.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { createSqliteStore } from "paysign/stores/sqlite";
import { alarmBody, setUp } from "../js/support/receiver.mjs";
import { postTo, sendAlarms, startReceiver, textsIn } from "../js/support/receiver-process.mjs";

/** F1. The control acknowledges before it commits: where it loses nothing, the kills prove nothing. */
export async function killAtRandom({ folder, log, kills, controlKills, acknowledgements }) {
	const served = await killed(join(folder, "served.sqlite"), "serve", { kills, acknowledgements, log });
	const control = await killed(join(folder, "control.sqlite"), "acknowledge-early", {
		kills: controlKills,
		acknowledgements: 0,
		log,
	});
	return {
		tries: `${served.acknowledged} acknowledgements, ${served.kills} kills`,
		lost: served.lost,
		wrong: served.twice,
		seconds: served.seconds,
		ok: served.acknowledged >= acknowledgements && control.lost > 0,
		note: `a control that acknowledges before it commits lost ${control.lost} of ${control.acknowledged} in ${control.kills} kills; seconds from the start of the process to the first acknowledgement`,
	};
}

/** At least so many kills, and so many acknowledgements. */
async function killed(path, mode, { kills, acknowledgements, log }) {
	const acknowledged = [];
	let seconds = 0;
	let kill = 0;
	for (; kill < kills || acknowledged.length < acknowledgements; kill += 1) {
		const start = performance.now();
		const server = await startReceiver(path, mode);
		const load = sendAlarms(server.url, `${kill}`);
		while (load.acknowledged.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
		seconds = Math.max(seconds, (performance.now() - start) / 1000);
		await new Promise((resolve) => setTimeout(resolve, Math.random() * 200));
		server.process.kill("SIGKILL");
		await Promise.all([server.ended, load.ended]);
		acknowledged.push(...load.acknowledged);
		if (kill % 25 === 24) log(`${mode}: ${kill + 1} kills, ${acknowledged.length} acknowledgements`);
	}
	const { kept, twice } = await textsIn(path);
	return {
		kills: kill,
		acknowledged: acknowledged.length,
		lost: acknowledged.filter((text) => !kept.has(text)).length,
		twice,
		seconds,
	};
}

/** F2. What was committed and not answered is sent again: one row, and the handler sees one alarm. */
export async function killBeforeAnswer({ folder, kills }) {
	const path = join(folder, "unanswered.sqlite");
	let wrong = 0;
	for (let kill = 0; kill < kills; kill += 1) {
		const server = await startReceiver(path, "die-after-commit");
		if ((await postTo(server.url, alarmBody(`alarm ${kill}`))) !== undefined) wrong += 1;
		await server.ended;
	}
	const store = createSqliteStore({ path });
	const seen = [];
	const { receiver, send, rows } = setUp({ store, onAlarm: ({ alarm }) => seen.push(alarm.alarmContent) });
	await receiver.resume();
	for (let kill = 0; kill < kills; kill += 1)
		if ((await send(alarmBody(`alarm ${kill}`))).status !== 200) wrong += 1;
	await receiver.idle();
	const kept = await rows();
	await store.close();
	return {
		tries: `${kills} kills between commit and answer, each alarm sent again`,
		lost: kills - new Set(kept.map(({ alarm }) => alarm.alarmContent)).size,
		wrong: wrong + kept.length - kills + seen.length - kills,
		ok: kept.length === kills && seen.length === kills,
	};
}

/** F23. SIGTERM under load: what was begun is answered, the file is closed, and the process ends by itself. */
export async function terminate({ folder, rounds }) {
	const path = join(folder, "terminated.sqlite");
	const acknowledged = [];
	let wrong = 0;
	let seconds = 0;
	for (let round = 0; round < rounds; round += 1) {
		const server = await startReceiver(path);
		const load = sendAlarms(server.url, `${round}`);
		while (load.acknowledged.length < 50) await new Promise((resolve) => setTimeout(resolve, 1));
		await new Promise((resolve) => setTimeout(resolve, Math.random() * 100));
		const start = performance.now();
		server.process.kill("SIGTERM");
		const [code, signal] = await server.ended;
		seconds = Math.max(seconds, (performance.now() - start) / 1000);
		if (code !== 0 || signal !== null) wrong += 1;
		await load.ended;
		wrong += load.refused.length;
		acknowledged.push(...load.acknowledged);
	}
	const { kept, twice } = await textsIn(path);
	return {
		tries: `${rounds} times under load, ${acknowledged.length} acknowledgements`,
		lost: acknowledged.filter((text) => !kept.has(text)).length,
		wrong: wrong + twice,
		seconds,
		ok: seconds <= 10,
		note: "seconds until the process has ended, with code 0",
	};
}

/** F21. So many alarms at once, over 64 connections: within 200 MiB after 5,000, and with no more in the end than in the middle. */
export async function burst({ folder, alarms }) {
	const path = join(folder, "burst.sqlite");
	const server = await startReceiver(path);
	const start = performance.now();
	const load = sendAlarms(server.url, "burst", { connections: 64 });
	const after = async (count) => {
		while (load.acknowledged.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
		return residentMebibytes(server.process.pid);
	};
	const first = await after(Math.min(alarms, 5_000));
	const middle = await after(alarms / 2);
	const end = await after(alarms);
	const rate = load.acknowledged.length / ((performance.now() - start) / 1000);
	await load.stop();
	server.process.kill("SIGTERM");
	await server.ended;
	const { kept, twice } = await textsIn(path);
	return {
		tries: `${load.acknowledged.length} alarms over 64 connections`,
		lost: load.acknowledged.filter((text) => !kept.has(text)).length,
		wrong: twice,
		ok: first < 200 && (alarms < 20_000 || end - middle < 32),
		note: `${Math.round(rate)} a second, sender and receiver on the same machine; ${Math.round(first)} MiB resident at first, ${Math.round(middle)} half-way, ${Math.round(end)} at the end; slowest answer ${Math.round(load.slowest)} ms`,
	};
}

function residentMebibytes(pid) {
	return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)])) / 1024;
}
