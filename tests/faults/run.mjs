// Runs one row of the table of faults.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * What happened, as a row for the table.
 * @param {"short" | "long"} size
 */
export async function runFault(row, size, log = () => {}) {
	const folder = mkdtempSync(join(tmpdir(), `paysign-fault-${row.name}-`));
	try {
		const outcome =
			row.run === undefined ? await runTests(row) : await row.run({ ...row[size], folder, log });
		const { tries, lost, wrong, seconds = null, ok, note = "" } = outcome;
		const passed = ok && lost === 0 && wrong === 0;
		const { fault, name, what } = row;
		return { fault, name, what, tries, lost, wrong, seconds, ok: passed, note };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Runs the row's tests, and no others. */
async function runTests({ tests, env = {} }) {
	const files = new Set(tests.map(([file]) => file));
	let ran = 0;
	for (const file of files) {
		const names = tests.filter(([of]) => of === file).map(([, name]) => name);
		const patterns = names.map(
			(name) => `--test-name-pattern=/${name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}$/`,
		);
		const path = testFile(file);
		const child = spawn(
			process.execPath,
			["--no-warnings", "--test", "--test-reporter=tap", ...patterns, path],
			{
				// Inside a test of node:test it would report to that one.
				env: { ...process.env, ...env, NODE_TEST_CONTEXT: undefined },
				stdio: ["ignore", "pipe", "inherit"],
			},
		);
		let said = "";
		child.stdout.setEncoding("utf8").on("data", (text) => {
			said += text;
		});
		const [code] = await once(child, "close");
		const passed = Number(/^# pass (\d+)$/m.exec(said)?.[1] ?? 0);
		if (code !== 0 || passed < names.length) {
			throw new Error(`tests/js/${file}.test.mjs failed, or lacks one of its tests:\n${said}`);
		}
		ran += passed;
	}
	const rows = env.PAYSIGN_OUTBOX_ROWS === undefined ? "" : `, ${env.PAYSIGN_OUTBOX_ROWS} rows each`;
	return {
		tries: `${ran} ${ran === 1 ? "test" : "tests"}${rows}`,
		lost: 0,
		wrong: 0,
		ok: true,
		note: `by ${[...files].map((file) => `tests/js/${file}.test.mjs`).join(", ")}`,
	};
}

export function testFile(file) {
	return fileURLToPath(new URL(`../js/${file}.test.mjs`, import.meta.url));
}
