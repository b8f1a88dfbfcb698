// One row of the table of faults, in long; `cargo xtask faults` runs all of them. Its outcome is a line of JSON.
//
//   node tests/faults/main.mjs --list
//   node tests/faults/main.mjs [--short] NAME
import { faults } from "./index.mjs";
import { runFault } from "./run.mjs";

const words = process.argv.slice(2);
const [name] = words.filter((word) => !word.startsWith("--"));
if (words.includes("--list")) {
	for (const row of faults) console.log(row.name);
} else {
	const row = faults.find((row) => row.name === name);
	if (row === undefined) throw new Error(`there is no fault \`${name}\`; --list names them`);
	const outcome = await runFault(row, words.includes("--short") ? "short" : "long", console.error);
	console.log(JSON.stringify(outcome));
}
