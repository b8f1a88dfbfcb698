// The command line as a user runs it: a process of its own, in an environment that is only what is given.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

export const cli = fileURLToPath(new URL("../../../pkg/cli.js", import.meta.url));
/** Where the commands run. */
export const folder = mkdtempSync(join(tmpdir(), "paysign-cli-"));
after(() => rmSync(folder, { recursive: true, force: true }));

export const account = { appId: "wxf8b4f85f3a794e77", appSecret: "S".repeat(32), appKey: "K".repeat(128) };
export const env = {
	PAYSIGN_APP_ID: account.appId,
	PAYSIGN_APP_KEY: account.appKey,
	PAYSIGN_APP_SECRET: account.appSecret,
};

export function file(name, content) {
	const path = join(folder, name);
	writeFileSync(path, content);
	return path;
}

function environment(given) {
	// Windows starts nothing without its SystemRoot.
	const base = process.env.SystemRoot === undefined ? {} : { SystemRoot: process.env.SystemRoot };
	return { ...base, ...given };
}

/** Runs a command to its end; no secret comes out. */
export function paysign(args, { input = "", env: given = env, cwd = folder } = {}) {
	const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
		cwd,
		input,
		env: environment(given),
		encoding: "utf8",
		timeout: 60_000,
	});
	for (const said of [stdout, stderr])
		assert(!said.includes("KKKK") && !said.includes("SSSS"), "a secret is printed");
	return { status, stdout, stderr, json: () => JSON.parse(stdout) };
}

/** Starts a command that stays; `line()` is its next line, `tell()` writes one to it, `end()` stops it and gives its code. */
export function started(args, { env: given = env, cwd = folder } = {}) {
	const child = spawn(process.execPath, [cli, ...args], {
		cwd,
		env: environment(given),
		stdio: ["pipe", "pipe", "inherit"],
	});
	after(() => child.kill("SIGKILL"));
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	const exit = once(child, "exit");
	return {
		async line() {
			const { value, done } = await lines.next();
			assert(!done, "it ended");
			assert(!value.includes("KKKK") && !value.includes("SSSS"), "a secret is printed");
			return value;
		},
		tell: (text) => child.stdin.write(`${text}\n`),
		async end(signal = "SIGTERM") {
			if (signal !== null) child.kill(signal);
			const [code] = await exit;
			return code;
		},
	};
}
