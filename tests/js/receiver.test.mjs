import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
	account,
	alarmBodies,
	alarmBody,
	answerOf,
	fail,
	post,
	setUp,
	success,
} from "./support/receiver.mjs";

describe("receiver: verdicts", () => {
	for (const { name, body, accepted } of alarmBodies) {
		it(`${accepted ? "accepts" : "refuses"} ${name}`, async () => {
			const { send, rows, quarantined, eventsOf } = setUp();
			assert.deepEqual(await answerOf(await send(body)), accepted ? success : fail);
			assert.equal((await rows()).length, accepted ? 1 : 0);
			assert.equal((await quarantined()).length, accepted ? 0 : 1);
			assert.equal(eventsOf("refused").length, accepted ? 0 : 1);
		});
	}

	const good = alarmBody("transaction_id=1");
	const bad = {
		"an empty body": ["", "XML_ROOT"],
		HTML: ["<!doctype html><html><body>502 Bad Gateway</body></html>", "XML_DOCTYPE"],
		JSON: ['{"AppId":"wxf8b4f85f3a794e77"}', "XML_ROOT"],
		"truncated XML": [good.slice(0, -20), "XML_TRUNCATED"],
		"a wrong root": [good.replaceAll("xml>", "root>"), "XML_ROOT"],
		"a missing element": [good.replace(/<ErrorType>.*<\/ErrorType>/, ""), "FIELD_MISSING"],
		"an element twice": [good.replace("</xml>", "<ErrorType>1001</ErrorType></xml>"), "FIELD_DUPLICATE"],
		"an element too many": [good.replace("</xml>", "<Extra>1</Extra></xml>"), "FIELD_UNKNOWN"],
		"a nested element": [good.replace("1001", "<b>1001</b>"), /^XML_(MARKUP|TAG)$/],
		"1 MB": [good.replace("</xml>", `${" ".repeat(1_000_000)}</xml>`), "XML_TOO_LARGE"],
		"invalid UTF-8": [Buffer.from(good.replace("overdue", "\xff\xfe"), "latin1"), "XML_NOT_UTF8"],
		"a missing signature": [good.replace(/<AppSignature>.*<\/AppSignature>/, ""), "FIELD_MISSING"],
		"an empty signature": [good.replace(/[0-9a-f]{40}/, ""), "FIELD_MALFORMED"],
		"another AppId": [alarmBody("x", {}, { ...account, appId: "wx0000000000000000" }), "APP_ID_MISMATCH"],
		"another key": [alarmBody("x", {}, { ...account, appKey: "k".repeat(128) }), "SIGNATURE_MISMATCH"],
		"a changed value": [good.replace("1001", "0"), "SIGNATURE_MISMATCH"],
		"a name in another case": [good.replaceAll("ErrorType>", "errorType>"), "FIELD_UNKNOWN"],
	};
	for (const [name, [body, code]] of Object.entries(bad)) {
		it(`refuses ${name}`, async () => {
			const { send, rows, eventsOf } = setUp();
			assert.deepEqual(await answerOf(await send(body)), fail);
			assert.deepEqual(await rows(), []);
			const [refused] = eventsOf("refused");
			assert.match(refused.code, typeof code === "string" ? new RegExp(`^${code}$`) : code);
			assert.equal(refused.quarantined, true);
		});
	}

	it("trusts no content type and requires none", async () => {
		const types = ["text/xml", "application/json", "text/plain; charset=gbk", "multipart/form-data", "a", ""];
		for (const type of types) {
			const { send } = setUp();
			const headers = type === "" ? {} : { "content-type": type };
			assert.deepEqual(await answerOf(await send(Buffer.from(good), { headers })), success, type);
			assert.deepEqual(await answerOf(await send(Buffer.from(`${good}x`), { headers })), fail, type);
		}
	});

	it("believes each of several accounts with its own key only", async () => {
		const other = { appId: "wx2222222222222222", appKey: "b".repeat(128) };
		const { send } = setUp({ accounts: [account, other] });
		assert.deepEqual(await answerOf(await send(good)), success);
		assert.deepEqual(await answerOf(await send(alarmBody("x", {}, other))), success);
		const crossed = alarmBody("x", {}, { appId: other.appId, appKey: account.appKey });
		assert.deepEqual(await answerOf(await send(crossed)), fail);
		const unknown = alarmBody("x", {}, { ...account, appId: "wx3333333333333333" });
		assert.deepEqual(await answerOf(await send(unknown)), fail);
	});

	it("asks a function for the keys, and answers 503 while it throws", async () => {
		let keys = () => {
			throw new Error("the vault is closed");
		};
		const { send, eventsOf, quarantined } = setUp({ accounts: { ...account, appKey: (id) => keys(id) } });
		const answer = await answerOf(await send(good));
		assert.deepEqual([answer.status, answer.body], [503, "fail"]);
		assert.equal(eventsOf("verifyFailed")[0].error.message, "the vault is closed");
		assert.deepEqual(await quarantined(), []);
		keys = () => ["o".repeat(128), account.appKey];
		assert.deepEqual(await answerOf(await send(good)), success);
	});
});

describe("receiver: what it does not read", () => {
	it("turns away other methods", async () => {
		for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]) {
			const { receiver, eventsOf } = setUp();
			const response = await receiver(new Request("http://localhost/", { method }));
			assert.equal(response.status, 405, method);
			assert.equal(response.headers.get("allow"), "POST");
			assert.deepEqual(eventsOf("unread"), [{ type: "unread", status: 405 }]);
		}
	});

	it("turns away compressed bodies, without inflating or reading them", async () => {
		for (const encoding of ["gzip", "br", "deflate", "identity, gzip", "x"]) {
			const { send, quarantined } = setUp();
			const body = new ReadableStream({ pull: () => assert.fail("it was read") }, { highWaterMark: 0 });
			const response = await send(body, { headers: { "content-encoding": encoding } });
			assert.equal(response.status, 415, encoding);
			assert.deepEqual(await quarantined(), []);
		}
		for (const encoding of ["identity", "Identity", ""]) {
			const { send } = setUp();
			const response = await send(alarmBody("x"), { headers: { "content-encoding": encoding } });
			assert.deepEqual(await answerOf(response), success, encoding);
		}
	});

	it("stops reading an endless body at the limit, and keeps its beginning", async () => {
		let sent = 0;
		let cancelled = false;
		const body = new ReadableStream(
			{
				pull(controller) {
					sent += 1_000;
					controller.enqueue(new Uint8Array(1_000).fill(60));
				},
				cancel() {
					cancelled = true;
				},
			},
			{ highWaterMark: 0 },
		);
		const { send, quarantined } = setUp();
		assert.deepEqual(await answerOf(await send(body)), fail);
		assert.equal(cancelled, true);
		assert.equal(sent, 66_000);
		const [kept] = await quarantined();
		assert.deepEqual([kept.body.length, kept.truncated, kept.code], [65_536, true, "XML_TOO_LARGE"]);
	});

	it("reads a body of the limit, and not one byte more", async () => {
		for (const [size, code] of [
			[65_536, "XML_ROOT"],
			[65_537, "XML_TOO_LARGE"],
		]) {
			const { send, quarantined } = setUp();
			await send("x".repeat(size));
			const [kept] = await quarantined();
			assert.deepEqual([kept.body.length, kept.truncated, kept.code], [65_536, size > 65_536, code]);
		}
		const { send, quarantined } = setUp({ maxBodyBytes: 10 });
		await send("12345678901");
		assert.deepEqual(Buffer.from((await quarantined())[0].body).toString(), "1234567890");
	});

	it("reads a body that comes in pieces of any size", async () => {
		const bytes = Buffer.from(alarmBody("错误".repeat(3_000)));
		for (const size of [1, 7, 1_024, 40_000]) {
			let at = 0;
			const body = new ReadableStream({
				pull(controller) {
					if (at >= bytes.length) return controller.close();
					controller.enqueue(new Uint8Array(bytes.subarray(at, at + size)));
					at += size;
				},
			});
			assert.deepEqual(await answerOf(await setUp().send(body)), success, `${size} bytes at a time`);
		}
	});

	it("gives a slow body 408, keeps nothing of it, and lets go of it", async () => {
		let cancelled = false;
		const body = new ReadableStream({
			start: (controller) => controller.enqueue(Buffer.from("<xml>")),
			cancel() {
				cancelled = true;
			},
		});
		const { send, quarantined, eventsOf } = setUp({ readTimeoutMs: 20 });
		const response = await send(body);
		assert.deepEqual([response.status, await response.text(), cancelled], [408, "fail", true]);
		assert.deepEqual(eventsOf("unread"), [{ type: "unread", status: 408 }]);
		assert.deepEqual(await quarantined(), []);
	});

	it("gives a body that breaks off 400", async () => {
		const body = new ReadableStream({ pull: (controller) => controller.error(new Error("reset")) });
		const { send, eventsOf } = setUp();
		assert.equal((await send(body)).status, 400);
		assert.deepEqual(eventsOf("unread"), [{ type: "unread", status: 400 }]);
	});

	it("says so when the body was read before", async () => {
		const { receiver } = setUp();
		const read = post(alarmBody("x"));
		await read.text();
		const locked = post(alarmBody("x"));
		locked.body.getReader();
		for (const request of [read, locked]) {
			await assert.rejects(receiver(request), (error) => {
				assert.equal(error.code, "ARGUMENT_INVALID");
				assert.match(error.message, /before any body parser/);
				return true;
			});
		}
		// A stand-in for what a framework's own Request class may do.
		const strings = {
			method: "POST",
			headers: new Headers(),
			bodyUsed: false,
			body: ReadableStream.from(["<xml>"]),
		};
		await assert.rejects(receiver(strings), { code: "ARGUMENT_INVALID" });
	});
});
