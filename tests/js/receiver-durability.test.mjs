import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WeChatPayError } from "paysign";
import { alarmBody, answerOf, gate, setUp, storeWith, success } from "./support/receiver.mjs";

describe("receiver: durable, then success", () => {
	it("does not answer before the insert is committed", async () => {
		const { opened, open } = gate();
		const store = storeWith({ insert: (insert, ...values) => opened.then(() => insert(...values)) });
		const { send, rows } = setUp({ store });
		let answered = false;
		const answer = send(alarmBody("x")).then((response) => {
			answered = true;
			return response;
		});
		await new Promise((resolve) => setTimeout(resolve, 20));
		assert.deepEqual([answered, (await rows()).length], [false, 0]);
		open();
		assert.deepEqual(await answerOf(await answer), success);
		assert.equal((await rows()).length, 1);
	});

	it("answers 503 while the store fails, and acknowledges nothing", async () => {
		let failing = true;
		const failure = new WeChatPayError("STORE_FAILED", "disk full");
		const store = storeWith({
			insert: async (insert, ...values) => {
				if (failing) throw failure;
				return insert(...values);
			},
		});
		const seen = [];
		const { send, receiver, events, rows } = setUp({ store, onAlarm: (received) => seen.push(received) });
		const answer = await answerOf(await send(alarmBody("x")));
		assert.deepEqual([answer.status, answer.body], [503, "fail"]);
		assert.deepEqual(events, [{ type: "storeFailed", operation: "insert", error: failure }]);
		assert.deepEqual(await rows(), []);
		failing = false;
		assert.deepEqual(await answerOf(await send(alarmBody("x"))), success);
		await receiver.idle();
		assert.equal(seen.length, 1);
	});

	it("answers 1,000 replays in every disguise with success, and has one alarm", async () => {
		const plain = alarmBody("transaction_id=7");
		const disguises = [
			plain,
			plain.replaceAll("><", ">\r\n\t<"),
			plain.replace(/[0-9a-f]{40}/, (signature) => signature.toUpperCase()),
			plain.replaceAll("<![CDATA[", "").replaceAll("]]>", ""),
			plain.replace("transaction_id", "trans]]><![CDATA[action_id"),
			plain.replace("sha1", "SHA1"),
		];
		assert.equal(new Set(disguises).size, 6);
		const calls = [];
		const { send, receiver, rows, eventsOf } = setUp({ onAlarm: ({ alarm }) => calls.push(alarm.dedupKey) });
		const answers = await Promise.all(
			Array.from({ length: 1_000 }, async (_, index) =>
				answerOf(await send(disguises[index % disguises.length])),
			),
		);
		for (const answer of answers) assert.deepEqual(answer, success);
		await receiver.idle();
		assert.equal((await rows()).length, 1);
		assert.equal(calls.length, 1);
		assert.deepEqual([eventsOf("stored").length, eventsOf("duplicate").length], [1, 999]);
	});
});
