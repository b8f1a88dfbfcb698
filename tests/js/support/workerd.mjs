// Stores inside workerd, Cloudflare's runtime, used from here: each method of `store` is a request to worker.mjs.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { WeChatPayError } from "paysign";
import { fromWire, toWire } from "./wire.mjs";

/** Starts workerd; its databases are kept over `restart()`. */
export async function startWorkerd({ databases = 1 } = {}) {
	const folder = mkdtempSync(join(tmpdir(), "paysign-workerd-"));
	const { outputFiles } = await build({
		entryPoints: [fileURLToPath(new URL("./worker.mjs", import.meta.url))],
		bundle: true,
		write: false,
		outdir: "out",
		format: "esm",
		conditions: ["workerd"],
		loader: { ".wasm": "copy" },
		assetNames: "[name]",
		logLevel: "silent",
	});
	const isModule = ({ path }) => path.endsWith(".wasm");
	const modules = [
		{ type: "ESModule", path: "worker.js", contents: outputFiles.find((file) => !isModule(file)).text },
		...outputFiles
			.filter(isModule)
			.map(({ path, contents }) => ({ type: "CompiledWasm", path: basename(path), contents })),
	];
	const bindings = Array.from({ length: databases }, (_, index) => `DB${index}`);
	let miniflare;
	let names = 0;

	async function start() {
		miniflare = new Miniflare({
			compatibilityDate: "2026-07-01",
			modules,
			d1Databases: bindings,
			d1Persist: join(folder, "d1"),
			durableObjects: { STORES: { className: "Stores", useSQLite: true } },
			durableObjectsPersist: join(folder, "durable-objects"),
		});
		await miniflare.ready;
	}

	async function ask(path, where, body) {
		const query = new URLSearchParams(where);
		const response = await miniflare.dispatchFetch(`http://worker${path}?${query}`, {
			method: "POST",
			body: toWire(body),
		});
		const { value, error } = fromWire(await response.text());
		if (error === undefined) return value;
		if (error.code === undefined) throw new Error(error.message);
		throw new WeChatPayError(error.code, error.message, error.details);
	}

	await start();
	return {
		bindings,
		/** A store made anew in the Worker, over a binding or in an object: `{ binding }` or `{ object }`. */
		store(where) {
			names += 1;
			const name = `store ${names}`;
			const method =
				(...path) =>
				(...values) =>
					ask("/call", where, { name, path, values });
			// Not `then`: what has it is taken for a promise.
			const isMethod = (member) => typeof member === "string" && member !== "then";
			const part = (name) =>
				new Proxy({}, { get: (_, member) => (isMethod(member) ? method(name, member) : undefined) });
			return new Proxy(
				{
					deliveries: part("deliveries"),
					shipments: part("shipments"),
					notifications: part("notifications"),
				},
				{ get: (target, member) => target[member] ?? (isMethod(member) ? method(member) : undefined) },
			);
		},
		/** Runs a statement past the store. */
		sql: (where, text) => ask("/sql", where, { text }),
		/** Throws the object out of memory, as the platform does. */
		evict: (object) => ask("/evict", { object }, {}).catch(() => {}),
		/** Kills workerd and starts it again over the same databases. */
		async restart() {
			await miniflare.dispose();
			await start();
		},
		async remove() {
			await miniflare.dispose();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
