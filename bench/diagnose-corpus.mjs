// How good the diagnosis is over the corpus of mistakes: how many are named exactly, how many explanations are false, how
// many candidates and how much time it took. `node bench/diagnose-corpus.mjs` after `cargo xtask build`.
import { readFileSync } from "node:fs";
import { diagnoseSignature } from "paysign/diagnose";

const { rows } = JSON.parse(readFileSync(new URL("../tests/vectors/mistakes.json", import.meta.url), "utf8"));

const key = (ids) => [...ids].sort().join(" ");

function run({ message, fields, signed, secrets, given, expect }) {
	const options = {
		message,
		fields: Object.fromEntries(fields),
		signedText: signed && JSON.stringify(Object.fromEntries(signed)),
		secrets,
		given,
	};
	const started = performance.now();
	const { verdict, mistakes, alternatives, tried } = diagnoseSignature(options);
	const milliseconds = performance.now() - started;
	const named = [mistakes, ...alternatives].map((set) => key(set.map(({ id }) => id)));
	const known = [expect.mistakes ?? [], ...(expect.also ?? [])].map(key);
	return {
		tried,
		milliseconds,
		exact: verdict === expect.verdict && named.includes(known[0]),
		first: verdict === expect.verdict && named[0] === known[0],
		// Explanations that the independent script does not list: they make the same bytes, and it has not tried them.
		unlisted: verdict === "explained" ? named.filter((set) => !known.includes(set)).length : 0,
		false: verdict === "explained" && expect.verdict !== "explained",
	};
}

const groups = new Map();
for (const row of rows) {
	const size = row.expect.mistakes?.length;
	const sizes = ["one mistake", "two mistakes", "three mistakes"];
	const name = size === undefined ? row.expect.verdict : (sizes[size - 1] ?? "more mistakes");
	const result = run(row);
	for (const group of [name, "all"]) groups.set(group, [...(groups.get(group) ?? []), result]);
}

const whole = (number) => Math.round(number).toLocaleString("en");
function quantiles(numbers) {
	const sorted = [...numbers].sort((a, b) => a - b);
	const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
	return [at(0.5), at(0.95), at(1)].map(whole).join(" / ");
}

const order = [
	"one mistake",
	"two mistakes",
	"three mistakes",
	"more mistakes",
	"match",
	"unexplained",
	"all",
];
const table = order
	.filter((name) => groups.has(name))
	.map((name) => {
		const runs = groups.get(name);
		const count = (property) => runs.filter((one) => one[property]).length;
		return {
			"": name,
			cases: runs.length,
			exact: `${count("exact")} (${((100 * count("exact")) / runs.length).toFixed(1)} %)`,
			"named first": count("first"),
			unlisted: runs.reduce((sum, { unlisted }) => sum + unlisted, 0),
			false: count("false"),
			"candidates: median / p95 / max": quantiles(runs.map(({ tried }) => tried)),
			"ms: median / p95 / max": quantiles(runs.map(({ milliseconds }) => milliseconds)),
		};
	});

console.log(`node ${process.version}, ${process.platform} ${process.arch}`);
const columns = Object.keys(table[0]);
const widths = columns.map((column) =>
	Math.max(column.length, ...table.map((row) => String(row[column]).length)),
);
for (const row of [Object.fromEntries(columns.map((column) => [column, column])), ...table]) {
	console.log(
		columns
			.map((column, index) => String(row[column])[index === 0 ? "padEnd" : "padStart"](widths[index]))
			.join("  "),
	);
}
const failures = groups.get("all").filter(({ exact, false: isFalse }) => !exact || isFalse).length;
if (failures > 0) {
	console.log(`${failures} cases are not as the corpus says`);
	process.exitCode = 1;
}
