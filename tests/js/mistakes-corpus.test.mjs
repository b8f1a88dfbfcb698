// The corpus of mistakes is what its script makes, and is as broad as it says.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { IDS, make, NEEDS_ANOTHER, write } from "../vectors/make-mistakes.mjs";

const vector = (name) => readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8");

const { rows } = JSON.parse(vector("mistakes.json"));
const explained = rows.filter(({ expect }) => expect.verdict === "explained");
const ofSize = (size) => explained.filter(({ expect }) => expect.mistakes.length === size);

/** The entry of the catalogue; the name of a field belongs to the row. */
const entry = (id) => id.replace(/(?<=^field-[a-z-]+:).*/, "");

test("the script makes this file, byte for byte", () => {
	assert.equal(write(make()), vector("mistakes.json"));
});

test("each mistake occurs alone, or with the one without which it does not show", () => {
	const alone = new Set(ofSize(1).map(({ expect }) => entry(expect.mistakes[0])));
	assert.deepEqual(
		IDS.filter((id) => !alone.has(id)),
		Object.keys(NEEDS_ANOTHER),
	);
	for (const needed of Object.entries(NEEDS_ANOTHER)) {
		assert(ofSize(2).some(({ expect }) => needed.every((id) => expect.mistakes.includes(id))));
	}
	for (const { id, expect } of explained) {
		for (const set of [expect.mistakes, ...(expect.also ?? [])]) {
			assert(
				set.every((mistake) => IDS.includes(entry(mistake))),
				`${id}: not in the catalogue`,
			);
			assert.equal(set.length, expect.mistakes.length, `${id}: also lists sets of the same size`);
		}
	}
});

test("there are enough rows of each kind", () => {
	const count = (verdict) => rows.filter(({ expect }) => expect.verdict === verdict).length;
	assert(explained.length >= 150);
	assert(ofSize(2).length >= 45);
	assert(ofSize(3).length >= 6);
	assert(count("unexplained") >= 20);
	assert(count("match") >= 5);
	assert.equal(explained.length + count("unexplained") + count("match"), rows.length);
	assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
});

test("match rows match and no other does, computed as in the document", () => {
	const signed = {
		alarm: "AppId ErrorType Description AlarmContent TimeStamp",
		deliverNotify: "appid openid transid out_trade_no deliver_timestamp deliver_status deliver_msg",
		jsapi: "appId timeStamp nonceStr package",
		nativePackageResponse: "AppId Package TimeStamp NonceStr RetCode RetErrMsg",
		feedback: "OpenId AppId TimeStamp",
	};
	for (const { id, message, fields, secrets, given, expect } of rows) {
		if (signed[message] === undefined) continue;
		const names = signed[message].split(" ");
		const pairs = fields
			.filter(([name]) => names.includes(name))
			.map(([name, value]) => [name.toLowerCase(), value])
			.concat([["appkey", secrets.appKey]])
			.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
		const text = pairs.map(([name, value]) => `${name}=${value}`).join("&");
		const documented = createHash("sha1").update(text, "utf8").digest("hex");
		assert.equal(given === documented, expect.verdict === "match", id);
	}
});

test("no secret is a real one", () => {
	const published = JSON.parse(vector("signatures.json")).vectors.map(({ key }) => key);
	const digest = (label, algorithm, encoding) =>
		createHash(algorithm).update(`paysign corpus, ${label}`).digest(encoding);
	const known = {
		appKey: published,
		partnerKey: [digest("partner key", "sha256", "hex").slice(0, 32)],
		appSecret: [digest("app secret", "sha256", "hex").slice(0, 32)],
		apiKey: [
			digest("API key", "sha512", "base64")
				.replace(/[^A-Za-z0-9]/g, "")
				.slice(0, 32),
		],
	};
	for (const { id, secrets } of rows) {
		for (const [kind, secret] of Object.entries(secrets)) {
			assert(known[kind].includes(secret.replace(/^[\s"']+|[\s"']+$/g, "")), `${id}: ${kind}`);
		}
	}
});
