// The Worker of examples/cloudflare: what it has answered for survives whatever breaks.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { signTestAlarm } from "paysign";
import { bundleExample, day, secrets, startExample, stores } from "./cloudflare-example.mjs";

let example;
before(async () => {
	example = await bundleExample();
});
after(() => example?.remove());

for (const store of stores) {
	describe(`the Worker over ${store}`, () => {
		/** A test with a deployed Worker of its own. */
		function promise(title, check, options) {
			it(title, async () => {
				const worker = await startExample(example.bundles[store], options);
				try {
					await check(worker);
				} finally {
					await worker.stop();
				}
				const said = worker.logged().join("\n");
				for (const secret of Object.values(secrets)) {
					assert.equal(said.includes(secret.trim()), false, "a secret is in the logs");
				}
			});
		}

		const alarm = ({ account, time }, fields = {}) =>
			signTestAlarm({ timeStamp: time.now, description: "发货超时", ...fields }, account);

		promise("answers success for what is stored, once, and shows nothing to others", async (worker) => {
			const body = alarm(worker);
			assert.equal(await worker.post(body), "200 success");
			assert.equal(await worker.post(body), "200 success");
			assert.equal(await worker.post(body.replace("1001", "1002")), "401 fail");
			assert.equal(await worker.post("<xml>"), "401 fail");
			await settled(worker, ({ alarms }) => alarms.unhandled === 0);
			assert.deepEqual((await worker.status()).alarms, { unhandled: 0, quarantined: 2 });
			assert.deepEqual(worker.alerts(), ["WeChat has sent an alarm"]);

			for (const [path, method, authorization] of [
				["/deliveries", "POST", undefined],
				["/deliveries", "POST", "Bearer "],
				["/deliveries", "POST", `Bearer ${secrets.API_KEY}x`],
				["/deliveries", "POST", `Basic ${secrets.API_KEY}`],
				["/status", "GET", undefined],
				["/status", "GET", "Bearer undefined"],
			]) {
				const headers = authorization === undefined ? {} : { authorization };
				const answer = await worker.ask(path, {
					method,
					headers,
					body: method === "POST" ? "{}" : undefined,
				});
				assert.deepEqual(
					[answer.status, await answer.text()],
					[401, ""],
					`${method} ${path} ${authorization}`,
				);
			}
			for (const path of ["/", "/deliveries", "/wxpay"]) assert.equal((await worker.ask(path)).status, 404);
		});

		promise("keeps so many forgeries, and no more", async (worker) => {
			const answers = await Promise.all(
				Array.from({ length: 205 }, (_, number) => worker.post(`<xml>${number}`)),
			);
			assert.deepEqual([...new Set(answers)], ["401 fail"]);
			const refusals = () => worker.logged().filter((line) => line.includes('"refused"'));
			await until(() => refusals().length === 205);
			assert.equal(refusals().filter((line) => line.includes('"quarantined":true')).length, 200);
		});

		for (const hasQueue of [true, false]) {
			promise(
				`sends a delivery in real time, woken by ${hasQueue ? "the queue" : "itself"}`,
				async (worker) => {
					const delivery = worker.order(0);
					assert.deepEqual(await worker.enqueue(delivery), { status: 201, outcome: "inserted" });
					assert.deepEqual(await worker.enqueue(delivery), { status: 200, outcome: "duplicate" });
					await settled(worker, ({ deliveries }) => deliveries.delivered === 1);
					assert.equal(worker.sandbox.order(delivery.transid).notifications, 1);
				},
				{ isRealTime: true, hasQueue },
			);
		}

		promise("says what is wrong with a delivery", async (worker) => {
			const delivery = worker.order(0);
			await worker.enqueue(delivery);
			for (const [wrong, status, code] of [
				[{ deliverStatus: 0 }, 409, "DELIVERY_CONFLICT"],
				[{ transid: "" }, 400, "FIELD_MALFORMED"],
				[{ goods: "air" }, 400, "ARGUMENT_INVALID"],
				[{ paidAt: "1" }, 400, "ARGUMENT_INVALID"],
				[{ openid: undefined }, 400, "FIELD_MISSING"],
			]) {
				const answer = await worker.enqueue({ ...delivery, ...wrong });
				assert.deepEqual([answer.status, answer.code], [status, code], JSON.stringify(wrong));
				assert.match(answer.message, /\.$/);
			}
			for (const body of [null, "text"]) assert.equal((await worker.enqueue(body)).status, 400);
			assert.equal((await worker.status()).deliveries.waiting, 1);
		});

		promise(
			"delivers in time through an outage, an eviction, a restart and lost messages",
			async (worker) => {
				const { sandbox, time } = worker;
				const deliveries = [0, 1, 2].map((number) => worker.order(number));
				const end = time.now + day - 3_600;
				worker.wechatIsDown(true);
				for (const delivery of deliveries) assert.equal((await worker.enqueue(delivery)).status, 201);
				// What the messages would do; they may come now, later, or never.
				assert.equal((await worker.queue("paysign-wake", 3)).outcome, "ok");
				await worker.pass(time.now + 600);
				await worker.evict();
				await worker.pass(time.now + 600);
				const { wakesAt } = await worker.status();
				await worker.restart();
				assert.equal((await worker.status()).wakesAt, wakesAt);
				await worker.move(end);
				worker.wechatIsDown(false);
				await worker.cron();
				await worker.pass(end + 900);
				const { deliveries: counts } = await worker.status();
				assert.deepEqual([counts.delivered, counts.expired], [3, 0]);
				await worker.queue("paysign-wake", 5);
				await worker.pass(time.now + 900);
				assert.deepEqual(
					deliveries.map(({ transid }) => sandbox.order(transid).notifications),
					[1, 1, 1],
				);
				assert.deepEqual(await sandbox.checkDeadlines(), []);
			},
		);

		promise("sends again what an eviction has cut off in the middle of a call", async (worker) => {
			const delivery = worker.order(0);
			await worker.enqueue(delivery);
			const wechat = worker.holdWechat();
			const cutOff = worker.ring().catch(() => {});
			await wechat.arrived;
			await worker.evict();
			wechat.release();
			await cutOff;
			// It is nobody's until its lease has run out; the cron trigger brings the object back.
			await worker.cron();
			await worker.pass(worker.time.now + 300);
			assert.equal((await worker.status()).deliveries.delivered, 1);
		});

		promise("is woken at once for what comes in while it sends", async (worker) => {
			const { time } = worker;
			await worker.enqueue(worker.order(0));
			worker.wechatIsDown(true);
			const wechat = worker.holdWechat();
			const sent = worker.ring();
			await wechat.arrived;
			await worker.queue("paysign-wake", 1);
			wechat.release();
			await sent;
			const { deliveries, wakesAt } = await worker.status();
			assert.deepEqual([deliveries.waiting, wakesAt], [1, time.now]);
		});

		promise(
			"fetches one classic token for all, which outlives the object's memory",
			async (worker) => {
				const { sandbox } = worker;
				for (const number of [0, 1, 2]) {
					assert.equal((await worker.enqueue(worker.order(number))).status, 201);
					await worker.ring();
					if (number === 0) await worker.evict();
					else await worker.restart();
				}
				assert.equal((await worker.status()).deliveries.delivered, 3);
				const fetched = sandbox.requests.filter(({ path }) => path === "/cgi-bin/token");
				assert.equal(fetched.length, 1);
			},
			{ bindings: { TOKEN_ENDPOINT: "classic" } },
		);

		promise("goes on where the object cannot be reached, and says so", async (worker) => {
			const delivery = worker.order(0);
			await worker.change({ sender: "lost" });
			assert.equal((await worker.enqueue(delivery)).status, 201);
			// What fails is delivered again, until the queue gives up.
			assert.equal((await worker.queue("paysign-wake", 2)).outcome, "exception");
			// Then the message of this delivery is in the dead-letter queue.
			const alert = "The outbox could not be woken; the cron trigger tries on";
			await until(() => worker.alerts().includes(alert));
			await worker.change({ sender: "there" });
			await worker.cron();
			await worker.ring();
			assert.equal((await worker.status()).deliveries.delivered, 1);
		});

		promise("offers an alarm again that nobody could be told of", async (worker) => {
			await worker.change({ deaf: true });
			assert.equal(await worker.post(alarm(worker)), "200 success");
			assert.equal((await worker.status()).alarms.unhandled, 1);
			await worker.cron();
			assert.equal((await worker.status()).alarms.unhandled, 1);
			await worker.change({ deaf: false });
			await worker.cron();
			assert.equal((await worker.status()).alarms.unhandled, 0);
			assert.deepEqual(worker.alerts(), ["WeChat has sent an alarm"]);
		});

		promise(
			"acknowledges nothing without its secrets, and names the one that is missing",
			async (worker) => {
				assert.equal(await worker.post("<xml>"), "503 fail");
				assert.equal((await worker.ask("/status")).status, 503);
				for (const name of ["PAY_SIGN_KEY", "API_KEY"]) {
					await until(() => worker.logged().join().includes(`npx wrangler secret put ${name}`));
				}
			},
			{ bindings: { PAY_SIGN_KEY: "", API_KEY: "" } },
		);

		if (store === "d1")
			promise("acknowledges nothing that D1 has not said it keeps, and loses nothing", async (worker) => {
				const delivery = worker.order(0);
				const body = alarm(worker);
				for (const database of ["lost", "lost after the commit"]) {
					await worker.change({ database });
					assert.equal(await worker.post(body), "503 fail");
					const { status, code } = await worker.enqueue(delivery);
					assert.deepEqual([status, code], [503, "STORE_FAILED"]);
					// The alarm of the object: it stays awake.
					await worker.ring();
					await worker.change({ database: "there" });
					const { wakesAt, deliveries } = await worker.status();
					assert.equal(wakesAt - worker.time.now <= 30, true);
					assert.equal(deliveries.waiting, database === "lost" ? 0 : 1);
				}
				assert.equal(await worker.post(body), "200 success");
				assert.equal((await worker.enqueue(delivery)).status, 200);
				await worker.pass(worker.time.now + 900);
				const { deliveries, alarms } = await worker.status();
				assert.deepEqual([deliveries.delivered, alarms], [1, { unhandled: 0, quarantined: 0 }]);
				// Once, and not with each try.
				const alerts = ["Deliveries cannot be sent", "WeChat has sent an alarm"];
				assert.deepEqual(worker.alerts().sort(), alerts);
				assert.equal(worker.sandbox.order(delivery.transid).notifications, 1);
			});
	});
}

/** Waits for what goes on after an answer. */
function settled(worker, isSo) {
	return until(async () => isSo(await worker.status()));
}

async function until(isSo) {
	const deadline = AbortSignal.timeout(20_000);
	while (!(await isSo())) {
		deadline.throwIfAborted();
		await setImmediate();
	}
}
