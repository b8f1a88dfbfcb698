// Access tokens that WeChat refuses (THREATS 5.3, F13): one fresh token, one resend, never more; and stores that are
// shared.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "paysign";
import { startSandbox } from "paysign/sandbox";
import { createMemoryTokenStore } from "paysign/tokens/memory";
import { createTokenSource } from "#modules/token.js";
import {
	account,
	clientAndSandbox,
	count,
	delivery,
	failure,
	order,
	other,
	stoppedClock,
	tokenFetch,
} from "./client-support.mjs";

const stable = "/cgi-bin/stable_token";
const classic = "/cgi-bin/token";
const notify = "/pay/delivernotify";

test("a token that another program has killed is replaced, and the notification resent once", async (t) => {
	const { client, sandbox, clock } = await clientAndSandbox(t, { tokenEndpoint: "classic" });
	await client.accessToken();
	const rival = createClient({ ...account, fetch: sandbox.fetch, now: clock.now, tokenEndpoint: "classic" });
	await rival.accessToken();
	clock.add(301);
	assert.equal((await client.deliverNotify(delivery)).errcode, 0);
	assert.deepEqual(
		sandbox.requests.map(({ path, errcode }) => [path, errcode]),
		[
			[classic, 0],
			[classic, 0],
			[notify, 40001],
			[classic, 0],
			[notify, 0],
		],
	);
	const [first, second] = sandbox.requests.filter(({ path }) => path === notify);
	assert.equal(first.body, second.body, "the same body, the same signature");
});

test("fifty deliveries with a dead token cost one fresh token", async (t) => {
	const { client, sandbox, clock } = await clientAndSandbox(t, { tokenEndpoint: "classic" });
	await client.accessToken();
	const rival = createClient({ ...account, fetch: sandbox.fetch, now: clock.now, tokenEndpoint: "classic" });
	await rival.accessToken();
	clock.add(301);
	await Promise.all(Array.from({ length: 50 }, () => client.deliverNotify(delivery)));
	assert.equal(count(sandbox, classic), 3);
	assert.equal(sandbox.order(order.transid).notifications, 50);
});

test("each of the three token errcodes causes one refresh and one resend, never more", async () => {
	for (const errcode of [40001, 40014, 42001]) {
		const { asked, fetch } = tokenFetch(7200);
		const refusing = async (url, init) => {
			const answer = await fetch(url, init);
			return url.includes(notify) ? Response.json({ errcode, errmsg: "no" }) : answer;
		};
		const client = createClient({ ...account, fetch: refusing });
		const { details } = await failure(client.deliverNotify(delivery), "API_ERROR", ["token-1", "token-3"]);
		assert.equal(details.errcode, errcode);
		assert.equal(details.retryable, false);
		assert.deepEqual(
			asked.map(({ url }) => new URL(url).pathname),
			[stable, notify, stable, notify],
		);
	}
});

test("the very same token is not tried twice", async (t) => {
	const { client, sandbox } = await clientAndSandbox(t);
	const token = await client.accessToken();
	sandbox.inject({ path: notify, fault: "expiredToken" });
	const error = await failure(client.deliverNotify(delivery), "API_ERROR", [token]);
	assert.equal(error.details.errcode, 42001);
	assert.match(error.details.fix, /the very same one again/);
	assert.equal(count(sandbox, notify), 1);
	assert.equal(count(sandbox, stable), 2);
	// And that was for this call only.
	assert.equal((await client.deliverNotify(delivery)).errcode, 0);
	assert.equal(count(sandbox, stable), 2);
});

test("a token that somebody else has replaced in a shared store is used without a request", async (t) => {
	const tokens = createMemoryTokenStore();
	const options = { tokens, tokenEndpoint: "classic" };
	const { client, sandbox, clock } = await clientAndSandbox(t, options);
	const second = createClient({ ...account, ...options, fetch: sandbox.fetch, now: clock.now });
	const dead = await client.accessToken();
	assert.equal(await second.accessToken(), dead);
	assert.equal(count(sandbox, classic), 1, "the store is shared");
	const rival = createClient({ ...account, fetch: sandbox.fetch, now: clock.now, tokenEndpoint: "classic" });
	await rival.accessToken();
	clock.add(301);
	await client.deliverNotify(delivery);
	await second.deliverNotify(delivery);
	assert.equal(count(sandbox, classic), 3, "the second client needed none");
});

test("a client that loses the race for the store uses the winner's token", async () => {
	const clock = stoppedClock();
	const winner = { accessToken: "winner", refreshAt: clock.now() + 100, expiresAt: clock.now() + 200 };
	let held;
	const tokens = {
		...createMemoryTokenStore(),
		read: async () => held,
		replace: async () => {
			held = winner;
			return false;
		},
	};
	const { fetch } = tokenFetch(7200);
	const client = createClient({ ...account, fetch, tokens, now: clock.now });
	assert.equal(await client.accessToken(), "winner");
});

test("the fresh token is masked as well", async () => {
	const { fetch } = tokenFetch(7200);
	const refusing = async (url, init) => {
		const answer = await fetch(url, init);
		if (!url.includes(notify)) return answer;
		return Response.json({ errcode: 40001, errmsg: "neither token-1 nor token-3" });
	};
	const client = createClient({ ...account, fetch: refusing });
	const { details } = await failure(client.deliverNotify(delivery), "API_ERROR", ["token-1", "token-3"]);
	assert.equal(details.errmsg, "neither «masked» nor «masked»");
});

test("a token refused while it is being read from the store is not mistaken for WeChat's answer", async () => {
	const held = { accessToken: "refused", refreshAt: 100, expiresAt: 200 };
	let whileReading = () => {};
	let asked = 0;
	const source = createTokenSource({
		appId: account.appId,
		store: { read: async () => held, replace: async () => true },
		issue: async () => {
			asked += 1;
			return { accessToken: "fresh", expiresIn: 7200 };
		},
		now: () => {
			whileReading();
			return 0;
		},
		random: () => 0,
	});
	let instead;
	whileReading = () => {
		whileReading = () => {};
		instead = source.insteadOf("refused");
	};
	assert.equal(await source.current(), "refused");
	assert.equal(await instead, "fresh");
	assert.equal(asked, 1);
});

test("another account's token is 49001", async (t) => {
	const sandbox = await startSandbox({ accounts: [account, other] });
	t.after(() => sandbox.close());
	const theirs = await createClient({ ...other, fetch: sandbox.fetch }).accessToken();
	const stored = { accessToken: theirs, refreshAt: 9e9, expiresAt: 9e9 };
	const tokens = { ...createMemoryTokenStore(), read: async () => stored, replace: async () => true };
	const client = createClient({ ...account, fetch: sandbox.fetch, tokens });
	const error = await failure(client.deliverNotify(delivery), "API_ERROR", [theirs]);
	assert.equal(error.details.errcode, 49001);
});
