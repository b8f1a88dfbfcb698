// The other messages from WeChat, through the package: published samples, GBK, what binds what.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
	buildNativePackageResponse,
	signMessage,
	signTestAlarm,
	verifyAlarm,
	verifyFeedback,
	verifyNativePackageRequest,
	verifyPayNotify,
	WeChatPayError,
} from "paysign";

const { vectors } = JSON.parse(readFileSync(new URL("../vectors/signatures.json", import.meta.url), "utf8"));
const row = (id) => vectors.find((candidate) => candidate.id === id);
const account = {
	appId: "wxd930ea5d5a258f4f",
	appKey: row("paynotify").key,
	partner: "1900000109",
	partnerKey: "8934e7d15453e97507ef794cf7b0519d",
};
const other = { ...account, appId: "wxf8b4f85f3a794e77", appKey: row("jsapi-official").key };

const refused = (code) => (error) => error instanceof WeChatPayError && error.code === code;

/** Elements as an XML body; the first four samples were published with these very signatures. */
function xml(elements) {
	const text = Object.entries(elements).map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`);
	return `<xml>${text.join("")}</xml>`;
}

const notifyBody = xml({
	...Object.fromEntries(row("paynotify").fields),
	AppSignature: row("paynotify").signature,
	SignMethod: "sha1",
});
const feedbackBody = xml({
	OpenId: "111222",
	AppId: account.appId,
	TimeStamp: "1369743511",
	MsgType: "request",
	FeedBackId: "5883726847655944563",
	TransId: "10123312412321435345",
	Reason: "商品质量有问题",
	Solution: "补发货给我",
	ExtInfo: "明天六点前联系我 18610847266",
	AppSignature: "b6f95a2368dd81952c4d7198e5102acd1fdd601a",
	SignMethod: "sha1",
});
const requestBody = xml({
	...Object.fromEntries(row("native-package-req-K1").fields),
	AppSignature: row("native-package-req-K1").signature,
	SignMethod: "sha1",
});

const parameters = {
	bank_billno: "206064184488",
	bank_type: "0",
	discount: "0",
	fee_type: "1",
	input_charset: "GBK",
	notify_id:
		"WE37gwCoFBcAKdkH34Y1nW94r_vao2ljmwE3oAHEeAP690xSVhRleOMfhsgjwVGDpluT -vdS79kbDbkDnjYg4qsmTdSjuJxl",
	out_trade_no: "843254536943809900",
	partner: "1900000109",
	product_fee: "1",
	sign_type: "MD5",
	time_end: "20130606015331",
	total_fee: "1",
	trade_mode: "1",
	trade_state: "0",
	transaction_id: "1900000109201306060282555397",
	transport_fee: "0",
};

/** PROTOCOL 6.1 with node:crypto, over the bytes of the values; percent-encoded as they are. */
function signedQuery(values) {
	const encode = (bytes) => [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
	const sorted = Object.entries(values)
		.map(([name, value]) => [name, Buffer.from(value)])
		.sort(([a], [b]) => (a < b ? -1 : 1));
	const hash = createHash("md5");
	for (const [name, value] of sorted) hash.update(`${name}=`).update(value).update("&");
	const sign = hash.update(`key=${account.partnerKey}`).digest("hex").toUpperCase();
	return [...sorted.map(([name, value]) => `${name}=${encode(value)}`), `sign=${sign}`].join("&");
}

test("both halves of a payment notification verify, and are kept apart", () => {
	const query = signedQuery(parameters);
	assert.match(query, /sign=9EBF3EFE9CEFAF3111020DB5CAD6EE82$/, "the published signature");
	for (const credentials of [
		account,
		[other, account],
		{ ...account, partnerKey: ["z".repeat(32), account.partnerKey] },
	]) {
		const { order, buyer, dedupKey } = verifyPayNotify({ query, body: notifyBody }, credentials);
		assert.equal(order.totalFee, "1");
		assert.equal(order.transactionId, "1900000109201306060282555397");
		assert.equal(order.notifyId, parameters.notify_id);
		assert.equal("attach" in order, false);
		assert.deepEqual(buyer, {
			appId: account.appId,
			openid: "111222",
			isSubscribe: "1",
			timeStamp: "1369743511",
			nonceStr: "jALldRTHAFd5Tgs5",
			appSignature: row("paynotify").signature,
		});
		assert.match(dedupKey, /^[0-9a-f]{64}$/);
	}
});

test("values are GBK unless the query says otherwise", () => {
	const gbk = signedQuery({ ...parameters, attach: Buffer.from([0xb8, 0xbd, 0xbc, 0xd3]) });
	assert.equal(verifyPayNotify({ query: gbk, body: notifyBody }, account).order.attach, "附加");
	const utf8 = signedQuery({ ...parameters, input_charset: "UTF-8", attach: Buffer.from("附加") });
	assert.equal(verifyPayNotify({ query: utf8, body: notifyBody }, account).order.attach, "附加");
	const neither = signedQuery({ ...parameters, attach: Buffer.from([0xfe, 0xff]) });
	assert.throws(
		() => verifyPayNotify({ query: neither, body: notifyBody }, account),
		refused("FIELD_MALFORMED"),
	);
});

test("one half alone is refused", () => {
	const query = signedQuery(parameters);
	const verify = (half) => () => verifyPayNotify({ query, body: notifyBody, ...half }, account);
	assert.throws(verify({ query: undefined }), refused("ARGUMENT_INVALID"));
	assert.throws(verify({ query: "" }), refused("QUERY_MALFORMED"));
	assert.throws(verify({ body: undefined }), refused("ARGUMENT_INVALID"));
	assert.throws(verify({ body: "" }), refused("XML_ROOT"));
	assert.throws(verify({ query: query.replace("%31", "%32") }), refused("SIGNATURE_MISMATCH"));
	assert.throws(verify({ body: notifyBody.replace("111222", "111223") }), refused("SIGNATURE_MISMATCH"));
	for (const wrong of [
		{ partner: "" },
		{ partner: undefined },
		{ partnerKey: "" },
		{ partnerKey: [] },
		{ partnerKey: undefined },
	]) {
		assert.throws(
			() => verifyPayNotify({ query, body: notifyBody }, { ...account, ...wrong }),
			refused("ARGUMENT_INVALID"),
			JSON.stringify(wrong),
		);
	}
	assert.throws(
		() => verifyPayNotify({ query, body: notifyBody }, { ...account, partner: "1900000110" }),
		refused("PARTNER_MISMATCH"),
	);
});

test("feedback: the content is typed and named as unverified", () => {
	const feedback = verifyFeedback(feedbackBody, [other, account]);
	assert.deepEqual(feedback, {
		appId: account.appId,
		openid: "111222",
		timeStamp: "1369743511",
		appSignature: "b6f95a2368dd81952c4d7198e5102acd1fdd601a",
		unverified: {
			msgType: "request",
			feedBackId: "5883726847655944563",
			transId: "10123312412321435345",
			reason: "商品质量有问题",
			solution: "补发货给我",
			extInfo: "明天六点前联系我 18610847266",
			picUrls: [],
		},
	});
	const forged = feedbackBody.replace("补发货给我", "退款");
	assert.equal(verifyFeedback(forged, account).unverified.solution, "退款");
});

test("the native package is asked for and answered", () => {
	const request = verifyNativePackageRequest(requestBody, other);
	assert.equal(request.productId, "777111666");
	assert.equal(request.isSubscribe, "1");
	const sample = row("native-package-resp-empty");
	const fields = Object.fromEntries(sample.fields);
	const answer = buildNativePackageResponse(
		{
			package: fields.Package,
			timeStamp: Number(fields.TimeStamp),
			nonceStr: fields.NonceStr,
			retCode: 0,
			retErrMsg: "",
		},
		account,
	);
	assert(answer.includes(`<AppSignature><![CDATA[${sample.signature}]]></AppSignature>`));
	assert(answer.includes("<RetErrMsg><![CDATA[]]></RetErrMsg>"));
});

test("no function takes another type's message", () => {
	const alarmBody = signTestAlarm({ timeStamp: 1 }, account);
	const packageFields = {
		OpenId: "o1",
		AppId: account.appId,
		IsSubscribe: 1,
		ProductId: "p",
		TimeStamp: 1,
		NonceStr: "n",
	};
	const bodies = {
		alarm: alarmBody,
		feedback: feedbackBody,
		payNotify: notifyBody,
		nativePackageRequest: xml({
			...packageFields,
			AppSignature: signMessage("nativePackageRequest", packageFields, account.appKey),
			SignMethod: "sha1",
		}),
	};
	const query = signedQuery(parameters);
	const functions = {
		alarm: (body) => verifyAlarm(body, account),
		feedback: (body) => verifyFeedback(body, account),
		payNotify: (body) => verifyPayNotify({ query, body }, account),
		nativePackageRequest: (body) => verifyNativePackageRequest(body, account),
	};
	for (const [kind, body] of Object.entries(bodies)) {
		for (const [name, verify] of Object.entries(functions)) {
			if (name === kind) assert.equal(typeof verify(body), "object");
			else assert.throws(() => verify(body), WeChatPayError, `${kind} passed to ${name}`);
		}
	}
});
