// How fast is paysign, against what people use instead, and against its own limit? `cargo xtask bench` runs it.
//
// Machines differ, so the contenders take turns in one process and what counts is the ratio of their best rounds.
// `--write` keeps the result in RESULTS.md; `NATIVE` names the core as a program (bench/native).

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { buildDeliverNotify, signTestAlarm, verifyAlarm } from "paysign";
import { deliverNotify, verifiers } from "./peers.mjs";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const progress = (text) => process.stderr.write(process.stderr.isTTY ? `\r\x1b[2K${text}` : `${text}\n`);

const account = { appId: "wxf8b4f85f3a794e77", appKey: "k9".repeat(64) };
/** The alarm of the article, signed again, for its key is nobody's. */
const article = {
	errorType: "1001",
	description: "错识描述",
	alarmContent: "错误详情",
	timeStamp: "1393860740",
};
const body = new TextEncoder().encode(signTestAlarm(article, account));
const delivery = {
	openid: "oX99MDgNcgwnz3zFN3DNmo8uwa-w",
	transid: "111112222233333",
	outTradeNo: "555666uuu",
	deliverTimestamp: "1369745073",
	deliverStatus: "1",
	deliverMsg: "ok",
};

/** Nanoseconds of one call of each, the best of many rounds in turns. */
function race(contenders, rounds = 40, milliseconds = 15) {
	const best = Object.fromEntries(Object.keys(contenders).map((name) => [name, Number.POSITIVE_INFINITY]));
	for (let round = 0; round < rounds; round++) {
		for (const [name, call] of Object.entries(contenders)) {
			let calls = 0;
			const started = performance.now();
			let took = 0;
			while (took < milliseconds) {
				for (let i = 0; i < 50; i++) call();
				calls += 50;
				took = performance.now() - started;
			}
			best[name] = Math.min(best[name], (took * 1e6) / calls);
		}
	}
	return best;
}

function run(program, args, input) {
	const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: "utf8" });
	if (status !== 0) throw new Error(`${program} ${args[0]} failed: ${stderr}`);
	return stdout;
}

function native(work, input) {
	return Number(run(process.env.NATIVE, ["time", work, account.appId, account.appKey], input));
}

// ---- verifyAlarm

progress("verifyAlarm");
for (const [name, verify] of Object.entries(verifiers)) {
	const { dedupKey, ...alarm } = verifyAlarm(body, account);
	const same = JSON.stringify(verify(body, account.appId, account.appKey)) === JSON.stringify(alarm);
	if (!same) throw new Error(`${name} reads another alarm`);
}
const contenders = { paysign: () => verifyAlarm(body, account) };
for (const [name, verify] of Object.entries(verifiers)) {
	contenders[name] = () => verify(body, account.appId, account.appKey);
}
const nativeBefore = native("verify", body);
const verify = race(contenders);
verify.native = Math.min(nativeBefore, native("verify", body));

// ---- buildDeliverNotify

progress("buildDeliverNotify");
const build = race({
	paysign: () => buildDeliverNotify(delivery, account),
	byHand: () => deliverNotify(delivery, account.appId, account.appKey),
});
build.native = native("build", Object.values(delivery).join("\n"));

// ---- diagnoseSignature

progress("diagnoseSignature");
const searched = run(process.execPath, [path("diagnose.mjs")]);
const diagnosis = Number(/the first to the second\s+10\s+([\d.]+)/.exec(searched)[1]);

// ---- cost with size

progress("size");
const sized = [16, 64].map((kibibytes) => {
	const empty = signTestAlarm({ ...article, description: "", alarmContent: "" }, account).length;
	// In two fields, for one may have 16,384 characters; of three bytes each, as they come.
	const text = "错".repeat((kibibytes * 1024 - empty) / 6);
	const alarm = signTestAlarm({ ...article, description: text, alarmContent: text }, account);
	return new TextEncoder().encode(alarm);
});
const bySize = race({
	small: () => verifyAlarm(sized[0], account),
	large: () => verifyAlarm(sized[1], account),
});

// ---- memory, in a process of its own

progress("a million verifications");
const memory = JSON.parse(run(process.execPath, ["--expose-gc", path("memory.mjs")], body));

// ---- cold start

progress("cold start");
const starts = { bare: [], verified: [] };
const script = `import { verifyAlarm } from "paysign"; verifyAlarm(${JSON.stringify(Buffer.from(body).toString())}, ${JSON.stringify(account)});`;
for (let round = 0; round < 41; round++) {
	for (const [name, source] of [
		["bare", ""],
		["verified", script],
	]) {
		const started = performance.now();
		const args = ["--input-type=module", "--eval", source];
		const { status } = spawnSync(process.execPath, args, { cwd: path(".") });
		starts[name].push(performance.now() - started);
		if (status !== 0) throw new Error(`the start of ${name} failed`);
	}
}
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
// Of each two, one after the other, because a machine has its moods.
const cold = median(starts.verified.map((verified, round) => verified - starts.bare[round]));

// ---- bytes

const wasm = gzipSync(readFileSync(path("../pkg/wasm/core.wasm")), { level: 9 }).length;
progress("");

const times = (value) => `${value.toFixed(2)}x`;
const microseconds = (value) => `${(value / 1000).toFixed(2)} µs`;
const atLeast = (work, against, goal, value, note) => ({
	work,
	against,
	goal: `>= ${goal}x`,
	value: times(value),
	met: value >= goal,
	note,
});
const atMost = (work, against, goal, value, unit, note) => ({
	work,
	against,
	goal: `<= ${goal}${unit}`,
	value: `${value.toFixed(2)}${unit}`,
	met: value <= goal,
	note,
});
const against = (name) => `${microseconds(verify[name])} to ${microseconds(verify.paysign)}`;
const rows = [
	atLeast(
		"verifyAlarm",
		"fast-xml-parser + node:crypto",
		8,
		verify.fastXmlParser / verify.paysign,
		against("fastXmlParser"),
	),
	atLeast("", "xml2js + node:crypto", 15, verify.xml2jsParser / verify.paysign, against("xml2jsParser")),
	atLeast("", "txml + node:crypto", 3, verify.txmlParser / verify.paysign, against("txmlParser")),
	atLeast(
		"",
		"one regular expression + crypto.hash",
		1.3,
		verify.regularExpression / verify.paysign,
		against("regularExpression"),
	),
	atLeast("", "the same core, natively", 0.5, verify.native / verify.paysign, against("native")),
	atLeast(
		"buildDeliverNotify",
		"sort, join, createHash by hand",
		1.2,
		build.byHand / build.paysign,
		`${microseconds(build.byHand)} to ${microseconds(build.paysign)}`,
	),
	atLeast("diagnoseSignature", "the search on node:crypto", 10, diagnosis, "candidates a second"),
	atMost(
		"cost with size",
		"64 KiB to 16 KiB",
		4.5,
		bySize.large / bySize.small,
		"x",
		`${microseconds(bySize.large)} to ${microseconds(bySize.small)}`,
	),
	atMost("memory", "after a million verifications", 5, memory.growth, " %", memory.note),
	atMost(
		"cold start",
		"first alarm over bare Node.js",
		10,
		cold,
		" ms",
		`${median(starts.verified).toFixed(0)} ms to ${median(starts.bare).toFixed(0)} ms`,
	),
	atMost("core.wasm", "gzip -9", 40, wasm / 1000, " kB", ""),
];
const line = ({ work, against, goal, value, met, note }) =>
	`${work.padEnd(20)}${against.padEnd(38)}${goal.padStart(10)}${value.padStart(12)}${met ? "  met  " : "  MISSED"}  ${note}`.trimEnd();
const table = rows.map(line).join("\n");
console.log(table);

if (process.argv.includes("--write")) {
	const date = new Date().toISOString().slice(0, 10);
	const version = (name) => JSON.parse(readFileSync(path(`node_modules/${name}/package.json`))).version;
	const peers = ["fast-xml-parser", "xml2js", "txml"].map((name) => `${name} ${version(name)}`).join(", ");
	const machine = `${process.platform} ${process.arch}, ${cpus()[0].model.trim()}, load ${loadavg()[0].toFixed(1)}`;
	const notes = readFileSync(path("NOTES.md"), "utf8");
	writeFileSync(
		path("RESULTS.md"),
		`# How fast is paysign?

Written by \`cargo xtask bench\`; what is measured and how stands in [speed.mjs](speed.mjs), the others' code in
[peers.mjs](peers.mjs). One process, one core, the contenders in turns, the best round of each; the ratio is what counts.

${date}, ${machine}
Node.js ${process.version}, ${process.env.RUSTC ?? "rustc"}, ${peers}

\`\`\`text
${table}
\`\`\`

${notes}`,
	);
}
