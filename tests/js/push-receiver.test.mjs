// What of the receiver for pushes no law of receiver-laws.test.mjs says.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { verifyPush } from "paysign/push";
import { startTime } from "./support/receiver.mjs";
import { kindOf, pushAccount, pushRequest, setUpKind, ways } from "./support/receivers.mjs";

const kind = kindOf("push");
const plainAccount = { appId: "wx1111111111111111", token: "plaintoken", mode: "plain" };
const text = "text/plain";

/** The query of WeChat's question for the URL, signed by hand (PROTOCOL 6.6). */
function questionOf(token, echostr, { timestamp = "1401159213", nonce = "n1" } = {}) {
	const signature = createHash("sha1").update([token, timestamp, nonce].sort().join("")).digest("hex");
	return new URLSearchParams({ signature, timestamp, nonce, echostr }).toString();
}

for (const [way, reach] of Object.entries(ways)) {
	describe(`push receiver: the question for its URL, through ${way}`, () => {
		async function ask(query, options, method = "GET") {
			const set = setUpKind(kind, options, reach);
			try {
				return { ...set, answer: await set.send({ method, query, headers: {} }) };
			} finally {
				set.close();
			}
		}

		it("is answered with its text, whichever account it is for", async () => {
			const accounts = [{ ...plainAccount, token: "other" }, pushAccount];
			for (const token of ["other", pushAccount.token]) {
				const { answer, events } = await ask(questionOf(token, "5927782489442352469"), { accounts });
				assert.deepEqual(answer, { status: 200, type: text, body: "5927782489442352469" });
				assert.deepEqual(events, [{ type: "urlVerified" }]);
			}
		});

		it("is refused with one answer, and not kept", async () => {
			const good = questionOf(pushAccount.token, "1");
			for (const query of [
				"",
				"echostr=1",
				questionOf("another", "1"),
				good.replace("nonce=n1", "nonce=n2"),
				good.replace(/&echostr=.*/, ""),
				`${good}&echostr=2`,
				good.replace("echostr=1", "echostr=%3Cscript%3E"),
			]) {
				const { answer, events, quarantined } = await ask(query);
				assert.deepEqual(answer, kind.fail(401), query);
				const [{ type, quarantined: kept }, ...more] = events;
				assert.deepEqual([type, kept, more, await quarantined()], ["refused", false, [], []], query);
			}
		});

		it("is no message, and other methods are none either", async () => {
			const { rows, answer } = await ask(questionOf(pushAccount.token, "1"));
			assert.deepEqual([answer.status, await rows()], [200, []]);
			const { answer: put } = await ask(questionOf(pushAccount.token, "1"), {}, "PUT");
			assert.deepEqual(put, kind.fail(405));
		});
	});
}

describe("push receiver: what is kept", () => {
	it("is the push, as it was verified", async () => {
		const contents = [
			`{"Event":"trade_manage_remind_access_api","msg":"错误 \u{1f6a8}"}`,
			"<xml><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[wxa_punish_event]]></Event></xml>",
			`{"MsgType":"${"x".repeat(500)}"}`,
			`{"Event":"a\\u0000b"}`,
		];
		const { send, rows } = setUpKind(kind);
		const requests = contents.map((content) => pushRequest(content, { sentAt: startTime - 7 }));
		for (const request of requests) assert.deepEqual(await send(request), kind.success);
		const stored = await rows();
		assert.deepEqual(
			stored.map(({ type }) => type),
			["trade_manage_remind_access_api", "wxa_punish_event", "x".repeat(128), "a\ufffdb"],
		);
		for (const [index, row] of stored.entries()) {
			const { source, account, content, isProtected, sentAt } = row;
			assert.deepEqual(
				{ source, account, content, isProtected, sentAt },
				{
					source: "push",
					account: pushAccount.appId,
					content: contents[index],
					isProtected: true,
					sentAt: startTime - 7,
				},
			);
			assert.deepEqual(kind.stored(row).push, verifyPush(requests[index], pushAccount));
		}
	});

	it("is never refused for its age, and says how it is", async () => {
		for (const [ahead, stale, future] of [
			[-86_400, true, false],
			[-300, false, false],
			[301, false, true],
		]) {
			const seen = [];
			const { send, receiver } = setUpKind(kind, { onMessage: (received) => seen.push(received) });
			assert.deepEqual(await send(await kind.request("x", { sentAt: startTime + ahead })), kind.success);
			await receiver.idle();
			assert.deepEqual([seen[0].stale, seen[0].future], [stale, future]);
		}
	});
});

describe("push receiver: several accounts", () => {
	const sameToken = { ...pushAccount, appId: "wx2222222222222222", encodingAesKey: `${"x".repeat(42)}A` };
	const otherToken = { ...sameToken, appId: "wx3333333333333333", token: "othertoken" };
	const accounts = [sameToken, otherToken, plainAccount, pushAccount];

	it("finds whose a push is by token, key and AppId", async () => {
		for (const list of [accounts, [...accounts].reverse()]) {
			const { send, rows } = setUpKind(kind, { accounts: list });
			for (const account of accounts) {
				assert.deepEqual(await send(pushRequest(`{"Event":"x"}`, { account })), kind.success, account.appId);
			}
			assert.deepEqual(
				(await rows()).map(({ account, isProtected }) => [account, isProtected]),
				accounts.map(({ appId, mode }) => [appId, mode !== "plain"]),
			);
		}
	});

	it("believes no push under another account's keys", async () => {
		const { send, eventsOf, rows } = setUpKind(kind, { accounts });
		const mixed = { ...otherToken, encodingAesKey: pushAccount.encodingAesKey };
		const stranger = { ...pushAccount, appId: "wx9999999999999999" };
		for (const account of [mixed, stranger, { ...pushAccount, token: "nobodys" }]) {
			assert.deepEqual(await send(pushRequest(`{"Event":"x"}`, { account })), kind.fail(401));
		}
		assert.deepEqual(await rows(), []);
		assert.deepEqual(
			eventsOf("refused").map(({ code }) => code),
			["PUSH_UNREADABLE", "PUSH_UNREADABLE", "SIGNATURE_MISMATCH"],
		);
	});

	it("takes no body that nothing protects for an account that has a key", async () => {
		const plain = { ...pushAccount, mode: "plain", encodingAesKey: undefined };
		const { send, rows } = setUpKind(kind);
		assert.deepEqual(await send(pushRequest(`{"Event":"x"}`, { account: plain })), kind.fail(401));
		// What an encrypted push shows to everybody signs time and nonce.
		const { query } = await kind.request("x");
		assert.deepEqual(await send({ query, headers: {}, body: `{"Event":"x"}` }), kind.fail(401));
		assert.deepEqual(await rows(), []);
	});

	it("refuses accounts that nothing tells apart", () => {
		for (const second of [
			{ ...plainAccount, appId: "wx4444444444444444" },
			{ ...pushAccount, token: plainAccount.token },
			{ ...pushAccount, token: new TextEncoder().encode(plainAccount.token) },
		]) {
			assert.throws(() => setUpKind(kind, { accounts: [plainAccount, second] }), {
				code: "ARGUMENT_INVALID",
				message: /shares its `token`/,
			});
		}
	});

	it("looks at every key when it is made", () => {
		for (const fields of [
			{ token: "a" },
			{ encodingAesKey: "short" },
			{ encodingAesKey: [pushAccount.encodingAesKey, "short"] },
			{ encodingAesKey: undefined },
			{ encodingAesKey: [] },
			{ mode: "compatible" },
			{ appId: "" },
		]) {
			const accounts = { ...pushAccount, ...fields };
			assert.throws(
				() => setUpKind(kind, { accounts }),
				{ code: "ARGUMENT_INVALID" },
				JSON.stringify(fields),
			);
		}
	});
});

describe("push receiver: keys", () => {
	it("takes both while one is being replaced", async () => {
		const newKey = `${"N".repeat(42)}A`;
		const accounts = { ...pushAccount, encodingAesKey: [newKey, pushAccount.encodingAesKey] };
		const { send, rows } = setUpKind(kind, { accounts });
		for (const encodingAesKey of accounts.encodingAesKey) {
			const request = pushRequest(`{"Event":"${encodingAesKey[0]}"}`, {
				account: { ...pushAccount, encodingAesKey },
			});
			assert.deepEqual(await send(request), kind.success);
		}
		assert.equal((await rows()).length, 2);
	});

	it("keeps a long token out of the quarantine, and lets a short one stand in a text", async () => {
		const long = { ...pushAccount, token: "t".repeat(16) };
		const { send, quarantined, eventsOf } = setUpKind(kind, { accounts: long });
		await send({ query: "", headers: {}, body: `<xml>${long.token}</xml>` });
		await send({ query: `token=${long.token}`, headers: {}, body: "<xml>" });
		assert.deepEqual([(await quarantined()).length, eventsOf("keyLeakSuspected").length], [0, 2]);
		const short = setUpKind(kind);
		await short.send({ query: "", headers: {}, body: `<xml>${pushAccount.token}</xml>` });
		assert.equal((await short.quarantined()).length, 1);
	});
});
