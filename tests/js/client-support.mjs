// What the tests of the client and of the sandbox share.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { inspect } from "node:util";
import { createClient, WeChatPayError } from "paysign";
import { startSandbox } from "paysign/sandbox";

export const account = {
	appId: "wxf8b4f85f3a794e77",
	appSecret: "e76050733ce76050733ce76050733cdd",
	appKey: "8mruTNOGeX8OVUlIYxIyw6kxCRvdJENpWpw8mruTNOGeX8OVUlIYxIyw6kxCRvdJENpWpw8mruTNOGeX8OVUlIYxIyw6",
};

export const other = {
	appId: "wx0000000000000000",
	appSecret: "00000000000000000000000000000000",
	appKey: "another-key-another-key-another-key",
};

export const paidAt = 1393860740;

export const order = {
	appId: account.appId,
	transid: "1218614901201405273313473135",
	outTradeNo: "JfuKdiBig4zZnE4n",
	openid: "o0pk9uIVnlY-fJkzFKEbQ6LJ4cFc",
	paidAt,
	goods: "virtual",
};

export const delivery = {
	openid: order.openid,
	transid: order.transid,
	outTradeNo: order.outTradeNo,
	deliverTimestamp: paidAt + 60,
	deliverStatus: 1,
	deliverMsg: "ok",
};

/** A clock that stands still until it is moved. */
export function stoppedClock(start = paidAt) {
	let seconds = start;
	return {
		now: () => seconds,
		add(more) {
			seconds += more;
		},
	};
}

/** A sandbox with one paid order and a client that talks to it; both end with the test. */
export async function clientAndSandbox(t, clientOptions = {}, sandboxOptions = {}) {
	const clock = stoppedClock();
	const sandbox = await startSandbox({ accounts: [account, other], now: clock.now, ...sandboxOptions });
	t.after(() => sandbox.close());
	sandbox.addOrder(order);
	const client = createClient({
		...account,
		fetch: sandbox.fetch,
		now: clock.now,
		random: () => 0,
		...clientOptions,
	});
	return { client, sandbox, clock };
}

/** How many requests a sandbox got on a path. */
export function count(sandbox, path) {
	return sandbox.requests.filter((request) => request.path === path).length;
}

/** The paySign of PROTOCOL 1.1 over these fields, a third time, so that the test believes neither side. */
export function paySign(fields, appKey) {
	const pairs = Object.entries({ ...fields, appkey: appKey }).sort(([a], [b]) => (a < b ? -1 : 1));
	const text = pairs.map(([name, value]) => `${name}=${value}`).join("&");
	return createHash("sha1").update(text).digest("hex");
}

/** The error that a promise ends with: of this class, with this code, and without anything secret in it. */
export async function failure(promise, code, secrets = []) {
	const error = await promise.then(
		() => assert.fail(`expected ${code}, but the call succeeded`),
		(reason) => reason,
	);
	assert.ok(error instanceof WeChatPayError, inspect(error));
	assert.equal(error.code, code, error.message);
	assertNoSecret(error, [account.appSecret, account.appKey, ...secrets]);
	return error;
}

/** Looks at an error in every way a log could. */
export function assertNoSecret(error, secrets) {
	const shown = [
		error.message,
		error.stack,
		JSON.stringify(error),
		inspect(error, { depth: 10, showHidden: true }),
	].join("\n");
	for (const secret of [...secrets, ...secrets.map(encodeURIComponent), "access_token=", "https://"]) {
		assert.ok(!shown.includes(secret), `the error shows ${secret.slice(0, 12)}…`);
	}
	assert.equal(Object.hasOwn(error, "cause"), false, "the error has a cause");
}

/** A server on a free port of this machine; it ends with the test. Gives its port. */
export async function listening(t, server) {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	t.after(() => {
		server.close();
		server.closeAllConnections();
	});
	return server.address().port;
}

/** A fetch that gives out numbered tokens of this life, and keeps the bodies of what it was asked. */
export function tokenFetch(expiresIn) {
	const asked = [];
	const fetch = async (url, init) => {
		asked.push({ url, ...init });
		return Response.json({ access_token: `token-${asked.length}`, expires_in: expiresIn });
	};
	return { asked, fetch };
}
