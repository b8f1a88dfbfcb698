import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { afterEach, describe, it } from "node:test";
import { toNodeListener } from "paysign/node";
import { head, rawConnection, until, withoutDate } from "./support/raw.mjs";
import { account, alarmBodies, alarmBody, setUp } from "./support/receiver.mjs";

const running = [];
afterEach(async () => {
	for (const server of running.splice(0)) {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	}
});

/** A server over a listener; `sockets` are the server's ends of its connections. */
async function listen(listener) {
	const sockets = [];
	const server = createServer(listener).on("connection", (socket) => sockets.push(socket));
	running.push(server);
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return { url: `http://127.0.0.1:${server.address().port}/alarm`, sockets };
}

async function serve(options, listenerOptions) {
	const set = setUp(options);
	return { ...set, ...(await listen(toNodeListener(set.receiver, listenerOptions))) };
}

/** Sends raw text and returns all that the server answers until it or the client ends the connection. */
async function exchange(url, ...pieces) {
	const connection = await rawConnection(url);
	for (const piece of pieces) connection.socket.write(piece);
	await connection.closed;
	return connection.received;
}

const closing = "Connection: close";
const withLength = (body, ...lines) => head(`Content-Length: ${Buffer.byteLength(body)}`, ...lines) + body;
const chunk = (body) => `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n`;

describe("node listener: answers on the wire", () => {
	it("a success, with a length in bytes", async () => {
		const { url, rows } = await serve();
		const answer = withoutDate(await exchange(url, withLength(alarmBody("错误详情"), closing)));
		const headers = "content-type: text/plain\r\ncontent-length: 7\r\nConnection: close";
		assert.equal(answer, `HTTP/1.1 200 OK\r\n${headers}\r\n\r\nsuccess`);
		assert.equal((await rows())[0].alarm.alarmContent, "错误详情");
	});

	it("the same bytes for every refusal", async () => {
		const { url } = await serve();
		const answers = new Set();
		const refused = alarmBodies.filter(({ accepted }) => !accepted);
		for (const { body } of refused) {
			answers.add(withoutDate(await exchange(url, head(`Content-Length: ${body.length}`, closing), body)));
		}
		for (const body of [
			"x".repeat(70_000),
			alarmBody(account.appKey, {}, { ...account, appKey: "k".repeat(128) }),
		]) {
			answers.add(withoutDate(await exchange(url, withLength(body, closing))));
		}
		const [answer, ...others] = answers;
		assert.deepEqual(others, []);
		assert.match(answer, /^HTTP\/1\.1 401 Unauthorized\r\n[\s\S]*\r\n\r\nfail$/);
	});

	it("several on one connection, also to a chunked request", async () => {
		const { url, rows } = await serve();
		const body = Buffer.from(alarmBody("in pieces")).toString("latin1");
		const answer = await exchange(
			url,
			withLength(alarmBody("one")),
			withLength("<html>"),
			head("Transfer-Encoding: chunked", closing),
			chunk(body.slice(0, 100)),
			chunk(body.slice(100)),
			"0\r\n\r\n",
		);
		assert.deepEqual(answer.match(/HTTP\/1\.1 \d+|success|fail/g), [
			...["HTTP/1.1 200", "success", "HTTP/1.1 401", "fail", "HTTP/1.1 200", "success"],
		]);
		assert.equal((await rows()).length, 2);
	});

	it("405 for other methods, also for those that the Web's Request does not know", async () => {
		const { url } = await serve();
		for (const method of ["GET", "PUT", "DELETE"]) {
			const response = await fetch(url, { method });
			assert.deepEqual([response.status, response.headers.get("allow")], [405, "POST"], method);
		}
		const headless = await exchange(url, `HEAD / HTTP/1.1\r\nHost: x\r\n${closing}\r\n\r\n`);
		assert.match(headless, /^HTTP\/1\.1 405 [\s\S]*\r\n\r\n$/);
		const traced = await exchange(url, `TRACE / HTTP/1.1\r\nHost: x\r\n${closing}\r\n\r\n`);
		assert.match(traced, /^HTTP\/1\.1 501 /);
	});

	it("415 for a compressed body", async () => {
		const { url } = await serve();
		const answer = await exchange(url, withLength("x".repeat(200_000), "Content-Encoding: gzip", closing));
		assert.match(answer, /^HTTP\/1\.1 415 [\s\S]*\r\n\r\nfail$/);
	});

	it("whatever the request line and the Host header say", async () => {
		const { url } = await serve();
		const body = alarmBody("x");
		for (const target of ["//a b", "http://[", "*", "/%", "/..%2f?a=1#b", "http://elsewhere/x"]) {
			const line = `POST ${target.replaceAll(" ", "%20")} HTTP/1.1\r\nHost: [::bad\r\n${closing}\r\n`;
			const answer = await exchange(url, `${line}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
			assert.match(answer, /^HTTP\/1\.1 200 [\s\S]*success$/, target);
		}
	});
});

describe("node listener: hostile bodies", () => {
	it("cuts off a chunked body of 10 MB, after the answer", async () => {
		const { url, sockets, quarantined } = await serve();
		const connection = await rawConnection(url);
		connection.socket.write(head("Transfer-Encoding: chunked"));
		const piece = chunk("x".repeat(64 * 1_024));
		let sent = 0;
		let cut = false;
		connection.closed.then(() => {
			cut = true;
		});
		while (!cut && sent < 160) {
			sent += 1;
			if (!connection.socket.write(piece)) {
				await Promise.race([once(connection.socket, "drain").catch(() => {}), connection.closed]);
			}
			await new Promise((resolve) => setTimeout(resolve, 1));
		}
		await connection.closed;
		assert.match(connection.received, /^HTTP\/1\.1 401 [\s\S]*\r\n\r\nfail$/);
		assert.equal(sockets[0].bytesRead < 3_000_000, true, `${sockets[0].bytesRead} bytes were read`);
		const [kept] = await quarantined();
		assert.deepEqual([kept.body.length, kept.truncated], [65_536, true]);
	});

	it("answers a whole megabyte before it lets go", async () => {
		const { url } = await serve();
		for (let round = 0; round < 10; round += 1) {
			const response = await fetch(url, { method: "POST", body: "x".repeat(1_000_000) });
			assert.deepEqual([response.status, await response.text()], [401, "fail"]);
		}
	});

	it("cuts off a request that is answered and does not end", async () => {
		const { url } = await serve();
		const connection = await rawConnection(url);
		connection.socket.write(head("Content-Length: 1000000") + "x".repeat(70_000));
		const start = performance.now();
		await connection.closed;
		assert.match(connection.received, /^HTTP\/1\.1 401 /);
		assert.equal(performance.now() - start < 4_000, true);
	});

	it("reads from the socket only what the receiver asks for", async () => {
		let bytesRead;
		const { url, sockets } = await listen(
			toNodeListener(async (request) => {
				await request.body.getReader().read();
				await new Promise((resolve) => setTimeout(resolve, 200));
				bytesRead = sockets[0].bytesRead;
				return new Response("late");
			}),
		);
		const connection = await rawConnection(url);
		connection.socket.write(head("Content-Length: 10000000") + "x".repeat(10_000_000));
		await until(() => connection.received !== "", "the answer is there");
		assert.equal(bytesRead < 300_000, true, `${bytesRead} bytes were read`);
		await connection.closed;
	});

	it("gives 408 to a body that comes too slowly, and then closes", async () => {
		const { url, eventsOf, quarantined } = await serve({ readTimeoutMs: 100 });
		const connection = await rawConnection(url);
		connection.socket.write(head("Content-Length: 1000"));
		const drip = setInterval(() => connection.socket.write("x"), 20);
		await connection.closed;
		clearInterval(drip);
		assert.match(connection.received, /^HTTP\/1\.1 408 [\s\S]*\r\n\r\nfail$/);
		assert.deepEqual(eventsOf("unread"), [{ type: "unread", status: 408 }]);
		assert.deepEqual(await quarantined(), []);
	});

	it("takes a Content-Length that is too long for a slow body", async () => {
		const { url } = await serve({ readTimeoutMs: 100 });
		const body = alarmBody("x");
		assert.match(await exchange(url, head(`Content-Length: ${body.length + 10}`) + body), /^HTTP\/1\.1 408 /);
	});

	it("takes what follows a Content-Length that is too short for a bad request", async () => {
		const { url, rows } = await serve();
		const body = alarmBody("x");
		const answer = await exchange(url, head(`Content-Length: ${body.length - 10}`) + body);
		assert.match(answer, /HTTP\/1\.1 400 Bad Request\r\n[\s\S]*$/);
		assert.deepEqual(await rows(), []);
	});

	it("outlives clients that go away, at any point", async () => {
		const errors = [];
		const { url, receiver, eventsOf } = await serve({}, { onError: (error) => errors.push(error) });
		const body = alarmBody("x");
		for (const sent of ["", "POST /alarm", head("Content-Length: 900"), withLength(body).slice(0, -10)]) {
			const connection = await rawConnection(url);
			connection.socket.write(sent);
			await new Promise((resolve) => setTimeout(resolve, 20));
			connection.socket.resetAndDestroy();
			await connection.closed;
		}
		const whole = await rawConnection(url);
		whole.socket.write(withLength(body), () => whole.socket.resetAndDestroy());
		await whole.closed;
		await until(() => eventsOf("unread").length === 2, "both broken bodies are noticed");
		await receiver.idle();
		assert.deepEqual(eventsOf("unread"), Array(2).fill({ type: "unread", status: 400 }));
		assert.equal((await fetch(url, { method: "POST", body })).status, 200);
		assert.deepEqual(errors, []);
	});
});

describe("node listener: mistakes of the set-up", () => {
	async function serveBehind(middleware) {
		const errors = [];
		const { receiver, rows } = setUp();
		const listener = toNodeListener(receiver, { onError: (error) => errors.push(error) });
		const { url } = await listen((incoming, outgoing) =>
			middleware(incoming, () => listener(incoming, outgoing)),
		);
		const response = await fetch(url, { method: "POST", body: alarmBody("x") });
		return { answer: [response.status, await response.text()], errors, rows: await rows() };
	}

	const readers = {
		"a body parser that has read the body": async (incoming, next) => {
			const pieces = [];
			for await (const piece of incoming) pieces.push(piece);
			incoming.body = Buffer.concat(pieces).toString();
			next();
		},
		"something that has read the body and tells nobody": (incoming, next) => {
			incoming.resume().on("end", next);
		},
		"something that has begun to read it": (incoming, next) => {
			incoming.once("data", () => next());
		},
		"a body parser that left an object": (incoming, next) => {
			incoming.body = { xml: {} };
			incoming.resume().on("end", next);
		},
	};
	for (const [name, middleware] of Object.entries(readers)) {
		it(`says what to change behind ${name}`, async () => {
			const { answer, errors, rows } = await serveBehind(middleware);
			assert.deepEqual(answer, [500, "fail"]);
			assert.deepEqual(rows, []);
			assert.equal(errors.length, 1);
			assert.equal(errors[0].code, "ARGUMENT_INVALID");
			assert.match(errors[0].message, /mount the receiver before express\.json\(\)/);
		});
	}

	for (const name of ["body", "rawBody"]) {
		it(`takes the bytes that a body parser has kept as ${name}`, async () => {
			const { answer, errors, rows } = await serveBehind(async (incoming, next) => {
				const pieces = [];
				for await (const piece of incoming) pieces.push(piece);
				incoming.body = { xml: "parsed" };
				incoming[name] = Buffer.concat(pieces);
				next();
			});
			assert.deepEqual([answer, errors, rows.length], [[200, "success"], [], 1]);
		});
	}

	it("takes the bytes that a platform hands over beside a stream without any", async () => {
		const { receiver, rows } = setUp();
		const listener = toNodeListener(receiver);
		const { url } = await listen((incoming, outgoing) => {
			incoming.rawBody = Buffer.from(alarmBody("x"));
			listener(incoming, outgoing);
		});
		const response = await fetch(url, { method: "POST" });
		assert.deepEqual([response.status, (await rows()).length], [200, 1]);
	});

	it("reads the body behind a parser of another type, whatever that left", async () => {
		const { answer, errors } = await serveBehind((incoming, next) => {
			incoming.body = {};
			next();
		});
		assert.deepEqual([answer, errors], [[200, "success"], []]);
	});

	it("works behind middleware that leaves the body alone, also if it takes its time", async () => {
		const slow = (_, next) => setTimeout(next, 20);
		const { answer, errors } = await serveBehind(slow);
		assert.deepEqual([answer, errors], [[200, "success"], []]);
	});

	it("answers 500 when the receiver throws, whatever onError does", async () => {
		const broken = async () => {
			throw new Error("broken");
		};
		const onError = () => {
			throw new Error("also broken");
		};
		for (const options of [{ onError }, { onError: () => {} }]) {
			const { url } = await listen(toNodeListener(broken, options));
			const response = await fetch(url, { method: "POST", body: "x" });
			assert.deepEqual([response.status, await response.text()], [500, "fail"]);
		}
	});

	it("warns when nobody wants to be told", async () => {
		const { url } = await listen(
			toNodeListener(async () => {
				throw new Error("broken, and nobody listens");
			}),
		);
		const warning = once(process, "warning");
		await fetch(url, { method: "POST", body: "x" });
		assert.match((await warning)[0].message, /nobody listens/);
	});
});
