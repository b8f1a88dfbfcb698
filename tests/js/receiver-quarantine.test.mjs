import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { WeChatPayError } from "paysign";
import { createMemoryStore } from "paysign/stores/memory";
import { account, alarmBody, answerOf, fail, setUp, startTime, storeWith } from "./support/receiver.mjs";

const oldKey = "o".repeat(128);

describe("quarantine: what goes in", () => {
	it("keeps a refused body once, byte for byte, with the reason", async () => {
		const { send, quarantined, eventsOf } = setUp();
		const body = Buffer.from([0x3c, 0xff, 0x00, 0x0d, 0x0a]);
		await send(body);
		await send(body);
		const [{ sequence, ...kept }, ...rest] = await quarantined();
		assert.deepEqual(rest, []);
		assert.deepEqual(kept, {
			digest: createHash("sha256").update(body).digest("hex"),
			body: new Uint8Array(body),
			truncated: false,
			code: "XML_NOT_UTF8",
			receivedAt: startTime,
		});
		const refused = { type: "refused", code: "XML_NOT_UTF8", quarantined: true };
		assert.deepEqual(eventsOf("refused"), [refused, refused]);
	});

	it("keeps the 200 newest by default", async () => {
		const { send, quarantined, clock } = setUp();
		for (let index = 0; index < 210; index += 1) {
			clock.seconds += 1;
			await send(`<${index}>`);
		}
		const bodies = (await quarantined()).map(({ body }) => Buffer.from(body).toString());
		assert.deepEqual(
			bodies,
			Array.from({ length: 200 }, (_, index) => `<${index + 10}>`),
		);
	});

	it("is not rewritten by a flood", async () => {
		const { send, quarantined, clock, eventsOf } = setUp({ quarantine: { limit: 5 } });
		await send("evidence");
		for (let index = 0; index < 1_000; index += 1) await send(`flood ${index}`);
		const bodies = async () => (await quarantined()).map(({ body }) => Buffer.from(body).toString());
		assert.deepEqual(await bodies(), ["evidence", "flood 0", "flood 1", "flood 2", "flood 3"]);
		assert.equal(eventsOf("quarantineDropped").at(-1).dropped, 996);
		assert.equal(eventsOf("refused").filter(({ quarantined: kept }) => kept).length, 5);

		// One a second, and not more after a long silence than there is room for.
		clock.seconds += 1;
		for (const text of ["a", "b"]) await send(text);
		assert.deepEqual((await bodies()).at(-1), "a");
		clock.seconds += 1_000_000;
		for (let index = 0; index < 9; index += 1) await send(`later ${index}`);
		assert.deepEqual(
			await bodies(),
			[0, 1, 2, 3, 4].map((index) => `later ${index}`),
		);
		// A clock that goes back gives nothing.
		clock.seconds -= 500_000;
		await send("back");
		assert.equal((await bodies()).includes("back"), false);
	});

	it("keeps nothing when its limit is 0", async () => {
		const { send, quarantined } = setUp({ quarantine: { limit: 0 } });
		assert.deepEqual(await answerOf(await send("<html>")), fail);
		assert.deepEqual(await quarantined(), []);
	});

	it("does not change the answer when the store fails", async () => {
		const failure = new WeChatPayError("STORE_FAILED", "disk full");
		const store = storeWith({ quarantine: () => Promise.reject(failure) });
		const { send, events } = setUp({ store });
		assert.deepEqual(await answerOf(await send("<html>")), fail);
		assert.deepEqual(events, [
			{ type: "storeFailed", operation: "quarantine", error: failure },
			{ type: "refused", code: "XML_ROOT", quarantined: false },
		]);
	});
});

describe("quarantine: keys stay out", () => {
	const other = { appId: "wx2222222222222222", appKey: "b".repeat(128) };
	const accounts = [{ ...account, appKey: [account.appKey, oldKey] }, other];
	const good = alarmBody("SLOT");
	const referenced = account.appKey.replace(/./g, (letter) => `&#${letter.charCodeAt(0)};`);
	const bodies = {
		"in a value": good.replace("SLOT", account.appKey),
		"written as references": good.replace("<![CDATA[SLOT]]>", referenced),
		"in what is not XML": `appkey=${account.appKey}`,
		"in an element of its own": good.replace("</xml>", `<appkey>${account.appKey}</appkey></xml>`),
		"beyond bytes that are not text": Buffer.concat([Buffer.from([0xff]), Buffer.from(account.appKey)]),
		"that is being replaced": good.replace("SLOT", oldKey),
		"of another account, in a forgery": good.replace("SLOT", other.appKey),
		"of another account, in a signed alarm": alarmBody(other.appKey),
		"at the end of what is read": "x".repeat(65_536 - 128) + account.appKey + "x".repeat(10),
		"as bytes": good.replace("SLOT", account.appKey),
	};
	for (const [name, body] of Object.entries(bodies)) {
		it(`a key ${name}`, async () => {
			const asBytes = name === "as bytes" && [{ ...account, appKey: Buffer.from(account.appKey) }];
			const { send, quarantined, rows, events } = setUp({ accounts: asBytes || accounts });
			assert.deepEqual(await answerOf(await send(body)), fail);
			assert.deepEqual([await quarantined(), await rows()], [[], []]);
			const [leak, refused, ...rest] = events;
			assert.equal(leak.type, "keyLeakSuspected");
			assert.deepEqual(refused, { type: "refused", code: leak.code, quarantined: false });
			assert.deepEqual(rest, []);
		});
	}

	it("and a body stays out while the keys cannot be looked up", async () => {
		let calls = 0;
		const appKey = () => {
			calls += 1;
			if (calls > 1) throw new Error("the vault is closed");
			return account.appKey;
		};
		const { send, quarantined, eventsOf } = setUp({ accounts: { ...account, appKey } });
		assert.deepEqual(await answerOf(await send(good.replace("1001", "0"))), fail);
		assert.deepEqual(await quarantined(), []);
		assert.equal(eventsOf("verifyFailed").length, 1);
		assert.equal(eventsOf("keyLeakSuspected").length, 0);
	});
});

describe("reverify", () => {
	/** A store with three alarms that only the new key verifies, one forgery, and one body that is too large. */
	async function afterWrongKey() {
		const store = createMemoryStore();
		const { send, clock } = setUp({ store, accounts: { ...account, appKey: oldKey } });
		for (const text of ["a", "b"]) await send(alarmBody(text));
		await send("<forgery>");
		await send(alarmBody("x").replace("</xml>", `${" ".repeat(70_000)}</xml>`));
		clock.seconds += 5;
		await send(alarmBody("c"));
		return store;
	}

	it("stores, offers and releases what verifies now, and leaves the rest", async () => {
		const store = await afterWrongKey();
		const seen = [];
		const { receiver, rows, quarantined, clock } = setUp({
			store,
			onAlarm: (received) => seen.push(received),
		});
		clock.seconds += 1_000;
		const result = await receiver.reverify();
		assert.deepEqual(result, { inserted: 3, duplicates: 0, refused: 1, truncated: 1 });
		await receiver.idle();
		const stored = await rows();
		assert.deepEqual(
			stored.map(({ alarm }) => alarm.alarmContent),
			["a", "b", "c"],
		);
		// When it was received, not when it was believed.
		assert.deepEqual(
			stored.map(({ receivedAt }) => receivedAt - startTime),
			[0, 0, 5],
		);
		assert.deepEqual(
			seen.map(({ alarm }) => alarm.alarmContent),
			["a", "b", "c"],
		);
		assert.deepEqual(
			(await quarantined()).map(({ code }) => code),
			["XML_ROOT", "XML_TOO_LARGE"],
		);
		assert.deepEqual(await receiver.reverify(), { inserted: 0, duplicates: 0, refused: 1, truncated: 1 });
	});

	it("releases what the store has already, without offering it again", async () => {
		const store = await afterWrongKey();
		const seen = [];
		const { receiver, send } = setUp({ store, onAlarm: ({ alarm }) => seen.push(alarm.alarmContent) });
		await send(alarmBody("b"));
		assert.deepEqual(await receiver.reverify(), { inserted: 2, duplicates: 1, refused: 1, truncated: 1 });
		await receiver.idle();
		assert.deepEqual([...seen].sort(), ["a", "b", "c"]);
	});

	it("releases only after the insert", async () => {
		const failure = new WeChatPayError("STORE_FAILED", "disk full");
		let failing = true;
		const log = [];
		const store = storeWith(
			{
				async insert(insert, ...values) {
					if (failing) throw failure;
					const outcome = await insert(...values);
					log.push(outcome);
					return outcome;
				},
				async release(release, ...values) {
					log.push("release");
					return release(...values);
				},
			},
			await afterWrongKey(),
		);
		const { receiver, quarantined } = setUp({ store });
		await assert.rejects(receiver.reverify(), failure);
		assert.deepEqual([log, (await quarantined()).length], [[], 5]);
		failing = false;
		await receiver.reverify();
		assert.deepEqual(log, ["inserted", "release", "inserted", "release", "inserted", "release"]);
	});

	it("goes on where a failure left it", async () => {
		let failing = true;
		const failure = new WeChatPayError("STORE_FAILED", "disk full");
		const release = (original, sequence) => (failing ? Promise.reject(failure) : original(sequence));
		const store = storeWith({ release }, await afterWrongKey());
		const { receiver, rows } = setUp({ store });
		await assert.rejects(receiver.reverify(), failure);
		failing = false;
		assert.deepEqual(await receiver.reverify(), { inserted: 2, duplicates: 1, refused: 1, truncated: 1 });
		assert.equal((await rows()).length, 3);
	});

	it("works through more than one page", async () => {
		const store = createMemoryStore();
		const { send } = setUp({ store, accounts: { ...account, appKey: oldKey } });
		for (let index = 0; index < 130; index += 1) await send(index % 2 ? `<${index}>` : alarmBody(`${index}`));
		const { receiver } = setUp({ store });
		assert.deepEqual(await receiver.reverify(), { inserted: 65, duplicates: 0, refused: 65, truncated: 0 });
	});
});
