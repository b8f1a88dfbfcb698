// A receiver in a process of its own; what those can do is in receiver-child.mjs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import { createSqliteStore } from "paysign/stores/sqlite";
import { alarmBody } from "./receiver.mjs";

const script = fileURLToPath(new URL("./receiver-child.mjs", import.meta.url));

/**
 * Starts a server. `before` is a command that starts it, such as strace's. `ended` resolves with code and signal.
 * @param {string} path
 * @param {string} mode
 * @param {string[]} before
 * @param {string} kind
 */
export async function startReceiver(path, mode = "serve", before = [], kind = "alarm") {
	const [program, ...values] = [...before, process.execPath, "--no-warnings", script, path, mode, kind];
	const child = spawn(program, values, { stdio: ["ignore", "pipe", "pipe"] });
	let said = "";
	child.stderr.setEncoding("utf8").on("data", (text) => {
		said += text;
	});
	const ended = once(child, "close");
	const line = await Promise.race([
		once(child.stdout.setEncoding("utf8"), "data").then(([text]) => text),
		ended.then(([code, signal]) => {
			throw new Error(`the receiver did not start (${code ?? signal}). It said: ${said}`);
		}),
	]);
	return { url: line.trim(), process: child, ended, said: () => said };
}

/** Posts, and returns the status; `undefined` when the server did not live to give an answer. */
export function postTo(url, body, agent, headers = {}) {
	return new Promise((resolve) => {
		const posting = request(url, {
			method: "POST",
			agent,
			headers: { ...headers, "content-length": Buffer.byteLength(body) },
		});
		posting.on("error", () => resolve(undefined));
		posting.on("response", (response) => {
			// The status is the answer: a body that breaks off takes nothing of it back.
			resolve(response.statusCode);
			response.on("error", () => {});
			response.resume();
		});
		posting.end(body);
	});
}

/**
 * Posts alarms of its own from so many connections until the server is gone or `stop` is called.
 * `acknowledged` holds the texts that were answered with 200, `refused` those with 503.
 */
export function sendAlarms(url, name, { connections = 16 } = {}) {
	const agent = new Agent({ keepAlive: true, maxSockets: connections });
	const load = { acknowledged: [], refused: [], slowest: 0, ended: undefined, stop };
	let stopped = false;
	function stop() {
		stopped = true;
		return load.ended;
	}
	load.ended = Promise.all(
		Array.from({ length: connections }, async (_, sender) => {
			for (let index = 0; !stopped; index += 1) {
				const text = `${name}-${sender}-${index}`;
				const start = performance.now();
				const status = await postTo(url, alarmBody(text), agent);
				load.slowest = Math.max(load.slowest, performance.now() - start);
				if (status === undefined) return;
				if (status === 200) load.acknowledged.push(text);
				else load.refused.push(text);
			}
		}),
	).finally(() => agent.destroy());
	return load;
}

/** What a file holds: the texts, and how many rows are there twice. */
export async function textsIn(path) {
	const store = createSqliteStore({ path });
	const texts = await readTexts(store);
	await store.close();
	return texts;
}

export async function readTexts(store) {
	const texts = [];
	for (let after = 0; ; ) {
		const rows = await store.list({ limit: 1_000, after });
		for (const { alarm } of rows) texts.push(alarm.alarmContent);
		if (rows.length === 0) break;
		after = rows.at(-1).sequence;
	}
	return { kept: new Set(texts), twice: texts.length - new Set(texts).size };
}
