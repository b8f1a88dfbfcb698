// Notifications of APIv3: every row of apiv3.json, the known answers of WeChat Pay's own libraries, and what no row can say.
import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { signTestNotification, verifyNotification, WeChatPayError } from "paysign/apiv3";
import { readPem } from "#modules/apiv3/account.js";
import { readCertificate } from "#modules/apiv3/certificate.js";
import { decryptResource } from "#modules/apiv3/resource.js";
import { importPublicKey, isSignatureOf, signedBytes } from "#modules/apiv3/signature.js";
import { fromBase64, utf8 } from "#modules/bytes.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8"));
const { keys, official } = read("apiv3-keys.json");
const { rows, now } = read("apiv3.json");

const account = {
	apiV3Key: [keys.apiV3Key, keys.olderApiV3Key],
	publicKeys: {
		[keys.platform.serial]: keys.platform.certificate,
		[keys.publicKey.id]: keys.publicKey.publicKey,
	},
	now: () => now,
};
const received = ({ headers, body_b64 }) => ({ headers, body: Buffer.from(body_b64, "base64") });
const named = (name) => rows.find((row) => row.name === name);
const punish = received(named("punish"));

/** Rejects with this code, and without a word of what is secret. */
async function refused(promise, code, field) {
	await assert.rejects(promise, (error) => {
		assert(error instanceof WeChatPayError, error);
		assert.equal(error.code, code, error.message);
		if (field !== undefined) assert.equal(error.details.field, field);
		const said = `${error.stack}${JSON.stringify(error)}${error.cause ?? ""}`;
		for (const secret of [keys.apiV3Key, keys.olderApiV3Key]) assert(!said.includes(secret));
		return true;
	});
}

for (const row of rows) {
	const { code, violation, content, dedupKey } = row.expect;
	test(`${row.name}: ${code ?? "verified"}`, async () => {
		if (code !== undefined) return refused(verifyNotification(received(row), account), code);
		const found = await verifyNotification(received(row), account);
		assert.deepEqual(found.violation, violation);
		assert.equal(found.content, content);
		assert.deepEqual(found.resource, JSON.parse(content));
		assert.equal(found.dedupKey, dedupKey);
		const sent = JSON.parse(Buffer.from(row.body_b64, "base64").toString("utf8"));
		assert.deepEqual(
			{ ...found, content: 0, resource: 0, violation: 0, dedupKey: 0 },
			{
				id: sent.id,
				createTime: sent.create_time,
				eventType: sent.event_type,
				resourceType: sent.resource_type,
				...(sent.summary && { summary: sent.summary }),
				...(sent.resource.original_type && { originalType: sent.resource.original_type }),
				serial: row.headers["Wechatpay-Serial"],
				timestamp: Number(row.headers["Wechatpay-Timestamp"]),
				content: 0,
				resource: 0,
				violation: 0,
				dedupKey: 0,
			},
		);
		assert("violation" in found === (violation !== undefined));
		// As text it is the same bytes.
		const body = Buffer.from(row.body_b64, "base64").toString("utf8");
		assert.deepEqual(await verifyNotification({ headers: row.headers, body }, account), found);
		// One changed byte, anywhere: never believed.
		const changed = Buffer.from(row.body_b64, "base64");
		changed[changed.length >> 1] ^= 1;
		await refused(verifyNotification({ headers: row.headers, body: changed }, account), "SIGNATURE_MISMATCH");
	});
}

for (const { name, source, certificate, serial, message, signature, ...parts } of official.signatures) {
	test(`${source}, ${name}: the signature is right`, async () => {
		const found = readCertificate(readPem(certificate).bytes);
		if (serial !== undefined) assert.equal(found.serial, serial);
		const key = await importPublicKey(found.publicKey);
		const bytes = utf8(message);
		if (parts.body !== undefined) {
			assert.deepEqual(signedBytes(parts.timestamp, parts.nonce, utf8(parts.body)), bytes);
		}
		assert.equal(await isSignatureOf(bytes, signature, key), true);
		assert.equal(await isSignatureOf(utf8(`${message}\n`), signature, key), false);
	});
}

for (const { name, source, key, nonce, associated_data: associatedData, ...row } of official.resources) {
	test(`${source}, ${name}: the resource is decrypted, with its key of 16 bytes`, async () => {
		const encrypted = { ciphertext: row.ciphertext, nonce, associatedData };
		assert.equal(await decryptResource(encrypted, utf8(key)), row.plaintext);
	});
}

test("a key of 16 bytes decrypts nothing outside of such tests", async () => {
	const [{ serial, certificate, timestamp, nonce, body, signature }] = official.signatures;
	const headers = {
		"Wechatpay-Serial": serial,
		"Wechatpay-Signature": signature,
		"Wechatpay-Timestamp": timestamp,
		"Wechatpay-Nonce": nonce,
	};
	const theirs = { publicKeys: { [serial]: certificate }, now: () => Number(timestamp) };
	const apiV3Key = official.resources[0].key;
	await refused(
		verifyNotification({ headers, body }, { ...theirs, apiV3Key }),
		"ARGUMENT_INVALID",
		"apiV3Key",
	);
	// The signature of this genuine notification is right, so only the key is missing.
	const other = { ...theirs, apiV3Key: keys.apiV3Key };
	await refused(verifyNotification({ headers, body }, other), "NOTIFICATION_UNREADABLE");
});

test("headers come in whatever a server has them", async () => {
	const { headers, body } = punish;
	const entries = Object.entries(headers);
	const lower = entries.map(([name, value]) => [name.toLowerCase(), value]);
	const shapes = {
		Headers: new Headers(headers),
		"node:http": { ...Object.fromEntries(lower), "set-cookie": ["a", "b"], host: undefined },
		Map: new Map(lower),
		pairs: entries.map(([name, value]) => [name.toUpperCase(), value]),
		lists: Object.fromEntries(entries.map(([name, value]) => [name, [value]])),
		"white space around": Object.fromEntries(entries.map(([name, value]) => [name, ` ${value}\t`])),
	};
	for (const [name, shape] of Object.entries(shapes)) {
		const { violation } = await verifyNotification({ headers: shape, body }, account);
		assert.equal(violation.type, "punish", name);
	}
	const twice = new Headers(headers);
	twice.append("wechatpay-nonce", headers["Wechatpay-Nonce"]);
	const repeated = [
		twice,
		[...entries, ...lower],
		[...lower, ...entries],
		{ ...headers, "wechatpay-nonce": headers["Wechatpay-Nonce"] },
		{ ...headers, "Wechatpay-Nonce": [headers["Wechatpay-Nonce"], headers["Wechatpay-Nonce"]] },
	];
	for (const one of repeated) {
		await refused(verifyNotification({ headers: one, body }, account), "FIELD_DUPLICATE");
	}
	for (const one of [null, undefined, "Wechatpay-Nonce: a", ["Wechatpay-Nonce", "a"]]) {
		await refused(verifyNotification({ headers: one, body }, account), "ARGUMENT_INVALID", "headers");
	}
});

test("no line break moves the border between nonce and body", async () => {
	const nonce = "a";
	const body = 'b\n{"id":1}';
	const signature = sign("sha256", Buffer.from(`${now}\n${nonce}\n${body}\n`), keys.platform.privateKey);
	const headers = {
		"Wechatpay-Serial": keys.platform.serial,
		"Wechatpay-Signature": signature.toString("base64"),
		"Wechatpay-Timestamp": String(now),
	};
	const genuine = { headers: { ...headers, "Wechatpay-Nonce": nonce }, body };
	await refused(verifyNotification(genuine, account), "NOTIFICATION_UNREADABLE");
	const moved = { headers: { ...headers, "Wechatpay-Nonce": `${nonce}\nb` }, body: '{"id":1}' };
	await refused(verifyNotification(moved, account), "FIELD_MALFORMED", "Wechatpay-Nonce");
});

test("a body is what was sent, and not more than 64 KiB", async () => {
	const { headers } = punish;
	const send = (body) => verifyNotification({ headers, body }, account);
	await refused(send(JSON.parse(punish.body)), "ARGUMENT_INVALID", "body");
	await refused(send(undefined), "ARGUMENT_INVALID", "body");
	await refused(send("a".repeat(65_536)), "SIGNATURE_MISMATCH");
	await refused(send("a".repeat(65_537)), "BODY_TOO_LARGE");
	await refused(send("发".repeat(21_846)), "BODY_TOO_LARGE");
});

test("an account that cannot be used is said to be so, before anything is believed", async () => {
	const { serial, certificate } = keys.platform;
	const small = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
	const spki = (key) => key.export({ type: "spki", format: "pem" });
	const bad = [
		["apiV3Key", ""],
		["apiV3Key", []],
		["apiV3Key", undefined],
		["apiV3Key", `${keys.apiV3Key}\n`],
		["apiV3Key", [keys.apiV3Key, "short"]],
		["publicKeys", {}],
		["publicKeys", undefined],
		["publicKeys", { [serial]: undefined }],
		["publicKeys", { [serial]: "" }],
		["publicKeys", { [serial]: `${certificate}${certificate}` }],
		["publicKeys", { [serial]: keys.platform.privateKey }],
		["publicKeys", { [serial]: certificate.replace(/^(.+)\n(.+)\n(.+)\n/, "$1\n$3\n$2\n") }],
		// The merchant's own certificate in the place of the platform's, the usual mistake.
		["publicKeys", { [serial]: keys.merchant.certificate }],
		["publicKeys", { [keys.publicKey.id]: certificate }],
		["publicKeys", { [serial]: certificate, [`00${serial.toLowerCase()}`]: certificate }],
		["publicKeys", { [serial]: spki(small) }],
		["publicKeys", { [serial]: spki(generateKeyPairSync("ed25519").publicKey) }],
		[
			"publicKeys",
			{ [serial]: createPublicKey(keys.publicKey.publicKey).export({ type: "pkcs1", format: "pem" }) },
		],
	];
	for (const [field, value] of bad) {
		await refused(verifyNotification(punish, { ...account, [field]: value }), "ARGUMENT_INVALID", field);
	}
	const odd = {
		[`00${serial.toLowerCase()}`]: `\r\n${certificate.replaceAll("\n", "\r\n")}\r\n`,
		[keys.merchant.serial]: keys.merchant.certificate,
	};
	assert(await verifyNotification(punish, { ...account, publicKeys: odd }));
	const asBytes = {
		...account,
		apiV3Key: Buffer.from(keys.apiV3Key),
		publicKeys: { [serial]: spki(createPublicKey(certificate)) },
	};
	assert(await verifyNotification(punish, asBytes));
});

test("a key is read and imported once, while not too many others come in between", async (t) => {
	const imports = t.mock.method(crypto.subtle, "importKey");
	const ofKeys = () => imports.mock.calls.filter(({ arguments: [format] }) => format === "spki").length;
	const { serial, certificate } = keys.platform;
	// A text of its own, so that no test before has had it.
	const once = { ...account, publicKeys: { [serial]: `\n\n\n${certificate}` } };
	for (let time = 0; time < 3; time += 1) await verifyNotification(punish, { ...once });
	assert.equal(ofKeys(), 1);
	for (let other = 4; other < 80; other += 1) {
		const publicKeys = { [serial]: `${"\n".repeat(other)}${certificate}` };
		await refused(
			verifyNotification({ ...punish, body: "" }, { ...account, publicKeys }),
			"SIGNATURE_MISMATCH",
		);
	}
	const before = ofKeys();
	await verifyNotification(punish, once);
	assert.equal(ofKeys(), before + 1);
});

test("the clock of the machine counts when no other is given", async () => {
	const { now: _, ...rest } = account;
	await refused(verifyNotification(punish, rest), "NOTIFICATION_STALE", "Wechatpay-Timestamp");
	const fresh = await signed({}, { timestamp: Math.floor(Date.now() / 1000) });
	assert(await verifyNotification(fresh, rest));
});

test("the certificate is read strictly: cut, lengthened or with another tag or length it is none", () => {
	const der = readPem(keys.platform.certificate).bytes;
	const { serial, publicKey } = readCertificate(der);
	assert.equal(serial, keys.platform.serial);
	const expected = createPublicKey(keys.platform.certificate).export({ type: "spki", format: "der" });
	assert.deepEqual(Buffer.from(publicKey), expected);
	for (let length = 0; length < der.length; length += 1) {
		assert.equal(readCertificate(der.slice(0, length)), undefined, `${length} bytes`);
	}
	assert.equal(readCertificate(Uint8Array.of(...der, 0)), undefined);
	// The heads on the way: certificate, what is signed, version, serial number.
	for (const at of [0, 4, 8, 13]) {
		for (const tag of [0x04, 0x31, 0xa1, 0x00]) {
			const changed = der.slice();
			changed[at] = tag;
			assert.equal(readCertificate(changed), undefined, `tag ${tag} at ${at}`);
		}
	}
	// An element that ends behind the one it is in.
	const beyond = der.slice();
	beyond[6] = 0xff;
	assert.equal(readCertificate(beyond), undefined);
	// Lengths that BER knows and DER does not: unknown, and longer than needed.
	assert.equal(readCertificate(Uint8Array.of(0x30, 0x80, ...der.subarray(4), 0, 0)), undefined);
	const padded = Uint8Array.of(0x30, 0x83, 0, der[2], der[3], ...der.subarray(4));
	assert.equal(readCertificate(padded), undefined);
	const wrapped = (...bytes) => [0x30, 0x82, bytes.length >> 8, bytes.length & 255, ...bytes];
	const end = 8 + der[6] * 256 + der[7];
	const withVersion = (...version) =>
		readCertificate(
			Uint8Array.from(wrapped(...wrapped(...version, ...der.subarray(13, end)), ...der.subarray(end))),
		);
	assert.equal(withVersion(0xa0, 3, 2, 1, 2).serial, serial);
	assert.equal(withVersion(0xa0, 0x81, 3, 2, 1, 2), undefined);
	assert.equal(withVersion(0xa0, 0x82, 0, 3, 2, 1, 2), undefined);
});

test("whatever the bytes are, reading a certificate ends, and never with an exception", () => {
	const der = readPem(keys.platform.certificate).bytes;
	const mutated = fc.array(fc.tuple(fc.nat(der.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
	fc.assert(
		fc.property(mutated, fc.nat(der.length), (changes, cut) => {
			const bytes = der.slice(0, cut === 0 ? undefined : cut);
			for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
			readCertificate(bytes);
		}),
		{ numRuns: 500 },
	);
	fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void readCertificate(bytes)));
});

test("base64 is read as strictly as it is written", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
			assert.deepEqual(fromBase64(Buffer.from(bytes).toString("base64")), bytes);
		}),
	);
	for (const text of [
		"A",
		"AA",
		"AAA",
		"AA==A",
		"AA=A",
		"====",
		"A===",
		"AA ==",
		"AA==\n",
		"-_==",
		"发发==",
	]) {
		assert.equal(fromBase64(text), undefined, text);
	}
});

const violation = { eventType: "VIOLATION.PUNISH", resource: { sub_mchid: "1900009231" } };
const signer = { ...keys.platform, apiV3Key: keys.apiV3Key };
const signed = (change, signing) =>
	signTestNotification({ ...violation, ...change }, signer, {
		timestamp: now,
		nonce: "3d980fb850fdce97f6bfb3d248597f16",
		...signing,
	});

test("what is made for tests is what is verified, the same each time", async () => {
	const made = await signed({ summary: "摘要", originalType: "violation", associatedData: "violation" });
	assert.deepEqual(
		await signed({ summary: "摘要", originalType: "violation", associatedData: "violation" }),
		made,
	);
	const found = await verifyNotification(made, account);
	assert.equal(found.createTime, "2024-03-10T13:32:39+08:00");
	assert.deepEqual(found.violation, { type: "punish", subMchid: "1900009231" });
	// node:crypto makes the same of it: the algorithm leaves nothing to chance.
	const { headers, body } = made;
	const text = `${now}\n${headers["Wechatpay-Nonce"]}\n${body}\n`;
	const signature = sign("sha256", Buffer.from(text), keys.platform.privateKey).toString("base64");
	assert.equal(headers["Wechatpay-Signature"], signature);
	await refused(signed({}, { resourceNonce: "short" }), "ARGUMENT_INVALID", "resourceNonce");
	const wrong = (change) =>
		signTestNotification(violation, { ...signer, ...change }, { timestamp: 1, nonce: "n".repeat(12) });
	await refused(wrong({ privateKey: keys.platform.certificate }), "ARGUMENT_INVALID", "privateKey");
	await refused(wrong({ apiV3Key: "short" }), "ARGUMENT_INVALID", "apiV3Key");
});

test("repetitions share the dedupKey, whatever is new in them, and nothing else does", async () => {
	const id = "3119dfba-e649-5eec-ab1e-3412bc4d2e17";
	const keyOf = async (change, signing) =>
		(await verifyNotification(await signed({ id, ...change }, signing), account)).dedupKey;
	const first = await keyOf({});
	const again = [
		keyOf({}, { timestamp: now + 60 }),
		keyOf({}, { nonce: "another nonce".replace(" ", "-") }),
		keyOf({ summary: "in other words", associatedData: "violation" }),
	];
	for (const one of again) assert.equal(await one, first);
	const others = [
		{ id: "3119dfba-e649-5eec-ab1e-3412bc4d2e18" },
		{ eventType: "VIOLATION.APPEAL" },
		{ resource: { sub_mchid: "1900009232" } },
		// The border between two texts cannot be moved.
		{ id: `${id}","VIOLATION` },
	];
	for (const change of others) assert.notEqual(await keyOf(change), first);
});
