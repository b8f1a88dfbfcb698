import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WeChatPayError } from "paysign";
import { createMemoryStore } from "paysign/stores/memory";
import {
	alarmBody,
	answerOf,
	gate,
	post,
	setUp,
	startTime,
	storeWith,
	success,
} from "./support/receiver.mjs";

/** A store with alarms that no handler has seen. */
async function withUnhandled(...texts) {
	const store = createMemoryStore();
	const { send } = setUp({ store });
	for (const text of texts) assert.deepEqual(await answerOf(await send(alarmBody(text))), success);
	return store;
}

const contentOf = ({ alarm }) => alarm.alarmContent;

describe("onAlarm", () => {
	it("is called after the commit and outside the answer's path", async () => {
		const { opened, open } = gate();
		const { send, receiver, rows, events } = setUp({ onAlarm: () => opened });
		assert.deepEqual(await answerOf(await send(alarmBody("x"))), success);
		assert.equal((await rows())[0].handledAt, null);
		open();
		await receiver.idle();
		assert.equal((await rows())[0].handledAt, startTime);
		assert.deepEqual(
			events.map(({ type }) => type),
			["stored", "handled"],
		);
	});

	it("holds up no answer with what it does before its first await", async () => {
		const order = [];
		const { send, receiver } = setUp({ onAlarm: () => order.push("handler") });
		await send(alarmBody("x")).then(() => order.push("answer"));
		await receiver.idle();
		assert.deepEqual(order, ["answer", "handler"]);
	});

	it("is reported to the platform's waitUntil, which lasts until it has finished", async () => {
		const { opened, open } = gate();
		const { receiver, rows } = setUp({ onAlarm: () => opened });
		const promises = [];
		const context = { waitUntil: (promise) => promises.push(promise) };
		await receiver(post(alarmBody("x")), context);
		// The first request also resumes what an earlier process left.
		assert.equal(promises.length, 2);
		let waited = false;
		const waiting = Promise.all(promises).then(() => {
			waited = true;
		});
		await new Promise((resolve) => setTimeout(resolve, 10));
		assert.equal(waited, false);
		open();
		await waiting;
		assert.equal((await rows())[0].handledAt, startTime);
	});

	it("leaves the alarm unhandled when it throws, and is offered it again", async () => {
		let failing = true;
		const error = new Error("the shop is closed");
		const { send, receiver, rows, eventsOf } = setUp({
			onAlarm: async () => {
				if (failing) throw error;
			},
		});
		assert.deepEqual(await answerOf(await send(alarmBody("x"))), success);
		await receiver.idle();
		const [{ alarm, handledAt }] = await rows();
		assert.equal(handledAt, null);
		assert.deepEqual(eventsOf("handlerFailed")[0], {
			type: "handlerFailed",
			dedupKey: alarm.dedupKey,
			error,
		});
		assert.deepEqual(await receiver.resume(), { handled: 0, failed: 1 });
		failing = false;
		assert.deepEqual(await receiver.resume(), { handled: 1, failed: 0 });
		assert.deepEqual(await receiver.resume(), { handled: 0, failed: 0 });
		assert.equal((await rows())[0].handledAt, startTime);
	});

	it("is called again when the store does not take the mark", async () => {
		let failing = true;
		const failure = new WeChatPayError("STORE_FAILED", "disk full");
		const markHandled = (original, ...values) => (failing ? Promise.reject(failure) : original(...values));
		let calls = 0;
		const { send, receiver, eventsOf } = setUp({
			store: storeWith({ markHandled }),
			onAlarm: () => {
				calls += 1;
			},
		});
		await send(alarmBody("x"));
		await receiver.idle();
		assert.deepEqual(eventsOf("storeFailed")[0], {
			type: "storeFailed",
			operation: "markHandled",
			error: failure,
		});
		assert.deepEqual(await receiver.resume(), { handled: 0, failed: 1 });
		assert.deepEqual(eventsOf("handled"), []);
		failing = false;
		const before = calls;
		assert.deepEqual(await receiver.resume(), { handled: 1, failed: 0 });
		assert.equal(calls, before + 1);
	});

	it("may change what it is given without harm", async () => {
		const { send, receiver, rows } = setUp({
			onAlarm: ({ alarm }) => {
				alarm.dedupKey = "changed";
				alarm.description = "changed";
			},
		});
		await send(alarmBody("x"));
		await receiver.idle();
		const [{ alarm, handledAt }] = await rows();
		assert.deepEqual([alarm.description, handledAt], ["delivery overdue", startTime]);
	});

	it("may be left out: alarms are then only stored", async () => {
		const { send, receiver, rows } = setUp();
		await send(alarmBody("x"));
		assert.deepEqual(await receiver.resume(), { handled: 0, failed: 0 });
		assert.equal((await rows({ unhandled: true })).length, 1);
	});
});

describe("resume", () => {
	it("offers what a crash between commit and handler left, oldest first", async () => {
		const store = await withUnhandled("a", "b", "c");
		const seen = [];
		const { receiver, rows } = setUp({ store, onAlarm: (received) => seen.push(received) });
		assert.deepEqual(await receiver.resume(), { handled: 3, failed: 0 });
		assert.deepEqual(seen.map(contentOf), ["a", "b", "c"]);
		const sequences = (await rows()).map(({ sequence }) => sequence);
		assert.deepEqual(
			seen.map(({ sequence }) => sequence),
			sequences,
		);
		assert.deepEqual(await rows({ unhandled: true }), []);
	});

	it("tells the age at the time of receipt", async () => {
		const store = await withUnhandled("a");
		const seen = [];
		const { receiver, clock } = setUp({ store, onAlarm: (received) => seen.push(received) });
		clock.seconds += 1_000_000;
		await receiver.resume();
		const [{ receivedAt, stale, future }] = seen;
		assert.deepEqual({ receivedAt, stale, future }, { receivedAt: startTime, stale: false, future: false });
	});

	it("runs by itself with the first request, whatever that is, and once", async () => {
		const store = await withUnhandled("a");
		let lists = 0;
		const list = (original, page) => {
			lists += 1;
			return original(page);
		};
		const counting = storeWith({ list }, store);
		const seen = [];
		const { receiver, send } = setUp({
			store: counting,
			onAlarm: (received) => seen.push(contentOf(received)),
		});
		await receiver(new Request("http://localhost/"));
		await receiver.idle();
		assert.deepEqual(seen, ["a"]);
		const before = lists;
		await send("<html>");
		await send(alarmBody("b"));
		await receiver.idle();
		assert.deepEqual([seen, lists], [["a", "b"], before]);
	});

	it("does not hold up the first answer", async () => {
		const { opened, open } = gate();
		const store = storeWith(
			{ list: (list, page) => opened.then(() => list(page)) },
			await withUnhandled("a"),
		);
		const seen = [];
		const { send, receiver } = setUp({ store, onAlarm: (received) => seen.push(contentOf(received)) });
		assert.deepEqual(await answerOf(await send(alarmBody("b"))), success);
		open();
		await receiver.idle();
		assert.deepEqual([...seen].sort(), ["a", "b"]);
	});

	it("offers one alarm after the other, over all pages, past those that fail", async () => {
		const texts = Array.from({ length: 120 }, (_, index) => `${index}`);
		const store = await withUnhandled(...texts);
		const seen = [];
		let running = 0;
		const { receiver } = setUp({
			store,
			onAlarm: async (received) => {
				running += 1;
				assert.equal(running, 1);
				seen.push(contentOf(received));
				await null;
				running -= 1;
				if (seen.length % 2 === 0) throw new Error("even");
			},
		});
		assert.deepEqual(await receiver.resume(), { handled: 60, failed: 60 });
		assert.deepEqual(seen, texts);
	});

	it("never calls the handler for an alarm that it is at work on", async () => {
		const { opened, open } = gate();
		const running = new Map();
		let most = 0;
		let calls = 0;
		const { send, receiver } = setUp({
			onAlarm: async ({ alarm }) => {
				calls += 1;
				running.set(alarm.dedupKey, (running.get(alarm.dedupKey) ?? 0) + 1);
				most = Math.max(most, ...running.values());
				await opened;
				running.set(alarm.dedupKey, running.get(alarm.dedupKey) - 1);
			},
		});
		for (const text of ["a", "b", "c"]) await send(alarmBody(text));
		const runs = [receiver.resume(), receiver.resume()];
		await new Promise((resolve) => setTimeout(resolve, 20));
		open();
		for (const run of runs) assert.deepEqual(await run, { handled: 3, failed: 0 });
		await receiver.idle();
		assert.deepEqual([calls, most], [3, 1]);
	});

	it("joins a run that is under way", async () => {
		let lists = 0;
		const list = (original, page) => {
			lists += 1;
			return original(page);
		};
		const { receiver } = setUp({ store: storeWith({ list }, await withUnhandled("a")), onAlarm: () => {} });
		const runs = await Promise.all([receiver.resume(), receiver.resume()]);
		assert.deepEqual(runs, Array(2).fill({ handled: 1, failed: 0 }));
		assert.equal(lists, 2, "a page with the alarm, and an empty one");
		await receiver.resume();
		assert.equal(lists, 3);
	});

	it("does not offer again what was handled since its page was read", async () => {
		const { opened, open } = gate();
		// The page is read at once, and arrives late.
		const store = storeWith({ list: async (list, page) => [await list(page), await opened][0] });
		let calls = 0;
		const { send, receiver, eventsOf } = setUp({
			store,
			onAlarm: () => {
				calls += 1;
			},
		});
		await send(alarmBody("a"));
		while (eventsOf("handled").length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
		open();
		await receiver.idle();
		assert.equal(calls, 1);
	});

	it("rejects when the store cannot be read, and the next request tries again", async () => {
		let failing = true;
		const failure = new WeChatPayError("STORE_FAILED", "disk full");
		const list = (original, page) => (failing ? Promise.reject(failure) : original(page));
		const seen = [];
		const { receiver, send, eventsOf } = setUp({
			store: storeWith({ list }, await withUnhandled("a")),
			onAlarm: (received) => seen.push(contentOf(received)),
		});
		await assert.rejects(receiver.resume(), failure);
		assert.deepEqual(eventsOf("storeFailed"), [{ type: "storeFailed", operation: "list", error: failure }]);
		await send("<html>");
		await receiver.idle();
		assert.deepEqual(seen, []);
		failing = false;
		await send("<html>");
		await receiver.idle();
		assert.deepEqual(seen, ["a"]);
	});
});

describe("idle", () => {
	it("waits for requests, for handlers, and for what they start", async () => {
		const { send, receiver, rows } = setUp({
			store: storeWith({ insert: (insert, ...values) => wait(10).then(() => insert(...values)) }),
			onAlarm: () => wait(10),
		});
		const answer = send(alarmBody("x"));
		await receiver.idle();
		assert.equal((await rows())[0].handledAt, startTime);
		await answer;
		await receiver.idle();
	});
});

function wait(milliseconds) {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
