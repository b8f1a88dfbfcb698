// The client: its options, what it posts, what it makes of WeChat's answers. Tokens and faults have files of their own.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createClient } from "paysign";
import {
	account,
	clientAndSandbox,
	count,
	delivery,
	failure,
	order,
	other,
	paidAt,
	paySign,
} from "./client-support.mjs";

const errcodeRows = JSON.parse(
	readFileSync(new URL("../vectors/errcodes.json", import.meta.url), "utf8"),
).vectors;

/** A fetch that keeps what it was asked and answers with JSON: a token, then `answer`. */
function recording(answer = { errcode: 0, errmsg: "ok" }) {
	const calls = [];
	const fetch = async (url, init) => {
		calls.push({ url, ...init });
		const token = { access_token: "canary-token/+=", expires_in: 7200 };
		return Response.json(url.includes("/cgi-bin/") ? token : answer);
	};
	return { calls, fetch };
}

test("a delivery is taken", async (t) => {
	const { client, sandbox } = await clientAndSandbox(t);
	assert.deepEqual(await client.deliverNotify(delivery), { errcode: 0, errmsg: "ok" });
	assert.deepEqual(sandbox.order(order.transid), {
		...order,
		deadline: paidAt + 86_400,
		notifiedAt: paidAt,
		deliverStatus: "1",
		deliverMsg: "ok",
		notifications: 1,
		alarm: "none",
	});
	const [token, notification] = sandbox.requests;
	assert.equal(token.path, "/cgi-bin/stable_token");
	assert.equal(notification.method, "POST");
	assert.equal(notification.query, "access_token=«masked»");
	assert.equal(notification.contentType, "application/json; charset=utf-8");
});

test("numbers and strings give the same body", async () => {
	const { calls, fetch } = recording();
	const client = createClient({ ...account, fetch });
	await client.deliverNotify(delivery);
	await client.deliverNotify({ ...delivery, deliverTimestamp: `${paidAt + 60}`, deliverStatus: "1" });
	assert.equal(calls[1].body, calls[2].body);
});

test("the signature is the one of PROTOCOL 1.1, and the key is not in the body", async () => {
	const { calls, fetch } = recording();
	await createClient({ ...account, fetch }).deliverNotify(delivery);
	const { app_signature, sign_method, ...signed } = JSON.parse(calls[1].body);
	assert.equal(app_signature, paySign(signed, account.appKey));
	assert.equal(sign_method, "sha1");
	assert.deepEqual(Object.keys(signed).sort(), [
		"appid",
		"deliver_msg",
		"deliver_status",
		"deliver_timestamp",
		"openid",
		"out_trade_no",
		"transid",
	]);
	assert.ok(!calls[1].body.includes(account.appKey));
	assert.ok(!/appkey/i.test(calls[1].body));
});

test("the first of several keys signs, whatever its form", async (t) => {
	const bytes = new TextEncoder().encode(account.appKey);
	for (const appKey of [[account.appKey, other.appKey], bytes, [bytes], () => account.appKey]) {
		const { client } = await clientAndSandbox(t, { appKey });
		assert.equal((await client.deliverNotify(delivery)).errcode, 0);
	}
	const { client } = await clientAndSandbox(t, { appKey: [other.appKey, account.appKey] });
	const error = await failure(client.deliverNotify(delivery), "API_ERROR", [other.appKey]);
	assert.equal(error.details.errcode, 49004);
});

test("text arrives as raw UTF-8, so 40033 cannot happen", async (t) => {
	const { client, sandbox } = await clientAndSandbox(t);
	for (const deliverMsg of [
		"该商品已退款",
		"😀👩‍👩‍👧",
		'a&b=c "quoted" \\ /',
		"two\r\nlines\tand\u2028",
		"",
		"C:\\users",
	]) {
		await client.deliverNotify({ ...delivery, deliverStatus: 0, deliverMsg });
		assert.equal(sandbox.order(order.transid).deliverMsg, deliverMsg);
	}
	const sent = sandbox.requests.length;
	for (const deliverMsg of ["typed \\u4e2d", "\u0001", "\ud83d"]) {
		await failure(client.deliverNotify({ ...delivery, deliverMsg }), "FIELD_MALFORMED");
	}
	assert.equal(sandbox.requests.length, sent, "nothing was sent");
});

test("a delivery that breaks the grammar is refused before anything is sent", async (t) => {
	const { client, sandbox } = await clientAndSandbox(t);
	for (const wrong of [
		{ transid: "1&x=2" },
		{ deliverTimestamp: "1.5" },
		{ deliverStatus: 2 },
		{ openid: "" },
	]) {
		await failure(client.deliverNotify({ ...delivery, ...wrong }), "FIELD_MALFORMED");
	}
	assert.equal(sandbox.requests.length, 0);
});

test("every errcode but the token's is thrown once, with what the table says", async () => {
	for (const { errcode, action } of errcodeRows) {
		if (action === "ok" || action === "refresh") continue;
		const { calls, fetch } = recording({ errcode, errmsg: "as WeChat says" });
		const client = createClient({ ...account, fetch });
		const error = await failure(client.deliverNotify(delivery), "API_ERROR", ["canary-token/+="]);
		const { details } = error;
		assert.equal(details.errcode, errcode);
		assert.equal(details.errmsg, "as WeChat says");
		assert.equal(details.retryable, [-1, 45011].includes(errcode), `retryable of ${errcode}`);
		for (const part of [
			`${errcode}`,
			details.errmsg,
			details.meaning,
			details.fix,
			"POST /pay/delivernotify",
		]) {
			assert.ok(error.message.includes(part), `${error.message} has no ${part}`);
		}
		assert.equal(calls.length, 2, "a token and one attempt");
	}
});

test("an unknown errcode is retryable and says that it is unknown", async () => {
	const { fetch } = recording({ errcode: 99999 });
	const { details } = await failure(createClient({ ...account, fetch }).deliverNotify(delivery), "API_ERROR");
	assert.equal(details.errcode, 99999);
	assert.equal(details.errmsg, "");
	assert.equal(details.retryable, true);
	assert.match(details.meaning, /known lists do not have/);
});

test("an errcode may be a decimal string", async () => {
	const { fetch } = recording({ errcode: "0", errmsg: "ok" });
	assert.equal((await createClient({ ...account, fetch }).deliverNotify(delivery)).errcode, 0);
	const refused = recording({ errcode: "49004", errmsg: "not match signature" });
	const client = createClient({ ...account, fetch: refused.fetch });
	assert.equal((await failure(client.deliverNotify(delivery), "API_ERROR")).details.errcode, 49004);
});

test("secrets in WeChat's words are masked, however they are written", async () => {
	const token = "canary-token/+=";
	const appSecret = 'a-"secret"\\with/everything';
	const spellings = [token, appSecret, account.appKey].flatMap((secret) => [
		secret,
		encodeURIComponent(secret),
		encodeURIComponent(secret).replace(/%../g, (hex) => hex.toLowerCase()),
		JSON.stringify(secret).slice(1, -1),
		`${secret.slice(0, 5)}\u0000${secret.slice(5)}`,
		`${secret.slice(0, 5)}\u200b${secret.slice(5)}`,
	]);
	for (const spelling of spellings) {
		const { fetch } = recording({ errcode: 49004, errmsg: `before ${spelling} after` });
		const client = createClient({ ...account, appSecret, fetch });
		const error = await failure(client.deliverNotify(delivery), "API_ERROR", [token, appSecret]);
		assert.equal(error.details.errmsg, "before «masked» after");
	}
	// One secret may begin as another does.
	const nested = recording({ errcode: 49004, errmsg: token });
	const client = createClient({ ...account, appSecret: token.slice(0, 6), fetch: nested.fetch });
	assert.equal(
		(await failure(client.deliverNotify(delivery), "API_ERROR", [token])).details.errmsg,
		"«masked»",
	);
	const taken = recording({ errcode: 0, errmsg: `ok ${token}` });
	const result = await createClient({ ...account, fetch: taken.fetch }).deliverNotify(delivery);
	assert.equal(result.errmsg, "ok «masked»");
});

test("WeChat's words are cut after masking, and lose control characters", async () => {
	const errmsg = `\u001b[31m\u202ered\r\n${"x".repeat(500)}${account.appKey}😀`;
	const { fetch } = recording({ errcode: 49004, errmsg });
	const { details } = await failure(createClient({ ...account, fetch }).deliverNotify(delivery), "API_ERROR");
	assert.equal(details.errmsg, `[31mred${"x".repeat(500)}«mask`);
	const pair = recording({ errcode: 49004, errmsg: `${"x".repeat(511)}😀` });
	const cut = await failure(
		createClient({ ...account, fetch: pair.fetch }).deliverNotify(delivery),
		"API_ERROR",
	);
	assert.equal(cut.details.errmsg, "x".repeat(511), "not half a character");
});

test("the host is one of WeChat's, always over https", async () => {
	for (const host of [
		"api.weixin.qq.com",
		"api2.weixin.qq.com",
		"sh.api.weixin.qq.com",
		"sz.api.weixin.qq.com",
		"hk.api.weixin.qq.com",
	]) {
		const { calls, fetch } = recording();
		await createClient({ ...account, host, fetch }).deliverNotify(delivery);
		const urls = calls.map((call) => new URL(call.url));
		assert.deepEqual([...new Set(urls.map((url) => url.origin))], [`https://${host}`]);
		assert.equal(urls[1].searchParams.get("access_token"), "canary-token/+=");
		assert.ok(calls.every((call) => call.redirect === "manual" && call.signal instanceof AbortSignal));
	}
	const { calls, fetch } = recording();
	await createClient({ ...account, fetch }).accessToken();
	assert.equal(calls[0].url, "https://api.weixin.qq.com/cgi-bin/stable_token");
});

test("options that cannot be used are refused by name, without their value", () => {
	const canary = "canary-1234567890-canary";
	const wrong = [
		["appId", ["", " wx", `wx ${canary}`, new TextEncoder().encode("wx"), 1, undefined, "x".repeat(65)]],
		["appSecret", ["", `${canary}\n`, `${canary} `, " ", 1, undefined, `${canary}密`]],
		["appKey", ["", [], `${canary}\n`, [account.appKey, ""], 1, undefined, new Uint8Array(), "short"]],
		["fetch", [null, canary]],
		["tokens", [null, {}, canary]],
		["tokenEndpoint", ["", canary]],
		["now", [0, canary]],
		["random", [0, canary]],
		["timeoutMs", [0, -1, 1.5, Number.NaN, Infinity, 600_001, "10000"]],
		[
			"host",
			["", canary, "evil.example", "api.weixin.qq.com:80", "x@api.weixin.qq.com", "API.weixin.qq.com"],
		],
	];
	for (const [field, values] of wrong) {
		for (const value of values) {
			assert.throws(
				() => createClient({ ...account, [field]: value }),
				(error) =>
					error.code === "ARGUMENT_INVALID" &&
					error.details.field === field &&
					error.message.includes(field) &&
					!error.message.includes("canary"),
				`${field}: ${String(value)}`,
			);
		}
	}
	for (const options of [undefined, null, "options"]) {
		assert.throws(() => createClient(options), { code: "ARGUMENT_INVALID" });
	}
});

test("no option turns the verification of certificates off", () => {
	for (const name of [
		"agent",
		"baseUrl",
		"ca",
		"dispatcher",
		"insecure",
		"protocol",
		"rejectUnauthorized",
		"scheme",
		"strictSSL",
		"tls",
		"verify",
	]) {
		assert.throws(() => createClient({ ...account, [name]: false }), { code: "ARGUMENT_INVALID" }, name);
	}
});

test("a source of randomness outside its range is noticed", async () => {
	for (const random of [() => 1, () => -0.1, () => Number.NaN]) {
		const { fetch } = recording();
		const error = await failure(
			createClient({ ...account, fetch, random }).accessToken(),
			"ARGUMENT_INVALID",
		);
		assert.equal(error.details.field, "random");
	}
});

test("a clock in milliseconds is noticed", async (t) => {
	const { client, sandbox } = await clientAndSandbox(t, { now: Date.now });
	const error = await failure(client.accessToken(), "ARGUMENT_INVALID");
	assert.equal(error.details.field, "now");
	assert.equal(count(sandbox, "/cgi-bin/stable_token"), 0);
});
