// Writes push.json: node tests/vectors/make-push.mjs
//
// Pushes with their verdicts, put together, encrypted and signed here with node:crypto alone, so that the core is judged by
// something that it did not write. What is published with its answer stands as it was published, and is checked here too. A
// push that must be refused has a right signature wherever that is possible: then nothing but the rule stands between it and
// acceptance. Nothing here is random or depends on the time; tests/js/push.test.mjs compares the file with a new run.

import assert from "node:assert/strict";
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const sha1 = (values) => {
	const sorted = values.map((value) => Buffer.from(value)).sort(Buffer.compare);
	return createHash("sha1").update(Buffer.concat(sorted)).digest("hex");
};
const keyOf = (encodingAesKey) => Buffer.from(`${encodingAesKey}=`, "base64");

/** AES-256-CBC without any padding of its own. */
function encryptBlocks(plain, encodingAesKey) {
	const key = keyOf(encodingAesKey);
	const cipher = createCipheriv("aes-256-cbc", key, key.subarray(0, 16)).setAutoPadding(false);
	return Buffer.concat([cipher.update(plain), cipher.final()]);
}

function padded(bytes) {
	const size = 32 - (bytes.length % 32);
	return Buffer.concat([bytes, Buffer.alloc(size, size)]);
}

/** What is encrypted: random bytes, length, message, receiver. Each can be made wrong. */
function plainOf(content, { appId, random = "0123456789abcdef", length }) {
	const message = Buffer.from(content);
	const size = Buffer.alloc(4);
	size.writeUInt32BE(length ?? message.length);
	return Buffer.concat([Buffer.from(random), size, message, Buffer.from(appId)]);
}

const account = {
	appId: "wx2c2769f8efd9abc2",
	token: "spamtest",
	encodingAesKey: ["abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"],
};
const plainAccount = { appId: account.appId, token: account.token, mode: "plain" };
const other = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq";
const timestamp = "1409735669";
const nonce = "1320562132";

const encrypt = (content, options = {}) =>
	encryptBlocks(
		padded(plainOf(content, { appId: account.appId, ...options })),
		account.encodingAesKey[0],
	).toString("base64");
const xmlEnvelope = (encrypted) =>
	`<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
const jsonEnvelope = (encrypted) => JSON.stringify({ ToUserName: "gh_10f6c3c3ac5a", Encrypt: encrypted });

/** The query of a push; what is `undefined` is left out. */
function queryOf(encrypted, changes = {}) {
	const signature = sha1([account.token, timestamp, nonce]);
	const signed = encrypted === undefined ? undefined : sha1([account.token, timestamp, nonce, encrypted]);
	const parameters = {
		signature,
		timestamp,
		nonce,
		openid: "oABC",
		encrypt_type: "aes",
		msg_signature: signed,
		...changes,
	};
	const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
	return given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}

const rows = [];
const row = (name, rest) => rows.push({ name, evidence: "self-computed", account, ...rest });

function accepted({ content, event, account: { appId, mode } = account, timestamp: sent = timestamp }) {
	const dedupKey = createHash("sha256").update(`${appId}\0${content}\0`).digest("hex");
	return {
		verdict: "ACCEPT",
		push: { appId, isProtected: mode !== "plain", content, timestamp: Number(sent), event, dedupKey },
	};
}

/** A push whose ciphertext is refused or not, in an envelope of XML. */
const pushed = (name, encrypted, verdict) =>
	row(name, { query: queryOf(encrypted), body: xmlEnvelope(encrypted), verdict });

// What is published, with its answer.

function published(name, given, envelope) {
	const { token, appId, encodingAesKey, timestamp, nonce, encrypted, signature, content, ...rest } = given;
	assert.equal(sha1([token, timestamp, nonce, encrypted]), signature, name);
	const key = keyOf(encodingAesKey);
	const decipher = createDecipheriv("aes-256-cbc", key, key.subarray(0, 16)).setAutoPadding(false);
	const plain = Buffer.concat([decipher.update(encrypted, "base64"), decipher.final()]);
	assert.deepEqual(plain, padded(plainOf(content, { appId, random: plain.subarray(0, 16) })), name);
	const owner = { appId, token, encodingAesKey: [encodingAesKey] };
	const { event, ...origin } = rest;
	rows.push({
		name,
		...origin,
		account: owner,
		query: `msg_signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`,
		body: envelope(encrypted),
		...accepted({ content, event, account: owner, timestamp }),
	});
}

const wechatpy = {
	evidence: "third-party-test",
	source: "wechatpy/wechatpy tests/test_crypto.py; the envelope is ours",
	token: "123456",
	appId: "wx49f0ab532d5d035a",
	encodingAesKey: "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR",
};
published(
	"msg-sig-echostr",
	{
		...wechatpy,
		timestamp: "1411443780",
		nonce: "437374425",
		encrypted: "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q==",
		signature: "dd6b9c95b495b3f7e2901bfbc76c664930ffdb96",
		content: "5927782489442352469",
		event: { type: "other", name: "", fields: {} },
	},
	xmlEnvelope,
);
published(
	"msg-sig-in",
	{
		...wechatpy,
		timestamp: "1411525903",
		nonce: "461056294",
		encrypted:
			"RgqEoJj5A4EMYlLvWO1F86ioRjZfaex/gePD0gOXTxpsq5Yj4GNglrBb8I2BAJVODGajiFnXBu7mCPatfjsu6IHCrsTyeDXzF6Bv283dGymzxh6ydJRvZsryDyZbLTE7rhnus50qGPMfp2wASFlzEgMW9z1ef/RD8XzaFYgm7iTdaXpXaG4+BiYyolBug/gYNx410cvkKR2/nPwBiT+P4hIiOAQqGp/TywZBtDh1yCF2KOd0gpiMZ5jSw3e29mTvmUHzkVQiMS6td7vXUaWOMZnYZlF3So2SjHnwh4jYFxdgpkHHqIrH/54SNdshoQgWYEvccTKe7FS709/5t6NMxuGhcUGAPOQipvWTT4dShyqio7mlsl5noTrb++x6En749zCpQVhDpbV6GDnTbcX2e8K9QaNWHp91eBdCRxthuL0=",
		signature: "74d92dfeb87ba7c714f89d98870ae5eb62dff26d",
		content:
			"<xml><ToUserName><![CDATA[wx49f0ab532d5d035a]]></ToUserName>\n<FromUserName><![CDATA[messense]]></FromUserName>\n<CreateTime>1411525903</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[test]]></Content>\n<MsgId>4363689963896700987</MsgId>\n<AgentID>1</AgentID>\n</xml>",
		event: {
			type: "other",
			name: "text",
			fields: {
				ToUserName: "wx49f0ab532d5d035a",
				FromUserName: "messense",
				CreateTime: "1411525903",
				MsgType: "text",
				Content: "test",
				MsgId: "4363689963896700987",
				AgentID: "1",
			},
		},
	},
	xmlEnvelope,
);

/** The plain part of a push in 兼容模式, with the ciphertext behind it, as the official sample has it. */
const bothEnvelope = (encrypted, text = "abcdteT") =>
	"<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName><FromUserName><![CDATA[oyORnuP8q7ou2gfYjqLzSIWZf0rs]]>" +
	"</FromUserName><CreateTime>1409735668</CreateTime><MsgType><![CDATA[text]]></MsgType>" +
	`<Content><![CDATA[${text}]]></Content><MsgId>6054768590064713728</MsgId>` +
	`<Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
const official = {
	evidence: "official-sample",
	source:
		"WeChat's sample code for message encryption, Python, Sample.py (2014); the decrypted text in several tests of others",
	...account,
	encodingAesKey: account.encodingAesKey[0],
	timestamp,
	nonce,
	encrypted:
		"hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE=",
	signature: "5d197aaffba7e9b25a30732f161a50dee96bd5fa",
	content:
		"<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName>\n<FromUserName><![CDATA[oyORnuP8q7ou2gfYjqLzSIWZf0rs]]></FromUserName>\n<CreateTime>1409735668</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[abcdteT]]></Content>\n<MsgId>6054768590064713728</MsgId>\n</xml>",
	event: {
		type: "other",
		name: "text",
		fields: {
			ToUserName: "gh_10f6c3c3ac5a",
			FromUserName: "oyORnuP8q7ou2gfYjqLzSIWZf0rs",
			CreateTime: "1409735668",
			MsgType: "text",
			Content: "abcdteT",
			MsgId: "6054768590064713728",
		},
	},
};
published("official-both", official, bothEnvelope);
published(
	"both-whose-plain-part-lies",
	{ ...official, source: `${official.source}; the plain part changed` },
	(encrypted) => bothEnvelope(encrypted, "pay me"),
);

/** Ciphertexts that were published with all that they are made of. */
const sample = {
	evidence: "official-sample",
	source: "WeChat's sample code for message encryption, Java, WXBizMsgCryptTest (2014)",
	appId: "wxb11529c136998cb6",
	encodingAesKey: account.encodingAesKey[0],
	random16: "aaaabbbbccccdddd",
};
const encryptions = [
	{
		name: "official-short",
		...sample,
		content: "我是中文abcd123",
		encrypted: "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==",
	},
	{
		name: "official-long",
		...sample,
		content:
			"<xml><ToUserName><![CDATA[oia2Tj我是中文jewbmiOUlr6X-1crbLOvLw]]></ToUserName><FromUserName><![CDATA[gh_7f083739789a]]></FromUserName><CreateTime>1407743423</CreateTime><MsgType><![CDATA[video]]></MsgType><Video><MediaId><![CDATA[eYJ1MbwPRJtOvIEabaxHs7TX2D-HV71s79GUxqdUkjm6Gs2Ed1KF3ulAOA9H1xG0]]></MediaId><Title><![CDATA[testCallBackReplyVideo]]></Title><Description><![CDATA[testCallBackReplyVideo]]></Description></Video></xml>",
		encrypted:
			"jn1L23DB+6ELqJ+6bruv23M2GmYfkv0xBh2h+XTBOKVKcgDFHle6gqcZ1cZrk3e1qjPQ1F4RsLWzQRG9udbKWesxlkupqcEcW7ZQweImX9+wLMa0GaUzpkycA8+IamDBxn5loLgZpnS7fVAbExOkK5DYHBmv5tptA9tklE/fTIILHR8HLXa5nQvFb3tYPKAlHF3rtTeayNf0QuM+UW/wM9enGIDIJHF7CLHiDNAYxr+r+OrJCmPQyTy8cVWlu9iSvOHPT/77bZqJucQHQ04sq7KZI27OcqpQNSto2OdHCoTccjggX5Z9Mma0nMJBU+jLKJ38YB1fBIz+vBzsYjrTmFQ44YfeEuZ+xRTQwr92vhA9OxchWVINGC50qE/6lmkwWTwGX9wtQpsJKhP+oS7rvTY8+VdzETdfakjkwQ5/Xka042OlUb1/slTwo4RscuQ+RdxSGvDahxAJ6+EAjLt9d8igHngxIbf6YyqqROxuxqIeIch3CssH/LqRs+iAcILvApYZckqmA7FNERspKA5f8GoJ9sv8xmGvZ9Yrf57cExWtnX8aCMMaBropU/1k+hKP5LVdzbWCG0hGwx/dQudYR/eXp3P0XxjlFiy+9DMlaFExWUZQDajPkdPrEeOwofJb",
	},
];
for (const { name, appId, encodingAesKey, random16: random, content, encrypted } of encryptions) {
	const bytes = encryptBlocks(padded(plainOf(content, { appId, random })), encodingAesKey);
	assert.equal(bytes.toString("base64"), encrypted, name);
}

// The events, in both formats, protected and not.

const order = {
	transaction_id: "4200001833202306160000000000",
	merchant_id: "1900000109",
	sub_merchant_id: "1900000110",
	merchant_trade_no: "JfuKdiBig4zZnE4n",
	pay_time: 1686900000,
};
const trade = {
	trade_manage_remind_access_api: { msg: "请接入发货信息管理服务 <API>" },
	trade_manage_remind_shipping: { ...order, msg: "您有订单超过48小时未发货" },
	trade_manage_order_settlement: {
		...order,
		shipped_time: 1686910000,
		estimated_settlement_time: 1687510000,
		confirm_receive_method: 2,
		confirm_receive_time: 1686990000,
		settlement_time: 1686990001,
	},
};
const wire = (name, fields) => ({
	ToUserName: "gh_10f6c3c3ac5a",
	FromUserName: "oyORnuP8q7ou2gfYjqLzSIWZf0rs",
	CreateTime: 1409735668,
	MsgType: "event",
	Event: name,
	...fields,
});
const camelCase = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
const origin = {
	toUserName: "gh_10f6c3c3ac5a",
	fromUserName: "oyORnuP8q7ou2gfYjqLzSIWZf0rs",
	createTime: "1409735668",
};
const typed = (type, fields, from = origin) => ({
	type,
	...from,
	...Object.fromEntries(Object.entries(fields).map(([name, value]) => [camelCase(name), String(value)])),
});
const toXml = (fields) => {
	const element = ([name, value]) =>
		typeof value === "number" ? `<${name}>${value}</${name}>` : `<${name}><![CDATA[${value}]]></${name}>`;
	return `<xml>${Object.entries(fields).map(element).join("\n")}\n</xml>`;
};

for (const [name, fields] of Object.entries(trade)) {
	const event = typed(name, fields);
	for (const [format, content, envelope] of [
		["xml", toXml(wire(name, fields)), xmlEnvelope],
		["json", JSON.stringify(wire(name, fields)), jsonEnvelope],
	]) {
		const encrypted = encrypt(content);
		row(`${name}-${format}`, {
			query: queryOf(encrypted),
			body: envelope(encrypted),
			...accepted({ content, event }),
		});
		row(`${name}-${format}-plain`, {
			account: plainAccount,
			query: queryOf(),
			body: content,
			...accepted({ content, event, account: plainAccount }),
		});
	}
}

/** Content, and the event that it is. */
function says(name, content, event) {
	const encrypted = encrypt(content);
	row(name, { query: queryOf(encrypted), body: xmlEnvelope(encrypted), ...accepted({ content, event }) });
}
const shipping = "trade_manage_remind_shipping";
const unknown = (name = "", fields = {}) => ({ type: "other", name, fields });

says("fields-may-be-absent", `{"Event":"${shipping}"}`, typed(shipping, {}, {}));
says("null-is-absent", `{"Event":"${shipping}","msg":null}`, typed(shipping, {}, {}));
says(
	"a-number-keeps-its-digits",
	`{"Event":"${shipping}","transaction_id":4200001833202306160000000000,"pay_time":1e3}`,
	typed(shipping, { transaction_id: "4200001833202306160000000000", pay_time: "1e3" }, {}),
);
says(
	"what-is-new-is-passed-over",
	`<xml><Event>${shipping}</Event><new><a><b/></a>text<a>x</a></new><msg>m</msg></xml>`,
	typed(shipping, { msg: "m" }, {}),
);
says(
	"new-members-are-passed-over",
	`{"Event":"${shipping}","new":[{"a":[]},"]",{}],"msg":"m"}`,
	typed(shipping, { msg: "m" }, {}),
);
says(
	"a-field-twice-is-no-event-of-the-table",
	`{"Event":"${shipping}","msg":"a","msg":"b"}`,
	unknown(shipping),
);
says(
	"an-element-twice-is-no-event-of-the-table",
	`<xml><Event>${shipping}</Event><msg>a</msg><msg>b</msg></xml>`,
	unknown(shipping),
);
says(
	"a-field-with-others-inside-is-no-event-of-the-table",
	`{"Event":"${shipping}","msg":{"a":1}}`,
	unknown(shipping),
);
says(
	"two-names-are-none",
	`<xml><Event>${shipping}</Event><Event>x</Event><MsgType>event</MsgType></xml>`,
	unknown("event"),
);
says(
	"another-event",
	"<xml><Event>wxa_punish_event</Event><level>1</level></xml>",
	unknown("wxa_punish_event", { Event: "wxa_punish_event", level: "1" }),
);
says(
	"an-event-that-is-not-flat",
	"<xml><MsgType>video</MsgType><Video><MediaId>1</MediaId></Video></xml>",
	unknown("video"),
);
says(
	"an-empty-element",
	"<xml><Event>a</Event><EventKey/></xml>",
	unknown("a", { Event: "a", EventKey: "" }),
);
says("elements-with-attributes", '<xml><Event a="b">a</Event></xml>', unknown());
says("a-comment-in-the-content", "<xml><Event>a</Event><!-- b --></xml>", unknown());
says(
	"escapes",
	String.raw`{"Event":"\u0061\ud83d\ude00\n\"\\\/","\u0062":true}`,
	unknown('a😀\n"\\/', { Event: 'a😀\n"\\/', b: "true" }),
);
says("half-a-surrogate-pair", String.raw`{"Event":"\ud83d"}`, unknown());
says(
	"the-name-of-a-prototype",
	'{"Event":"a","__proto__":"b","constructor":"c"}',
	unknown("a", { Event: "a", ["__proto__"]: "b", constructor: "c" }),
);
says("neither-format", "success", unknown());
says("nothing", "", unknown());
says("json-that-is-cut-off", '{"Event":"a"', unknown());
says("an-array", '[{"Event":"a"}]', unknown());
says("very-deep", `{"Event":"a","b":${"[".repeat(5000)}${"]".repeat(5000)}}`, unknown("a"));
says(
	"elements-very-deep",
	`<xml><Event>a</Event>${"<b>".repeat(3000)}${"</b>".repeat(3000)}</xml>`,
	unknown("a"),
);

// The signature.

const good = encrypt("<xml><Event>a</Event></xml>");
const goodEvent = unknown("a", { Event: "a" });
const goodRow = {
	body: xmlEnvelope(good),
	...accepted({ content: "<xml><Event>a</Event></xml>", event: goodEvent }),
};
const signature = sha1([account.token, timestamp, nonce, good]);
const flipped = (signature[0] === "0" ? "1" : "0") + signature.slice(1);
row("a-question-mark-before-the-query", { query: `?${queryOf(good)}`, ...goodRow });
row("parameters-of-the-urls-own", { query: `shop=1&${queryOf(good)}&shop=2`, ...goodRow });
row("upper-case-signature", { query: queryOf(good, { msg_signature: signature.toUpperCase() }), ...goodRow });
row("only-what-is-needed", {
	query: queryOf(good, { signature: undefined, openid: undefined, encrypt_type: undefined }),
	...goodRow,
});
const refused = (name, query, verdict, body = xmlEnvelope(good)) => row(name, { query, body, verdict });
refused("one-digit", queryOf(good, { msg_signature: flipped }), "SIGNATURE_MISMATCH");
refused("signature-cut-off", queryOf(good, { msg_signature: signature.slice(0, 39) }), "SIGNATURE_MISMATCH");
refused("signature-empty", queryOf(good, { msg_signature: "" }), "SIGNATURE_MISMATCH");
refused(
	"signature-of-the-url",
	queryOf(good, { msg_signature: sha1([account.token, timestamp, nonce]) }),
	"SIGNATURE_MISMATCH",
);
refused("no-msg-signature", queryOf(good, { msg_signature: undefined }), "FIELD_MISSING");
refused("no-timestamp", queryOf(good, { timestamp: undefined }), "FIELD_MISSING");
refused("no-nonce", queryOf(good, { nonce: undefined }), "FIELD_MISSING");
refused("nonce-twice", `${queryOf(good)}&nonce=${nonce}`, "FIELD_DUPLICATE");
refused("no-query", "", "QUERY_MALFORMED");
refused("a-parameter-without-a-value", `${queryOf(good)}&x`, "QUERY_MALFORMED");
refused("another-time", queryOf(good, { timestamp: "1409735670" }), "SIGNATURE_MISMATCH");
refused("another-nonce", queryOf(good, { nonce: "1320562133" }), "SIGNATURE_MISMATCH");
for (const wrong of ["", "14097356690", "-1409735669", "1e9", "１"]) {
	const signed = sha1([account.token, wrong, nonce, good]);
	refused(
		`timestamp-${encodeURIComponent(wrong) || "empty"}`,
		queryOf(good, { timestamp: wrong, msg_signature: signed }),
		"FIELD_MALFORMED",
	);
}
for (const [name, wrong] of [
	["empty", ""],
	["with-a-space", "a b"],
	["too-long", "n".repeat(64)],
]) {
	const signed = sha1([account.token, timestamp, wrong, good]);
	refused(`nonce-${name}`, queryOf(good, { nonce: wrong, msg_signature: signed }), "FIELD_MALFORMED");
}
const longest = "n".repeat(63);
row("nonce-longest", {
	query: queryOf(good, { nonce: longest, msg_signature: sha1([account.token, timestamp, longest, good]) }),
	...goodRow,
});

// The signed text has no separators, so characters of the ciphertext could pass for the end of the nonce. Without its first
// three blocks the ciphertext still decrypts, to whatever a sender can be made to repeat; the signature would be right.
{
	const inner = plainOf("<xml><Event>forged</Event></xml>", { appId: "", random: "" });
	const content = Buffer.concat([Buffer.alloc(16 + 12 + 16, "x"), inner]);
	// The nonce stands right before the ciphertext, and still does with what it has gained; one sender in some has it so.
	let [before, whole, moved, rest, genuine] = [];
	for (
		let n = 0;
		genuine === undefined || genuine !== sha1([account.token, timestamp, before + moved, rest]);
		n++
	) {
		whole = encrypt(content, { random: String(n).padStart(16, "0") });
		[before, moved, rest] = [whole.slice(0, 3), whole.slice(0, 64), whole.slice(64)];
		genuine = sha1([account.token, timestamp, before, whole]);
	}
	const key = keyOf(account.encodingAesKey[0]);
	const decipher = createDecipheriv("aes-256-cbc", key, key.subarray(0, 16)).setAutoPadding(false);
	const plain = Buffer.concat([decipher.update(rest, "base64"), decipher.final()]).subarray(16);
	assert.deepEqual(plain.subarray(0, inner.length), inner);
	row("ciphertext-passed-off-as-nonce", {
		query: queryOf(rest, { nonce: before + moved, msg_signature: genuine }),
		body: xmlEnvelope(rest),
		verdict: "FIELD_MALFORMED",
	});
}

// The ciphertext.

const wellFormed = "<xml><Event>a</Event></xml>";
const blocks = (plain) => encryptBlocks(plain, account.encodingAesKey[0]).toString("base64");
const base = plainOf(wellFormed, { appId: account.appId });
const withPadding = (bytes) => blocks(Buffer.concat([base, Buffer.from(bytes)]));
const missing = 32 - (base.length % 32);
assert.ok(missing > 2, "the rows below change two bytes of padding");
pushed("padding-of-zero", withPadding(Buffer.alloc(missing, 0)), "PUSH_UNREADABLE");
pushed(
	"padding-that-differs",
	withPadding([...Buffer.alloc(missing - 2, missing), missing - 1, missing]),
	"PUSH_UNREADABLE",
);
{
	// One byte short of whole blocks, so that the 33 bytes are all of the padding and nothing else is wrong.
	const content = `<xml><Event>${"a".repeat(missing)}</Event></xml>`;
	const short = plainOf(content, { appId: account.appId });
	const exact = Buffer.concat([short, Buffer.alloc(33, 33)]);
	assert.equal(exact.length % 32, 0);
	pushed("padding-of-33", blocks(exact), "PUSH_UNREADABLE");
}
pushed("padding-longer-than-everything", blocks(Buffer.alloc(16, 32)), "PUSH_UNREADABLE");
{
	const content = `<xml><Event>${"a".repeat(32 - (plainOf("<xml><Event></Event></xml>", { appId: account.appId }).length % 32))}</Event></xml>`;
	assert.equal(plainOf(content, { appId: account.appId }).length % 32, 0);
	const name = content.slice(12, -14);
	says("padding-of-a-whole-block", content, unknown(name, { Event: name }));
}
pushed("another-appid", encrypt(wellFormed, { appId: "wx2c2769f8efd9abc3" }), "PUSH_UNREADABLE");
pushed("no-appid", encrypt(wellFormed, { appId: "" }), "PUSH_UNREADABLE");
pushed("half-the-appid", encrypt(wellFormed, { appId: account.appId.slice(0, 9) }), "PUSH_UNREADABLE");
pushed("more-than-the-appid", encrypt(wellFormed, { appId: `${account.appId}0` }), "PUSH_UNREADABLE");
pushed("length-one-too-large", encrypt(wellFormed, { length: wellFormed.length + 1 }), "PUSH_UNREADABLE");
pushed("length-one-too-small", encrypt(wellFormed, { length: wellFormed.length - 1 }), "PUSH_UNREADABLE");
pushed("length-beyond-the-end", encrypt(wellFormed, { length: 1000 }), "PUSH_UNREADABLE");
pushed("length-largest", encrypt(wellFormed, { length: 0xffffffff }), "PUSH_UNREADABLE");
pushed("shorter-than-its-random-bytes", blocks(padded(Buffer.from("short"))), "PUSH_UNREADABLE");
pushed("shorter-than-its-length", blocks(padded(Buffer.from("0123456789abcdef\0\0"))), "PUSH_UNREADABLE");
const bytes = Buffer.from(good, "base64");
pushed("ciphertext-without-its-last-block", bytes.subarray(0, -32).toString("base64"), "PUSH_UNREADABLE");
pushed("ciphertext-cut-inside-a-block", bytes.subarray(0, -1).toString("base64"), "PUSH_UNREADABLE");
pushed("ciphertext-without-its-first-block", bytes.subarray(16).toString("base64"), "PUSH_UNREADABLE");
pushed("ciphertext-empty", "", "PUSH_UNREADABLE");
pushed("base64-without-padding", good.replace(/=*$/, "").slice(0, -1), "PUSH_UNREADABLE");
pushed("base64-of-another-alphabet", `-_${good.slice(2)}`, "PUSH_UNREADABLE");
pushed("base64-with-a-space", ` ${good}`, "PUSH_UNREADABLE");
pushed("base64-with-a-line-end", `${good.slice(0, 20)}\n${good.slice(20)}`, "PUSH_UNREADABLE");
pushed("not-base64", "你好", "PUSH_UNREADABLE");
pushed(
	"content-not-utf8",
	encrypt(Buffer.from("<xml><Event>\xff</Event></xml>", "latin1")),
	"PUSH_UNREADABLE",
);
pushed("content-with-nul", encrypt("<xml><Event>a\0</Event></xml>"), "PUSH_UNREADABLE");
pushed("content-with-a-byte-order-mark", encrypt("\ufeff<xml></xml>"), "PUSH_UNREADABLE");

// The keys.

const keyed = (name, encodingAesKey, verdict) =>
	row(name, { query: queryOf(good), ...goodRow, account: { ...account, encodingAesKey }, ...verdict });
keyed("keys-the-second-fits", [other, account.encodingAesKey[0]], {});
// 43 characters are 258 bits, of which the last two mean nothing.
keyed("key-whose-last-bits-differ", ["abcdefghijklmnopqrstuvwxyz0123456789ABCDEFE"], {});
const no = (verdict) => ({ verdict, push: undefined });
keyed("key-of-another", [other], no("PUSH_UNREADABLE"));
keyed("key-of-42-characters", [other.slice(1)], no("ARGUMENT_INVALID"));
keyed("key-of-44-characters", [`${account.encodingAesKey[0]}=`], no("ARGUMENT_INVALID"));
keyed("key-not-base64", [`_${other.slice(1)}`], no("ARGUMENT_INVALID"));
keyed("key-not-ascii", [`é${other.slice(2)}`], no("ARGUMENT_INVALID"));
keyed("no-key", [], no("ARGUMENT_INVALID"));
for (const [name, token] of [
	["too-short", "ab"],
	["too-long", "t".repeat(33)],
	["with-a-line-end", "spamtest\n"],
]) {
	row(`token-${name}`, {
		query: queryOf(good),
		body: xmlEnvelope(good),
		account: { ...account, token },
		verdict: "ARGUMENT_INVALID",
	});
}

// The envelope.

const wrapped = (name, body, verdict) => row(name, { query: queryOf(good), body, verdict });
const fine = (name, body) => row(name, { query: queryOf(good), ...goodRow, body });
fine("encrypt-alone", `<xml><Encrypt>${good}</Encrypt></xml>`);
fine(
	"encrypt-in-json-beside-anything",
	JSON.stringify({ Encrypt: good, a: { Encrypt: "x" }, b: [1, null], c: null }),
);
fine("encrypt-beside-anything", `<xml><a><Encrypt>x</Encrypt></a><b_1/><Encrypt>${good}</Encrypt></xml>`);
fine("json-with-an-escaped-name", `{"Enc\\u0072ypt":"${good.replaceAll("/", "\\/")}"}`);
wrapped(
	"encrypt-twice",
	`<xml><Encrypt>${good}</Encrypt><Encrypt>${good}</Encrypt></xml>`,
	"FIELD_DUPLICATE",
);
wrapped("encrypt-twice-in-json", `{"Encrypt":"x","Encrypt":"${good}"}`, "FIELD_DUPLICATE");
wrapped("encrypt-twice-by-an-escape", `{"Enc\\u0072ypt":"x","Encrypt":"${good}"}`, "FIELD_DUPLICATE");
wrapped("no-encrypt", wellFormed, "FIELD_MISSING");
wrapped("no-encrypt-in-json", '{"Event":"a"}', "FIELD_MISSING");
wrapped("encrypt-null", '{"Encrypt":null}', "FIELD_MISSING");
wrapped("encrypt-in-another-case", `<xml><encrypt>${good}</encrypt></xml>`, "FIELD_MISSING");
wrapped("encrypt-inside-another", `<xml><a><Encrypt>${good}</Encrypt></a></xml>`, "FIELD_MISSING");
wrapped("encrypt-with-elements-inside", `<xml><Encrypt>${good}<a/></Encrypt></xml>`, "FIELD_MALFORMED");
wrapped("encrypt-an-array", `{"Encrypt":["${good}"]}`, "FIELD_MALFORMED");
wrapped("body-empty", "", "XML_ROOT");
wrapped("body-html", "<html></html>", "XML_ROOT");
wrapped("body-cut-off", xmlEnvelope(good).slice(0, -3), "XML_TRUNCATED");
wrapped("body-with-more-behind", `${xmlEnvelope(good)}x`, "XML_TRAILING");
wrapped("body-with-a-doctype", `<!DOCTYPE xml>${xmlEnvelope(good)}`, "XML_DOCTYPE");
wrapped("body-with-an-entity", `<xml><Encrypt>&a;</Encrypt></xml>`, "XML_REFERENCE");
wrapped("body-with-a-comment", xmlEnvelope(good).replace("<Encrypt>", "<!-- --><Encrypt>"), "XML_MARKUP");
wrapped("body-with-an-attribute", xmlEnvelope(good).replace("<Encrypt>", '<Encrypt a="b">'), "XML_TAG");
wrapped("body-with-crossed-tags", `<xml><Encrypt>${good}</xml></Encrypt>`, "XML_TAG");
wrapped(
	"body-with-crossed-tags-inside",
	xmlEnvelope(good).replace("<Encrypt>", "<a><b></a></b><Encrypt>"),
	"XML_TAG",
);
wrapped("body-with-text-between", xmlEnvelope(good).replace("<Encrypt>", "x<Encrypt>"), "XML_TEXT");
wrapped("body-json-cut-off", jsonEnvelope(good).slice(0, -1), "JSON_MALFORMED");
wrapped("body-json-with-more-behind", `${jsonEnvelope(good)}{}`, "JSON_MALFORMED");
wrapped("body-json-with-a-comma-too-many", `${jsonEnvelope(good).slice(0, -1)},}`, "JSON_MALFORMED");
wrapped("body-json-with-a-comment", `{/**/${jsonEnvelope(good).slice(1)}`, "JSON_MALFORMED");
wrapped("body-json-in-single-quotes", jsonEnvelope(good).replaceAll('"', "'"), "JSON_MALFORMED");
wrapped("body-json-array", `[${jsonEnvelope(good)}]`, "XML_ROOT");
row("body-too-large", { query: queryOf(good), repeat: ["A", 65_537], verdict: "XML_TOO_LARGE" });
wrapped("body-with-nul", `{"Encrypt":"\0"}`, "XML_FORBIDDEN_CHARACTER");
wrapped("body-with-a-byte-order-mark", `\ufeff${jsonEnvelope(good)}`, "XML_ROOT");
row("body-not-utf8", {
	query: queryOf(good),
	body_b64: Buffer.concat([Buffer.from(xmlEnvelope(good)), Buffer.from([0xff])]).toString("base64"),
	verdict: "XML_NOT_UTF8",
});

// Plain mode, in which anything is believed that comes with a query that was seen once.

const plain = (name, rest) =>
	row(name, { account: plainAccount, query: queryOf(), body: wellFormed, ...rest });
plain("plain", accepted({ content: wellFormed, event: goodEvent, account: plainAccount }));
plain("plain-with-a-forged-body", {
	body: "<xml><Event>forged</Event></xml>",
	...accepted({
		content: "<xml><Event>forged</Event></xml>",
		event: unknown("forged", { Event: "forged" }),
		account: plainAccount,
	}),
});
plain("plain-with-one-digit", {
	query: queryOf(undefined, { signature: flipped }),
	verdict: "SIGNATURE_MISMATCH",
});
plain("plain-without-a-signature", {
	query: queryOf(undefined, { signature: undefined }),
	verdict: "FIELD_MISSING",
});
plain("plain-with-a-msg-signature-only", {
	query: queryOf(good, { signature: undefined }),
	verdict: "FIELD_MISSING",
});
plain("plain-and-encrypted", { query: queryOf(good), body: xmlEnvelope(good), verdict: "FIELD_UNKNOWN" });
plain("plain-and-both", { query: queryOf(good), body: bothEnvelope(good), verdict: "FIELD_UNKNOWN" });
plain("plain-and-encrypted-json", {
	query: queryOf(good),
	body: jsonEnvelope(good),
	verdict: "FIELD_UNKNOWN",
});
plain("plain-not-utf8", {
	body: undefined,
	body_b64: Buffer.from([0xff]).toString("base64"),
	verdict: "XML_NOT_UTF8",
});
plain("plain-too-large", { body: undefined, repeat: ["A", 65_537], verdict: "XML_TOO_LARGE" });
row("a-plain-push-where-an-encrypted-one-must-be", {
	query: queryOf(),
	body: wellFormed,
	verdict: "FIELD_MISSING",
});

// The question for the URL.

const urls = [];
const token = { token: "test", timestamp: "1410685589", nonce: "test" };
const tokenSignature = "f21891de399b4e33a1a93c9a7b8a8fffb5a443ff";
assert.equal(sha1(Object.values(token)), tokenSignature);
function asked(name, changes, verdict, echo) {
	const parameters = {
		signature: tokenSignature,
		timestamp: token.timestamp,
		nonce: token.nonce,
		echostr: "5927782489",
		...changes,
	};
	const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
	const query = given.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&");
	urls.push({
		name,
		evidence: "self-computed",
		token: "test",
		query,
		verdict,
		...(echo !== undefined && { echo }),
	});
}
asked("server-token", {}, "ACCEPT", "5927782489");
Object.assign(urls[0], {
	evidence: "third-party-test",
	source: "wechatpy/wechatpy tests/test_utils.py; the echostr is ours",
});
asked("echo-of-base64", { echostr: "aZ09+/=_-" }, "ACCEPT", "aZ09+/=_-");
asked("echo-longest", { echostr: "1".repeat(256) }, "ACCEPT", "1".repeat(256));
asked("echo-too-long", { echostr: "1".repeat(257) }, "FIELD_MALFORMED");
asked("echo-of-markup", { echostr: "<script>alert(1)</script>" }, "FIELD_MALFORMED");
asked("echo-with-a-line-end", { echostr: "1\r\nSet-Cookie: a=b" }, "FIELD_MALFORMED");
asked("echo-empty", { echostr: "" }, "FIELD_MALFORMED");
asked("no-echo", { echostr: undefined }, "FIELD_MISSING");
asked("url-with-one-digit", { signature: `0${tokenSignature.slice(1)}` }, "SIGNATURE_MISMATCH");
asked("url-without-a-signature", { signature: undefined }, "FIELD_MISSING");
asked(
	"url-with-a-msg-signature-only",
	{ signature: undefined, msg_signature: tokenSignature },
	"FIELD_MISSING",
);
urls.push({
	name: "url-without-a-query",
	evidence: "self-computed",
	token: "test",
	query: "?",
	verdict: "QUERY_MALFORMED",
});

const file = {
	about:
		"Written by make-push.mjs. vectors: pushes, each with its account and its verdict; push is what an accepted one must be read as. urls: questions for the URL, with what is to be echoed. encryptions: ciphertexts with all that they are made of. evidence says where a row comes from, as in signatures.json; official-sample is the sample code that WeChat published.",
	vectors: rows,
	urls,
	encryptions,
};
writeFileSync(
	process.argv[2] ?? fileURLToPath(new URL("push.json", import.meta.url)),
	`${JSON.stringify(file, null, "\t")}\n`,
);
