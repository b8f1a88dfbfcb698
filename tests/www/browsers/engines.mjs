// How each browser is driven: through WebDriver, by its maker's own driver. `cargo xtask test` says where they are.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Builder, Capabilities } from "selenium-webdriver";

const { env } = process;

/** `scheme` is what the system prefers, light or dark. */
const engines = {
	chromium: {
		command: (port) => [env.CHROMEDRIVER ?? "chromedriver", `--port=${port}`],
		capabilities: (scheme) => ({
			browserName: "chrome",
			"goog:chromeOptions": {
				binary: env.CHROMIUM ?? "/usr/bin/chromium",
				args: [
					"--headless=new",
					// Root, as which containers run, may not use the sandbox; the rest keeps the browser from talking to anyone.
					"--no-sandbox",
					"--disable-gpu",
					"--disable-quic",
					"--no-first-run",
					"--disable-background-networking",
					"--disable-component-update",
					"--disable-sync",
					...(scheme === "dark" ? ["--force-dark-mode"] : []),
				],
			},
			"goog:loggingPrefs": { browser: "ALL" },
		}),
	},
	firefox: {
		// Any port for BiDi too: two browsers may run at once.
		command: (port) => [env.GECKODRIVER ?? "geckodriver", `--port=${port}`, "--websocket-port=0"],
		capabilities: (scheme) => ({
			browserName: "firefox",
			// BiDi, for a window as narrow as a phone's.
			webSocketUrl: true,
			"moz:firefoxOptions": {
				binary: env.FIREFOX ?? "/usr/bin/firefox-esr",
				args: ["-headless"],
				prefs: { "ui.systemUsesDarkTheme": scheme === "dark" ? 1 : 0 },
			},
		}),
	},
	webkit: {
		command: (port) => [env.WEBKITDRIVER ?? "WebKitWebDriver", "--host=127.0.0.1", `--port=${port}`],
		needsDisplay: true,
		// As for Chromium; and no graphics card.
		environment: { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", LIBGL_ALWAYS_SOFTWARE: "1" },
		capabilities: (scheme) => ({
			browserName: "MiniBrowser",
			"webkitgtk:browserOptions": {
				binary: env.MINIBROWSER ?? "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
				args: [
					"--automation",
					// A window of a phone's size has no tool bar, and only a script opens one without.
					"--javascript-can-open-windows-automatically=true",
					...(scheme === "dark" ? ["--dark-mode"] : []),
				],
			},
		}),
	},
};

export const names = Object.keys(engines);

/** Starts a browser with an empty profile. `stop` ends it and everything that it started. */
export async function start(name, scheme) {
	const { command, capabilities, needsDisplay, environment } = engines[name];
	const home = mkdtempSync(join(tmpdir(), `paysign-${name}-`));
	const started = [];
	let driver;
	const stop = async () => {
		await driver?.quit().catch(() => {});
		for (const process of started.reverse()) kill(process);
		rmSync(home, { recursive: true, force: true, maxRetries: 5 });
	};
	try {
		const display = needsDisplay ? await virtualDisplay(started) : {};
		const port = await freePort();
		const [program, ...args] = command(port);
		const environmentOfAll = { ...env, HOME: home, XDG_RUNTIME_DIR: home, ...environment, ...display };
		started.push(run(program, args, { env: environmentOfAll, stdio: "ignore" }));
		const url = `http://127.0.0.1:${port}`;
		await answers(`${url}/status`, started.at(-1));
		driver = await new Builder()
			.disableEnvironmentOverrides()
			.usingServer(url)
			.withCapabilities(new Capabilities(capabilities(scheme)))
			.build();
		const { map_ } = await driver.getCapabilities();
		return { driver, version: `${map_.get("browserName")} ${map_.get("browserVersion")}`, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** A process group of its own, so that all of it can be ended. */
function run(program, args, options) {
	const process = spawn(program, args, { detached: true, ...options });
	process.failed = new Promise((_, reject) => {
		process.once("error", (error) => reject(new Error(`${program} did not start: ${error.message}`)));
		process.once("exit", (code) => reject(new Error(`${program} ended with ${code}`)));
	});
	process.failed.catch(() => {});
	return process;
}

function kill({ pid }) {
	try {
		if (pid !== undefined) process.kill(-pid, "SIGKILL");
	} catch {
		// It has ended by itself.
	}
}

/** A screen that nobody looks at. The X server says itself which number was free. */
async function virtualDisplay(started) {
	const args = ["-displayfd", "3", "-screen", "0", "1400x1100x24", "-nolisten", "tcp"];
	const server = run(env.XVFB ?? "Xvfb", args, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
	started.push(server);
	const said = new Promise((resolve) => server.stdio[3].once("data", (data) => resolve(String(data).trim())));
	return { DISPLAY: `:${await Promise.race([said, server.failed])}` };
}

async function freePort() {
	const server = createServer();
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address();
	await new Promise((resolve) => server.close(resolve));
	return port;
}

/** Waits until the driver listens, or has failed. */
async function answers(url, process) {
	let waiting = true;
	const asked = async () => {
		while (waiting) {
			const answer = await fetch(url).catch(() => null);
			if (answer?.ok) return;
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	};
	await Promise.race([asked(), process.failed]).finally(() => {
		waiting = false;
	});
}
