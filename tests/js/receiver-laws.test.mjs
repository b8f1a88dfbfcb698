// What all receivers promise, over each of them, however a request reaches it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WeChatPayError } from "paysign";
import { createMemoryStore } from "paysign/stores/memory";
import { startTime } from "./support/receiver.mjs";
import { kinds, setUpKind, storeWithout, ways } from "./support/receivers.mjs";

const failure = new WeChatPayError("STORE_FAILED", "disk full");
const count = (list, type) => list.filter((event) => event.type === type).length;

for (const kind of kinds) {
	for (const [way, reach] of Object.entries(ways)) {
		describe(`${kind.name}, through ${way}`, () => {
			/** A law with a receiver of its own. */
			function law(title, options, check) {
				it(title, async () => {
					const set = setUpKind(kind, options, reach);
					try {
						await check(set);
					} finally {
						set.close();
					}
				});
			}

			law("answers when it is committed, and has one of many repetitions", {}, async (set) => {
				const sent = await Promise.all(
					Array.from({ length: 40 }, (_, index) => kind.request(`text ${index % 2}`)),
				);
				assert.ok(new Set(sent.map(({ body }) => body)).size > 2, "the requests differ");
				for (const answer of await Promise.all(sent.map(set.send))) assert.deepEqual(answer, kind.success);
				assert.equal((await set.rows()).length, 2);
				assert.deepEqual([count(set.events, "stored"), count(set.events, "duplicate")], [2, 38]);
			});

			law("gives one answer to all that it does not believe", {}, async (set) => {
				const genuine = await kind.request("x");
				const other = await kind.request("y");
				// In what is encrypted, which is all that a push is signed over.
				const changed = {
					...genuine,
					body: genuine.body.replace(
						/[\w+/]{60}/,
						(text) => (text.startsWith("A") ? "B" : "A") + text.slice(1),
					),
				};
				const requests = [
					{ ...genuine, body: "" },
					{ ...genuine, body: "<html>" },
					{ ...genuine, body: "{}" },
					{ ...genuine, body: genuine.body.slice(0, -9) },
					{ ...genuine, body: Buffer.from([0xff, 0x00]) },
					{ ...genuine, body: `${genuine.body}${" ".repeat(70_000)}` },
					...(kind.name === "alarm receiver"
						? []
						: [
								changed,
								{ ...genuine, body: other.body },
								{ ...genuine, query: "", headers: {} },
								{ ...genuine, query: "%", headers: { "wechatpay-signature": "%" } },
								{ ...genuine, query: other.query, headers: other.headers },
								{
									...genuine,
									query: "a=".padEnd(5_000, "b"),
									headers: { "wechatpay-nonce": "b".repeat(5_000) },
								},
							]),
				];
				for (const request of requests) assert.deepEqual(await set.send(request), kind.fail(401));
				assert.deepEqual(await set.rows(), []);
				assert.equal(count(set.events, "refused"), requests.length);
				assert.equal((await set.quarantined()).length, requests.length);
				for (const { body, truncated } of await set.quarantined()) {
					assert.equal(body.length <= 65_536, true);
					assert.equal(truncated || body.length < 65_536, true);
				}
				// What is cut, be it the body or what stood beside it, is not judged by what is left.
				const truncated = kind.name === "alarm receiver" ? 1 : 2;
				assert.deepEqual(await set.receiver.reverify(), {
					inserted: 0,
					duplicates: 0,
					refused: requests.length - truncated,
					truncated,
				});
			});

			law("turns away what it does not read", {}, async (set) => {
				assert.deepEqual(await set.send({ ...(await kind.request("x")), method: "PUT" }), kind.fail(405));
				const { headers, ...genuine } = await kind.request("x");
				const encoded = { ...genuine, headers: { ...headers, "content-encoding": "gzip" } };
				assert.deepEqual(await set.send(encoded), kind.fail(415));
				assert.deepEqual([await set.rows(), await set.quarantined()], [[], []]);
			});

			law("keeps a flood from the quarantine", { quarantine: { limit: 3 } }, async (set) => {
				const genuine = await kind.request("x");
				for (let index = 0; index < 20; index += 1) {
					await set.send({ ...genuine, body: `flood ${index}` });
					await set.send({ ...genuine, body: "flood 0" });
				}
				const bodies = (await set.quarantined()).map(({ body }) => Buffer.from(body).toString());
				assert.deepEqual(bodies, ["flood 0", "flood 1"]);
				assert.equal(set.events.filter(({ quarantined }) => quarantined).length, 3);
				assert.equal(count(set.events, "quarantineDropped"), 37);
			});

			let failing = true;
			const store = storeWithout(kind, {
				insert: (insert, ...values) => (failing ? Promise.reject(failure) : insert(...values)),
			});
			law("answers 503 while the store fails, and takes it later", { store }, async (set) => {
				const genuine = await kind.request("x");
				assert.deepEqual(await set.send(genuine), kind.fail(503));
				assert.deepEqual(set.events, [{ type: "storeFailed", operation: "insert", error: failure }]);
				failing = false;
				assert.deepEqual(await set.send(genuine), kind.success);
				assert.equal((await set.rows()).length, 1);
			});

			law("puts no body with a key of ours into the quarantine", {}, async (set) => {
				const genuine = await kind.request("x");
				const bodies = [
					kind.secret,
					`<xml>${kind.secret}</xml>`,
					`${"x".repeat(65_000)}${kind.secret}${"x".repeat(9_000)}`,
				];
				for (const body of bodies) assert.deepEqual(await set.send({ ...genuine, body }), kind.fail(401));
				assert.deepEqual(await set.quarantined(), []);
				assert.equal(count(set.events, "keyLeakSuspected"), 3);
				assert.equal(JSON.stringify(set.events).includes(kind.secret), false);
			});
		});
	}

	describe(`${kind.name}: handler and keys`, () => {
		it("calls the handler once, outside the answer's path", async () => {
			const seen = [];
			const set = setUpKind(kind, { onMessage: (received) => seen.push(received) });
			assert.deepEqual(await set.send(await kind.request("one")), kind.success);
			assert.deepEqual(seen, []);
			await set.receiver.idle();
			assert.deepEqual(await set.send(await kind.request("one")), kind.success);
			await set.receiver.idle();
			assert.deepEqual(seen.map(kind.textOf), ["one"]);
			const [{ receivedAt, stale, future }] = seen;
			assert.deepEqual({ receivedAt, stale, future }, { receivedAt: startTime, stale: false, future: false });
			assert.equal((await set.rows())[0].handledAt, startTime);
		});

		it("offers again, word for word, what a handler threw at or never saw", async () => {
			const store = createMemoryStore();
			const seen = [];
			const throwing = setUpKind(kind, {
				store,
				onMessage(received) {
					seen.push(received);
					throw new Error("the shop is closed");
				},
			});
			await throwing.send(await kind.request("thrown"));
			await throwing.receiver.idle();
			assert.equal(count(throwing.events, "handlerFailed"), 1);
			const silent = setUpKind(kind, { store });
			await silent.send(await kind.request("silent", { sentAt: startTime - 200 }));
			const next = setUpKind(kind, {
				store,
				staleAfterSeconds: 100,
				onMessage: (received) => seen.push(received),
			});
			next.clock.seconds += 100_000;
			assert.deepEqual(await next.receiver.resume(), { handled: 2, failed: 0 });
			assert.deepEqual(seen.map(kind.textOf), ["thrown", "thrown", "silent"]);
			const [first, again, old] = seen;
			const { sequence, ...sameAgain } = again;
			assert.equal(Number.isSafeInteger(sequence), true);
			assert.deepEqual(sameAgain, first);
			// By the time of the request that brought it, not by that of today.
			assert.deepEqual([again.stale, old.stale, old.receivedAt], [false, true, startTime]);
			assert.deepEqual(await next.receiver.resume(), { handled: 0, failed: 0 });
		});

		it("verifies again what an account with a wrong key refused", async () => {
			const store = createMemoryStore();
			const wrong = setUpKind(kind, { store, accounts: kind.wrongAccount });
			for (const text of ["a", "b", "c"]) {
				wrong.clock.seconds += 1;
				const request = await kind.request(text, { sentAt: wrong.clock.seconds });
				assert.deepEqual(await wrong.send(request), kind.fail(401));
			}
			await wrong.send({ ...(await kind.request("x")), body: "<forgery>" });
			await wrong.send({ ...(await kind.request("x")), body: "x".repeat(70_000) });
			const seen = [];
			const right = setUpKind(kind, { store, onMessage: (received) => seen.push(received) });
			// A day later: what was fresh then is not refused for its age.
			right.clock.seconds += 86_400;
			// The time stamp of an alarm is part of it, that of the others only says when it was sent this time.
			const sentAt = kind.name === "alarm receiver" ? startTime + 2 : right.clock.seconds;
			await right.send(await kind.request("b", { sentAt }));
			assert.deepEqual(await right.receiver.reverify(), {
				inserted: 2,
				duplicates: 1,
				refused: 1,
				truncated: 1,
			});
			await right.receiver.idle();
			assert.deepEqual(seen.map(kind.textOf).sort(), ["a", "b", "c"]);
			assert.deepEqual(
				(await right.rows()).map(({ receivedAt }) => receivedAt - startTime),
				[86_400, 1, 3],
			);
			assert.equal((await right.quarantined()).length, 2);
		});

		it("answers the same when a hook throws", async () => {
			const throwing = () => {
				throw new Error("hook");
			};
			const set = setUpKind(kind, { onEvent: throwing, onTiming: throwing, onMessage: throwing });
			assert.deepEqual(await set.send(await kind.request("x")), kind.success);
			assert.deepEqual(await set.send({ ...(await kind.request("x")), body: "<html>" }), kind.fail(401));
			await set.receiver.idle();
		});

		it("refuses options that cannot work, when it is made", () => {
			for (const options of [
				{ accounts: [] },
				{ accounts: undefined },
				{ accounts: [null] },
				{ accounts: {} },
				{ accounts: [kind.account, { ...kind.account }] },
				{ store: {} },
				{ store: null },
				{ onMessage: "no function" },
				{ onEvent: {} },
				{ staleAfterSecond: 3 },
				{ quarantine: { limit: -1 } },
			]) {
				assert.throws(() => setUpKind(kind, options), { code: "ARGUMENT_INVALID" }, JSON.stringify(options));
			}
			assert.throws(() => kind.create(), { code: "ARGUMENT_INVALID" });
		});
	});
}

it("receivers of one store leave each other's messages alone", async () => {
	const store = createMemoryStore();
	for (const kind of kinds) {
		const { send } = setUpKind(kind, { store });
		for (const text of ["a", "b"]) await send(await kind.request(text));
		await send({ ...(await kind.request("x")), body: "<html>" });
	}
	for (const kind of kinds) {
		const seen = [];
		const { receiver } = setUpKind(kind, {
			store,
			onMessage: (received) => seen.push(kind.textOf(received)),
		});
		assert.deepEqual(await receiver.resume(), { handled: 2, failed: 0 });
		assert.deepEqual(seen, ["a", "b"]);
		assert.deepEqual(await receiver.reverify(), { inserted: 0, duplicates: 0, refused: 1, truncated: 0 });
	}
});
