// Makes push-mistakes.json: message pushes that were genuine until somebody made a known mistake, and hopeless ones.
//
//     node tests/vectors/make-push-mistakes.mjs
//
// It shares nothing with the package. Nothing is random or depends on the time: a second run writes the same file.
import { createCipheriv, createHash } from "node:crypto";
import { writeFileSync } from "node:fs";

const account = {
	appId: "wx2c2769f8efd9abc2",
	token: "spamtestX",
	encodingAesKey: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
};
const otherKey = "9Kq3nB7xYc2LmR8tVw5ZsDf1GhJ4pQaE6uTiOoPyXrN";
const component = "wx7d1a9b2c3e4f5061";
const time = "1409735669";
const nonce = "1320562132";
const content =
	"<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName><CreateTime>1409735668</CreateTime>" +
	"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[trade_manage_remind_shipping]]></Event>" +
	"<transaction_id><![CDATA[4200001]]></transaction_id><msg><![CDATA[请尽快发货]]></msg></xml>";

const sha1 = (values) => createHash("sha1").update(values.join("")).digest("hex");
const sorted = (...values) => sha1(values.sort());

/** The first 16 bytes before the message under which the ciphertext has a plus sign and a slash. */
function encrypt(message, { encodingAesKey = account.encodingAesKey, appId = account.appId, pad } = {}) {
	const key = Buffer.from(`${encodingAesKey}=`, "base64");
	for (let number = 0; ; number += 1) {
		const random = createHash("md5").update(String(number)).digest();
		const length = Buffer.alloc(4);
		length.writeUInt32BE(Buffer.byteLength(message));
		const bytes = Buffer.concat([random, length, Buffer.from(message), Buffer.from(appId)]);
		const padding = 32 - (bytes.length % 32);
		const cipher = createCipheriv("aes-256-cbc", key, key.subarray(0, 16)).setAutoPadding(false);
		const padded = Buffer.concat([bytes, Buffer.alloc(padding - 1, pad ?? padding), Buffer.of(padding)]);
		const text = Buffer.concat([cipher.update(padded), cipher.final()]).toString("base64");
		if (/\+.*\//.test(text)) return text;
	}
}

const asXml = (value) =>
	`<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName><Encrypt><![CDATA[${value}]]></Encrypt></xml>`;
const asJson = (value) => JSON.stringify({ ToUserName: "gh_10f6c3c3ac5a", Encrypt: value });

const rows = [];

/** A row: what was genuine, what is in hand, what must be found. */
function row(name, expect, change = {}) {
	const {
		message = content,
		encrypted = encrypt(message, change),
		inHand = encrypted,
		write = asXml,
		body = write(inHand),
		query = {},
		signed = sorted,
		options = {},
	} = change;
	const parameters = {
		signature: sorted(account.token, time, nonce),
		timestamp: time,
		nonce,
		encrypt_type: "aes",
		msg_signature: signed(account.token, time, nonce, encrypted),
		...query,
	};
	const given = Object.entries(parameters).filter(([, value]) => value !== null);
	const [signature, state] = expect.checks ?? ["explained", "right"];
	rows.push({
		name,
		options: { query: String(new URLSearchParams(given)), body, ...account, ...options },
		expect: {
			verdict: expect.verdict ?? "explained",
			signature,
			content: state,
			mistakes: expect.mistakes ?? [],
			lints: expect.lints ?? [],
			decrypted: ["right", "explained"].includes(state) ? message : null,
		},
	});
}

const right = { verdict: "match", checks: ["right", "right"] };
const wrongContent = (...mistakes) => ({ mistakes, checks: ["right", "explained"] });
const wrongSignature = (...mistakes) => ({ mistakes });

row("nothing is wrong", right);
row("nothing is wrong, JSON", right, { write: asJson });
row("nothing is wrong, no CDATA", right, { write: (value) => `<xml><Encrypt>${value}</Encrypt></xml>` });
row("nothing is wrong, both plain and encrypted", right, {
	write: (value) => content.replace("</xml>", `<Encrypt><![CDATA[${value}]]></Encrypt></xml>`),
});
row("nothing is wrong, Encrypt alone", right, { write: (value) => value });
row("nothing is wrong, a long message", right, { message: content.repeat(20) });
for (let length = 0; length < 40; length += 1) {
	row(`nothing is wrong, padding of a message of ${length} letters`, right, { message: "a".repeat(length) });
}

for (const [name, token, id] of [
	["with a line feed", `${account.token}\n`, "token-padded"],
	["in quotation marks", `"${account.token}"`, "token-padded"],
]) {
	row(`the Token ${name}`, wrongSignature(id), { options: { token } });
}
row("the Token in another case", wrongSignature("token-case"), {
	signed: (token, ...others) => sorted(token.toLowerCase(), ...others),
});
row("another secret is the Token", wrongSignature("token-other"), {
	options: { token: "test", secrets: { "the other Token": account.token } },
});
row(
	"Token and EncodingAESKey the wrong way round",
	{
		mistakes: ["token-other", "aes-key-other"],
		checks: ["explained", "explained"],
	},
	{ options: { token: account.encodingAesKey, encodingAesKey: account.token } },
);
row("not sorted", wrongSignature("values-not-sorted"), { signed: (...values) => sha1(values) });
row("sorted backwards", wrongSignature("values-not-sorted"), {
	signed: (...values) => sha1(values.sort().reverse()),
});
row("msg_signature is signature", wrongSignature("encrypt-left-out"), {
	query: { msg_signature: sorted(account.token, time, nonce) },
});
row("msg_signature in capital letters", wrongSignature("signature-case"), {
	signed: (...values) => sorted(...values).toUpperCase(),
});
row("msg_signature is lost", wrongSignature("msg-signature-missing"), { query: { msg_signature: null } });
row("Encrypt was decoded for a URL", wrongSignature("encrypt-plus-lost"), {
	inHand: encrypt(content).replaceAll("+", " "),
});
row("Encrypt is encoded for a URL", wrongSignature("encrypt-percent-encoded"), {
	inHand: encodeURIComponent(encrypt(content)),
});
row("Encrypt is on lines of 76", wrongSignature("encrypt-padded"), {
	inHand: encrypt(content).replace(/.{76}/g, "$&\n"),
});
row("Encrypt is CDATA in JSON", wrongSignature("encrypt-cdata"), {
	inHand: `<![CDATA[${encrypt(content)}]]>`,
	write: asJson,
});
row("Encrypt and Token are wrong", wrongSignature("token-padded", "encrypt-plus-lost"), {
	inHand: encrypt(content).replaceAll("+", " "),
	options: { token: ` ${account.token}` },
});
row("plain mode was expected", wrongSignature("encrypted-body"), { options: { mode: "plain" } });

// What the program computes, where the push is right.
const encrypted = encrypt(content);
for (const [name, computed, ...mistakes] of [
	[
		"as documented, compared with signature",
		sorted(account.token, time, nonce, encrypted),
		"compared-with-signature",
	],
	["not sorted", sha1([account.token, time, nonce, encrypted]), "values-not-sorted"],
	["without Encrypt", sorted(account.token, time, nonce), "encrypt-left-out"],
	["with the Token and a line feed", sorted(`${account.token}\n`, time, nonce, encrypted), "token-padded"],
	[
		"with Encrypt decoded for a URL",
		sorted(account.token, time, nonce, encrypted.replaceAll("+", " ")),
		"encrypt-plus-lost",
	],
	[
		"with Encrypt encoded for a URL",
		sorted(account.token, time, nonce, encodeURIComponent(encrypted)),
		"encrypt-percent-encoded",
	],
	["with the CDATA", sorted(account.token, time, nonce, `<![CDATA[${encrypted}]]>`), "encrypt-cdata"],
	["with the body", sorted(account.token, time, nonce, asXml(encrypted)), "body-hashed"],
]) {
	row(`the program computes the signature ${name}`, wrongSignature(...mistakes), { options: { computed } });
}
row(
	"the program computes something else",
	{ ...right, lints: ["computed-differs"] },
	{
		options: { computed: sha1(["something"]) },
	},
);

// Plain pushes and the question for the URL.
const plain = (change) => ({ body: content, query: { msg_signature: null, encrypt_type: null }, ...change });
const unprotected = { checks: ["right", "unchecked"], lints: ["body-not-protected"] };
row("plain, as expected", { verdict: "match", ...unprotected }, plain({ options: { mode: "plain" } }));
row(
	"plain, against what was expected",
	{
		...unprotected,
		mistakes: ["plain-body"],
		checks: ["explained", "unchecked"],
	},
	plain(),
);
row(
	"plain, the Token with a space",
	{
		...unprotected,
		mistakes: ["token-padded"],
		checks: ["explained", "unchecked"],
	},
	plain({ options: { mode: "plain", token: `${account.token} ` } }),
);
row(
	"plain, not sorted",
	{ ...unprotected, mistakes: ["values-not-sorted"], checks: ["explained", "unchecked"] },
	{
		...plain({ options: { mode: "plain" } }),
		query: { msg_signature: null, signature: sha1([account.token, time, nonce]) },
	},
);
row(
	"the question for the URL",
	{ verdict: "match", checks: ["right", "unchecked"] },
	{
		body: "",
		query: { msg_signature: null, echostr: "59277" },
	},
);

// The EncodingAESKey.
const key = account.encodingAesKey;
for (const [name, encodingAesKey, id] of [
	["has lost its last character", key.slice(0, -1), "aes-key-last-character"],
	["has lost its first character", key.slice(1), "aes-key-first-character"],
	["with an equals sign", `${key}=`, "aes-key-equals-sign"],
	["with a line feed", `${key}\n`, "aes-key-padded"],
	["in upper case", key.toUpperCase(), null],
	["decoded, in hexadecimal digits", Buffer.from(`${key}=`, "base64").toString("hex"), "aes-key-decoded"],
]) {
	const expect =
		id === null ? { verdict: "unexplained", checks: ["right", "unexplained"] } : wrongContent(id);
	row(`the EncodingAESKey ${name}`, expect, { options: { encodingAesKey } });
}
const lowerKey = key.toLowerCase();
row("the EncodingAESKey has its letters in another case", wrongContent("aes-key-case"), {
	encodingAesKey: lowerKey,
	options: { encodingAesKey: lowerKey.toUpperCase() },
});
row("another secret is the EncodingAESKey", wrongContent("aes-key-other"), {
	encodingAesKey: otherKey,
	options: { secrets: { "the new key": otherKey } },
});
row("another AppId", wrongContent("app-id-other"), { appId: component });
row("another AppId and a key that is cut", wrongContent("aes-key-last-character", "app-id-other"), {
	appId: component,
	options: { encodingAesKey: key.slice(0, -1) },
});
row("no AppId is expected", right, { appId: component, options: { appId: "" } });

// What no known mistake explains.
const hopeless = (...checks) => ({ verdict: "unexplained", checks });
row("another Token", hopeless("unexplained", "right"), { options: { token: "another" } });
row("no Token", { ...hopeless("unchecked", "right"), lints: ["token-absent"] }, { options: { token: "" } });
row(
	"a Token that is none",
	{ ...hopeless("unexplained", "right"), lints: ["token-shape"] },
	{
		options: { token: "a-b" },
	},
);
row("another time stamp", hopeless("unexplained", "right"), { query: { timestamp: "1409735670" } });
row(
	"no time stamp",
	{ ...hopeless("unexplained", "right"), lints: ["query-incomplete"] },
	{
		query: { timestamp: null },
	},
);
row("another Encrypt", hopeless("unexplained", "unexplained"), {
	inHand: encrypt(content).replace("A", "B").slice(4),
});
row("padding that is none", hopeless("right", "unexplained"), { pad: 0 });
row("another EncodingAESKey", hopeless("right", "unexplained"), { options: { encodingAesKey: otherKey } });
row(
	"an EncodingAESKey that is cut in half",
	{ ...hopeless("right", "unexplained"), lints: ["aes-key-length"] },
	{
		options: { encodingAesKey: key.slice(0, 20) },
	},
);
row(
	"no EncodingAESKey",
	{ verdict: "match", checks: ["right", "unchecked"], lints: ["aes-key-absent"] },
	{
		options: { encodingAesKey: "" },
	},
);
row(
	"plain, another Token",
	{ ...hopeless("unexplained", "unchecked"), lints: ["body-not-protected"] },
	plain({
		options: { mode: "plain", token: "another" },
	}),
);

// Known answers of others.
const note =
	"Made by make-push-mistakes.mjs. `options` are those of diagnosePush. The last rows are known answers: WeChat's sample " +
	"code, and the tests of wechatpy/wechatpy, tests/test_crypto.py.";
rows.push(
	...[
		{
			name: "known answer: WeChat's sample code",
			options: {
				query: "msg_signature=5d197aaffba7e9b25a30732f161a50dee96bd5fa&timestamp=1409735669&nonce=1320562132",
				body: "<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName><Encrypt><![CDATA[hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE=]]></Encrypt></xml>",
				appId: "wx2c2769f8efd9abc2",
				token: "spamtest",
				encodingAesKey: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
			},
			decrypted: /^<xml>.*abcdteT.*<\/xml>$/s,
		},
		{
			name: "known answer: a test of wechatpy",
			options: {
				query: "msg_signature=dd6b9c95b495b3f7e2901bfbc76c664930ffdb96&timestamp=1411443780&nonce=437374425",
				body: "<xml><Encrypt><![CDATA[4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q==]]></Encrypt></xml>",
				appId: "wx49f0ab532d5d035a",
				token: "123456",
				encodingAesKey: "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR",
			},
			decrypted: "5927782489442352469",
		},
	].map(({ name, options, decrypted }) => ({
		name,
		options,
		expect: {
			verdict: "match",
			signature: "right",
			content: "right",
			mistakes: [],
			lints: [],
			...(typeof decrypted === "string" ? { decrypted } : { contains: "abcdteT" }),
		},
	})),
);

writeFileSync(
	new URL("./push-mistakes.json", import.meta.url),
	`${JSON.stringify({ note, rows }, null, "\t")}\n`,
);
