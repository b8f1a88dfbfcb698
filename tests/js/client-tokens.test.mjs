// Access tokens (PROTOCOL 5): how rarely they are fetched, when they are replaced, and where they are kept.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "paysign";
import { createMemoryTokenStore } from "paysign/tokens/memory";
import {
	account,
	clientAndSandbox,
	count,
	delivery,
	failure,
	other,
	stoppedClock,
	tokenFetch,
} from "./client-support.mjs";

const stable = "/cgi-bin/stable_token";
const classic = "/cgi-bin/token";
const notify = "/pay/delivernotify";

test("fifty callers share one request, and so do fifty deliveries", async (t) => {
	const { client, sandbox } = await clientAndSandbox(t);
	const tokens = await Promise.all(Array.from({ length: 50 }, () => client.accessToken()));
	assert.equal(new Set(tokens).size, 1);
	assert.equal(count(sandbox, stable), 1);
	const fresh = await clientAndSandbox(t);
	await Promise.all(Array.from({ length: 50 }, () => fresh.client.deliverNotify(delivery)));
	assert.equal(count(fresh.sandbox, stable), 1);
	assert.equal(count(fresh.sandbox, notify), 50);
});

test("a failed request fails all who wait for it, and is not remembered", async (t) => {
	const { client, sandbox } = await clientAndSandbox(t);
	sandbox.inject({ path: stable, fault: "busy" });
	const outcomes = await Promise.allSettled([client.accessToken(), client.accessToken()]);
	assert.deepEqual(
		outcomes.map((outcome) => outcome.status),
		["rejected", "rejected"],
	);
	assert.equal(count(sandbox, stable), 1);
	assert.equal(typeof (await client.accessToken()), "string");
	assert.equal(count(sandbox, stable), 2);
});

test("the stable endpoint is asked in normal mode, the classic one as documented", async () => {
	const { asked, fetch } = tokenFetch(7200);
	await createClient({ ...account, fetch }).accessToken();
	assert.equal(asked[0].method, "POST");
	assert.deepEqual(JSON.parse(asked[0].body), {
		grant_type: "client_credential",
		appid: account.appId,
		secret: account.appSecret,
	});
	await createClient({ ...account, fetch, tokenEndpoint: "classic" }).accessToken();
	assert.equal(asked[1].method, "GET");
	assert.equal(asked[1].body, undefined);
	assert.equal(
		asked[1].url,
		"https://api.weixin.qq.com/cgi-bin/token" +
			`?grant_type=client_credential&appid=${account.appId}&secret=${account.appSecret}`,
	);
});

test("a token is replaced 300 to 360 s before its end, a short one at half its life", async () => {
	for (const [expiresIn, random, margin] of [
		[7200, 0, 300],
		[7200, 0.999, 360],
		[7200, 0.5, 330],
		[1000, 0.999, 360],
		[400, 0, 200],
		[60, 0.999, 30],
		[1, 0, 0],
	]) {
		const clock = stoppedClock();
		const { asked, fetch } = tokenFetch(expiresIn);
		const client = createClient({ ...account, fetch, now: clock.now, random: () => random });
		await client.accessToken();
		clock.add(expiresIn - margin - 1);
		assert.equal(await client.accessToken(), "token-1", `${expiresIn} s, just before the margin`);
		clock.add(1);
		assert.equal(await client.accessToken(), "token-2", `${expiresIn} s, at the margin`);
		assert.equal(asked.length, 2);
	}
});

test("a life is counted from the question, not from the answer", async () => {
	const clock = stoppedClock();
	const { asked, fetch } = tokenFetch(1000);
	const slow = async (url, init) => {
		const answer = await fetch(url, init);
		if (asked.length === 1) clock.add(650);
		return answer;
	};
	const client = createClient({ ...account, fetch: slow, now: clock.now, random: () => 0 });
	await client.accessToken();
	clock.add(50);
	assert.equal(await client.accessToken(), "token-2");
});

test("a whole day of deliveries never uses a dead token, and asks rarely", async (t) => {
	for (const [tokenEndpoint, path] of [
		["stable", stable],
		["classic", classic],
	]) {
		const { client, sandbox, clock } = await clientAndSandbox(t, { tokenEndpoint, random: Math.random });
		for (let minute = 0; minute < 24 * 60; minute += 1) {
			await client.deliverNotify(delivery);
			clock.add(60);
		}
		const bad = sandbox.requests.filter(({ errcode }) => errcode !== 0);
		assert.deepEqual(bad, []);
		const asked = count(sandbox, path);
		assert.ok(asked >= 12 && asked <= 40, `${asked} token requests a day`);
	}
});

test("machines with stable tokens do not disturb each other", async (t) => {
	const { client, sandbox, clock } = await clientAndSandbox(t);
	const second = createClient({ ...account, fetch: sandbox.fetch, now: clock.now });
	assert.equal(await client.accessToken(), await second.accessToken());
	await client.deliverNotify(delivery);
	await second.deliverNotify(delivery);
	assert.ok(sandbox.requests.every(({ errcode }) => errcode === 0));
});

test("a store that fails is a STORE_FAILED without its words", async () => {
	const { fetch } = tokenFetch(7200);
	const broken = async () => {
		throw new Error("insert failed: token-1");
	};
	const read = async () => undefined;
	const rows = [
		["stable", { read: broken }, "read"],
		["stable", { read, replace: broken }, "replace"],
		["classic", { read, lease: broken }, "lease"],
		["classic", { read, replace: broken }, "replace"],
	];
	for (const [tokenEndpoint, methods, operation] of rows) {
		const events = [];
		const tokens = { ...createMemoryTokenStore(), ...methods };
		const onEvent = (event) => events.push(event);
		const client = createClient({ ...account, fetch, tokens, tokenEndpoint, onEvent });
		const error = await failure(client.accessToken(), "STORE_FAILED", ["token-1"]);
		assert.equal(error.details.retryable, true);
		assert.deepEqual(events.at(-1), { type: "tokenStoreFailed", operation });
	}
});

test("what the token endpoint refuses is an API_ERROR with the secret masked", async (t) => {
	for (const tokenEndpoint of ["stable", "classic"]) {
		for (const [wrong, errcode] of [
			[{ appId: "wx1111111111111111" }, 40013],
			[{ appSecret: "not-the-secret-of-this-account" }, 40125],
		]) {
			const { client } = await clientAndSandbox(t, { tokenEndpoint, ...wrong });
			const error = await failure(client.deliverNotify(delivery), "API_ERROR", Object.values(wrong));
			assert.equal(error.details.errcode, errcode);
			assert.match(error.message, /\/cgi-bin\//);
		}
	}
});

test("the token endpoint's words are masked too: the secret, the keys, and the tokens of before", async () => {
	const clock = stoppedClock();
	let errmsg;
	const { fetch } = tokenFetch(7200);
	const options = { ...account, appKey: [account.appKey, other.appKey], now: clock.now, random: () => 0 };
	const client = createClient({
		...options,
		fetch: (...call) =>
			errmsg === undefined ? fetch(...call) : Promise.resolve(Response.json({ errcode: 40125, errmsg })),
	});
	const token = await client.accessToken();
	clock.add(7000);
	const secrets = [account.appSecret, account.appKey, other.appKey, token];
	errmsg = secrets.join(" ");
	const error = await failure(client.accessToken(), "API_ERROR", secrets);
	assert.equal(error.details.errmsg, "«masked» «masked» «masked» «masked»");
});

test("an answer without a usable token is RESPONSE_MALFORMED", async () => {
	for (const answer of [
		{},
		{ errcode: 0 },
		{ errcode: null, access_token: "t", expires_in: 7200 },
		{ access_token: "t" },
		{ expires_in: 7200 },
		{ access_token: "", expires_in: 7200 },
		{ access_token: 5, expires_in: 7200 },
		{ access_token: "a b", expires_in: 7200 },
		{ access_token: "a\nb", expires_in: 7200 },
		{ access_token: "t".repeat(4097), expires_in: 7200 },
		{ access_token: "t", expires_in: 0 },
		{ access_token: "t", expires_in: -7200 },
		{ access_token: "t", expires_in: 1.5 },
		{ access_token: "t", expires_in: "soon" },
	]) {
		const client = createClient({ ...account, fetch: async () => Response.json(answer) });
		const error = await failure(client.accessToken(), "RESPONSE_MALFORMED");
		assert.equal(error.details.retryable, true, JSON.stringify(answer));
	}
	const long = { access_token: "t".repeat(512), expires_in: "7200" };
	const client = createClient({ ...account, fetch: async () => Response.json(long) });
	assert.equal(await client.accessToken(), long.access_token);
});

test("a store that does not answer is a STORE_FAILED, in time", async () => {
	const { fetch } = tokenFetch(7200);
	const tokens = { ...createMemoryTokenStore(), read: () => new Promise(() => {}) };
	const events = [];
	const onEvent = (event) => events.push(event);
	const client = createClient({ ...account, fetch, tokens, timeoutMs: 20, onEvent });
	// The deadline's timer alone does not keep a process alive.
	const alive = setInterval(() => {}, 1_000);
	const error = await failure(client.accessToken(), "STORE_FAILED").finally(() => clearInterval(alive));
	assert.equal(error.details.reason, "timeout");
	assert.deepEqual(events, [{ type: "tokenStoreFailed", operation: "read", reason: "timeout" }]);
});
