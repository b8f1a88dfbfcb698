// The parts of the page that need no browser: links, copied tests, examples, both languages, the policy.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { explainSignature } from "paysign";
import { describeMessages, readMessage } from "paysign/diagnose";
import { bodyOf, json } from "../../www/body.ts";
import { testOf } from "../../www/copied-test.ts";
import { examine, read } from "../../www/examine.ts";
import { pickExamples } from "../../www/pick-examples.mjs";
import { rowsWithoutSecrets, withoutSecrets } from "../../www/redact.ts";
import { pack, unpack } from "../../www/share.ts";
import { texts } from "../../www/texts.ts";
import { shownFor, tooLong } from "../../www/verdict.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const vectors = (name) => JSON.parse(readFileSync(`${root}tests/vectors/${name}.json`, "utf8"));
const { rows: mistakes } = vectors("mistakes");
const examples = pickExamples(vectors("signatures"), { rows: mistakes });
const messages = describeMessages();
const descriptionOf = (name) => messages.find((message) => message.name === name);

const text = fc.string({ unit: "grapheme", maxLength: 40 });
const rows = fc.array(fc.tuple(text, text), { maxLength: 12 });

test("a link brings the case back", async () => {
	const kept = {
		message: fc.constantFrom(null, ...messages.map(({ name }) => name)),
		given: fc.option(text),
	};
	const shared = fc.record({ ...kept, fields: rows }, { noNullPrototype: true });
	await fc.assert(
		fc.asyncProperty(shared, async (one) => {
			const packed = await pack(one);
			assert.match(packed, /^[\w-]*$/);
			assert.deepEqual(await unpack(packed), one);
		}),
		{ numRuns: 200 },
	);
});

test("a link is shorter than what it brings", async () => {
	const { message, given, fields } = examples.find(({ message }) => message === "deliverNotify");
	const packed = await pack({ message, given, fields });
	assert(packed.length < bodyOf(descriptionOf(message), fields, given).length, `${packed.length} characters`);
});

test("a link that is none of ours is refused, whatever it is", async () => {
	const compressed = async (value) => {
		const bytes = new Blob([value]).stream().pipeThrough(new CompressionStream("deflate-raw"));
		return Buffer.from(await new Response(bytes).arrayBuffer()).toString("base64url");
	};
	const long = JSON.stringify([1, null, null, ["a".repeat(10_000_000), ""]]);
	const others = [
		"",
		"x",
		"%",
		"«»",
		await compressed("null"),
		await compressed("[1,null,null]"),
		await compressed('[2,null,null,["a","b"]]'),
		await compressed('[1,"__proto__",null,[]]'),
		await compressed('[1,null,5,["a","b"]]'),
		await compressed('[1,null,null,["a",1]]'),
		// Unpacking stops before it fills the memory.
		await compressed(long),
	];
	for (const other of others) assert.equal(await unpack(other), null, other.slice(0, 40));
	await fc.assert(fc.asyncProperty(fc.string(), async (other) => assert.equal(await unpack(other), null)));
});

test("no secret is in a link or in a copied test", async () => {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	const secret = fc.string({ unit: fc.constantFrom(...letters), minLength: 16, maxLength: 128 });
	const places = fc.constantFrom(
		(key) => ["deliver_msg", `before ${key} behind`],
		(key) => ["package", `body=a&key=${key}&sign=B`],
		(key) => ["deliver_msg", encodeURIComponent(`${key} &`)],
		(key) => ["deliver_msg", key.toLowerCase()],
		(key) => [key, "a name"],
	);
	await fc.assert(
		fc.asyncProperty(secret, places, async (key, place) => {
			const { rows: clean, removed } = rowsWithoutSecrets([["appid", "wx1"], place(key)], [` ${key}\n`, ""]);
			assert.equal(removed, 1);
			const shared = await unpack(await pack({ message: "deliverNotify", given: null, fields: clean }));
			const copied = testOf({
				message: descriptionOf("deliverNotify"),
				fields: clean,
				given: "",
				findings: [],
			});
			for (const shown of [JSON.stringify(shared), copied]) {
				assert(!shown.toLowerCase().includes(key.toLowerCase()), shown);
			}
		}),
	);
});

test("what nobody named as a secret, but looks like one, is left out too", () => {
	const key = "k1".repeat(64);
	const cases = [
		[["partnerKey", "8934e7d15453e97507ef794cf7b0519d"]],
		[
			[
				"accessToken",
				"OezXcEiiBSKSxW0eoylIeBFk1b8VbNtfWALJ5g6aMgZHaqZwK4euEskSn78Qd5pLsfQtuMdgmhajVM5QDm24W8X3tJ18kz5mhmkUcI3RoLm7qGgh1cEnCHejWQo8s5L3VvsFAdawhFxUuLmgh5FRA",
			],
		],
		[["deliver_msg", `the log says ${key}.`]],
		[["package", "bank_type=WX&key=8934e7d15453e97507ef794cf7b0519d"]],
		[["deliver_msg", '"appSecret" => "8934e7d15453e97507ef794cf7b0519d"']],
	];
	for (const fields of cases) {
		const { rows: clean, removed } = rowsWithoutSecrets(fields, []);
		assert.equal(removed, 1);
		assert.doesNotMatch(JSON.stringify(clean), /8934e7|OezXc|k1k1/);
	}
	const harmless = [
		["openid", "oX99MDgNcgwnz3zFN3DNmo8uwa-w"],
		["app_signature", "53cca9d47b883bd4a5c85a9300df3da0cb48565c"],
		["deliver_msg", "the monkey is ready"],
		["appkey", ""],
	];
	assert.deepEqual(rowsWithoutSecrets(harmless, ["ok", ""]), { rows: harmless, removed: 0 });
	assert.equal(withoutSecrets("53cca9d47b883bd4a5c85a9300df3da0cb48565c", [""]).length, 40);
});

test("a copied test fails for a wrong signature and passes for the right one", (t) => {
	const folder = mkdtempSync(`${root}target/copied-test-`);
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	const run = ({ message, fields, secrets }, given) => {
		const file = join(folder, "paysign.test.mjs");
		writeFileSync(file, testOf({ message: descriptionOf(message), fields, given, findings: ["One\nline."] }));
		// A test runner inside a test runner reports to the outer one, unless it does not know of it.
		const { NODE_TEST_CONTEXT, ...outside } = process.env;
		const env = { ...outside, PAYSIGN_APP_KEY: secrets.appKey ?? "", PAYSIGN_ACCESS_TOKEN: tokenOf(fields) };
		return spawnSync(process.execPath, ["--test", file], { env, encoding: "utf8", timeout: 60_000 });
	};
	const odd = {
		message: "deliverNotify",
		fields: [
			["appid", "wx1"],
			["__proto__", '"`$\u2028\n'],
		],
	};
	const some = [
		examples.find(({ group, message }) => group === "wrong" && message === "deliverNotify"),
		examples.find(({ message }) => message === "editAddress"),
		{ ...odd, secrets: { appKey: "k".repeat(128) } },
	];
	for (const example of some) {
		const { message, fields, secrets } = example;
		const right = explainSignature({ message, fields: Object.fromEntries(fields), ...secrets }).signature;
		const failed = run(example, "0".repeat(40));
		assert.equal(failed.status, 1, failed.stdout);
		assert.match(failed.stdout, /not the (SHA-1 of|documented) /);
		assert(!failed.stdout.includes(secrets.appKey ?? tokenOf(fields)), "the secret is printed");
		const passed = run(example, right);
		assert.equal(passed.status, 0, passed.stdout + passed.stderr);
	}
});

const tokenOf = (fields) => fields.find(([name]) => /^accesstoken$/i.test(name))?.[1] ?? "";

test("there is an example for each message and for each mistake", () => {
	const shown = (group, what) => new Set(examples.filter((example) => example.group === group).map(what));
	assert.deepEqual(
		shown("right", ({ message }) => message),
		new Set(messages.map(({ name }) => name)),
	);
	const explained = mistakes.filter(({ expect }) => expect.verdict === "explained");
	const families = explained.flatMap(({ expect }) => expect.mistakes.map((id) => id.replace(/:.*/, "")));
	assert.deepEqual(
		shown("wrong", ({ mistake }) => mistake.id.replace(/:.*/, "")),
		new Set(families),
	);
	assert(shown("open", ({ id }) => id).size >= 3);
	assert.equal(new Set(examples.map(({ id, mistake }) => `${id} ${mistake?.id}`)).size, examples.length);
});

for (const { id, message, fields, secrets, given, signedText, verdict, mistake } of examples) {
	test(`the example ${id} (${mistake?.id ?? verdict}) is read back, and gets its verdict`, () => {
		const body = bodyOf(descriptionOf(message), fields, given);
		const reading = readMessage(body);
		assert.deepEqual(reading.fields, fields);
		assert.equal(reading.given, given);
		const answer = examine(
			{
				body,
				message,
				given: null,
				otherwise: null,
				secrets: { appKey: "", ...secrets },
				signedText: signedText ?? null,
			},
			read(body),
			() => {},
		);
		assert.equal(shownFor(answer).state, verdict);
		const found = answer.diagnosis;
		if (mistake !== undefined) {
			const named = [found.mistakes, ...found.alternatives].flat().map((each) => each.id);
			assert(named.includes(mistake.id), named.join());
		}
	});
}

test("fields written as JSON are read back, the odd ones too", () => {
	const name = fc
		.stringMatching(/^[a-z_]{3,12}$/)
		.filter((one) => !/^(sign|key|appkey|paysign|app_?signature|addrsign)$/.test(one));
	const value = fc.string({ unit: "binary", maxLength: 30 });
	fc.assert(
		fc.property(fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 8 }), (fields) => {
			assert.deepEqual(readMessage(json(fields)).fields, fields);
		}),
	);
});

test("both languages say everything, each in its own words", () => {
	const paths = (value, path = "") =>
		typeof value === "object"
			? Object.entries(value).flatMap(([key, inner]) => paths(inner, `${path}.${key}`))
			: [[path, typeof value === "function" ? value("A", "B") : value]];
	const [en, zh] = [texts.en, texts.zh].map((each) => new Map(paths(each)));
	assert.deepEqual([...zh.keys()].sort(), [...en.keys()].sort());
	// Names of the console and of the protocol are the same in both.
	const same = /^\.secrets\.(appKey|partnerKey|appSecret)$|^\.kinds\.xml$/;
	for (const [path, said] of en) {
		assert(said.trim() !== "" && zh.get(path).trim() !== "", path);
		if (!same.test(path)) assert.match(zh.get(path), /\p{Script=Han}/u, path);
	}
	for (const { message } of examples)
		assert(texts.en.messages[message] && texts.zh.messages[message], message);
	for (const { group, id } of examples.filter((example) => example.group === "open")) {
		assert(texts.en.exampleTitles[id] && texts.zh.exampleTitles[id], `${group} ${id}`);
	}
});

test("each thing found out has its word at first sight", () => {
	const reading = {
		kind: "literal",
		message: null,
		fields: [["a", "1"]],
		given: null,
		hasKey: false,
	};
	const answer = { reading, message: null, given: null, hasKey: true, diagnosis: null };
	const shown = (change) => shownFor({ ...answer, ...change }).state;
	const wrong = { message: "alarm", given: "00" };
	assert.equal(shown({ reading: { ...reading, fields: [["errcode", "49004"]] } }), "answer");
	assert.equal(shown({}), "needs-message");
	assert.equal(shown({ message: "alarm" }), "needs-signature");
	assert.equal(shown({ ...wrong, hasKey: false, diagnosis: { verdict: "unexplained" } }), "needs-key");
	// Proof needs no key: the signature may have been made without one.
	assert.equal(shown({ ...wrong, hasKey: false, diagnosis: { verdict: "explained" } }), "explained");
	for (const verdict of ["match", "explained", "unexplained"]) {
		assert.equal(shown({ ...wrong, diagnosis: { verdict } }), verdict);
	}
	assert(tooLong("发".repeat(22_000)) && tooLong("a".repeat(65_537)));
	assert(!tooLong("a".repeat(65_536)) && !tooLong("发".repeat(21_845)));
});

test("the policy leaves the page no way out", () => {
	const html = readFileSync(`${root}www/index.html`, "utf8");
	const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html) ?? [];
	assert.deepEqual(policy?.split("; "), [
		"default-src 'none'",
		"script-src 'self' 'wasm-unsafe-eval'",
		"style-src 'self'",
		"img-src data:",
		"worker-src blob:",
		"base-uri 'none'",
		"form-action 'none'",
		"require-trusted-types-for 'script'",
		"trusted-types paysign",
	]);
	assert.match(html, /<meta name="referrer" content="no-referrer">/);
	assert.doesNotMatch(
		html,
		/https?:\/\/(?!www\.w3\.org\/2000\/svg)|<form|<script(?! defer src="page\.js")|\sstyle=|\son\w+=/,
	);
});
