// Whether a million verifications leave anything behind. The body comes on standard input; `--expose-gc` is needed.

import { readFileSync } from "node:fs";
import { verifyAlarm } from "../target/npm/modules/index.js";
import { initSync } from "../target/npm/modules/wasm/core.js";

const body = new Uint8Array(readFileSync(0));
const account = { appId: "wxf8b4f85f3a794e77", appKey: "k9".repeat(64) };
const { memory } = initSync({});

function repeat(times) {
	for (let i = 0; i < times; i++) verifyAlarm(body, account);
	globalThis.gc();
	globalThis.gc();
	const { rss, heapUsed } = process.memoryUsage();
	return { rss, heapUsed, wasm: memory.buffer.byteLength };
}

const warm = repeat(100_000);
const end = repeat(1_000_000);
const percent = (name) => (end[name] / warm[name] - 1) * 100;
const growth = Math.max(...Object.keys(end).map(percent));
const note = Object.keys(end)
	.map((name) => `${name} ${(end[name] / 1e6).toFixed(1)} MB (${percent(name).toFixed(1)} %)`)
	.join(", ");
process.stdout.write(JSON.stringify({ growth: Math.max(0, growth), note }));
