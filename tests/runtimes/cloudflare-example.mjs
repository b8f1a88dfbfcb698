// examples/cloudflare as wrangler would deploy it: bundled by wrangler, set up by its wrangler.jsonc, over the tarball.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Log, LogLevel, Miniflare, Response } from "miniflare";
import { startSandbox } from "paysign/sandbox";
import { pack, root, run } from "../package/packed.mjs";

const folder = join(root, "examples/cloudflare");
const day = 86_400;
/** When the tests play, in Unix seconds: so late that no alarm of an object goes off by itself. */
const start = Date.UTC(2040, 0, 1) / 1000;

export const secrets = {
	APP_SECRET: "e76050733ce76050733ce76050733cdd",
	// A pipe may have added the line break.
	PAY_SIGN_KEY: `${"k".repeat(128)}\n`,
	API_KEY: "an API key that nobody guesses",
};

/** The line of src/store.ts that says where things are kept, and what it can say. */
const storeLine = (name) => `export { storeOf } from "./store.${name}.js";`;
export const stores = ["d1", "durable-object"];

/** Bundles the example for each of its stores. */
export async function bundleExample() {
	// Before wrangler is loaded: it has nothing to ask and nothing to tell.
	Object.assign(process.env, { WRANGLER_SEND_METRICS: "false", WRANGLER_LOG: "none", CI: "1", ...secrets });
	const { unstable_getMiniflareWorkerOptions: readOptions } = await import("wrangler");
	const packed = pack();
	const bundles = {};
	for (const store of stores) {
		const project = packed.project(`cloudflare-${store}`, filesWith(store));
		const wrangler = join(root, "node_modules/wrangler/bin/wrangler.js");
		run(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", "bundle"], project);
		const { workerOptions } = readOptions(join(project, "wrangler.jsonc"));
		bundles[store] = { options: workerOptions, modules: modulesIn(join(project, "bundle")) };
	}
	return { bundles, remove: packed.remove };
}

function filesWith(store) {
	const names = ["wrangler.jsonc", ...readdirSync(join(folder, "src")).map((name) => `src/${name}`)];
	const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
	const parts = files["src/store.ts"].split(storeLine("d1"));
	assert.equal(parts.length, 2, "src/store.ts has one line that says which store it is");
	files["src/store.ts"] = parts.join(storeLine(store));
	return files;
}

function modulesIn(output) {
	const main = readFileSync(new URL("./cloudflare-main.mjs", import.meta.url), "utf8");
	const wasm = readdirSync(output).filter((name) => name.endsWith(".wasm"));
	return [
		{ type: "ESModule", path: "main.js", contents: main },
		{ type: "ESModule", path: "worker.js", contents: readFileSync(join(output, "worker.js"), "utf8") },
		...wasm.map((name) => ({ type: "CompiledWasm", path: name, contents: readFileSync(join(output, name)) })),
	];
}

/** Starts it as in an empty account, with the sandbox as WeChat. */
export async function startExample(
	{ options, modules },
	{ bindings = {}, isRealTime = false, hasQueue = true } = {},
) {
	const kept = mkdtempSync(join(tmpdir(), "paysign-cloudflare-"));
	const time = { now: isRealTime ? Math.floor(Date.now() / 1000) : start };
	const account = {
		appId: options.bindings.APP_ID,
		appSecret: secrets.APP_SECRET,
		appKey: secrets.PAY_SIGN_KEY.trim(),
	};
	const sandbox = await startSandbox({ accounts: [account], now: () => time.now });
	const logs = [];
	let world = isRealTime ? {} : { now: time.now * 1000 };
	let isDown = false;
	/** What WeChat waits for before it answers. */
	let held;
	let miniflare;

	async function wechat(request) {
		held?.arrived();
		await held?.released;
		if (isDown) return new Response("<html>bad gateway</html>", { status: 502 });
		const { url, method, headers } = request;
		const body = method === "GET" ? undefined : await request.text();
		const answer = await sandbox.fetch(url, { method, headers: Object.fromEntries(headers), body });
		return new Response(await answer.text(), { status: answer.status });
	}

	async function begin() {
		const { modulesRules: _, ...worker } = options;
		miniflare = new Miniflare({
			...worker,
			modules,
			// As they are set up, but nothing waits for time to pass.
			queueConsumers: Object.fromEntries(
				Object.entries(options.queueConsumers).map(([name, consumer]) => [
					name,
					{ ...consumer, maxBatchTimeout: 0, retryDelay: 0 },
				]),
			),
			queueProducers: hasQueue ? options.queueProducers : {},
			bindings: { ...options.bindings, ...secrets, ...bindings },
			outboundService: wechat,
			d1Persist: join(kept, "d1"),
			durableObjectsPersist: join(kept, "objects"),
			log: new Log(LogLevel.NONE),
			handleStructuredLogs: (entry) => void logs.push(entry),
		});
		await miniflare.ready;
		await change({});
	}

	async function ask(path, init) {
		return miniflare.dispatchFetch(`http://worker${path}`, init);
	}

	/** What the test does to the world inside the Worker. */
	async function change(changes) {
		world = { ...world, ...changes };
		await ask("/test/world", { method: "POST", body: JSON.stringify(world) });
	}

	async function move(to) {
		time.now = to;
		await change({ now: to * 1000 });
	}

	const bearer = { authorization: `Bearer ${secrets.API_KEY}` };

	async function status() {
		const answer = await ask("/status", { headers: bearer });
		assert.equal(answer.status, 200, await answer.clone().text());
		return answer.json();
	}

	await begin();
	return {
		account,
		sandbox,
		time,
		/** Every line that the Worker has logged. */
		logged: () => logs.map(({ message }) => message),
		alerts: () =>
			logs.filter(({ level }) => level === "error").map(({ message }) => JSON.parse(message).subject),
		ask,
		status,
		change,
		move,
		wechatIsDown: (state) => {
			isDown = state;
		},
		/** WeChat does not answer until `release()`; `arrived` resolves with the first call. */
		holdWechat() {
			const arrival = Promise.withResolvers();
			const { promise: released, resolve } = Promise.withResolvers();
			held = { arrived: arrival.resolve, released };
			return {
				arrived: arrival.promise,
				release() {
					held = undefined;
					resolve();
				},
			};
		},
		/** Posts to the alarm URL; gives "200 success". */
		async post(body) {
			const answer = await ask("/wxpay/alarm", { method: "POST", body });
			return `${answer.status} ${await answer.text()}`;
		},
		/** An order that was just paid, and its delivery as the shop's backend posts it. */
		order(number) {
			const order = {
				transid: `12186149012014052733134731${number}`,
				outTradeNo: `order-${number}`,
				openid: "o0pk9uIVnlY",
			};
			sandbox.addOrder({ appId: account.appId, ...order, paidAt: time.now, goods: "virtual" });
			const delivered = { deliverTimestamp: time.now, deliverStatus: 1, deliverMsg: "ok" };
			return { ...order, ...delivered, paidAt: time.now, goods: "virtual" };
		},
		async enqueue(delivery, headers = bearer) {
			const answer = await ask("/deliveries", { method: "POST", headers, body: JSON.stringify(delivery) });
			return { status: answer.status, ...(await answer.json().catch(() => ({}))) };
		},
		/** The alarm of the object goes off. */
		ring: () => ask("/test/alarm", { method: "POST" }),
		/** Moves the clock from one alarm of the object to the next, until then. */
		async pass(until) {
			for (;;) {
				const { wakesAt } = await status();
				if (wakesAt === null || wakesAt > until) return move(until);
				if (wakesAt > time.now) await move(Math.ceil(wakesAt));
				await ask("/test/alarm", { method: "POST" });
			}
		},
		/** The platform throws the object out of memory. */
		evict: () => ask("/test/evict", { method: "POST" }).catch(() => {}),
		/** Kills workerd and starts it again over what it has kept. */
		async restart() {
			await miniflare.dispose();
			await begin();
		},
		queue: async (name, count) =>
			(await miniflare.getWorker()).queue(
				name,
				Array.from({ length: count }, (_, index) => ({
					id: String(index),
					timestamp: new Date(),
					attempts: 1,
					body: {},
				})),
			),
		cron: async () => (await miniflare.getWorker()).scheduled({ cron: "*/5 * * * *" }),
		async stop() {
			await miniflare.dispose();
			await sandbox.close();
			rmSync(kept, { recursive: true, force: true });
		},
	};
}

export { day };
