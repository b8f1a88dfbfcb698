// Makes apiv3.json: notifications of APIv3, signed and encrypted on node:crypto.
//
//     node tests/vectors/make-apiv3.mjs
//
// It shares nothing with the package. The rows of `official` come from the tests of WeChat Pay's own libraries and are only checked
// here. Nothing is random or depends on the time, the test keys are those of apiv3-keys.json: a second run writes the same file.
import assert from "node:assert/strict";
import {
	createCipheriv,
	createDecipheriv,
	createHash,
	createPublicKey,
	sign,
	verify,
	X509Certificate,
} from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
const { keys, official } = read("./apiv3-keys.json");

const time = 1710048759;
const nonce = "3d980fb850fdce97f6bfb3d248597f16";

/** AEAD_AES_256_GCM: base64 of ciphertext and tag. */
function encrypted(content, { key = keys.apiV3Key, iv, aad }) {
	const cipher = createCipheriv(`aes-${key.length * 8}-gcm`, key, iv);
	cipher.setAAD(Buffer.from(aad));
	return Buffer.concat([cipher.update(content, "utf8"), cipher.final(), cipher.getAuthTag()]).toString(
		"base64",
	);
}

function decrypted(ciphertext, { key, iv, aad }) {
	const data = Buffer.from(ciphertext, "base64");
	const decipher = createDecipheriv(`aes-${key.length * 8}-gcm`, key, iv);
	decipher.setAAD(Buffer.from(aad));
	decipher.setAuthTag(data.subarray(-16));
	return Buffer.concat([decipher.update(data.subarray(0, -16)), decipher.final()]).toString("utf8");
}

/** The text that is signed, as bytes. */
const signed = (timestamp, nonce, body) =>
	Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), Buffer.from(body), Buffer.from("\n")]);

const signature = (bytes, privateKey = keys.platform.privateKey) =>
	sign("sha256", bytes, privateKey).toString("base64");

const punished = {
	sub_mchid: "1900009231",
	company_name: "财付通支付科技有限公司",
	record_id: "200201820200101080076610000",
	punish_plan: "关闭支付权限",
	punish_time: "2015-05-20T13:29:35+08:00",
	punish_description: "利用特殊行业违规经营,加重处罚",
	risk_type: "ONE_YUAN_PURCHASES",
	risk_description: "涉嫌一元购",
};
const violation = {
	type: "punish",
	subMchid: "1900009231",
	companyName: "财付通支付科技有限公司",
	recordId: "200201820200101080076610000",
	punishPlan: "关闭支付权限",
	punishTime: "2015-05-20T13:29:35+08:00",
	punishDescription: "利用特殊行业违规经营,加重处罚",
	riskType: "ONE_YUAN_PURCHASES",
	riskDescription: "涉嫌一元购",
};

/** One notification, and how it differs from the ordinary one. */
function row(name, expect, change = {}) {
	const {
		content = JSON.stringify(punished),
		eventType = "VIOLATION.PUNISH",
		envelope = {},
		resource = {},
		apiV3Key = keys.apiV3Key,
		aad = "violation",
		iv = "c8b2a4d06f31",
		timestamp = String(time),
		text = (body) => JSON.stringify(body),
		headers = {},
		privateKey,
		signedText = signed,
	} = change;
	const body = Buffer.from(
		text({
			id: "EV-2018022511223320873",
			create_time: "2015-05-20T13:29:35+08:00",
			resource_type: "encrypt-resource",
			event_type: eventType,
			summary: "商户被处罚",
			resource: {
				original_type: "violation",
				algorithm: "AEAD_AES_256_GCM",
				ciphertext: encrypted(content, { key: apiV3Key, iv, aad: aad ?? "" }),
				associated_data: aad,
				nonce: iv,
				...resource,
			},
			...envelope,
		}),
	);
	const sent = {
		"Wechatpay-Serial": keys.platform.serial,
		"Wechatpay-Signature": signature(signedText(timestamp, nonce, body), privateKey),
		"Wechatpay-Timestamp": timestamp,
		"Wechatpay-Nonce": nonce,
		"Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
		...headers,
	};
	const id = envelope.id ?? "EV-2018022511223320873";
	const dedupKey = createHash("sha256")
		.update(JSON.stringify([id, eventType, content]))
		.digest("hex");
	const accepted = typeof expect === "string" ? { code: expect } : { ...expect, content, dedupKey };
	const headerList = Object.entries(sent).filter(([, value]) => value !== null);
	return {
		name,
		headers: Object.fromEntries(headerList),
		body_b64: body.toString("base64"),
		expect: accepted,
	};
}

const fine = { violation };
const rows = [
	row("punish", fine),
	row("intercept", { violation: { ...violation, type: "intercept" } }, { eventType: "VIOLATION.INTERCEPT" }),
	row("appeal", { violation: { ...violation, type: "appeal" } }, { eventType: "VIOLATION.APPEAL" }),
	row(
		"a violation that is new",
		{ violation: { ...violation, type: "other" } },
		{ eventType: "VIOLATION.LIFTED" },
	),
	row("the space of the documents' example", fine, {
		content: JSON.stringify(punished).replace('"risk_description"', '"risk_description "'),
	}),
	row(
		"a violation without most fields",
		{ violation: { type: "punish", subMchid: "1900009231" } },
		{
			content: '{"sub_mchid":"1900009231","punish_time":null,"record_id":7}',
		},
	),
	row(
		"a payment",
		{},
		{
			eventType: "TRANSACTION.SUCCESS",
			content: '{"transaction_id":"1217752501201407033233368018","amount":{"total":1}}',
			aad: "transaction",
		},
	),
	row("WeChat Pay public key", fine, {
		headers: { "Wechatpay-Serial": keys.publicKey.id },
		privateKey: keys.publicKey.privateKey,
	}),
	row("serial number in lower case", fine, {
		headers: { "Wechatpay-Serial": keys.platform.serial.toLowerCase() },
	}),
	row("no signature type", fine, { headers: { "Wechatpay-Signature-Type": null } }),
	row("associated data empty", fine, { aad: "" }),
	row("associated data absent", fine, { aad: undefined }),
	row("associated data null", fine, { aad: null }),
	row("the older API key", fine, { apiV3Key: keys.olderApiV3Key }),
	row("no summary, no original type", fine, {
		envelope: { summary: undefined },
		resource: { original_type: undefined },
	}),
	row("a time in another form", fine, { envelope: { create_time: "20180225112233" } }),
	row("white space in the body", fine, { text: (body) => `${JSON.stringify(body, null, "\t")}\r\n` }),
	row("escaped slashes and letters", fine, {
		text: (body) =>
			JSON.stringify(body)
				.replaceAll("/", "\\/")
				.replace(/[^\0-~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`),
	}),
	row("five minutes old", fine, { timestamp: String(time - 300) }),
	row("five minutes ahead", fine, { timestamp: String(time + 300) }),
	row("older than five minutes", "NOTIFICATION_STALE", { timestamp: String(time - 301) }),
	row("more than five minutes ahead", "NOTIFICATION_STALE", { timestamp: String(time + 301) }),
	row("probe", "SIGNATURE_MISMATCH", {
		headers: { "Wechatpay-Signature": `WECHATPAY/SIGNTEST/${"A".repeat(324)}` },
	}),
	row("probe under a serial number nobody has", "SIGNATURE_MISMATCH", {
		headers: { "Wechatpay-Signature": `WECHATPAY/SIGNTEST/${"A".repeat(324)}`, "Wechatpay-Serial": "01" },
	}),
	row("signed by the merchant", "SIGNATURE_MISMATCH", { privateKey: keys.merchant.privateKey }),
	row("signed by the other key", "SIGNATURE_MISMATCH", { privateKey: keys.publicKey.privateKey }),
	row("no last line break", "SIGNATURE_MISMATCH", {
		signedText: (timestamp, nonce, body) => signed(timestamp, nonce, body).subarray(0, -1),
	}),
	row("another nonce", "SIGNATURE_MISMATCH", { headers: { "Wechatpay-Nonce": nonce.replace("3", "4") } }),
	row("another time stamp", "SIGNATURE_MISMATCH", { headers: { "Wechatpay-Timestamp": String(time + 1) } }),
	row("no base64", "SIGNATURE_MISMATCH", { headers: { "Wechatpay-Signature": "?" } }),
	row("base64 without its padding", "SIGNATURE_MISMATCH", {
		headers: { "Wechatpay-Signature": "A".repeat(342) },
	}),
	row("a serial number nobody has", "SIGNATURE_KEY_UNKNOWN", { headers: { "Wechatpay-Serial": "7132D72A" } }),
	row("a serial number of the language", "SIGNATURE_KEY_UNKNOWN", {
		headers: { "Wechatpay-Serial": "__proto__" },
	}),
	row("another signature type", "SIGNATURE_METHOD", {
		headers: { "Wechatpay-Signature-Type": "WECHATPAY2-SM2-WITH-SM3" },
	}),
	...["Serial", "Signature", "Timestamp", "Nonce"].flatMap((name) => [
		row(`no ${name}`, "FIELD_MISSING", { headers: { [`Wechatpay-${name}`]: null } }),
		row(`empty ${name}`, "FIELD_MISSING", { headers: { [`Wechatpay-${name}`]: " " } }),
		row(`${name} twice`, "FIELD_DUPLICATE", { headers: { [`Wechatpay-${name}`]: "1, 1" } }),
	]),
	row("a time stamp with a sign", "FIELD_MALFORMED", { headers: { "Wechatpay-Timestamp": `+${time}` } }),
	row("a time stamp with a fraction", "FIELD_MALFORMED", { headers: { "Wechatpay-Timestamp": `${time}.0` } }),
	row("a nonce with a space", "FIELD_MALFORMED", { headers: { "Wechatpay-Nonce": "a b" } }),
	row("another API key", "NOTIFICATION_UNREADABLE", { apiV3Key: "f".repeat(32) }),
	row("other associated data", "NOTIFICATION_UNREADABLE", { resource: { associated_data: "transaction" } }),
	row("associated data left out", "NOTIFICATION_UNREADABLE", { resource: { associated_data: undefined } }),
	row("associated data that is no text", "NOTIFICATION_UNREADABLE", {
		aad: "",
		resource: { associated_data: 0 },
	}),
	row("a nonce of 16 bytes", "NOTIFICATION_UNREADABLE", { iv: "c8b2a4d06f31c8b2" }),
	row("ciphertext that is no base64", "NOTIFICATION_UNREADABLE", { resource: { ciphertext: "…" } }),
	row("ciphertext shorter than a tag", "NOTIFICATION_UNREADABLE", { resource: { ciphertext: "AAAA" } }),
	row("no ciphertext", "NOTIFICATION_UNREADABLE", { resource: { ciphertext: undefined } }),
	row("another algorithm", "NOTIFICATION_UNREADABLE", { resource: { algorithm: "AEAD_SM4_GCM" } }),
	row("content that is no JSON", "NOTIFICATION_UNREADABLE", { content: "<xml></xml>" }),
	row("a body that is no JSON", "NOTIFICATION_UNREADABLE", { text: () => "<xml></xml>" }),
	row("a body that is no object", "NOTIFICATION_UNREADABLE", { text: () => "[]" }),
	row("a body without a resource", "NOTIFICATION_UNREADABLE", { envelope: { resource: undefined } }),
	row("a body without an id", "NOTIFICATION_UNREADABLE", { envelope: { id: undefined } }),
	row("an empty id", "NOTIFICATION_UNREADABLE", { envelope: { id: "" } }),
	row("a body behind a byte order mark", "NOTIFICATION_UNREADABLE", {
		text: (body) => `\uFEFF${JSON.stringify(body)}`,
	}),
];

// What is claimed of others is checked before it is written.
for (const { name, certificate, message, signature: given } of official.signatures) {
	assert(verify("sha256", Buffer.from(message), certificate, Buffer.from(given, "base64")), name);
}
for (const { name, key, nonce: iv, associated_data: aad, ciphertext, plaintext } of official.resources) {
	assert.equal(decrypted(ciphertext, { key, iv, aad }), plaintext, name);
}
for (const { certificate, serial } of [keys.platform, keys.merchant]) {
	assert.equal(new X509Certificate(certificate).serialNumber.replace(/^0+/, ""), serial);
}
assert.equal(createPublicKey(keys.publicKey.publicKey).asymmetricKeyDetails.modulusLength, 2048);

const file = new URL("./apiv3.json", import.meta.url);
const note =
	"Made by make-apiv3.mjs. `now` is the time of every row; `keys` and `official` are in apiv3-keys.json.";
writeFileSync(file, `${JSON.stringify({ note, now: time, rows }, null, "\t")}\n`);
