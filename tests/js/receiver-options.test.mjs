import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createAlarmReceiver } from "paysign";
import { createMemoryStore } from "paysign/stores/memory";
import { account, alarmBody, answerOf, fail, post, setUp, startTime, success } from "./support/receiver.mjs";

describe("receiver: time", () => {
	it("never refuses an alarm for its age, and says how it is", async () => {
		const year = 31_557_600;
		for (const [ahead, stale, future] of [
			[-10 * year, true, false],
			[-301, true, false],
			[-300, false, false],
			[0, false, false],
			[300, false, false],
			[301, false, true],
			[10 * year, false, true],
		]) {
			const seen = [];
			const { send, receiver, eventsOf } = setUp({ onAlarm: (received) => seen.push(received) });
			assert.deepEqual(await answerOf(await send(alarmBody("x", { timeStamp: startTime + ahead }))), success);
			await receiver.idle();
			const [{ alarm, ...received }] = seen;
			assert.deepEqual(received, { receivedAt: startTime, stale, future }, `${ahead} s`);
			const [stored] = eventsOf("stored");
			const flags = { dedupKey: alarm.dedupKey, receivedAt: startTime, stale, future };
			assert.deepEqual(stored, { type: "stored", ...flags });
		}
	});

	it("takes another tolerance, and a clock with fractions", async () => {
		const { send, eventsOf, rows } = setUp({ staleAfterSeconds: 0, now: () => startTime + 1.9 });
		await send(alarmBody("x"));
		assert.equal(eventsOf("stored")[0].stale, true);
		assert.equal((await rows())[0].receivedAt, startTime + 1);
	});

	it("does not take a clock in milliseconds", async () => {
		const { send, rows } = setUp({ now: Date.now });
		await assert.rejects(send(alarmBody("x")), { code: "ARGUMENT_INVALID" });
		assert.deepEqual(await rows(), []);
	});

	it("has the machine's clock by default, in seconds", async () => {
		const store = createMemoryStore();
		const receiver = createAlarmReceiver({ accounts: account, store });
		await receiver(post(alarmBody("x")));
		const [{ receivedAt }] = await store.list({ limit: 1 });
		assert.equal(Math.abs(receivedAt - Date.now() / 1_000) < 5, true);
	});
});

describe("receiver: hooks and options", () => {
	it("answers the same when a hook throws, now or later", async () => {
		const throwing = () => {
			throw new Error("hook");
		};
		for (const hook of [throwing, async () => throwing(), () => Promise.reject(new Error("hook"))]) {
			const { send, receiver } = setUp({ onEvent: hook, onAlarm: hook });
			const waitUntil = throwing;
			assert.deepEqual(await answerOf(await receiver(post(alarmBody("x")), { waitUntil })), success);
			assert.deepEqual(await answerOf(await send(alarmBody("x"))), success);
			assert.deepEqual(await answerOf(await send("<html>")), fail);
			await receiver.idle();
		}
	});

	it("puts nothing of a message but the dedupKey into events", async () => {
		const { send, receiver, events } = setUp({
			onAlarm: ({ alarm }) => {
				if (alarm.errorType === "7") throw new Error("handler");
			},
		});
		const canaries = ["canary-1", "canary-2", account.appKey, account.appId];
		const good = alarmBody("canary-1", { description: "canary-2" });
		await send(good);
		await send(good);
		await send(alarmBody("canary-1", { description: "canary-2", errorType: 7 }));
		await send(good.replace("1001", "0"));
		await send(good.replace("</xml>", "<canary-1>canary-2</canary-1></xml>"));
		await send(good.replace("canary-1", account.appKey));
		await receiver.idle();
		const said = JSON.stringify(events, (_, value) => (value instanceof Error ? `${value.stack}` : value));
		for (const canary of canaries) assert.equal(said.includes(canary), false, canary);
		const types = new Set(events.map((event) => event.type));
		for (const type of ["stored", "duplicate", "refused", "keyLeakSuspected", "handled", "handlerFailed"]) {
			assert.equal(types.has(type), true, type);
		}
	});

	it("refuses options that cannot work, when it is made", () => {
		const wrong = [
			{ accounts: [] },
			{ accounts: [account, { ...account }] },
			{ accounts: { ...account, appKey: "" } },
			{ accounts: { ...account, appKey: [] } },
			{ accounts: { ...account, appKey: [account.appKey, " with space "] } },
			{ accounts: { ...account, appId: "" } },
			{ accounts: undefined },
			{ accounts: [null] },
			{ store: {} },
			{ store: null },
			{ onAlarm: "no function" },
			{ onEvent: {} },
			{ now: 1_401_159_213 },
			{ staleAfterSecond: 3 },
			{ staleAfterSeconds: -1 },
			{ maxBodyBytes: 0 },
			{ maxBodyBytes: 65_537 },
			{ readTimeoutMs: 0 },
			{ readTimeoutMs: 2 ** 31 },
			{ readTimeoutMs: Number.NaN },
			{ quarantine: { limit: -1 } },
			{ quarantine: { limit: 1.5 } },
		];
		for (const options of wrong) {
			assert.throws(() => setUp(options), { code: "ARGUMENT_INVALID" }, JSON.stringify(options));
		}
	});
});
