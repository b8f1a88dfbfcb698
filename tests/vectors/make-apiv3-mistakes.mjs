// Makes apiv3-mistakes.json: notifications that were genuine until somebody made a known mistake, and hopeless ones.
//
//     node tests/vectors/make-apiv3-mistakes.mjs
//
// It shares nothing with the package: what programs do to a body is done here again, by hand. Nothing is random or depends on
// the time: a second run writes the same file.
import { createCipheriv, createHash, sign } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const { keys } = JSON.parse(readFileSync(new URL("./apiv3-keys.json", import.meta.url), "utf8"));
const time = 1710048759;
const nonce = "3d980fb850fdce97f6bfb3d248597f16";

// --- What is genuine ---------------------------------------------------------------------------------------

/** Events whose ciphertexts have a plus sign and a slash in them, which is when things go wrong. */
const events = {
	violation: {
		order: "id create_time resource_type event_type summary resource",
		inner: "original_type algorithm ciphertext associated_data nonce",
		type: "VIOLATION.PUNISH",
		summary: "商户被处罚",
		content: { sub_mchid: "1900009231", punish_plan: "关闭支付权限", risk_type: "ONE_YUAN_PURCHASES" },
	},
	transaction: {
		order: "id create_time event_type resource_type resource summary",
		inner: "algorithm ciphertext nonce original_type associated_data",
		type: "TRANSACTION.SUCCESS",
		summary: "支付成功 1/1",
		content: { transaction_id: "1217752501201407033233368018", amount: { total: 1 }, out_trade_no: "a-1" },
	},
	// In no document's order.
	complaint: {
		order: "resource id summary event_type create_time resource_type",
		inner: "nonce ciphertext associated_data algorithm original_type",
		type: "COMPLAINT.CREATE",
		summary: "产生新投诉",
		content: { complaint_id: "200201820200101080076610000", action_type: "CREATE_COMPLAINT" },
	},
};

function encrypt(content, key, iv, aad) {
	const cipher = createCipheriv("aes-256-gcm", key, iv);
	cipher.setAAD(Buffer.from(aad));
	return Buffer.concat([cipher.update(content, "utf8"), cipher.final(), cipher.getAuthTag()]).toString(
		"base64",
	);
}

/** The first nonce under which the ciphertext has both signs. */
function resourceOf({ content }, aad, key) {
	for (let number = 0; ; number += 1) {
		const iv = createHash("md5").update(String(number)).digest("hex").slice(0, 12);
		const ciphertext = encrypt(JSON.stringify(content), key, iv, aad);
		if (ciphertext.includes("+") && ciphertext.includes("/")) return { iv, ciphertext };
	}
}

const pick = (values, order) => Object.fromEntries(order.split(" ").map((name) => [name, values[name]]));

function bodyOf(kind, { aad = kind, key = keys.apiV3Key } = {}) {
	const event = events[kind];
	const { iv, ciphertext } = resourceOf(event, aad, key);
	const inner = {
		original_type: kind,
		algorithm: "AEAD_AES_256_GCM",
		ciphertext,
		associated_data: aad,
		nonce: iv,
	};
	const outer = {
		id: "EV-2018022511223320873",
		create_time: "2015-05-20T13:29:35+08:00",
		resource_type: "encrypt-resource",
		event_type: event.type,
		summary: event.summary,
		resource: pick(inner, event.inner),
	};
	return JSON.stringify(pick(outer, event.order));
}

const documented = ({ timestamp, nonce, body }) => Buffer.from(`${timestamp}\n${nonce}\n${body}\n`);
const signature = (text, { key = keys.platform, digest = "sha256" } = {}) =>
	sign(digest, text, key.privateKey).toString("base64");

// --- What programs do to a body ----------------------------------------------------------------------------

const escaped = (text) =>
	text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
const sorted = (value) =>
	typeof value !== "object"
		? value
		: Object.fromEntries(
				Object.keys(value)
					.sort()
					.map((name) => [name, sorted(value[name])]),
			);
/** Python's json.dumps, which writes ", " and ": ". No value here has one of them inside. */
const dumps = (body) =>
	escaped(body.replaceAll('","', '", "').replaceAll('":', '": ').replaceAll('},"', '}, "'));

const change = {
	"indented by two": [(body) => JSON.stringify(JSON.parse(body), null, 2), "body-whitespace"],
	"indented by four": [(body) => JSON.stringify(JSON.parse(body), null, 4), "body-whitespace"],
	"indented by tabs": [(body) => JSON.stringify(JSON.parse(body), null, "\t"), "body-whitespace"],
	"keys sorted": [(body) => JSON.stringify(sorted(JSON.parse(body))), "body-key-order"],
	"resource first": [
		(body) => {
			const { resource, ...rest } = JSON.parse(body);
			return JSON.stringify({ resource, ...rest });
		},
		"body-key-order",
		["violation", "transaction"],
	],
	"Python's json.dumps": [dumps, "body-escaped-unicode", "body-whitespace"],
	"PHP's json_encode": [
		(body) => escaped(body).replaceAll("/", "\\/"),
		"body-escaped-unicode",
		"body-escaped-slashes",
	],
	"slashes escaped": [(body) => body.replaceAll("/", "\\/"), "body-escaped-slashes"],
	"a line feed added": [(body) => `${body}\n`, "body-line-end"],
	"CR LF added": [(body) => `${body}\r\n`, "body-line-end"],
	"a byte order mark added": [(body) => `\uFEFF${body}`, "body-bom"],
	"read as a form": [(body) => body.replaceAll("+", " "), "body-plus-lost"],
	"read as ISO-8859-1": [(body) => Buffer.from(body).toString("latin1"), "body-latin1"],
	"a string of JSON": [(body) => JSON.stringify(body), "body-quoted"],
	"a string of JSON without its quotation marks": [
		(body) => JSON.stringify(body).slice(1, -1),
		"body-quoted",
	],
	"encoded for a URL": [encodeURIComponent, "body-percent-encoded"],
	"escaped for HTML": [
		(body) => body.replaceAll("&", "&amp;").replaceAll('"', "&quot;"),
		"body-html-escaped",
	],
};

// --- Rows --------------------------------------------------------------------------------------------------

const rows = [];
const platform = { [keys.platform.serial]: keys.platform.certificate };

/** A row: what was genuine, what is in hand, what must be found. */
function row(name, expect, options = {}) {
	const {
		kind = "violation",
		body = bodyOf(kind),
		inHand = body,
		text = documented,
		sign: how = {},
		headers = {},
		publicKeys = platform,
		apiV3Key = keys.apiV3Key,
		secrets = { apiV2Key: keys.apiV2Key },
		...rest
	} = options;
	const sent = {
		"Wechatpay-Timestamp": String(time),
		"Wechatpay-Nonce": nonce,
		"Wechatpay-Serial": keys.platform.serial,
		"Wechatpay-Signature": signature(text({ timestamp: time, nonce, body }), how),
		...headers,
	};
	const given = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== null));
	const [signed, content] = expect.checks ?? ["explained", "right"];
	rows.push({
		name,
		options: { headers: given, body: inHand, publicKeys, apiV3Key, secrets, ...rest },
		expect: {
			verdict: expect.verdict ?? "explained",
			signature: signed,
			content,
			mistakes: expect.mistakes ?? [],
			lints: expect.lints ?? [],
		},
	});
}

const right = (more) => ({ verdict: "match", checks: ["right", "right"], ...more });
for (const kind of Object.keys(events)) row(`${kind}: nothing is wrong`, right(), { kind });
row("nothing is wrong, the key as an SPKI under its name", right(), {
	headers: { "Wechatpay-Serial": keys.publicKey.id },
	sign: { key: keys.publicKey },
	publicKeys: { [keys.publicKey.id]: keys.publicKey.publicKey, ...platform },
});
row("nothing is wrong, certificates as a list", right(), {
	publicKeys: [keys.publicKey.publicKey, keys.platform.certificate],
});
row("nothing is wrong, the body was signed with its line feed", right(), {
	body: `${bodyOf("violation")}\n`,
});
row("nothing is wrong, no associated data", right(), { body: bodyOf("violation", { aad: "" }) });

for (const [name, [undo, ...mistakes]] of Object.entries(change)) {
	const kinds = Array.isArray(mistakes.at(-1)) ? mistakes.pop() : Object.keys(events);
	for (const kind of kinds) {
		const body = bodyOf(kind);
		row(`${kind}: ${name}`, { mistakes }, { kind, inHand: undo(body) });
	}
}
// Two at once.
for (const [first, second] of [
	["indented by two", "a line feed added"],
	["keys sorted", "a byte order mark added"],
	["PHP's json_encode", "a line feed added"],
	["read as ISO-8859-1", "a line feed added"],
	["keys sorted", "PHP's json_encode"],
	["keys sorted", "read as ISO-8859-1"],
]) {
	const [one, ...mistakes] = change[first];
	const [other, ...more] = change[second];
	row(
		`${first}, ${second}`,
		{ mistakes: [...mistakes, ...more] },
		{ inHand: other(one(bodyOf("violation"))) },
	);
}
row(
	"the line feed at the end is lost",
	{ mistakes: ["body-line-end"] },
	{
		body: `${bodyOf("violation")}\n`,
		inHand: bodyOf("violation"),
	},
);
const indented = JSON.stringify(JSON.parse(bodyOf("violation")), null, 2);
row(
	"CR LF became LF",
	{ mistakes: ["body-crlf"] },
	{ body: indented.replaceAll("\n", "\r\n"), inHand: indented },
);
row(
	"LF became CR LF",
	{ mistakes: ["body-crlf"] },
	{ body: indented, inHand: indented.replaceAll("\n", "\r\n") },
);

const wrongText = {
	"text-swapped": ({ timestamp, nonce, body }) => `${nonce}\n${timestamp}\n${body}\n`,
	"text-last-line-feed": ({ timestamp, nonce, body }) => `${timestamp}\n${nonce}\n${body}`,
	"text-line-feeds": ({ timestamp, nonce, body }) => timestamp + nonce + body,
	"text-crlf": ({ timestamp, nonce, body }) => `${timestamp}\r\n${nonce}\r\n${body}\r\n`,
	"text-escaped-line-feed": ({ timestamp, nonce, body }) => `${timestamp}\\n${nonce}\\n${body}\\n`,
	"text-body-only": ({ body }) => body,
};
for (const [mistake, build] of Object.entries(wrongText)) {
	row(`signed so: ${mistake}`, { mistakes: [mistake] }, { text: (parts) => Buffer.from(build(parts)) });
	const parts = { timestamp: String(time), nonce, body: bodyOf("violation") };
	row(`the program verifies so: ${mistake}`, { mistakes: [mistake] }, { programText: build(parts) });
	row(
		`signed so over a body that was indented: ${mistake}`,
		{ mistakes: ["body-line-end", mistake] },
		{ text: (given) => Buffer.from(build(given)), inHand: `${bodyOf("violation")}\n` },
	);
}
row("the program verifies the text as documented", right(), {
	programText: `${time}\n${nonce}\n${bodyOf("violation")}\n`,
});
row(
	"the program verifies what it wrote anew",
	{ mistakes: ["body-key-order"] },
	{
		programText: `${time}\n${nonce}\n${JSON.stringify(sorted(JSON.parse(bodyOf("violation"))))}\n`,
	},
);
row("the program verifies something else", right({ lints: ["program-text-differs"] }), {
	programText: "something",
});

const signed = signature(documented({ timestamp: time, nonce, body: bodyOf("violation") }));
const withHeader = (value) => ({ headers: { "Wechatpay-Signature": value } });
row(
	"the signature decoded for a URL",
	{ mistakes: ["signature-plus-lost"] },
	withHeader(signed.replaceAll("+", " ")),
);
row(
	"the signature in the base64 of URLs",
	{ mistakes: ["signature-base64url"] },
	withHeader(signed.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")),
);
row(
	"the signature on lines of 76",
	{ mistakes: ["signature-padded"] },
	withHeader(signed.replace(/.{76}/g, "$&\r\n")),
);
row("the signature in quotation marks", { mistakes: ["signature-padded"] }, withHeader(`"${signed}"`));
row(
	"the signature without its padding",
	{ mistakes: ["signature-padded"] },
	withHeader(signed.replace(/=+$/, "")),
);
row("SHA-1", { mistakes: ["signature-sha1"] }, { sign: { digest: "sha1" } });
row(
	"SM2",
	{ mistakes: ["signature-sm2"] },
	{ headers: { "Wechatpay-Signature-Type": "WECHATPAY2-SM2-WITH-SM3" } },
);
row(
	"a probe",
	{ mistakes: ["probe"], checks: ["explained", "unchecked"] },
	withHeader(`WECHATPAY/SIGNTEST/${signed}`),
);
row("stale", { mistakes: ["stale"] }, { receivedAt: time + 301 });
row("from the future", { mistakes: ["stale"] }, { receivedAt: time - 301 });
row("just fresh", right(), { receivedAt: time + 300 });

row(
	"another key made it",
	{ mistakes: ["wrong-serial"] },
	{
		sign: { key: keys.publicKey },
		publicKeys: { ...platform, [keys.publicKey.id]: keys.publicKey.publicKey },
	},
);
row(
	"the certificate stands under another name",
	{ mistakes: ["wrong-serial"], lints: ["serial-unknown"] },
	{
		publicKeys: { "0102": keys.platform.certificate },
	},
);
row(
	"Wechatpay-Serial is missing",
	{ mistakes: ["serial-missing"], lints: ["headers-missing", "serial-unknown"] },
	{
		headers: { "Wechatpay-Serial": null },
	},
);

const content = (mistakes) => ({ mistakes, checks: ["right", "explained"] });
row("the key with a line feed", content(["api-v3-key-padded"]), { apiV3Key: `${keys.apiV3Key}\n` });
row("the key in quotation marks", content(["api-v3-key-padded"]), { apiV3Key: `"${keys.apiV3Key}"` });
row("the key in hexadecimal digits", content(["api-v3-key-hex"]), {
	apiV3Key: Buffer.from(keys.apiV3Key).toString("hex"),
});
row("the key in base64", content(["api-v3-key-base64"]), {
	apiV3Key: Buffer.from(keys.apiV3Key).toString("base64"),
});
row("the key in upper case", content(["api-v3-key-case"]), { apiV3Key: keys.apiV3Key.toUpperCase() });
row("the two API keys the wrong way round", content(["api-v3-key-other"]), {
	apiV3Key: keys.apiV2Key,
	secrets: { apiV2Key: keys.apiV3Key },
});
const lost = (aad, given) => {
	const body = bodyOf("violation", { aad });
	const { resource, ...rest } = JSON.parse(body);
	return { body: JSON.stringify({ ...rest, resource: { ...resource, associated_data: given } }) };
};
row("the associated data is lost", content(["associated-data"]), lost("violation", undefined));
row(
	"the associated data is that of a payment",
	content(["associated-data"]),
	lost("transaction", "violation"),
);
row("the associated data was made up", content(["associated-data"]), lost("", "violation"));
row(
	"wrong twice",
	{ mistakes: ["body-key-order", "api-v3-key-padded"], checks: ["explained", "explained"] },
	{
		inHand: change["keys sorted"][0](bodyOf("violation")),
		apiV3Key: ` ${keys.apiV3Key}`,
	},
);

// What no known mistake explains.
const hopeless = (checks, more) => ({ verdict: "unexplained", checks, ...more });
row("another amount", hopeless(["unexplained", "right"], { lints: ["signed-other-text"] }), {
	inHand: bodyOf("violation").replace("EV-2018", "EV-2019"),
});
row("a field is gone", hopeless(["unexplained", "right"], { lints: ["signed-other-text"] }), {
	inHand: bodyOf("violation").replace('"summary":"商户被处罚",', ""),
});
row("another nonce", hopeless(["unexplained", "right"], { lints: ["signed-other-text"] }), {
	headers: { "Wechatpay-Nonce": "another" },
});
row("signed by the merchant", hopeless(["unexplained", "right"], { lints: ["signed-by-none"] }), {
	sign: { key: keys.merchant },
});
row(
	"only the merchant's certificate is there",
	hopeless(["unexplained", "right"], { lints: ["merchant-certificate", "serial-unknown", "signed-by-none"] }),
	{ publicKeys: { [keys.merchant.serial]: keys.merchant.certificate } },
);
row("no public keys", hopeless(["unchecked", "right"], { lints: ["public-keys-absent"] }), {
	publicKeys: {},
});
row("a private key", hopeless(["unchecked", "right"], { lints: ["private-key", "public-keys-absent"] }), {
	publicKeys: [keys.merchant.privateKey],
});
row("no PEM", hopeless(["unchecked", "right"], { lints: ["key-unreadable", "public-keys-absent"] }), {
	publicKeys: ["a certificate"],
});
row("no signature", hopeless(["unexplained", "right"], { lints: ["headers-missing", "signed-by-none"] }), {
	headers: { "Wechatpay-Signature": null },
});
row(
	"no APIv3 key",
	{ verdict: "match", checks: ["right", "unchecked"], lints: ["api-v3-key-absent"] },
	{
		apiV3Key: "",
		secrets: {},
	},
);
row("another key", hopeless(["right", "unexplained"]), { apiV3Key: "f".repeat(32) });
row("a key that is too short", hopeless(["right", "unexplained"], { lints: ["api-v3-key-length"] }), {
	apiV3Key: "short",
});
row("the APIv2 key twice", hopeless(["right", "unexplained"], { lints: ["api-v3-key-is-other"] }), {
	apiV3Key: keys.apiV2Key,
});
row("no notification", hopeless(["right", "unexplained"], { lints: ["body-no-notification"] }), {
	body: '{"code":"SUCCESS"}',
});
row("text", hopeless(["right", "unexplained"], { lints: ["body-no-notification"] }), { body: "<xml></xml>" });

const note = "Made by make-apiv3-mistakes.mjs. `options` are those of diagnoseNotification.";
writeFileSync(
	new URL("./apiv3-mistakes.json", import.meta.url),
	`${JSON.stringify({ note, rows }, null, "\t")}\n`,
);
