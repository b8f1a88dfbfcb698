// The diagnosis through the package: the whole corpus, what can be pasted, bad arguments, and no secret in any answer.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { signMessage, verifyAlarm, WeChatPayError as WeChatPayErrorOfIndex } from "paysign";
import { describeMessages, diagnoseSignature, readMessage, WeChatPayError } from "paysign/diagnose";

const vector = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8"));
const { rows } = vector("mistakes.json");

const appKey = "k".repeat(128);
const fields = { appid: "wx1", openid: "o-1", timestamp: "1393400471" };
const right = signMessage("feedback", fields, appKey);
const upper = signMessage("feedback", { ...fields, openid: "O-1" }, appKey);

const refusedWith =
	(code, field, sentence = /./) =>
	(error) => {
		assert(error instanceof WeChatPayError, String(error));
		assert(error instanceof WeChatPayErrorOfIndex);
		assert.equal(error.code, code);
		assert.equal(error.details.field, field);
		assert.match(error.message, sentence);
		return true;
	};

const sorted = (mistakes) => mistakes.map(({ id }) => id).sort();

test("every case of the corpus gets its verdict, its mistakes and no false explanation", () => {
	assert(rows.length > 200);
	for (const { id, message, fields, signed, secrets, given, expect } of rows) {
		const signedText = signed && JSON.stringify(Object.fromEntries(signed));
		const diagnosis = diagnoseSignature({
			message,
			fields: Object.fromEntries(fields),
			signedText,
			secrets,
			given,
		});
		assert.equal(diagnosis.verdict, expect.verdict, id);
		const found = [diagnosis.mistakes, ...diagnosis.alternatives].map(sorted);
		if (expect.verdict === "explained") {
			const wanted = [...expect.mistakes].sort();
			assert(
				found.some((ids) => ids.join() === wanted.join()),
				`${id}: ${found.join(" or ")}`,
			);
			assert(
				found.every((ids) => ids.length <= wanted.length),
				id,
			);
			assert.notEqual(diagnosis.signedText, null);
		} else {
			assert.deepEqual(found, [[]], id);
		}
		const shown = JSON.stringify(diagnosis);
		for (const secret of Object.values(secrets)) {
			const bare = secret.replace(/^[\s"'\uFEFF]+|[\s"']+$/g, "");
			if (bare.length >= 4) assert(!shown.includes(bare), `${id} shows a secret`);
		}
	}
});

test("a wrong delivery notification, pasted, gets the sentence, the fix and the proof", () => {
	const delivery = {
		appid: "wxf8b4f85f3a794e77",
		openid: "o0pk9uIVnlY-fJkzFKEbQ6LJ4cFc",
		transid: "1218614901201405273313473135",
		out_trade_no: "JfuKdiBig4zZnE4n",
		deliver_timestamp: "1401159213",
		deliver_status: "1",
		deliver_msg: "ok",
	};
	// A key file ends with a line end, and the editor does not show it.
	const signed = { ...delivery, appkey: `${appKey}\n` };
	const text = Object.keys(signed)
		.sort()
		.map((name) => `${name}=${signed[name]}`)
		.join("&");
	const body = JSON.stringify({
		...delivery,
		app_signature: sha1(text),
		sign_method: "sha1",
	});
	const diagnosis = diagnoseSignature({ body, secrets: { appKey } });
	assert.equal(diagnosis.verdict, "explained");
	assert.deepEqual(sorted(diagnosis.mistakes), ["key-newline"]);
	const [{ sentence, fix }] = diagnosis.mistakes;
	for (const said of [sentence, fix]) {
		assert.match(said.en, /^[A-Z].*\.$/);
		assert.match(said.zh, /^.*[\u4E00-\u9FFF].*。$/);
	}
	assert.equal(diagnosis.documentedSignature, signMessage("deliverNotify", delivery, appKey));
	const [{ documented, signed: made }] = diagnosis.differences;
	assert.deepEqual([...diagnosis.documentedText].slice(...documented).join(""), "");
	assert.deepEqual([...diagnosis.signedText].slice(...made).join(""), "\n");
	assert(diagnosis.excluded.length > 0 && diagnosis.tried > 0);
	assert.equal(diagnosis.exhausted, false);
});

test("the answer has exactly the members that are declared", () => {
	const diagnosis = diagnoseSignature({ fields, secrets: { appKey }, given: right });
	assert.deepEqual(diagnosis, {
		verdict: "match",
		mistakes: [],
		alternatives: [],
		documentedText: "appid=wx1&appkey=«128 chars»&openid=o-1&timestamp=1393400471",
		documentedSignature: right,
		signedText: "appid=wx1&appkey=«128 chars»&openid=o-1&timestamp=1393400471",
		differences: [],
		fieldDifferences: [],
		excluded: [],
		tried: diagnosis.tried,
		exhausted: false,
		lints: [],
	});
});

test("a body may be pasted as XML, JSON, a query, an array of a program, or the hashed text", () => {
	const { appid, openid, timestamp } = fields;
	const bodies = [
		[
			"xml",
			`<xml><OpenId><![CDATA[${openid}]]></OpenId><AppId>${appid}</AppId><TimeStamp>${timestamp}</TimeStamp><AppSignature>${right}</AppSignature></xml>`,
		],
		["literal", JSON.stringify({ ...fields, app_signature: right })],
		[
			"literal",
			`array('appid' => '${appid}', 'openid' => '${openid}', 'timestamp' => ${timestamp}, 'sign' => '${right}');`,
		],
		["pairs", `https://example.org/?appid=${appid}&openid=${openid}&timestamp=${timestamp}&sign=${right}`],
	];
	for (const [kind, body] of bodies) {
		const reading = readMessage(body);
		assert.equal(reading.kind, kind);
		assert.equal(reading.message, "feedback");
		assert.equal(reading.given, right);
		assert.equal(reading.hasKey, false);
		assert.equal(reading.fields.length, 3);
		assert.equal(diagnoseSignature({ body, secrets: { appKey } }).verdict, "match", body);
		assert.equal(
			diagnoseSignature({ body, secrets: { appKey }, given: upper, budget: 1000 }).verdict,
			"unexplained",
		);
	}
});

test("a key in the message is used, and shown nowhere", () => {
	const hashed = `appid=wx1&appkey=${appKey}&openid=o-1&timestamp=1393400471`;
	const reading = readMessage(hashed);
	assert.deepEqual(reading, {
		kind: "pairs",
		message: "feedback",
		fields: Object.entries(fields),
		given: null,
		hasKey: true,
	});
	assert.equal(diagnoseSignature({ body: hashed, secrets: {}, given: right }).verdict, "match");

	// Another key is in hand: it is told which one was taken.
	const other = diagnoseSignature({ body: hashed, secrets: { appKey: "z".repeat(128) }, given: right });
	assert.deepEqual(sorted(other.mistakes), ["key-other-keyInMessage"]);
	const leaked = diagnoseSignature({
		fields: { ...fields, appkey: appKey },
		secrets: { appKey: "z".repeat(128) },
		given: sha1(`appid=wx1&appkey=${"z".repeat(128)}&appkey=${appKey}&openid=o-1&timestamp=1393400471`),
	});
	for (const shown of [reading, other, leaked]) assert(!JSON.stringify(shown).includes(appKey));
});

test("the signature may stand among the fields, under the message's name for it", () => {
	const options = { fields: { ...fields, AppSignature: right }, secrets: { appKey } };
	assert.equal(diagnoseSignature(options).verdict, "match");
});

test("secrets are not trimmed, and absent ones do not count", () => {
	const secrets = { appKey: `${appKey}\n`, partnerKey: undefined, apiKey: "" };
	const { mistakes } = diagnoseSignature({ fields, secrets, given: right });
	assert.deepEqual(sorted(mistakes), ["key-trimmed"]);
});

test("the message beside the signed text: which fields differ, and which of them made the signature", () => {
	const signedText = `appid=wx1&appkey=${appKey}&deliver_msg=ok&openid=o-1&timestamp=1393400471`;
	const diagnosis = diagnoseSignature({
		fields: { AppId: "wx2", OpenId: "o-1" },
		message: "feedback",
		signedText,
		secrets: { partnerKey: "p".repeat(32) },
		given: sha1(`appid=wx1&appkey=${appKey}&openid=o-1&timestamp=1393400471`),
	});
	assert.equal(diagnosis.verdict, "explained");
	assert.deepEqual(sorted(diagnosis.mistakes), ["field-differs:AppId", "field-not-sent:timestamp"]);
	assert.deepEqual(diagnosis.fieldDifferences, [
		{ name: "AppId", sent: "wx2", signed: "wx1" },
		{ name: "deliver_msg", sent: null, signed: "ok" },
		{ name: "timestamp", sent: null, signed: "1393400471" },
	]);
	assert(!JSON.stringify(diagnosis).includes(appKey));

	// A key that was glued into a value is masked there too, and one in the text is another secret.
	const glued = diagnoseSignature({
		fields,
		signedText: `{"appid":"wx1","openid":"o-1${appKey}","appkey":"${"z".repeat(128)}"}`,
		secrets: { appKey },
		given: sha1(`appid=wx1&appkey=${"z".repeat(128)}&openid=o-1&timestamp=1393400471`),
	});
	assert.deepEqual(sorted(glued.mistakes), ["key-other-keyInSignedText"]);
	assert.deepEqual(glued.fieldDifferences, [
		{ name: "openid", sent: "o-1", signed: "o-1«128 chars»" },
		{ name: "timestamp", sent: "1393400471", signed: null },
	]);
	assert(!/z{4}|k{4}/.test(JSON.stringify(glued)));
});

test("the signature in the text that was signed counts when the message has none", () => {
	const signedText = JSON.stringify({ ...fields, sign: right });
	assert.equal(diagnoseSignature({ fields, signedText, secrets: { appKey } }).verdict, "match");
});

test("another signature that the body carries may have been signed", () => {
	const stale = "5".repeat(40);
	const given = sha1(`appid=wx1&appkey=${appKey}&appsignature=${stale}&openid=o-1&timestamp=1393400471`);
	const body = JSON.stringify({ ...fields, AppSignature: stale });
	const { mistakes } = diagnoseSignature({ body, message: "feedback", secrets: { appKey }, given });
	assert.deepEqual(sorted(mistakes), ["signature-signed"]);
});

test("the account's AppId and the time are remarked on", () => {
	const lints = (more) =>
		diagnoseSignature({ fields, secrets: { appKey }, given: right, ...more }).lints.map(({ id }) => id);
	assert.deepEqual(lints({ appId: "wx1", now: 1_393_400_471 }), []);
	assert.deepEqual(lints({ appId: "wx2", now: 1_393_500_471 }), ["app-id-differs", "time-far-off"]);
});

test("a budget ends the search", () => {
	const { verdict, tried, exhausted } = diagnoseSignature({
		fields,
		secrets: { appKey },
		given: upper,
		budget: 10,
	});
	assert.equal(verdict, "unexplained");
	assert(tried <= 10 && exhausted);
});

test("arguments that cannot be used are refused with a sentence", () => {
	const secrets = { appKey };
	const given = right;
	const rows = [
		[undefined, "ARGUMENT_INVALID", "options"],
		[[], "ARGUMENT_INVALID", "options"],
		[{ secrets, given }, "ARGUMENT_INVALID", "fields", /either `fields`.*or `body`/],
		[{ fields, body: "appid=wx1", secrets, given }, "ARGUMENT_INVALID", "fields"],
		[{ fields: null, secrets, given }, "ARGUMENT_INVALID", "fields"],
		[{ fields: { ...fields, openid: null }, secrets, given }, "FIELD_MALFORMED", "A field"],
		[{ message: "feedback", fields: { ...fields, openid: {} }, secrets, given }, "FIELD_MALFORMED", "OpenId"],
		[{ message: "refund", fields, secrets, given }, "ARGUMENT_INVALID", "message"],
		[{ message: null, fields, secrets, given }, "ARGUMENT_INVALID", "message"],
		[{ fields: { a: "b" }, secrets, given }, "ARGUMENT_INVALID", "message", /Pass `message`/],
		[{ body: new Uint8Array(2), secrets, given }, "ARGUMENT_INVALID", "body"],
		[{ body: "\ud83d", secrets, given }, "ARGUMENT_INVALID", "body"],
		[{ body: "hello", secrets, given }, "ARGUMENT_INVALID", "body", /No field was found/],
		[{ body: "a=b&".repeat(20_000), secrets, given }, "ARGUMENT_INVALID", "body", /65,536/],
		[{ fields, signedText: 5, secrets, given }, "ARGUMENT_INVALID", "signedText", /^signedText must be/],
		[
			{ fields, signedText: "hello", secrets, given },
			"ARGUMENT_INVALID",
			"signedText",
			/found in signedText/,
		],
		[
			{ fields, signedText: "a=b&".repeat(20_000), secrets, given },
			"ARGUMENT_INVALID",
			"signedText",
			/65,536/,
		],
		...["", null, 5].map((appId) => [{ fields, secrets, given, appId }, "ARGUMENT_INVALID", "appId"]),
		...[-1, 1.5, "5", null, 1_393_400_471_000].map((now) => [
			{ fields, secrets, given, now },
			"ARGUMENT_INVALID",
			"now",
		]),
		[{ fields, secrets }, "ARGUMENT_INVALID", "given"],
		[{ fields, secrets, given: "" }, "ARGUMENT_INVALID", "given"],
		[{ fields, secrets, given: 5 }, "ARGUMENT_INVALID", "given"],
		...[undefined, null, appKey, [appKey], { appKey: 5 }, { appKey: null }].map((secrets) => [
			{ fields, secrets, given },
			"ARGUMENT_INVALID",
			"secrets",
		]),
		...[0, -1, 1.5, "5", null, Number.NaN].map((budget) => [
			{ fields, secrets, given, budget },
			"ARGUMENT_INVALID",
			"budget",
		]),
	];
	for (const [options, code, field, sentence] of rows) {
		assert.throws(() => diagnoseSignature(options), refusedWith(code, field, sentence));
	}
	for (const body of [undefined, {}, "", "<xml>"]) {
		assert.throws(() => readMessage(body), refusedWith("ARGUMENT_INVALID", "body"));
	}
	assert.throws(() => verifyAlarm("<html>", { appId: "wx1", appKey }), WeChatPayError);
});

test("the sentence about an unknown message lists every name of the table", () => {
	const known = vector("errors.json").vectors.find(({ message }) => message === "refund").answer.sentence;
	const names = known.match(/(?<=Known are ).*(?= and )/)[0].split(", ");
	assert.throws(
		() => diagnoseSignature({ fields: { a: "b" }, secrets: {}, given: right }),
		(error) => names.every((name) => error.message.includes(name)) && error.message.includes("editAddress"),
	);
});

test("a time stamp made anew is found wherever it stands in the text, and far away", () => {
	// The module hashes four texts at once, cut into blocks of 64 bytes: every place of the digits in them is tried.
	const key = "k".repeat(128);
	for (let length = 0; length < 66; length++) {
		const openid = "o".repeat(length);
		const seconds = (length % 2 ? 1 : -1) * (length * 1300 + 1);
		const signed = String(1393400471 + seconds);
		const given = sha1(`appid=wx1&appkey=${key}&openid=${openid}&timestamp=${signed}`);
		const { verdict, mistakes } = diagnoseSignature({
			message: "feedback",
			fields: { AppId: "wx1", OpenId: openid, TimeStamp: "1393400471" },
			secrets: { appKey: key },
			given,
		});
		assert.equal(verdict, "explained", `${length}`);
		assert.deepEqual(sorted(mistakes), ["time-regenerated"]);
		assert(mistakes[0].sentence.en.includes(` ${seconds} s`), mistakes[0].sentence.en);
	}
});

test("a long search tells how far it is, can be stopped, and hands on what its listener throws", () => {
	const search = { message: "feedback", fields, secrets: { appKey }, given: "0".repeat(40) };
	const told = [];
	const whole = diagnoseSignature({ ...search, onProgress: (...so) => void told.push(so) });
	assert(told.length >= 10);
	for (const [index, [tried, total]] of told.entries()) {
		assert(tried >= 50_000 * (index + 1) && tried <= total && total <= 4_000_000, `${tried} of ${total}`);
	}
	assert.deepEqual(whole, diagnoseSignature(search));

	let calls = 0;
	const stopped = diagnoseSignature({ ...search, onProgress: () => ++calls < 2 });
	assert.equal(calls, 2);
	assert.equal(stopped.tried, told[1][0]);
	assert(stopped.exhausted && stopped.verdict === "unexplained");

	const error = new Error("from the listener");
	const listener = () => {
		throw error;
	};
	assert.throws(
		() => diagnoseSignature({ ...search, onProgress: listener }),
		(thrown) => thrown === error,
	);
	// Nothing of it is left in the module, and a listener may itself diagnose.
	const inner = [];
	const onProgress = () => {
		inner.push(diagnoseSignature({ ...search, given: right }).verdict);
		return false;
	};
	assert.equal(diagnoseSignature({ ...search, onProgress }).tried, told[0][0]);
	assert.deepEqual(inner, ["match"]);
	for (const onProgress of [null, 5, "log", {}]) {
		assert.throws(
			() => diagnoseSignature({ ...search, onProgress }),
			refusedWith("ARGUMENT_INVALID", "onProgress"),
		);
	}
});

test("a runtime without SIMD is told what is missing", () => {
	// As V8 refuses the module on such a processor.
	const script = `
		WebAssembly.validate = () => false;
		WebAssembly.Module = class {
			constructor() { throw new WebAssembly.CompileError("Wasm SIMD unsupported"); }
		};
		import("paysign/diagnose").catch((error) => console.log(error.message));
	`;
	const { stdout } = spawnSync(process.execPath, ["--eval", script], { encoding: "utf8" });
	assert.match(stdout, /needs a runtime with WebAssembly SIMD: Node\.js 20/);
});

function sha1(text) {
	return createHash("sha1").update(text, "utf8").digest("hex");
}

test("the described table makes every known signature", () => {
	const { vectors } = vector("signatures.json");
	const table = new Map(describeMessages().map((message) => [message.name, message]));
	assert.deepEqual(new Set(vectors.map(({ message }) => message)), new Set(table.keys()));
	for (const { id, message, fields: given, key, signature } of vectors) {
		const { recipe, fields } = table.get(message);
		const signed = fields.filter(({ role }) => role === "signed").map(({ name }) => name.toLowerCase());
		const pairs = given.map(([name, value]) => [recipe.names === "lower" ? name.toLowerCase() : name, value]);
		assert.deepEqual(pairs.map(([name]) => name).sort(), signed.sort(), id);
		if (recipe.secret.place === "param") pairs.push([recipe.secret.name, key]);
		else assert(given.some(([name]) => name === recipe.secret.name) && key === "", id);
		const text = pairs
			.map(([name, value]) => `${name}=${value}`)
			.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
		const digest = createHash(recipe.digest).update(text.join("&")).digest("hex");
		assert.equal(recipe.hex === "lower" ? digest : digest.toUpperCase(), signature, id);
	}
});

const nameOf = (pair) => pair.slice(0, pair.indexOf("="));
