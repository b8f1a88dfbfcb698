import assert from "node:assert/strict";
import diagnostics from "node:diagnostics_channel";
import { describe, it } from "node:test";
import { serveAlarms } from "paysign/node";
import { createMemoryStore } from "paysign/stores/memory";
import { head, rawConnection, until } from "./support/raw.mjs";
import { alarmBody, gate, setUp } from "./support/receiver.mjs";

describe("serveAlarms", () => {
	it("serves one path, on this machine only, and says where", async () => {
		const { receiver } = setUp();
		const server = await serveAlarms(receiver, { port: 0, path: "/wxpay/alarm" });
		assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/wxpay\/alarm$/);
		const body = alarmBody("x");
		const status = async (url) => (await fetch(url, { method: "POST", body })).status;
		assert.equal(await status(server.url), 200);
		assert.equal(await status(`${server.url}?from=wechat`), 200);
		assert.equal(await status(new URL("/", server.url)), 404);
		assert.equal(await status(`${server.url}/`), 404);
		await server.close();
		await server.close();
	});

	it("serves every path when none is given", async () => {
		const server = await serveAlarms(setUp().receiver, { port: 0 });
		assert.equal(
			(await fetch(`${server.url}anything`, { method: "POST", body: alarmBody("x") })).status,
			200,
		);
		await server.close();
	});

	it("has the limits that a public URL needs", async () => {
		const servers = new Set();
		const note = ({ server }) => servers.add(server);
		diagnostics.subscribe("http.server.request.start", note);
		const server = await serveAlarms(setUp().receiver, { port: 0 });
		await fetch(server.url);
		diagnostics.unsubscribe("http.server.request.start", note);
		const [{ headersTimeout, requestTimeout }] = servers;
		assert.deepEqual({ headersTimeout, requestTimeout }, { headersTimeout: 15_000, requestTimeout: 30_000 });
		await server.close();
	});

	it("offers at the start what an earlier process left unhandled", async () => {
		const store = createMemoryStore();
		await setUp({ store }).send(alarmBody("left"));
		const seen = [];
		const { receiver } = setUp({ store, onAlarm: ({ alarm }) => seen.push(alarm.alarmContent) });
		const server = await serveAlarms(receiver, { port: 0 });
		await until(() => seen.length === 1, "it is offered");
		assert.deepEqual(seen, ["left"]);
		await server.close();
	});

	it("offers again what a handler failed with, from time to time", async () => {
		let calls = 0;
		const onAlarm = () => {
			calls += 1;
			if (calls === 1) throw new Error("not yet");
		};
		const { receiver, rows } = setUp({ onAlarm });
		const server = await serveAlarms(receiver, { port: 0, resumeEverySeconds: 1 });
		await fetch(server.url, { method: "POST", body: alarmBody("x") });
		await until(() => calls === 2, "it is offered again");
		await receiver.idle();
		assert.equal((await rows({ unhandled: true })).length, 0);
		await server.close();
	});

	it("closes when requests in flight are answered and their handlers have finished", async () => {
		const { opened, open } = gate();
		const { receiver, rows } = setUp({ onAlarm: () => opened });
		const server = await serveAlarms(receiver, { port: 0 });
		const body = alarmBody("x");
		const idle = await rawConnection(server.url);
		const connection = await rawConnection(server.url);
		connection.socket.write(head(`Content-Length: ${body.length}`) + body.slice(0, 50));
		await new Promise((resolve) => setTimeout(resolve, 50));

		let closed = false;
		const closing = server.close().then(() => {
			closed = true;
		});
		await assert.rejects(fetch(server.url, { method: "POST", body }), "no new connection");
		connection.socket.write(body.slice(50));
		await until(() => connection.received.endsWith("success"), "the request in flight is answered");
		await new Promise((resolve) => setTimeout(resolve, 50));
		assert.equal(closed, false);
		open();
		const start = performance.now();
		await closing;
		assert.equal(
			performance.now() - start < 1_000,
			true,
			"a connection without a request does not hold it open",
		);
		await Promise.all([connection.closed, idle.closed, server.close()]);
		assert.equal((await rows({ unhandled: true })).length, 0);
	});

	it("says why it cannot listen", async () => {
		const first = await serveAlarms(setUp().receiver, { port: 0 });
		const port = Number(new URL(first.url).port);
		await assert.rejects(serveAlarms(setUp().receiver, { port }), (error) => {
			assert.deepEqual([error.code, error.details.reason], ["NETWORK", "EADDRINUSE"]);
			return true;
		});
		await first.close();
	});

	it("refuses options that cannot work", async () => {
		for (const options of [
			{ path: "alarm" },
			{ resumeEverySeconds: 0 },
			{ resumeEverySeconds: Number.NaN },
		]) {
			await assert.rejects(serveAlarms(setUp().receiver, { port: 0, ...options }), {
				code: "ARGUMENT_INVALID",
			});
		}
	});
});
