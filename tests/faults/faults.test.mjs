// Every fault of the table, in short; `cargo xtask faults` is the long form.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { answersIn } from "./disk.mjs";
import { faults } from "./index.mjs";
import { runFault, testFile } from "./run.mjs";

for (const row of faults.filter(({ run }) => run !== undefined)) {
	it(`${row.fault} ${row.name}: ${row.what}`, async () => {
		const outcome = await runFault(row, "short");
		assert.equal(outcome.ok, true, JSON.stringify(outcome));
	});
}

it("the other faults have their tests in tests/js", () => {
	for (const { tests, name } of faults.filter(({ run }) => run === undefined)) {
		for (const [file, title] of tests) {
			// The tests that every store has stand in the suite that its file runs.
			const suite = file.endsWith("outbox")
				? testFile("outbox").replace(".test.", ".suite.")
				: testFile(file);
			assert.ok(readFileSync(suite, "utf8").includes(`"${title}"`), `${name}: ${file} lacks "${title}"`);
		}
	}
});

it("an acknowledgement without a sync before it is seen in strace's list", () => {
	const list = [
		'1 write(1</x>, "answer 200 alarm 0\\n", 19) = 19',
		"1 fsync(18</a/b.sqlite>) = 0",
		"1 fsync(19</a/b.sqlite-wal>) = -1 EIO (Input/output error) (INJECTED)",
		'1 write(1</x>, "answer 503 alarm 1\\n", 19) = 19',
		"1 fdatasync(19</a/b.sqlite-wal> <unfinished ...>",
		"2 fsync(20</a/b.sqlite>) = 0",
		"1 <... fdatasync resumed>) = 0",
		'1 write(1</x>, "answer 200 alarm 2\\n", 19) = 19',
	].join("\n");
	assert.deepEqual(
		answersIn(list).map(({ status, synced, failed }) => [status, synced, failed]),
		[
			[200, 0, 0],
			[503, 0, 1],
			[200, 1, 0],
		],
	);
});
