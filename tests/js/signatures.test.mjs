// Every known answer, through the package, and against a second implementation on node:crypto.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { buildDeliverNotify, explainSignature, signMessage, WeChatPayError } from "paysign";

const { vectors } = JSON.parse(readFileSync(new URL("../vectors/signatures.json", import.meta.url), "utf8"));

/** PROTOCOL 1.1 in six lines, sharing nothing with the core. */
function paySign(fields, key) {
	const pairs = fields.map(([name, value]) => [name.toLowerCase(), value]);
	if (key !== "") pairs.push(["appkey", key]);
	pairs.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
	const text = pairs.map(([name, value]) => `${name}=${value}`).join("&");
	return { text, signature: createHash("sha1").update(text, "utf8").digest("hex") };
}

for (const row of vectors) {
	test(`known answer ${row.id}`, () => {
		const { text, signature } = paySign(row.fields, row.key);
		assert.equal(text, row.canonical);
		assert.equal(signature, row.signature);

		const fields = Object.fromEntries(row.fields);
		const secret = row.key === "" ? {} : { appKey: row.key };
		const options = { message: row.message, fields, ...secret };
		const explanation = explainSignature({ ...options, given: row.signature });
		assert.equal(explanation.canonicalText.replace("«128 chars»", row.key), row.canonical);
		assert.equal(explanation.signature, row.signature);
		assert.equal(explanation.verdict, "match");
		assert.equal(explainSignature(options).verdict, "not-given");
		if (row.key !== "") assert(!JSON.stringify(explanation).includes(row.key), "the key is shown");
		if (row.published !== undefined) {
			assert.equal(explainSignature({ ...options, given: row.published }).verdict, "mismatch");
		}

		if (row.id === "alarm-ambiguity-B") {
			assert.throws(() => signMessage(row.message, fields, row.key), { code: "FIELD_MALFORMED" });
		} else {
			assert.equal(signMessage(row.message, fields, secret.appKey), row.signature);
		}
	});
}

test("a delivery is built as it was signed", () => {
	const rows = vectors.filter((row) => row.message === "deliverNotify");
	assert.equal(rows.length, 6);
	for (const row of rows) {
		const wire = Object.fromEntries(row.fields);
		const delivery = {
			openid: wire.openid,
			transid: wire.transid,
			outTradeNo: wire.out_trade_no,
			deliverTimestamp: Number(wire.deliver_timestamp),
			deliverStatus: Number(wire.deliver_status),
			deliverMsg: wire.deliver_msg,
		};
		const body = buildDeliverNotify(delivery, { appId: wire.appid, appKey: row.key });
		assert.deepEqual(body, { ...wire, app_signature: row.signature, sign_method: "sha1" });
		const posted = JSON.stringify(body);
		assert(!posted.includes(row.key));
		assert(!/\\u[0-9a-f]{4}/i.test(posted), "the body would earn errcode 40033");
	}
});

test("numbers, strings and names in any case sign alike", () => {
	const key = "k".repeat(128);
	const first = signMessage("feedback", { AppId: "wx1", OpenId: "o", TimeStamp: 1393400471 }, key);
	const second = signMessage("feedback", { timestamp: "1393400471", appid: "wx1", openid: "o" }, key);
	const bytes = signMessage(
		"feedback",
		{ timestamp: "1393400471", appid: "wx1", openid: "o" },
		Buffer.from(key),
	);
	assert.equal(first, second);
	assert.equal(first, bytes);
});

test("what has no agreed spelling is refused", () => {
	const key = "k".repeat(128);
	for (const value of [
		1.5,
		-1,
		Number.NaN,
		2 ** 53,
		true,
		null,
		undefined,
		{},
		[],
		1n,
		"\ud800",
		"a\udc00b",
	]) {
		assert.throws(
			() => signMessage("feedback", { AppId: "wx1", OpenId: "o", TimeStamp: value }, key),
			(error) =>
				error instanceof WeChatPayError &&
				error.code === "FIELD_MALFORMED" &&
				error.details.field === "TimeStamp",
			String(value),
		);
	}
});
