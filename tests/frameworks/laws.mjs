// What an alarm receiver promises, whatever framework it lives in: over real sockets, against the example's own server.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { head, rawConnection, until } from "../js/support/raw.mjs";
import { account, alarmBody } from "../js/support/receiver.mjs";

const withLength = (body, ...lines) => head(`Content-Length: ${Buffer.byteLength(body)}`, ...lines) + body;

/**
 * The laws, over the server that `start` starts.
 *
 * `closes` is whether the example decides how it ends.
 */
export function frameworkLaws(name, start, { closes = true } = {}) {
	describe(`${name}: the laws of a receiver`, () => {
		let server;
		before(async () => {
			server = await start();
		});
		after(() => server?.remove());

		// XML, what no header says, and what the framework's own parsers are keen on.
		for (const type of ["text/xml", "application/xml; charset=utf-8", "text/plain", "application/json"]) {
			it(`takes a genuine alarm of the type ${type}`, async () => {
				const before = (await server.rows()).length;
				assert.equal(await server.post(alarmBody(`错误详情 ${type}`), type), "200 success");
				assert.equal((await server.rows()).length, before + 1);
			});
		}

		it("takes one without a type, in pieces", async () => {
			const { host, pathname } = new URL(server.url);
			const body = alarmBody("in pieces");
			const connection = await rawConnection(server.url);
			connection.socket.write(
				`POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`,
			);
			for (const piece of [body.slice(0, 100), body.slice(100)]) {
				connection.socket.write(`${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`);
			}
			connection.socket.write("0\r\n\r\n");
			await connection.closed;
			assert.match(connection.received, /^HTTP\/1\.1 200 [\s\S]*success/);
		});

		it("acknowledges the same alarm again, without a second row or event", async () => {
			const body = alarmBody("the same");
			assert.equal(await server.post(body), "200 success");
			const [rows, stored] = [(await server.rows()).length, server.events("stored")];
			assert.equal(await server.post(body), "200 success");
			await until(() => server.events("duplicate") === 1, "the duplicate is noticed");
			assert.deepEqual([(await server.rows()).length, server.events("stored")], [rows, stored]);
		});

		it("refuses a forged one, and keeps no row", async () => {
			const rows = (await server.rows()).length;
			const forged = alarmBody("forged", {}, { ...account, appKey: "k".repeat(128) });
			assert.equal(await server.post(forged), "401 fail");
			assert.equal((await server.rows()).length, rows);
		});

		it("refuses what is larger than 64 KiB, like a forgery", async () => {
			assert.equal(await server.post("x".repeat(65_537)), "401 fail");
			assert.equal(await server.post("x".repeat(300_000)), "401 fail");
		});

		it("answers GET with 405", async () => {
			const answer = await fetch(server.url);
			assert.deepEqual([answer.status, answer.headers.get("allow")], [405, "POST"]);
		});

		if (!closes) return;
		it("answers what is under way when it is told to end", async () => {
			const rows = (await server.rows()).length;
			const { pathname } = new URL(server.url);
			const whole = withLength(alarmBody("at the end"), "Connection: close").replace("/alarm", pathname);
			const connection = await rawConnection(server.url);
			connection.socket.write(whole.slice(0, -20));
			// A second request shows that the first one has arrived.
			assert.equal(await server.post("<html>"), "401 fail");
			const ended = server.end();
			await refusesConnections(server.url);
			connection.socket.write(whole.slice(-20));
			await connection.closed;
			assert.match(connection.received, /^HTTP\/1\.1 200 [\s\S]*success/);
			assert.equal(await ended, 0, server.said());
			assert.equal((await server.rows()).length, rows + 1);
		});
	});
}

/** Behind what has taken the bytes away: no acknowledgement, nothing stored, and somebody is told what to change. */
export function bodyParserTrap(name, start, { says, type }) {
	it(`${name}: 500, nothing is stored, and it says what to change`, async () => {
		const server = await start();
		try {
			const answer = await server.post(alarmBody("behind a parser"), type);
			assert.match(answer, /^500 /);
			assert.doesNotMatch(answer, /success/);
			await until(() => says.test(server.said()), `it says ${says}: ${server.said()}`);
			assert.deepEqual(await server.rows(), []);
		} finally {
			await server.remove();
		}
	});
}

/** Beside a parser that leaves the bytes where they can be had. */
export function bodyParserSpared(name, start, { type }) {
	it(`${name}: received`, async () => {
		const server = await start();
		try {
			assert.equal(await server.post(alarmBody("beside a parser"), type), "200 success");
			assert.equal((await server.rows()).length, 1);
		} finally {
			await server.remove();
		}
	});
}

async function refusesConnections(url) {
	const end = Date.now() + 5_000;
	for (;;) {
		try {
			const { socket } = await rawConnection(url);
			socket.destroy();
		} catch {
			return;
		}
		assert(Date.now() < end, "it still accepts new connections");
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}
