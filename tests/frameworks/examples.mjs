// The servers of examples/, each a process of its own that is told where to keep alarms.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSqliteStore } from "paysign/stores/sqlite";
import { account } from "../js/support/receiver.mjs";

export const root = fileURLToPath(new URL("../../", import.meta.url));
// Inside the repository, where what the example imports is found.
const edited = join(root, "target/frameworks");

/** The example with one line changed, as somebody would who sets it up wrongly. */
export function edit(file, [from, to]) {
	const parts = readFileSync(join(root, file), "utf8").split(from);
	assert.equal(parts.length, 2, `${file} has it once: ${from}`);
	mkdirSync(edited, { recursive: true });
	const copy = join(mkdtempSync(join(edited, "edited-")), file.replaceAll("/", "-"));
	writeFileSync(copy, parts.join(to));
	return copy;
}

/** Starts a program that prints where it listens, and reads what it has stored. */
export async function start(program, args, { listening = /listening at (http:\S+)/, ...options } = {}) {
	const folder = mkdtempSync(join(tmpdir(), "paysign-framework-"));
	const path = join(folder, "alarms.db");
	const child = spawn(program, args, {
		...options,
		stdio: ["ignore", "pipe", "pipe"],
		env: {
			...process.env,
			// A test runner in the child would speak to this one.
			NODE_TEST_CONTEXT: undefined,
			APP_ID: account.appId,
			PAY_SIGN_KEY: account.appKey,
			ALARMS_DB: path,
			PORT: "0",
		},
	});
	const exited = once(child, "exit");
	let said = "";
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding("utf8").on("data", (text) => {
			said += text;
		});
	}
	const url = await new Promise((resolve, reject) => {
		const look = () => {
			const found = listening.exec(said);
			if (found) resolve(new URL("/wxpay/alarm", found[1]).href);
		};
		child.stdout.on("data", look);
		exited.then(() => reject(new Error(`it ended before it listened:\n${said}`)));
	});

	return {
		url,
		/** What it has written, to both streams. */
		said: () => said,
		events: (type) => said.split("\n").filter((line) => line === `event ${type}`).length,
		/** Posts a body, of the content type that WeChat uses unless told otherwise; gives "200 success". */
		async post(body, type = "text/xml") {
			// A connection each: a server may cut one whose request it has not read to its end.
			const headers = { "content-type": type, connection: "close" };
			const answer = await fetch(url, { method: "POST", body, headers });
			return `${answer.status} ${await answer.text()}`;
		},
		async rows() {
			const store = createSqliteStore({ path });
			try {
				return await store.list({ limit: 1_000 });
			} finally {
				await store.close();
			}
		},
		/** Asks it to end; gives its exit code. */
		async end() {
			child.kill("SIGTERM");
			const [code, signal] = await exited;
			return code ?? signal;
		},
		async remove() {
			child.kill("SIGKILL");
			await exited;
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

export function removeEdited() {
	rmSync(edited, { recursive: true, force: true });
}
