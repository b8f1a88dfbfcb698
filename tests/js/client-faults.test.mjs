// What the network and what lies between can do (THREATS T24, T28–T31, F10–F13): each becomes one typed error that
// holds no secret, and none is followed, believed or waited for without end.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { createClient } from "paysign";
import {
	account,
	clientAndSandbox,
	count,
	delivery,
	failure,
	listening,
	order,
	stoppedClock,
} from "./client-support.mjs";

const stable = "/cgi-bin/stable_token";
const notify = "/pay/delivernotify";

const outcomes = {
	busy: ["API_ERROR", { errcode: -1, retryable: true }],
	rateLimited: ["API_ERROR", { errcode: 45011, retryable: true }],
	expiredToken: ["API_ERROR", { errcode: 42001, retryable: false }],
	http500: ["HTTP_STATUS", { httpStatus: 500, retryable: true }],
	http502html: ["HTTP_STATUS", { httpStatus: 502, retryable: true }],
	html: ["RESPONSE_MALFORMED", { httpStatus: 200, retryable: true }],
	empty: ["RESPONSE_MALFORMED", { httpStatus: 200, retryable: true }],
	truncated: ["RESPONSE_MALFORMED", { httpStatus: 200, retryable: true }],
	notObject: ["RESPONSE_MALFORMED", { httpStatus: 200, retryable: true }],
	redirect: ["HTTP_STATUS", { httpStatus: 302, retryable: true }],
	slow: ["TIMEOUT", { retryable: true }],
	reset: ["NETWORK", { reason: "ECONNRESET", retryable: true }],
	gzipBomb: ["RESPONSE_MALFORMED", { httpStatus: 200, retryable: true }],
};

for (const [fault, [code, expected]] of Object.entries(outcomes)) {
	for (const path of [stable, notify]) {
		test(`${fault} at ${path} is ${code}`, async (t) => {
			const timeoutMs = fault === "slow" ? 100 : 10_000;
			const { client, sandbox, clock } = await clientAndSandbox(t, { timeoutMs });
			const token = path === notify ? await client.accessToken() : "no token yet";
			sandbox.inject({ path, fault });
			const { details } = await failure(client.deliverNotify(delivery), code, [token]);
			for (const [name, value] of Object.entries(expected)) assert.equal(details[name], value, name);
			assert.equal(count(sandbox, path), 1, "one attempt");
			assert.equal(count(sandbox, "/redirected"), 0, "redirects are not followed");
			assert.equal(sandbox.order(order.transid).notifications, 0);
			// And the client is as good as before.
			clock.add(1);
			assert.equal((await client.deliverNotify(delivery)).errcode, 0);
		});
	}
}

/** A client whose fetch goes to a port of this machine, whatever the host. */
function clientTo(port, options = {}, scheme = "http") {
	const { now } = stoppedClock();
	return createClient({
		...account,
		now,
		fetch: (url, init) =>
			fetch(url.replace("https://api.weixin.qq.com", `${scheme}://127.0.0.1:${port}`), init),
		...options,
	});
}

const canary = "canary-token-0123456789";
const goodToken = JSON.stringify({ access_token: canary, expires_in: 7200 });

/** A client with a token, and a server that answers the notification with what `answer` does. */
async function clientAnswered(t, answer, options) {
	const server = createServer((request, response) => {
		request.resume();
		if (request.url.startsWith("/cgi-bin/")) response.end(goodToken);
		else answer(response);
	});
	return clientTo(await listening(t, server), options);
}

const bytes = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));
const bodies = [
	["empty", "", "RESPONSE_MALFORMED", /the answer is empty/],
	["a page", " <html>", "RESPONSE_MALFORMED", /HTML or XML instead of JSON/],
	["not UTF-8", bytes('{"errcode":0,"errmsg":"', [0xff, 0xfe], '"}'), "RESPONSE_MALFORMED"],
	["cut inside a character", bytes('{"errcode":0,"errmsg":"ok', [0xe4, 0xb8]), "RESPONSE_MALFORMED"],
	["GBK", bytes('{"errcode":0,"errmsg":"', [0xb3, 0xc9, 0xb9, 0xa6], '"}'), "RESPONSE_MALFORMED"],
	["null", "null", "RESPONSE_MALFORMED"],
	["a string", '"ok"', "RESPONSE_MALFORMED"],
	["no errcode", '{"errmsg":"ok"}', "RESPONSE_MALFORMED"],
	["errcode null", '{"errcode":null}', "RESPONSE_MALFORMED"],
	["errcode false", '{"errcode":false}', "RESPONSE_MALFORMED"],
	["errcode empty", '{"errcode":""}', "RESPONSE_MALFORMED"],
	["errcode a fraction", '{"errcode":0.5}', "RESPONSE_MALFORMED"],
	["errcode in hexadecimal", '{"errcode":"0x0"}', "RESPONSE_MALFORMED"],
	["errcode in the prototype", '{"__proto__":{"errcode":0}}', "RESPONSE_MALFORMED"],
	["two documents", '{"errcode":0}{"errcode":0}', "RESPONSE_MALFORMED"],
	["one byte too much", `{"errcode":0,"errmsg":"${"x".repeat(256 * 1024 - 24)}"}`, "RESPONSE_MALFORMED"],
];

for (const [name, body, code, sentence = /the answer/] of bodies) {
	test(`an answer that is ${name} is ${code}`, async (t) => {
		const client = await clientAnswered(t, (response) => response.end(body));
		const error = await failure(client.deliverNotify(delivery), code, [canary]);
		assert.match(error.message, sentence);
		assert.equal(error.details.retryable, true);
	});
}

test("an answer of exactly 256 KiB, or with a byte order mark, is read", async (t) => {
	const full = `{"errcode":0,"errmsg":"${"x".repeat(256 * 1024 - 25)}"}`;
	assert.equal(Buffer.byteLength(full), 256 * 1024);
	for (const body of [full, '\ufeff{"errcode":0,"errmsg":"ok"}']) {
		const client = await clientAnswered(t, (response) => response.end(body));
		assert.equal((await client.deliverNotify(delivery)).errcode, 0);
	}
});

test("the errcode decides, not the HTTP status", async (t) => {
	const ok = await clientAnswered(t, (response) =>
		response.writeHead(500).end('{"errcode":0,"errmsg":"ok"}'),
	);
	assert.equal((await ok.deliverNotify(delivery)).errcode, 0);
	const refused = await clientAnswered(t, (response) => response.writeHead(412).end('{"errcode":49004}'));
	assert.equal((await failure(refused.deliverNotify(delivery), "API_ERROR")).details.errcode, 49004);
});

for (const status of [403, 404, 408, 429, 503]) {
	test(`HTTP ${status} without an errcode is a retryable HTTP_STATUS`, async (t) => {
		const client = await clientAnswered(t, (response) => response.writeHead(status).end(`{"no":"errcode"}`));
		const { details } = await failure(client.deliverNotify(delivery), "HTTP_STATUS", [canary]);
		assert.deepEqual([details.httpStatus, details.retryable], [status, true]);
	});
}

test("a proxy that wants a password (HTTP 407) is retryable", async (t) => {
	const client = await clientAnswered(t, (response) => response.writeHead(407).end());
	// The fetch standard makes a network error of this status.
	const { details } = await failure(client.deliverNotify(delivery), "NETWORK", [canary]);
	assert.equal(details.retryable, true);
});

for (const status of [301, 302, 303, 307, 308]) {
	test(`a redirect with HTTP ${status} is not followed`, async (t) => {
		let followed = 0;
		const target = createServer((_request, response) => {
			followed += 1;
			response.end('{"errcode":0,"errmsg":"ok"}');
		});
		const port = await listening(t, target);
		const location = `http://127.0.0.1:${port}/`;
		const client = await clientAnswered(t, (response) =>
			response.writeHead(status, { location }).end('{"errcode":0,"errmsg":"ok"}'),
		);
		const { details } = await failure(client.deliverNotify(delivery), "HTTP_STATUS", [canary]);
		assert.equal(details.httpStatus, status);
		assert.equal(followed, 0);
	});
}

test("a browser's opaque redirect, and one that an injected fetch followed, are refused", async () => {
	const opaque = { type: "opaqueredirect", status: 0, redirected: false, body: null };
	const followed = Object.defineProperty(Response.json({ errcode: 0 }), "redirected", { value: true });
	for (const response of [opaque, followed]) {
		const client = createClient({ ...account, fetch: async () => response });
		const error = await failure(client.accessToken(), "HTTP_STATUS");
		assert.match(error.message, /a redirect, which is never followed/);
		assert.equal(error.details.httpStatus, response.status || undefined);
	}
});

test("the deadline covers the body", async (t) => {
	const client = await clientAnswered(t, (response) => response.write('{"errcode":'), { timeoutMs: 100 });
	await failure(client.deliverNotify(delivery), "TIMEOUT", [canary]);
});

test("the deadline holds for a fetch that ignores its signal", async () => {
	const never = () => new Promise(() => {});
	const endless = async () => new Response(new ReadableStream({}));
	// The deadline alone does not keep the process alive, and nothing else does here.
	const alive = setInterval(() => {}, 1000);
	for (const fetch of [never, endless]) {
		await failure(createClient({ ...account, fetch, timeoutMs: 50 }).accessToken(), "TIMEOUT");
	}
	clearInterval(alive);
});

test("a bomb of 200 MiB costs less than 20 MiB", async (t) => {
	const mebibyte = gzipSync(Buffer.alloc(1024 * 1024, 0x20));
	const bomb = Buffer.concat(Array.from({ length: 200 }, () => mebibyte));
	const headers = { "content-encoding": "gzip" };
	const client = await clientAnswered(t, (response) => response.writeHead(200, headers).end(bomb));
	await client.accessToken();
	const before = process.memoryUsage.rss();
	await failure(client.deliverNotify(delivery), "RESPONSE_MALFORMED", [canary]);
	const grown = process.memoryUsage.rss() - before;
	assert.ok(grown < 20 * 1024 * 1024, `${grown} bytes`);
});

test("nothing listens: NETWORK with the system's reason", async (t) => {
	const server = createServer();
	const port = await listening(t, server);
	await new Promise((resolve) => server.close(resolve));
	const { details } = await failure(clientTo(port).deliverNotify(delivery), "NETWORK");
	assert.deepEqual([details.reason, details.retryable], ["ECONNREFUSED", true]);
});

test("a self-signed certificate is refused, and nothing was sent", async (t) => {
	const fixture = (name) => readFileSync(new URL(`fixtures/self-signed.${name}.pem`, import.meta.url));
	let requests = 0;
	const server = createTlsServer({ key: fixture("key"), cert: fixture("crt") }, (_request, response) => {
		requests += 1;
		response.end(goodToken);
	});
	const port = await listening(t, server);
	const { details } = await failure(clientTo(port, {}, "https").accessToken(), "NETWORK");
	assert.equal(details.reason, "DEPTH_ZERO_SELF_SIGNED_CERT");
	assert.equal(requests, 0);
});

test("nothing of what fetch throws is repeated but a system code", async () => {
	const secretCode = "SECRET_0123456789";
	const thrown = [
		(url) => new TypeError(`fetch failed for ${url}`, { cause: new Error(url) }),
		(url) => Object.assign(new Error("x"), { code: url, input: url }),
		() => Object.assign(new Error("x"), { code: secretCode }),
		() => Object.assign(new Error("x"), { code: "connect to 192.0.2.1" }),
		(url) => url,
		() => undefined,
		() => null,
	];
	for (const errorFor of thrown) {
		const failing = async (url) => {
			if (url.includes("/cgi-bin/")) return new Response(goodToken);
			throw errorFor(url);
		};
		const client = createClient({ ...account, appSecret: secretCode, fetch: failing });
		const error = await failure(client.deliverNotify(delivery), "NETWORK", [canary, secretCode]);
		assert.equal(error.details.reason, undefined);
	}
	const deep = Object.assign(new Error("outer"), {
		cause: Object.assign(new Error("inner"), { code: "ENOTFOUND" }),
	});
	const client = createClient({ ...account, fetch: () => Promise.reject(deep) });
	assert.equal((await failure(client.accessToken(), "NETWORK")).details.reason, "ENOTFOUND");
	const synchronous = createClient({
		...account,
		fetch: () => {
			throw deep;
		},
	});
	await failure(synchronous.accessToken(), "NETWORK");
});
