// `paysign diagnose` and `verify` of pushes and of notifications of APIv3, as requests that were captured as text.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { indented } from "../../pkg/cli/glyphs.js";
import { file, paysign } from "./support/cli.mjs";

const vectors = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8"));
const pushes = new Map(vectors("push-mistakes.json").rows.map((row) => [row.name, row]));
const notifications = new Map(vectors("apiv3-mistakes.json").rows.map((row) => [row.name, row]));
const { keys } = vectors("apiv3-keys.json");

/** The rows by what becomes of them: the first that is right, that is explained and that is not. */
const ofEach = (rows) =>
	["match", "explained", "unexplained"].map((verdict) =>
		[...rows.values()].find(({ expect, options }) => expect.verdict === verdict && options.raw === undefined),
	);

function pushed({ options }) {
	const { query, body = "", token = "", encodingAesKey = "", appId = "" } = options;
	return {
		request: `${body === "" ? "GET" : "POST"} /push?${query} HTTP/1.1\r\nHost: example.com\r\n\r\n${body}\n`,
		env: { PAYSIGN_PUSH_TOKEN: token, PAYSIGN_ENCODING_AES_KEY: encodingAesKey, PAYSIGN_APP_ID: appId },
		args: appId === "" ? [] : ["--app-id", appId],
	};
}

function notified({ options }) {
	const { headers, body, apiV3Key, publicKeys } = options;
	const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
	const pem = Object.entries(publicKeys).map(([name, key]) => `${name}\n${key}`);
	return {
		request: `POST /notify HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}\n`,
		env: { PAYSIGN_API_V3_KEY: apiV3Key },
		args: ["--public-keys", file("wechatpay.pem", pem.join("\n"))],
	};
}

function run(command, { request, env, args }, ...more) {
	const done = paysign([command, ...args, ...more], { input: request, env });
	for (const [name, secret] of Object.entries(env)) {
		if (name === "PAYSIGN_APP_ID" || secret.length < 9) continue;
		assert(!`${done.stdout}${done.stderr}`.includes(secret), `${name} is printed`);
	}
	return done;
}

const codes = { match: 0, explained: 1, unexplained: 2 };
const signs = { match: "✔", explained: "✘", unexplained: "?" };

for (const [kind, rows, captured] of [
	["push", pushes, pushed],
	["apiv3", notifications, notified],
]) {
	for (const row of ofEach(rows)) {
		test(`diagnose says of a request of ${kind} what the package says: ${row.name}`, () => {
			const { verdict, signature, content, mistakes, decrypted } = row.expect;
			const json = run("diagnose", captured(row), "--json");
			assert.deepEqual([json.status, json.stderr], [codes[verdict], ""]);
			const found = json.json();
			assert.deepEqual(
				[found.verdict, found.signature, found.content, found.mistakes.map(({ id }) => id).sort()],
				[verdict, signature, content, [...mistakes].sort()],
			);
			if (kind === "push") assert.equal(found.decrypted, decrypted);
			for (const lang of ["en", "zh"]) {
				const { stdout } = run("diagnose", captured(row), "--message", kind, "--lang", lang);
				assert.match(stdout, new RegExp(`^═+\n {2}\\${signs[verdict]} {2}.+\n═+\n`));
				for (const { id, sentence, fix } of found.mistakes)
					assert(stdout.includes(`${sentence[lang]}  ${id}\n   → ${fix[lang]}\n`));
			}
		});
	}
}

const rightPush = pushes.get("nothing is wrong");
const rightNotification = notifications.get("violation: nothing is wrong");
const wrongNotification = notifications.get("violation: indented by two");

test("what was decrypted is shown, and whether to believe it", () => {
	const right = run("diagnose", notified(rightNotification)).stdout;
	assert.match(
		right,
		/\n {2}Signature {2}right\n {2}Content {4}right\n\nDecrypted\n {2}\{\n {4}"sub_mchid": "/,
	);
	const wrong = run("diagnose", notified(wrongNotification), "--lang", "zh").stdout;
	assert.match(wrong, /\n {2}签名 {2}改正后正确\n[\s\S]*\n解密结果\n {2}签名按现状并不正确.*\n {2}\{\n/);
});

test("laying out changes no digit of what was decrypted", () => {
	assert.equal(indented('{"a":[1,"x"]}'), '{\n  "a": [\n    1,\n    "x"\n  ]\n}');
	for (const text of ['{"id":12345678901234567890}', '{"a":1,"a":2}', '{"a":1.0}', "<xml></xml>", "{"])
		assert.equal(indented(text), text);
});

test("a push whose query and body come apart, and what the program computes of it", () => {
	const { env, args } = pushed(rightPush);
	const { query, body } = rightPush.options;
	const apart = { env, args: [...args, "--query", query], request: body };
	assert.equal(run("diagnose", apart).status, 0);
	assert.equal(run("verify", apart).status, 0);
	const computed = /[?&]signature=([0-9a-f]{40})/.exec(`?${query}`)[1];
	const found = run("diagnose", apart, "--given", computed, "--json").json();
	assert.deepEqual(
		found.mistakes.map(({ id }) => id),
		["encrypt-left-out"],
	);
});

test("the text that a program verifies is compared to its last line feed", () => {
	const { headers, body } = rightNotification.options;
	const text = [headers["Wechatpay-Timestamp"], headers["Wechatpay-Nonce"], body].join("\n");
	const given = ["--signed-text", file("text", text), "--json"];
	const { mistakes } = run("diagnose", notified(rightNotification), ...given).json();
	assert.deepEqual(
		mistakes.map(({ id }) => id),
		["text-last-line-feed"],
	);
});

test("verify: a push, the question for its URL, and plain mode, in which the body is nobody's", () => {
	const push = run("verify", pushed(rightPush));
	assert.deepEqual([push.status, push.stderr], [0, ""]);
	assert.match(push.stdout, /^✔ VERIFIED {2}push\n[\s\S]*\n {4}transactionId {2}4200001\n/);
	const changed = pushed(rightPush);
	const forged = run("verify", { ...changed, request: changed.request.replace("U9luQ", "U9luR") });
	assert.deepEqual(
		[forged.status, forged.stderr],
		[1, "Why the signature does not match: paysign diagnose FILE\n"],
	);

	const signature = "f21891de399b4e33a1a93c9a7b8a8fffb5a443ff";
	const request = `GET /push?signature=${signature}&timestamp=1410685589&nonce=test&echostr=59277 HTTP/1.1\n\n`;
	const env = { PAYSIGN_APP_ID: "wx1", PAYSIGN_PUSH_TOKEN: "test" };
	const asked = { env, args: ["--plain"], request };
	assert.deepEqual(run("verify", asked, "--json").json().content, { echostr: "59277" });
	const body = "<xml><MsgType>event</MsgType><Event>trade_manage_remind_access_api</Event></xml>";
	const plain = run("verify", { ...asked, request: request.replace("GET", "POST") + body });
	assert.equal(plain.status, 0);
	assert.match(plain.stdout, /\n {2}isProtected +false\n/);
	assert.match(plain.stderr, /^In plain mode nothing protects the body/);
});

test("verify: a notification of APIv3 at the time it came, under the key that Wechatpay-Serial names", () => {
	const { headers } = rightNotification.options;
	const at = ["--received-at", headers["Wechatpay-Timestamp"]];
	const right = run("verify", notified(rightNotification), ...at);
	assert.deepEqual([right.status, right.stderr], [0, ""]);
	assert.match(right.stdout, /^✔ VERIFIED {2}apiv3\n[\s\S]*\n {4}riskType {5}ONE_YUAN_PURCHASES\n/);
	const late = run("verify", notified(rightNotification), "--json");
	assert.deepEqual([late.status, late.json().error.code], [1, "NOTIFICATION_STALE"]);
	const wrong = run("verify", notified(wrongNotification), ...at, "--json");
	assert.deepEqual([wrong.status, wrong.json().error.code], [1, "SIGNATURE_MISMATCH"]);

	const spki = notifications.get("nothing is wrong, the key as an SPKI under its name");
	const [name] = Object.keys(spki.options.publicKeys);
	assert.match(name, /^PUB_KEY_ID_/);
	const spkiAt = ["--received-at", spki.options.headers["Wechatpay-Timestamp"]];
	assert.equal(run("verify", notified(spki), ...spkiAt).status, 0);
});

test("what is missing is said: 3, a sentence, in both languages", () => {
	const { request, env } = notified(rightNotification);
	const pem = rightNotification.options.publicKeys[keys.platform.serial];
	const cut = pem.replace(/\n(.{20}).*\n/, "\n$1\n");
	const unnamed = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
	const push = { input: pushed(rightPush).request, env: { PAYSIGN_APP_ID: "wx1" } };
	const rows = [
		[["verify"], { input: request, env }, /--public-keys FILE/],
		[["verify", "--public-keys", file("cut.pem", cut)], { input: request, env }, /Copy it again|重新复制/],
		[["verify", "--public-keys", file("unnamed.pem", unnamed)], { input: request, env }, /PUB_KEY_ID_/],
		[
			["verify", "--public-keys", file("unnamed.pem", unnamed)],
			{ input: request, env: {} },
			/PAYSIGN_API_V3_KEY/,
		],
		[["verify"], push, /PAYSIGN_PUSH_TOKEN/],
		[["verify", "--push-token", "abcdefgh"], push, /list of processes|进程列表/],
	];
	for (const [args, options, sentence] of rows) {
		const en = paysign(args, options);
		assert.deepEqual([en.status, en.stdout], [3, ""], en.stderr);
		assert.match(en.stderr, sentence);
		const zh = paysign([...args, "--lang", "zh"], options);
		assert.equal(zh.status, 3);
		assert.match(zh.stderr, sentence);
		assert.match(zh.stderr, /[\u4E00-\u9FFF]/);
	}
});
