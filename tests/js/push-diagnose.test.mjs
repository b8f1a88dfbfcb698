// Every row of push-mistakes.json is explained as it was made, and nothing else is explained.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { diagnosePush } from "paysign/push/diagnose";
import { lints, mistakes } from "#modules/push/mistakes.js";

const { rows } = JSON.parse(readFileSync(new URL("../vectors/push-mistakes.json", import.meta.url), "utf8"));
const { options: right } = rows.find(({ name }) => name === "nothing is wrong");

for (const { name, options, expect } of rows) {
	test(`${name}: ${expect.mistakes.join(", ") || expect.verdict}`, async () => {
		const diagnosis = await diagnosePush(options);
		const { decrypted, contains, ...rest } = expect;
		assert.deepEqual(
			{
				verdict: diagnosis.verdict,
				signature: diagnosis.signature,
				content: diagnosis.content,
				mistakes: diagnosis.mistakes.map(({ id }) => id).sort(),
				lints: diagnosis.lints.map(({ id }) => id).sort(),
			},
			{ ...rest, mistakes: rest.mistakes.sort(), lints: rest.lints.sort() },
		);
		if (contains === undefined) assert.equal(diagnosis.decrypted, decrypted);
		else assert(diagnosis.decrypted.includes(contains));
		assert.equal(diagnosis.appId === null, diagnosis.decrypted === null);
		const said = JSON.stringify({ ...diagnosis, decrypted: null });
		const { token, encodingAesKey, secrets = {} } = options;
		for (const secret of [token, encodingAesKey, ...Object.values(secrets)]) {
			if (secret?.length > 8) assert(!said.includes(secret), "a secret is in the answer");
		}
		if (expect.verdict === "unexplained") assert(diagnosis.excluded.every(({ tried }) => tried > 0));
		else assert.deepEqual(diagnosis.excluded, []);
	});
}

test("every mistake of the catalogue and every remark has its row", () => {
	const used = new Set(rows.flatMap(({ expect }) => [...expect.mistakes, ...expect.lints]));
	for (const id of [...Object.keys(mistakes), ...Object.keys(lints)]) assert(used.has(id), id);
	for (const { sentence, fix } of Object.values(mistakes)) {
		for (const { en, zh } of [sentence, fix]) {
			assert.match(en, /^[A-Z].*\.$/);
			assert.match(zh, /\p{Script=Han}.*[。]$/u);
		}
	}
	for (const { en, zh } of Object.values(lints)) assert(/^[A-Z].*\.$/.test(en) && /。$/.test(zh));
});

test("a request is read from what people paste", async () => {
	const { query, body, ...rest } = right;
	const pasted = [
		`POST /push?${query} HTTP/1.1\r\nHost: example.com\r\nContent-Type: text/xml\r\n\r\n${body}`,
		`https://example.com/push?${query}\n\n${body}\n`,
		`/push?${query}\n${body}`,
		`${query}\n\n${body}`,
	];
	for (const raw of pasted) {
		const { verdict, lints } = await diagnosePush({ ...rest, raw });
		assert.deepEqual([verdict, lints], ["match", []], raw);
	}
	const parameters = new URLSearchParams(query);
	assert.equal(
		(await diagnosePush({ ...rest, query: parameters, body: Buffer.from(body) })).verdict,
		"match",
	);
	await assert.rejects(diagnosePush({}), { code: "ARGUMENT_INVALID" });
});

test("nothing that is wrong at random is explained", async () => {
	const letters = fc.stringMatching(/^[0-9a-zA-Z]{8,32}$/);
	const changes = fc.oneof(
		letters.map((token) => ({ ...right, token, secrets: { other: `${token}1` } })),
		fc.stringMatching(/^[0-9a-f]{40}$/).map((signature) => ({
			...right,
			query: right.query.replace(/(?<=msg_signature=)\w+/, signature),
		})),
		letters.map((nonce) => ({ ...right, query: right.query.replace(/(?<=nonce=)\w+/, nonce) })),
		fc
			.record({ at: fc.integer({ min: 80, max: 200 }), to: fc.constantFrom(..."AZaz") })
			.map(({ at, to }) => ({
				...right,
				body: right.body.slice(0, at) + (right.body[at] === to ? "9" : to) + right.body.slice(at + 1),
			})),
	);
	await fc.assert(
		fc.asyncProperty(changes, async (options) => {
			const { verdict, signature } = await diagnosePush(options);
			assert.deepEqual([verdict, signature], ["unexplained", "unexplained"]);
		}),
		{ numRuns: 150 },
	);
	const keys = fc.stringMatching(/^[0-9a-zA-Z]{42,44}$/);
	await fc.assert(
		fc.asyncProperty(keys, keys, async (encodingAesKey, other) => {
			const { content, decrypted } = await diagnosePush({ ...right, encodingAesKey, secrets: { other } });
			assert.deepEqual([content, decrypted], ["unexplained", null]);
		}),
		{ numRuns: 100 },
	);
});
