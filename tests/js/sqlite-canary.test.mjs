// Every secret is a canary here. A process lives through a day with them: deliveries, every fault of the network, good
// and bad alarms, hooks that print all they are given. Then nothing that it wrote, threw, stored or quarantined holds one.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const canaries = {
	appKey: `KEYCANARY${"k7Q".repeat(39)}zz`,
	otherKey: `OLDCANARY${"o3W".repeat(39)}yy`,
	appSecret: "SECRETCANARYe76050733ce760507",
	partnerKey: "PARTNERCANARYd15453e97507ef794cf",
};

/** The spellings in which a secret could slip through. */
function spellings(secret) {
	const bytes = Buffer.from(secret);
	return [
		secret,
		encodeURIComponent(secret),
		bytes.toString("hex"),
		bytes.toString("base64").replace(/=+$/, "").slice(4, -4),
		[...secret].reverse().join(""),
		secret.slice(8, 40),
		secret.slice(-24),
		createHash("sha1").update(secret).digest("hex"),
	];
}

function find(where, text) {
	for (const [name, secret] of Object.entries(canaries)) {
		for (const spelling of spellings(secret)) {
			assert(!text.includes(spelling), `${where} holds ${name} as ${spelling.slice(0, 12)}…`);
		}
	}
}

test("no secret is written, thrown, stored or quarantined", () => {
	const folder = mkdtempSync(join(tmpdir(), "paysign-canary-"));
	try {
		const program = fileURLToPath(new URL("support/canary-child.mjs", import.meta.url));
		const { status, stdout, stderr } = spawnSync(
			process.execPath,
			[program, folder, JSON.stringify(canaries)],
			{
				encoding: "latin1",
				timeout: 60_000,
			},
		);
		assert.equal(status, 0, stderr);
		const report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8"));
		// The day was a full one: without this, silence would prove nothing.
		assert.deepEqual(report.codes, [
			"API_ERROR",
			"APP_ID_MISMATCH",
			"ARGUMENT_INVALID",
			"FIELD_CONTAINS_KEY",
			"FIELD_MALFORMED",
			"FIELD_UNKNOWN",
			"HTTP_STATUS",
			"NETWORK",
			"RESPONSE_MALFORMED",
			"SIGNATURE_MISMATCH",
			"STORE_FAILED",
			"TIMEOUT",
			"XML_ROOT",
			"XML_TEXT",
		]);
		assert.equal(report.stored, 1);
		assert.equal(report.quarantined, 3);
		assert(report.tokens.length > 0);
		find("stdout", stdout);
		find("stderr", stderr);
		const files = readdirSync(folder);
		assert(files.some((file) => file.startsWith("alarms.db")));
		for (const file of files) {
			const text = readFileSync(join(folder, file), "latin1");
			find(file, text);
			if (file !== "report.json")
				for (const token of report.tokens) assert(!text.includes(token), `${file} holds a token`);
		}
		for (const token of report.tokens)
			assert(!`${stdout}${stderr}`.includes(token), "an access token was printed");
		// The check itself works.
		assert.throws(() => find("a leak", `x${canaries.appKey}x`), /holds appKey/);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});
