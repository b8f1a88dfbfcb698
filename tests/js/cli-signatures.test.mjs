// `paysign sign`, `verify` and `explain`, against node:crypto.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { account, env, file, paysign } from "./support/cli.mjs";

const sha1 = (text) => createHash("sha1").update(text, "utf8").digest("hex");
const { appId, appKey } = account;
const feedback = sha1(`appid=wx1&appkey=${appKey}&openid=o-1&timestamp=1393400471`);
const fields = { appid: "wx1", openid: "o-1", timestamp: "1393400471" };

test("sign: words, JSON, a query and a file in GBK give the signature of the fields", () => {
	const words = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
	const rows = [
		[words, ""],
		[["-"], JSON.stringify(fields)],
		[[], words.join("&")],
		[[file("fields.json", JSON.stringify({ AppId: "wx1", OpenId: "o-1", TimeStamp: 1393400471 }))], ""],
	];
	for (const [operands, input] of rows) {
		const { status, stdout, stderr } = paysign(["sign", "feedback", ...operands], { input });
		assert.deepEqual([status, stdout, stderr], [0, `${feedback}\n`, ""]);
	}
	assert.deepEqual(paysign(["sign", "FEEDBACK", ...words, "--json"]).json(), {
		message: "feedback",
		signature: feedback,
	});
	// 已发货 in GBK: the signature is over UTF-8.
	const start = "appid=wx1&deliver_msg=";
	const end = "&deliver_status=1&deliver_timestamp=1&openid=o&out_trade_no=2&transid=3";
	const gbk = Buffer.concat([Buffer.from(start), Buffer.from("d2d1b7a2bbf5", "hex"), Buffer.from(end)]);
	const read = paysign(["sign", "deliverNotify", file("gbk.txt", gbk)]);
	const signed = `appid=wx1&appkey=${appKey}&deliver_msg=已发货&deliver_status=1&deliver_timestamp=1&openid=o&out_trade_no=2&transid=3`;
	assert.equal(read.stdout, `${sha1(signed)}\n`);
	assert.match(read.stderr, /read as GBK/);
});

test("sign --body and verify: an alarm there and back, with its content or the reason", () => {
	const words = ["timeStamp=1393860740", "description=发货超时\u001B[31m"];
	assert.equal(paysign(["sign", "alarm", "--body", ...words]).status, 3, "a control character");
	const { stdout: body } = paysign(["sign", "alarm", "--body", words[0], "description=发货超时"]);
	assert.match(body, /<Description><!\[CDATA\[发货超时\]\]>/);
	const en = paysign(["verify"], { input: body });
	assert.equal(en.status, 0);
	assert.match(en.stdout, /^✔ VERIFIED {2}alarm\n {2}appId {9}wxf8b4f85f3a794e77\n/);
	const zh = paysign(["verify", file("alarm.xml", body), "--lang", "zh"]);
	assert.match(zh.stdout, /^✔ 验证通过 {2}alarm\n/);
	const json = paysign(["verify", "--json"], { input: body }).json();
	assert.deepEqual(Object.keys(json), ["verified", "message", "content"]);
	assert.deepEqual([json.verified, json.message, json.content.errorType], [true, "alarm", "1001"]);

	const forged = { input: body.replace("1001", "1002") };
	const no = paysign(["verify"], forged);
	assert.equal(no.status, 1);
	assert.match(no.stdout, /NOT VERIFIED.*\n.*SIGNATURE_MISMATCH\n/);
	assert.match(no.stderr, /paysign diagnose FILE/);
	const document = paysign(["verify", "--json"], forged).json();
	assert.deepEqual(Object.keys(document), ["verified", "message", "error"]);
	assert.equal(document.error.code, "SIGNATURE_MISMATCH");
	const html = paysign(["verify"], { input: "<html>" });
	assert.deepEqual([html.status, html.stderr], [1, ""]);
	assert.match(html.stdout, /XML_ROOT/);
	const other = paysign(["verify", "--app-id", "wx2"], { input: body });
	assert.match(other.stdout, /APP_ID_MISMATCH/);
});

test("verify: feedback says what is not signed, a native package request and both halves of a payment", () => {
	const xml = (elements) =>
		`<xml>${Object.entries({ ...elements, SignMethod: "sha1" })
			.map(([name, value]) => `<${name}>${value}</${name}>`)
			.join("")}</xml>`;
	const signed = { OpenId: "o-1", AppId: appId, TimeStamp: "1393400471" };
	const AppSignature = sha1(`appid=${appId}&appkey=${appKey}&openid=o-1&timestamp=1393400471`);
	const said = paysign(["verify"], { input: xml({ ...signed, MsgType: "request", AppSignature }) });
	assert.equal(said.status, 0, said.stderr);
	assert.match(
		said.stdout,
		/VERIFIED {2}feedback\n[\s\S]*unverified +\(not signed.*\)\n {4}msgType +request\n/,
	);

	const asked = { ...signed, IsSubscribe: "1", ProductId: "p", NonceStr: "n" };
	const text = `appid=${appId}&appkey=${appKey}&issubscribe=1&noncestr=n&openid=o-1&productid=p&timestamp=1393400471`;
	const native = paysign(["verify", "--json"], { input: xml({ ...asked, AppSignature: sha1(text) }) });
	assert.equal(native.json().message, "nativePackageRequest");

	const half = { ...signed, IsSubscribe: "1", NonceStr: "n" };
	const buyer = `appid=${appId}&appkey=${appKey}&issubscribe=1&noncestr=n&openid=o-1&timestamp=1393400471`;
	const input = xml({ ...half, AppSignature: sha1(buyer) });
	const alone = paysign(["verify", "--message", "payNotify"], { input });
	assert.equal(alone.status, 3);
	assert.match(alone.stderr, /two halves.*--query/);
	const keyless = paysign(["verify", "--query", "a=b"], { input });
	assert.equal(keyless.status, 3);
	assert.match(keyless.stderr, /partner of the account is missing. Set PAYSIGN_PARTNER/);
	const partner = { ...env, PAYSIGN_PARTNER: "1900000109", PAYSIGN_PARTNER_KEY: "P".repeat(32) };
	const refused = paysign(["verify", "--query", "sign=00"], { input, env: partner });
	assert.equal(refused.status, 1, refused.stderr);
});

test("verify: a payment whose halves are both genuine, and one with a half that is not", () => {
	// Of one payment that somebody published.
	const row = (file, id) =>
		JSON.parse(readFileSync(new URL(`../vectors/${file}.json`, import.meta.url), "utf8")).vectors.find(
			(candidate) => candidate.id === id,
		);
	const order = row("dialects", "paynotify-query");
	const buyer = row("signatures", "paynotify");
	const elements = [...buyer.fields, ["AppSignature", buyer.signature], ["SignMethod", "sha1"]];
	const input = `<xml>${elements.map(([name, value]) => `<${name}>${value}</${name}>`).join("")}</xml>`;
	const query = [...order.fields, ["sign", order.signature]]
		.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
		.join("&");
	const { partner } = Object.fromEntries(order.fields);
	const credentials = {
		PAYSIGN_APP_ID: Object.fromEntries(buyer.fields).AppId,
		PAYSIGN_APP_KEY: buyer.key,
		PAYSIGN_PARTNER: partner,
		PAYSIGN_PARTNER_KEY: order.secret,
	};
	const verify = (given, ...more) => {
		const said = paysign(["verify", "--query", given, ...more], { input, env: credentials });
		for (const secret of [buyer.key, order.secret])
			assert(!`${said.stdout}${said.stderr}`.includes(secret), "a secret is printed");
		return said;
	};
	const shown = verify(query);
	assert.deepEqual([shown.status, shown.stderr], [0, ""], shown.stdout);
	assert.match(shown.stdout, /^✔ VERIFIED {2}payNotify\n {2}order\n/);
	assert.match(shown.stdout, /\n {4}totalFee +1\n[\s\S]*\n {2}buyer\n[\s\S]* {4}openid +111222\n/);
	const { verified, message, content } = verify(query, "--json").json();
	assert.deepEqual(
		[verified, message, content.order.partner, content.buyer.openid],
		[true, "payNotify", partner, "111222"],
	);
	const forged = verify(query.replace("total_fee=1", "total_fee=2"));
	assert.equal(forged.status, 1);
	assert.match(forged.stdout, /NOT VERIFIED[\s\S]*query half[\s\S]*SIGNATURE_MISMATCH/);
});

test("explain: the steps with the key masked, the verdict as exit code", () => {
	const right = { input: JSON.stringify({ ...fields, app_signature: feedback }) };
	const en = paysign(["explain"], right);
	assert.equal(en.status, 0, en.stderr);
	assert(en.stdout.includes(`   appid=wx1&appkey=«128 chars»&openid=o-1&timestamp=1393400471\n`), en.stdout);
	assert(en.stdout.endsWith(`   ${feedback}\n\n✔ The signature is right.\n`), en.stdout);
	const zh = paysign(["explain", "feedback", "--given", "00", "--lang", "zh"], right);
	assert.equal(zh.status, 1);
	assert.match(zh.stdout, /^1\. 参与签名的字段\n[\s\S]*✘ 签名不同。\n {3}给出的签名 {2}00\n/);
	const json = paysign(["explain", "feedback", "appid=wx1", "--json"]);
	assert.equal(json.status, 0);
	assert.equal(json.json().verdict, "not-given");
	assert.notEqual(json.json().problems.length, 0);
});

test("what cannot be used: 3, and what to do", () => {
	const rows = [
		[["sign"], {}, /one of alarm, deliverNotify/],
		[["sign", "refund"], {}, /one of alarm/],
		[["sign", "jsapi", "--body", "a=b"], {}, /--body builds these messages: deliverNotify/],
		[["sign", "feedback", "appid=wx1"], { env: {} }, /appKey of the account is missing. Set PAYSIGN_APP_KEY/],
		[["sign", "feedback", "appid=wx1", `appkey=${appKey}`], {}, /history/],
		[["sign", "feedback", "appid=wx1", "file"], {}, /not both/],
		[["verify", "--message", "jsapi"], {}, /--message with one of: alarm, payNotify/],
		[["verify", "--jsn"], {}, /Did you mean --json\?/],
		[["explain"], { input: '{"a":"b"}' }, /Which message/],
	];
	for (const [args, options, sentence] of rows) {
		const { status, stdout, stderr } = paysign(args, options);
		assert.deepEqual([status, stdout], [3, ""], args.join(" "));
		assert.match(stderr, sentence);
		const zh = paysign([...args, "--lang", "zh"], options);
		assert.equal(zh.status, 3);
		assert.match(zh.stderr, /[\u4E00-\u9FFF]/);
	}
});
