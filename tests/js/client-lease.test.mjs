// Classic tokens on several machines (PROTOCOL 5.1): each new token kills the previous one, so one machine at a time
// asks, under a lease of the shared store; and what happens when that machine dies, is slow or fails.
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
	stoppedClock,
	tokenFetch,
} from "./client-support.mjs";
import { gate } from "./support/receiver.mjs";

const classic = "/cgi-bin/token";

/** Machines that share a store; their waits move the store's clock and take no time. */
function machines(options = {}) {
	const clock = stoppedClock();
	let ticks = 0;
	const waits = [];
	const tokens = createMemoryTokenStore({ ticks: () => ticks });
	const wait = async (milliseconds) => {
		waits.push(milliseconds);
		ticks += milliseconds;
		await new Promise((resolve) => setImmediate(resolve));
	};
	const shared = { ...account, tokenEndpoint: "classic", tokens, now: clock.now, random: () => 0, wait };
	return { clock, tokens, waits, machine: (more) => createClient({ ...shared, ...options, ...more }) };
}

test("of fifty machines with a cold store one asks, and the others wait for what it gets", async () => {
	const { asked, fetch } = tokenFetch(7200);
	const { machine } = machines({ fetch });
	const tokens = await Promise.all(Array.from({ length: 50 }, () => machine().accessToken()));
	assert.deepEqual(new Set(tokens), new Set(["token-1"]));
	assert.equal(asked.length, 1);
});

test("a token that WeChat refuses is replaced once, however many machines it is refused to", async (t) => {
	const { client, sandbox, clock } = await clientAndSandbox(t, { tokenEndpoint: "classic" });
	const { machine } = machines({ fetch: sandbox.fetch, now: clock.now });
	const all = Array.from({ length: 20 }, () => machine());
	await Promise.all(all.map((each) => each.accessToken()));
	// Another program, which knows nothing of the store.
	await client.accessToken();
	clock.add(301);
	await Promise.all(all.map((each) => each.deliverNotify(delivery)));
	assert.equal(count(sandbox, classic), 3);
});

test("a machine that dies with the lease holds the others up until the lease ends, and no longer", async () => {
	const { asked, fetch } = tokenFetch(7200);
	const { machine, tokens, waits } = machines({ fetch, timeoutMs: 1_000 });
	await tokens.lease(account.appId, 6_000);
	assert.equal(await machine().accessToken(), "token-1");
	assert.equal(asked.length, 1);
	const waited = waits.reduce((sum, each) => sum + each, 0);
	assert.equal(waited >= 6_000 && waited < 6_500, true, `${waited} ms`);
});

test("a machine that was slow does not overwrite a newer token, and uses that one", async () => {
	const { machine, tokens } = machines();
	const { opened, open } = gate();
	const slow = machine({
		timeoutMs: 600_000,
		fetch: async () => {
			await opened;
			return Response.json({ access_token: "too-late", expires_in: 7200 });
		},
	});
	const late = slow.accessToken();
	await new Promise((resolve) => setImmediate(resolve));
	// Its lease ends, and another machine fetches.
	const quick = machine({ fetch: tokenFetch(7200).fetch, timeoutMs: 600_000 });
	assert.equal(await quick.accessToken(), "token-1");
	open();
	assert.equal(await late, "token-1");
	assert.equal((await tokens.read(account.appId)).accessToken, "token-1");
});

test("a request that fails gives the lease back at once", async () => {
	const { fetch } = tokenFetch(7200);
	const { machine, waits } = machines();
	const broken = machine({ fetch: () => Promise.reject(new TypeError("no network")) });
	await failure(broken.accessToken(), "NETWORK");
	assert.equal(await machine({ fetch }).accessToken(), "token-1");
	assert.deepEqual(waits, []);
});

test("a machine that gets the lease looks again before it asks", async () => {
	const { asked, fetch } = tokenFetch(7200);
	const { machine, tokens } = machines({ fetch });
	const other = { accessToken: "theirs", refreshAt: 9e9, expiresAt: 9e9 };
	const late = {
		...tokens,
		lease: async (...values) => {
			// Somebody has finished between this machine's look and its lease.
			await tokens.replace(account.appId, undefined, other);
			return tokens.lease(...values);
		},
	};
	assert.equal(await machine({ tokens: late }).accessToken(), "theirs");
	assert.equal(asked.length, 0);
});

test("waiting has an end, with a clear error", async () => {
	const { asked, fetch } = tokenFetch(7200);
	const { machine, tokens, waits } = machines({ fetch, timeoutMs: 1_000 });
	const stuck = { ...tokens, lease: async () => undefined };
	const error = await failure(machine({ tokens: stuck }).accessToken(), "STORE_FAILED");
	assert.match(error.message, /let go of the right to, within \d+ ms/);
	assert.equal(error.details.retryable, true);
	assert.equal(asked.length, 0);
	const waited = waits.reduce((sum, each) => sum + each, 0);
	assert.equal(waited > 7_000 && waited < 7_600, true, `${waited} ms`);
});

test("a stable token needs no lease", async () => {
	const { fetch } = tokenFetch(7200);
	const refused = () => assert.fail("a lease was asked for");
	const { machine, tokens } = machines({ fetch, tokenEndpoint: "stable" });
	const client = machine({ tokens: { ...tokens, lease: refused, release: refused } });
	assert.equal(await client.accessToken(), "token-1");
});

test("a call ends within what the client says, however slow the store and the other machine are", async (t) => {
	t.mock.timers.enable({ apis: ["setTimeout"] });
	const never = () => new Promise(() => {});
	const tokens = { ...createMemoryTokenStore(), lease: never };
	const { machine } = machines({ tokens, timeoutMs: 10_000, fetch: tokenFetch(7200).fetch });
	const client = machine();
	// Twice: its own time and another machine's, each with the lease's margin, for a token; and the message.
	assert.equal(client.longestCallMs, 2 * (2 * 15_000 + 10_000));
	assert.equal(machine({ tokenEndpoint: "stable" }).longestCallMs, 2 * (15_000 + 10_000));
	const late = failure(client.deliverNotify(delivery), "STORE_FAILED");
	t.mock.timers.tick(30_000);
	const error = await late;
	assert.match(error.message, /within 30000 ms/);
	assert.equal(error.details.retryable, true);
});
