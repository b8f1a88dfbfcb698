// The same question as bench/timing.rs, asked of the package in Node.js: does the time of a refusal tell how much of the
// signature is right? For information: no WebAssembly engine promises anything about time.

import { signTestAlarm, verifyAlarm } from "paysign";

const measurements = Number(process.argv[2] ?? 300_000);
const shares = [1, 0.99, 0.9, 0.75, 0.5];
const account = { appId: "wxf8b4f85f3a794e77", appKey: "0123456789abcdef".repeat(8) };
const genuine = signTestAlarm({ timeStamp: 1393860740, description: "x", alarmContent: "x" }, account);
const [, right] = /<AppSignature><!\[CDATA\[(\w{40})/.exec(genuine);

const changed = (at) => right.slice(0, at) + (right[at] === "0" ? "1" : "0") + right.slice(at + 1);
const body = (digits) => Buffer.from(genuine.replace(right, digits));

function refuse(bytes) {
	try {
		verifyAlarm(bytes, account);
		return true;
	} catch {
		return false;
	}
}

function welch(a, b) {
	const moments = (values) => {
		const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
		const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
		return { mean, error: squares / (values.length - 1) / values.length };
	};
	const [x, y] = [moments(a), moments(b)];
	return (x.mean - y.mean) / Math.sqrt(x.error + y.error);
}

function measure(name, classes, work) {
	const times = [[], []];
	for (let left = measurements; left > 0; left--) {
		const index = Math.random() < 0.5 ? 0 : 1;
		const input = classes[index];
		const start = process.hrtime.bigint();
		work(input);
		const took = Number(process.hrtime.bigint() - start);
		// The engine compiles while the first ones run.
		if (left < measurements * 0.9) times[index].push(took);
	}
	const sorted = [...times[0], ...times[1]].sort((a, b) => a - b);
	const t = shares.map((share) => {
		const limit = sorted[Math.floor((sorted.length - 1) * share)];
		const [a, b] = times.map((values) => values.filter((value) => value <= limit));
		return welch(a, b);
	});
	const worst = Math.max(...t.map(Math.abs));
	const cells = [...t, worst].map((value) => value.toFixed(2).padStart(9)).join("");
	console.log(name.padEnd(56) + String(measurements).padStart(9) + cells);
}

const header = shares.map((share) => `${share * 100}%`.padStart(9)).join("");
console.log(
	`${"t, when this share of the measurements is kept:".padEnd(56)}${"measured".padStart(9)}${header}${"worst".padStart(9)}`,
);
measure("verifyAlarm: wrong in byte 1 | wrong in byte 20", [body(changed(1)), body(changed(39))], refuse);
measure("verifyAlarm: the same body twice", [body(changed(1)), body(changed(1))], refuse);
