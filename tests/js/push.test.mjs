// Pushes: every row of the vectors through the package, and what the package adds to the core.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parsePushContent, signTestPush, verifyPush, verifyPushUrl, WeChatPayError } from "paysign/push";

const path = (name) => fileURLToPath(new URL(`../vectors/${name}`, import.meta.url));
const { vectors, urls, encryptions } = JSON.parse(readFileSync(path("push.json"), "utf8"));

const encodingAesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
const account = { appId: "wx2c2769f8efd9abc2", token: "spamtest", encodingAesKey };
const options = { timestamp: 1409735669, nonce: "1320562132", random16: Buffer.from("aaaabbbbccccdddd") };
const content = '{"Event":"trade_manage_remind_shipping","transaction_id":"4200001"}';

function bodyOf(row) {
	if (row.repeat) return row.repeat[0].repeat(row.repeat[1]);
	return row.body ?? Buffer.from(row.body_b64, "base64");
}

/** Nothing but a typed error, which says nothing of the account. */
function refuses(call, code, secrets = []) {
	assert.throws(call, (error) => {
		assert(error instanceof WeChatPayError, `${error}`);
		assert.equal(error.code, code, error.message);
		for (const secret of secrets) assert(!`${error.stack}${JSON.stringify(error)}`.includes(secret));
		return true;
	});
}

test("make-push.mjs makes push.json, byte for byte", (t) => {
	const folder = mkdtempSync(join(tmpdir(), "paysign-vectors-"));
	t.after(() => rmSync(folder, { recursive: true }));
	execFileSync(process.execPath, [path("make-push.mjs"), join(folder, "made.json")]);
	assert.ok(
		readFileSync(join(folder, "made.json")).equals(readFileSync(path("push.json"))),
		"push.json is not what its script makes; run it: node tests/vectors/make-push.mjs",
	);
});

test("each row has a name of its own", () => {
	const names = [...vectors, ...urls].map(({ name }) => name);
	assert.equal(new Set(names).size, names.length);
});

for (const row of vectors) {
	test(`push ${row.name}`, () => {
		const call = () => verifyPush({ query: row.query, body: bodyOf(row) }, row.account);
		if (row.verdict !== "ACCEPT") {
			return refuses(call, row.verdict, [row.account.token, ...(row.account.encodingAesKey ?? [])]);
		}
		const push = call();
		assert.deepEqual(push, row.push);
		assert.deepEqual(parsePushContent(push.content), row.push.event);
		// As a framework has it: the query decoded, the body as bytes.
		const decoded = new URLSearchParams(row.query);
		assert.deepEqual(verifyPush({ query: decoded, body: Buffer.from(bodyOf(row)) }, row.account), row.push);
	});
}

for (const { name, token, query, verdict, echo } of urls) {
	test(`question for the URL ${name}`, () => {
		const call = () => verifyPushUrl(query, { token });
		if (verdict !== "ACCEPT") return refuses(call, verdict);
		assert.equal(call(), echo);
		assert.equal(verifyPushUrl(new URLSearchParams(query), { token: Buffer.from(token) }), echo);
	});
}

test("what was published is encrypted alike", () => {
	for (const { appId, encodingAesKey, random16, content, encrypted } of encryptions) {
		const account = { appId, token: "pamtest", encodingAesKey };
		const sent = signTestPush(content, account, { ...options, random16: Buffer.from(random16) });
		assert(sent.body.includes(encrypted));
		assert.equal(verifyPush(sent, account).content, content);
	}
});

test("a push of one's own verifies, in every mode and format, under text or bytes", () => {
	const bytes = { ...account, token: Buffer.from("spamtest"), encodingAesKey: [Buffer.from(encodingAesKey)] };
	for (const owner of [account, bytes, { ...account, mode: "encrypted" }, { ...account, mode: "plain" }]) {
		for (const said of [content, "<xml><Event>a</Event></xml>", "你好"]) {
			const push = verifyPush(signTestPush(said, owner, options), owner);
			assert.equal(push.content, said);
			assert.equal(push.isProtected, owner.mode !== "plain");
			assert.equal(push.timestamp, options.timestamp);
		}
	}
});

test("a repeated push has the same dedupKey, another account's and another content have another", () => {
	const key = (said, owner, changes) =>
		verifyPush(signTestPush(said, owner, { ...options, ...changes }), owner).dedupKey;
	const first = key(content, account);
	assert.match(first, /^[0-9a-f]{64}$/);
	assert.equal(
		key(content, account, { timestamp: 1409735700, nonce: "1", random16: Buffer.alloc(16) }),
		first,
	);
	assert.equal(key(content, { ...account, mode: "plain" }), first);
	assert.notEqual(key(`${content} `, account), first);
	assert.notEqual(key(content, { ...account, appId: "wx2c2769f8efd9abc3" }), first);
});

test("any changed character of a protected push is refused", () => {
	const sent = signTestPush(content, account, options);
	const at = sent.body.indexOf('"Encrypt"') + 12;
	for (let index = at; index < sent.body.length - 2; index += 7) {
		const other = sent.body[index] === "A" ? "B" : "A";
		const body = sent.body.slice(0, index) + other + sent.body.slice(index + 1);
		refuses(() => verifyPush({ ...sent, body }, account), "SIGNATURE_MISMATCH");
	}
});

test("plain mode has to be asked for", () => {
	const plain = { ...account, mode: "plain" };
	const sent = signTestPush(content, plain, options);
	refuses(() => verifyPush(sent, account), "FIELD_MISSING");
	const { encodingAesKey: _, ...keyless } = account;
	refuses(() => verifyPush(sent, keyless), "ARGUMENT_INVALID");
	assert.equal(verifyPush(sent, { ...keyless, mode: "plain" }).isProtected, false);
});

test("what cannot be used is an ARGUMENT_INVALID that names it", () => {
	const sent = signTestPush(content, account, options);
	const rows = [
		["appId", () => verifyPush(sent, { ...account, appId: "" })],
		["token", () => verifyPush(sent, { ...account, token: undefined })],
		["token", () => verifyPushUrl("a=b", { token: 1 })],
		["mode", () => verifyPush(sent, { ...account, mode: "both" })],
		["encodingAesKey", () => verifyPush(sent, { ...account, encodingAesKey: [] })],
		["encodingAesKey", () => verifyPush(sent, { ...account, encodingAesKey: [undefined] })],
		["encodingAesKey", () => verifyPush(sent, { ...account, encodingAesKey: 43 })],
		["query", () => verifyPush({ ...sent, query: { nonce: "1" } }, account)],
		["body", () => verifyPush({ ...sent, body: {} }, account)],
		["content", () => parsePushContent(Buffer.from("{}"))],
		["content", () => signTestPush("\ud800", account, options)],
		["timestamp", () => signTestPush(content, account, { ...options, timestamp: "1" })],
		["nonce", () => signTestPush(content, account, { ...options, nonce: 1 })],
		["random16", () => signTestPush(content, account, { ...options, random16: Buffer.alloc(15) })],
	];
	for (const [field, call] of rows) {
		assert.throws(call, (error) => error.code === "ARGUMENT_INVALID" && error.details.field === field, field);
	}
});

test("a trap leaves the next call a fresh instance", async () => {
	const { guarded } = await import("#modules/guard.js");
	const { WeChatPayError } = await import("#modules/errors.js");
	let fresh = 0;
	const call = (error) => () =>
		guarded(
			() => {
				throw error;
			},
			() => fresh++,
		);
	assert.throws(call(new WeChatPayError("XML_ROOT", "")), WeChatPayError);
	assert.equal(fresh, 0);
	assert.throws(call(new WebAssembly.RuntimeError("unreachable")), WebAssembly.RuntimeError);
	assert.equal(fresh, 1);
});
