// Every row of apiv3-mistakes.json is explained as it was made, and nothing else is explained.
import assert from "node:assert/strict";
import { createPublicKey, randomBytes, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { diagnoseNotification } from "paysign/apiv3/diagnose";
import { readPem } from "#modules/apiv3/account.js";
import { readCertificate } from "#modules/apiv3/certificate.js";
import { lints, mistakes } from "#modules/apiv3/mistakes.js";
import { recoverDigest, rsaNumbers } from "#modules/apiv3/recovered.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8"));
const { keys, official } = read("apiv3-keys.json");
const { rows } = read("apiv3-mistakes.json");
const named = (name) => rows.find((row) => row.name === name).options;
const right = named("violation: nothing is wrong");

const found = ({ verdict, signature, content, mistakes, lints }) => ({
	verdict,
	signature,
	content,
	mistakes: mistakes.map(({ id }) => id).sort(),
	lints: lints.map(({ id }) => id).sort(),
});

for (const { name, options, expect } of rows) {
	test(`${name}: ${expect.mistakes.join(", ") || expect.verdict}`, async () => {
		const diagnosis = await diagnoseNotification(options);
		const { mistakes, lints, ...rest } = expect;
		assert.deepEqual(found(diagnosis), { ...rest, mistakes: mistakes.sort(), lints: lints.sort() });
		const isDecrypted = expect.content === "right" || expect.content === "explained";
		assert.equal(diagnosis.decrypted !== null, isDecrypted);
		const said = JSON.stringify({ ...diagnosis, decrypted: null });
		const secrets = [options.apiV3Key, ...Object.values(options.secrets)].filter((one) => one?.length > 8);
		for (const secret of secrets) assert(!said.includes(secret), "a secret is in the answer");
		if (expect.verdict === "unexplained") assert(diagnosis.excluded.every(({ tried }) => tried > 0));
		else assert.deepEqual(diagnosis.excluded, []);
	});
}

test("every mistake of the catalogue and every remark has its row", () => {
	const used = new Set(rows.flatMap(({ expect }) => [...expect.mistakes, ...expect.lints]));
	for (const id of [...Object.keys(mistakes), ...Object.keys(lints)]) {
		assert(used.has(id) || id === "ciphertext-changed", id);
	}
	for (const { sentence, fix } of Object.values(mistakes)) {
		for (const { en, zh } of [sentence, fix]) {
			assert.match(en, /^[A-Z].*\.$/);
			assert.match(zh, /\p{Script=Han}.*[。]$/u);
		}
	}
	for (const { en, zh } of Object.values(lints)) assert(/^[A-Z].*\.$/.test(en) && /。$/.test(zh));
});

test("without a key to check the signature, a changed ciphertext is explained all the same", async () => {
	const { body, ...options } = { ...right, publicKeys: {} };
	const changed = body.replace(
		/("ciphertext":")([^"]*)/,
		(_, before, value) => before + value.replaceAll("+", " "),
	);
	assert.notEqual(changed, body);
	const { content, mistakes } = await diagnoseNotification({ ...options, body: changed });
	assert.deepEqual([content, mistakes.map(({ id }) => id)], ["explained", ["ciphertext-changed"]]);
});

test("a request is read from what people paste", async () => {
	const lines = Object.entries(right.headers);
	const { headers: _, body, ...rest } = right;
	const pasted = {
		"a request": `POST /notify HTTP/1.1\r\nHost: example.com\r\n${lines.map(([n, v]) => `${n}: ${v}`).join("\r\n")}\r\n\r\n${body}`,
		"a log": `${lines.map(([n, v]) => `${n.toLowerCase()}: ${v}`).join("\n")}\n\n${body}\n`,
		"a log without an empty line": `${lines.map(([n, v]) => `${n}: ${v}`).join("\n")}\n${body}`,
		"options of curl": `${lines.map(([n, v]) => `-H '${n}: ${v}' \\`).join("\n")}\n\n${body}`,
		"an object": `${lines.map(([n, v]) => `  "${n}": "${v}",`).join("\n")}\n\n${body}`,
	};
	for (const [name, raw] of Object.entries(pasted)) {
		const { verdict, lints } = await diagnoseNotification({ ...rest, raw });
		assert.deepEqual([verdict, lints], ["match", []], name);
	}
	// As a program has them.
	const headers = new Headers(right.headers);
	assert.equal((await diagnoseNotification({ ...rest, headers, body: Buffer.from(body) })).verdict, "match");
	await assert.rejects(diagnoseNotification({}), { code: "ARGUMENT_INVALID" });
});

test("the budget ends a search", async () => {
	const { verdict, tried } = await diagnoseNotification({ ...named("another nonce"), budget: 100 });
	assert.equal(verdict, "unexplained");
	assert(tried <= 110, `${tried}`);
});

test("what a signature shows is what was signed: of the known answers, and of nothing else", async () => {
	for (const { certificate, message, signature, name } of official.signatures) {
		const { publicKey } = readCertificate(readPem(certificate).bytes);
		const numbers = await rsaNumbers(publicKey);
		const digest = recoverDigest(new Uint8Array(Buffer.from(signature, "base64")), numbers);
		const hashed = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(message));
		assert.deepEqual(digest, { algorithm: "SHA-256", hex: Buffer.from(hashed).toString("hex") }, name);
	}
	const numbers = await rsaNumbers(readCertificate(readPem(keys.platform.certificate).bytes).publicKey);
	for (let round = 0; round < 300; round += 1) {
		assert.equal(recoverDigest(new Uint8Array(randomBytes(256)), numbers), undefined);
	}
	assert.equal(recoverDigest(new Uint8Array(), numbers), undefined);
	assert.equal(await rsaNumbers(new Uint8Array(300)), undefined);
});

test("nothing that is wrong at random is explained", async () => {
	const valid = createPublicKey(keys.platform.certificate);
	const changes = fc.oneof(
		fc.record({ at: fc.nat(right.body.length - 1), to: fc.constantFrom(..."0aZ_}{") }).map(({ at, to }) => ({
			...right,
			body: right.body.slice(0, at) + to + right.body.slice(at + 1),
		})),
		fc.uint8Array({ minLength: 256, maxLength: 256 }).map((bytes) => ({
			...right,
			headers: { ...right.headers, "Wechatpay-Signature": Buffer.from(bytes).toString("base64") },
		})),
		fc.stringMatching(/^[0-9a-zA-Z]{32}$/).map((nonce) => ({
			...right,
			headers: { ...right.headers, "Wechatpay-Nonce": nonce },
		})),
		fc.string({ maxLength: 200 }).map((body) => ({ ...right, body })),
	);
	await fc.assert(
		fc.asyncProperty(changes, async (options) => {
			const { headers, body } = options;
			const text = `${headers["Wechatpay-Timestamp"]}\n${headers["Wechatpay-Nonce"]}\n${body}\n`;
			const signature = Buffer.from(headers["Wechatpay-Signature"], "base64");
			const isRight = verify("sha256", Buffer.from(text), valid, signature);
			const diagnosis = await diagnoseNotification({ ...options, budget: 2000 });
			assert.equal(diagnosis.signature, isRight ? "right" : "unexplained");
			assert.equal(diagnosis.verdict, isRight ? "match" : "unexplained");
		}),
		{ numRuns: 150 },
	);
});

test("no random key decrypts, and none is said to", async () => {
	const secrets = fc.record({
		apiV3Key: fc.stringMatching(/^[0-9a-zA-Z]{32}$/),
		apiV2Key: fc.string({ maxLength: 64 }),
	});
	await fc.assert(
		fc.asyncProperty(secrets, async ({ apiV3Key, apiV2Key }) => {
			const { content, decrypted } = await diagnoseNotification({
				...right,
				apiV3Key,
				secrets: { apiV2Key },
			});
			assert.deepEqual([content, decrypted], ["unexplained", null]);
		}),
		{ numRuns: 50 },
	);
});
