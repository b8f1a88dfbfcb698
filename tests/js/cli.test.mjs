// The command line as a process: what it prints, how it ends, and that no secret comes out.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { align } from "../../pkg/cli/align.js";
import { diagnose } from "../../pkg/cli/diagnose.js";
import { report } from "../../pkg/cli/report.js";

const cli = fileURLToPath(new URL("../../pkg/cli.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "paysign-cli-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const appKey = "K".repeat(64) + "x".repeat(64);
const fields = { appid: "wx1", openid: "o-1", timestamp: "1393400471" };
const sha1 = (text) => createHash("sha1").update(text, "utf8").digest("hex");
const right = sha1(`appid=wx1&appkey=${appKey}&openid=o-1&timestamp=1393400471`);
const camel = sha1(`AppId=wx1&OpenId=o-1&TimeStamp=1393400471&appkey=${appKey}`);

const bodyWith = (signature) => JSON.stringify({ ...fields, sign: signature });

function file(name, content) {
	const path = join(folder, name);
	writeFileSync(path, content);
	return path;
}

/** Runs it without a terminal, in an environment that is only what is given. */
function paysign(args, { input = "", env = {} } = {}) {
	// Windows starts nothing without its SystemRoot.
	const base = process.env.SystemRoot === undefined ? {} : { SystemRoot: process.env.SystemRoot };
	const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
		input,
		env: { ...base, ...env },
		encoding: "utf8",
		timeout: 60_000,
	});
	for (const said of [stdout, stderr]) {
		assert(!said.includes("KKKK") && !said.includes("xxxx"), "a secret is printed");
		assert(!said.includes("\u001B"), "colours without a terminal");
	}
	return { status, stdout, stderr };
}

const env = { PAYSIGN_APP_KEY: appKey };

test("a right signature: 0, and nothing more than that", () => {
	const { status, stdout, stderr } = paysign(["diagnose"], { input: bodyWith(right), env });
	assert.equal(status, 0);
	assert.equal(stderr, "");
	assert.equal(
		stdout,
		`════════════
  ✔  MATCH
════════════

The signature is right.

The text that was hashed, as it must be
  appid=wx1&appkey=«128 chars»&openid=o-1&timestamp=1393400471

message        feedback
its signature  ${right}
yours          ${right}

Worth a look
  ! The time stamp is more than a day old. If the message is new, the clock of the machine that signs is slow.  time-far-off
`,
	);
});

test("the clock and the account's AppId are what remarks are made by", async () => {
	const remarks = async (now, ...args) => {
		let said = "";
		const world = {
			language: "en",
			environment: env,
			colour: false,
			columns: 80,
			now: () => now,
			out: (text) => {
				said += text;
			},
			complain: assert.fail,
			read: assert.fail,
			readMessage: async () => bodyWith(right),
		};
		assert.equal(await diagnose(["--json", ...args], world), 0);
		return JSON.parse(said).lints.map(({ id }) => id);
	};
	assert.deepEqual(await remarks(1393400471, "--app-id", "wx1"), []);
	assert.deepEqual(await remarks(1393400471 + 86_401, "--app-id=wx2"), ["app-id-differs", "time-far-off"]);
});

test("what was signed beside what was sent: the fields that differ, with proof", () => {
	const sent = file("sent.json", JSON.stringify({ ...fields, openid: "o-2", sign: right }));
	const hashed = `appid=wx1&appkey=${appKey}&openid=o-1&timestamp=1393400471\n`;
	const args = ["diagnose", sent, "--signed-text", "-", "--app-id", "wx1"];
	const { status, stdout, stderr } = paysign(args, { input: hashed });
	assert.equal(status, 1);
	assert.equal(stderr, "");
	assert.match(stdout, /\n1\. .+ It is openid\. {2}field-differs:openid\n/);
	assert.match(stdout, /\nFields that differ\n {2}openid\n {4}sent {4}o-2\n {4}signed {2}o-1\n/);

	const zh = paysign([...args, "--lang", "zh"], { input: "array('openid' => '', 'appid' => 'wx1');", env });
	assert.equal(zh.status, 2);
	assert.match(
		zh.stdout,
		/\n不同的字段\n {2}openid\n {4}发送 {2}o-2\n {4}签名\n {2}timestamp\n.*\n {4}签名 {2}（没有）\n/,
	);
});

test("a message in GBK is read, and that is said", () => {
	// 已发货 in GBK.
	const message = Buffer.from([0xd2, 0xd1, 0xb7, 0xa2, 0xbb, 0xf5]);
	const delivery = {
		appid: "wx1",
		openid: "o-1",
		transid: "1",
		out_trade_no: "2",
		deliver_timestamp: "1393400471",
		deliver_status: "1",
	};
	const start = `appid=wx1&appkey=${appKey}&deliver_msg=`;
	const end = "&deliver_status=1&deliver_timestamp=1393400471&openid=o-1&out_trade_no=2&transid=1";
	const inGbk = createHash("sha1").update(start).update(message).update(end).digest("hex");
	const json = JSON.stringify({ ...delivery, app_signature: inGbk, deliver_msg: "?" });
	const [head, tail] = json.split("?");
	const input = Buffer.concat([Buffer.from(head), message, Buffer.from(tail)]);
	const { status, stdout, stderr } = paysign(["diagnose"], { input, env });
	assert.equal(status, 1);
	assert.equal(stderr, "FILE is not UTF-8; it was read as GBK.\n");
	assert.match(stdout, /charset-gbk/);
	assert.match(stdout, /deliver_msg=已发货/);
	// A key is ASCII: there is nothing to guess in its file.
	const secrets = file("gbk.env", Buffer.concat([Buffer.from("appKey="), message]));
	assert.equal(paysign(["diagnose", "--secrets", secrets], { input: bodyWith(right) }).status, 3);
});

test("an explained one: 1, with the fix, both texts and the marks", () => {
	const path = file(
		"body.json",
		bodyWith(sha1(`appid=wx1&appkey=${appKey}\n&openid=o-1&timestamp=1393400471`)),
	);
	const { status, stdout, stderr } = paysign(["diagnose", path, "--lang", "en"], { env });
	assert.equal(status, 1);
	assert.equal(stderr, "");
	assert.match(stdout, / {2}✘ {2}EXPLAINED\n/);
	assert.match(stdout, /\n1\. .+\. {2}key-newline\n {3}→ .+\.\n/);
	assert(
		stdout.includes(`
  must be  appid=wx1&appkey=«128 chars» &openid=o-1&timestamp=1393400471
  was      appid=wx1&appkey=«128 chars»␊&openid=o-1&timestamp=1393400471
                                       ^
`),
		stdout,
	);
	assert.match(stdout, /\nRuled out, [\d,]+ candidates in all\n( {2}[a-z ]+ +[\d,]+\n)+/);
});

test("the same in Chinese, by option and by environment", () => {
	const input = bodyWith(right.toUpperCase());
	const byOption = paysign(["diagnose", "--lang=zh", "-"], { input, env });
	const byEnvironment = paysign(["diagnose"], { input, env: { ...env, LANG: "zh_CN.UTF-8" } });
	assert.equal(byOption.status, 1);
	assert.deepEqual(byOption, byEnvironment);
	assert.match(byOption.stdout, / {2}✘ {2}已查明\n/);
	assert.match(byOption.stdout, /\n1\. .+。 {2}signature-upper-case\n {3}→ .+。\n/);
	assert.match(byOption.stdout, /\n正确的签名 {2}[0-9a-f]{40}\n/);
	assert(!/[a-z]{4} [a-z]{4}/.test(byOption.stdout.replaceAll("128 chars", "")), byOption.stdout);
	const preferred = paysign(["diagnose"], { input, env: { ...env, LC_ALL: "C", LANG: "zh_CN.UTF-8" } });
	assert.match(preferred.stdout, /EXPLAINED/);
});

test("an unexplained one: 2, and what was ruled out", () => {
	const { status, stdout } = paysign(["diagnose", "--given", "0".repeat(40)], {
		input: bodyWith(right),
		env,
	});
	assert.equal(status, 2);
	assert.match(stdout, / {2}\? {2}UNEXPLAINED\n/);
	assert.match(stdout, /\nThe text that must be hashed\n {2}appid=/);
	assert.match(stdout, /\n {2}the key +[\d,]+\n/);
});

test("--json is the diagnosis of the package", () => {
	const { status, stdout } = paysign(["diagnose", "--json"], { input: bodyWith(camel), env });
	const diagnosis = JSON.parse(stdout);
	assert.equal(status, { match: 0, explained: 1, unexplained: 2 }[diagnosis.verdict]);
	assert.equal(diagnosis.documentedSignature, right);
	assert(Array.isArray(diagnosis.excluded) && Array.isArray(diagnosis.lints));
});

test("secrets come from a file too, untrimmed but for the line end", () => {
	const input = bodyWith(right);
	const rows = [
		["lines.env", `# keys\r\nPAYSIGN_APP_KEY=${appKey}\r\n\r\npartnerKey=1\r\n`, []],
		["json.env", JSON.stringify({ appKey }), []],
		["bom.env", `\uFEFFappKey=${appKey}`, []],
		["space.env", `appKey=${appKey} \n`, ["key-trimmed"]],
	];
	for (const [name, content, ids] of rows) {
		const args = ["diagnose", "--json", "--secrets", file(name, content)];
		const { stdout, stderr } = paysign(args, { input, env: { PAYSIGN_APP_KEY: "overridden" } });
		assert.equal(stderr, "");
		assert.deepEqual(
			JSON.parse(stdout).mistakes.map(({ id }) => id),
			ids,
			name,
		);
	}
	const bad = [
		["a.env", `${appKey}\n`, /Line 1 .* not NAME=value/],
		["b.env", `{"appKey": ${appKey}}`, /no JSON object/],
		["c.env", '{"appKey": 5}', /no JSON object/],
	];
	for (const [name, content, sentence] of bad) {
		const { status, stderr } = paysign(["diagnose", "--secrets", file(name, content)], { input });
		assert.equal(status, 3);
		assert.match(stderr, sentence);
	}
});

test("a secret on the command line is refused, and why", () => {
	const ways = [["--app-key", appKey], [`--appKey=${appKey}`], ["--app-secret", appKey], ["-key", appKey]];
	for (const way of ways) {
		const en = paysign(["diagnose", ...way], { input: bodyWith(right) });
		assert.deepEqual([en.status, en.stdout], [3, ""]);
		assert.match(en.stderr, /history.*list of processes.*PAYSIGN_APP_KEY.*--secrets/);
		const zh = paysign(["diagnose", "--lang", "zh", ...way], { input: bodyWith(right) });
		assert.equal(zh.status, 3);
		assert.match(zh.stderr, /历史记录.*PAYSIGN_APP_KEY.*--secrets/);
	}
});

test("a call or an input that cannot be used: 3, a sentence on standard error, nothing on standard output", () => {
	const input = bodyWith(right);
	const rows = [
		[[], {}, /paysign diagnose \[FILE\]/],
		[[appKey], {}, /no such command/],
		[["diagnose", "--appkye", appKey], { input }, /no such option.*--message/],
		[["diagnose", "a", appKey], { input }, /one FILE/],
		[["diagnose", "--given"], { input }, /--given wants a value/],
		[["diagnose", "--lang", "fr"], { input }, /en or zh/],
		[["diagnose", join(folder, "absent")], {}, /FILE cannot be read: ENOENT/],
		[["diagnose", "--secrets", join(folder, "absent")], { input }, /--secrets cannot be read: ENOENT/],
		[
			["diagnose", "--signed-text", join(folder, "absent")],
			{ input },
			/--signed-text cannot be read: ENOENT/,
		],
		[["diagnose", "--signed-text", "-"], { input }, /both be standard input/],
		[["diagnose", "--signed-text", file("hello", "hello")], { input }, /No field was found in --signed-text/],
		[["diagnose"], { input: Buffer.from([0xff]) }, /no charset that is read here/],
		[["diagnose"], { input: "hello" }, /No field was found/],
		[["diagnose"], { input: '{"a":"b"}' }, /Pass --message with one of: alarm, .*editAddress/],
		[["diagnose", "--message", "refund"], { input }, /Pass --message/],
		[["diagnose"], { input: JSON.stringify(fields) }, /Pass the one that does not match: --given/],
	];
	for (const [args, options, sentence] of rows) {
		const { status, stdout, stderr } = paysign(args, options);
		assert.equal(status, 3, stderr);
		assert.equal(stdout, "");
		assert.match(stderr, sentence);
		const zh = paysign(args, { ...options, env: { LANG: "zh_CN.UTF-8" } });
		assert.equal(zh.status, 3);
		assert.match(zh.stderr, args.includes("fr") ? /en or zh/ : /[\u4E00-\u9FFF]/);
	}
});

test("--help teaches, in both languages", () => {
	for (const [lang, words] of [
		["en", ["Exit code: 0", "never from the command line"]],
		["zh", ["退出码：0", "不能写在命令行里"]],
	]) {
		const { status, stdout } = paysign(["diagnose", "--help", "--lang", lang]);
		assert.equal(status, 0);
		for (const word of [
			...words,
			"PAYSIGN_APP_KEY",
			"--secrets FILE",
			"--given HEX",
			"--signed-text FILE",
			"--app-id ID",
			"--json",
			"editAddress",
		]) {
			assert(stdout.includes(word), word);
		}
	}
	assert.match(paysign(["--help"]).stdout, /paysign diagnose \[FILE\]/);
	assert.match(paysign(["--version"]).stdout, /^\d+\.\d+\.\d+\n$/);
});

test("on a terminal colours take the place of the marks", () => {
	const diagnosis = {
		verdict: "explained",
		mistakes: [
			{ id: "names-as-is", sentence: { en: "Wrong.", zh: "错。" }, fix: { en: "Mend.", zh: "改。" } },
		],
		alternatives: [],
		documentedText: "a=1",
		documentedSignature: right,
		signedText: "A=1",
		differences: [{ documented: [0, 1], signed: [0, 1] }],
		fieldDifferences: [],
		excluded: [],
		tried: 1,
		exhausted: false,
		lints: [{ id: "hint", sentence: { en: "Look.", zh: "看。" } }],
	};
	const look = { language: "en", colour: true, columns: 80 };
	const text = report(diagnosis, { message: "alarm", given: camel }, look);
	assert(text.includes("  must be  \u001B[1;32ma\u001B[0m=1\n  was      \u001B[1;31mA\u001B[0m=1\n"), text);
	assert(!text.includes("^"));
	assert(text.includes("  ! Look."));
});

test("invisible characters become symbols, wide ones keep their columns", () => {
	const documented = "已 a\t\n\r\uFEFF\u200B\u001B１";
	const [chunk, ...more] = align(documented, "x", [{ documented: [0, 10], signed: [0, 1] }], 80);
	assert.deepEqual(more, []);
	assert.deepEqual(chunk.upper, [{ text: "已·a→␊␍⟨BOM⟩⟨ZWSP⟩⟨U+001B⟩１", differs: true }]);
	assert.equal(chunk.marks.length, 2 + 5 + 5 + 6 + 8 + 2);
	const chunks = align("a".repeat(25), "a".repeat(25), [], 10);
	assert.deepEqual(
		chunks.map(({ upper, marks }) => [upper[0].text.length, marks]),
		[
			[10, ""],
			[10, ""],
			[5, ""],
		],
	);
});
