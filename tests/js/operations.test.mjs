// What operators see: metrics that a parser of Prometheus's format reads from a running server, health, and their
// distance from the public URL.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import parse from "parse-prometheus-text-format";
import { createClient, createDeliveryOutbox, WeChatPayError } from "paysign";
import { createLog } from "paysign/logs";
import { createMetrics } from "paysign/metrics";
import { serveAlarms, serveOperations } from "paysign/node";
import { createMemoryStore } from "paysign/stores/memory";
import { createRegistry } from "#modules/metrics/registry.js";
import { table } from "#modules/metrics/table.js";
import { shippingErrcodes } from "#modules/shipping/errcodes.js";
import { clientAndSandbox, delivery, failure, account as merchant, tokenFetch } from "./client-support.mjs";
import { progressOf, rowOf, shippingOf } from "./support/deliveries.mjs";
import { rawConnection, until } from "./support/raw.mjs";
import { account, alarmBody, gate, setUp, storeWith } from "./support/receiver.mjs";
import { kindOf, setUpKind } from "./support/receivers.mjs";

/** Every sample by name and labels. The parser drops the labels of histograms, so it is told they are untyped. */
function samples(text) {
	const found = new Map();
	for (const { name, metrics } of parse(text.replace(/^# TYPE (\S+) histogram$/gm, "# TYPE $1 untyped"))) {
		for (const { value, labels = {} } of metrics) {
			const pairs = Object.entries(labels).map(([label, text]) => `${label}=${text}`);
			found.set(`${name} ${pairs.sort().join(" ")}`.trim(), Number(value));
		}
	}
	return found;
}

const get = async (url, init) => {
	const response = await fetch(url, init);
	return { status: response.status, headers: response.headers, text: await response.text() };
};

test("a running server is scraped: alarms, refusals, timings", async () => {
	const metrics = createMetrics();
	let ticks = 0;
	const tick = () => {
		ticks += 3;
		return ticks;
	};
	const { receiver, store } = setUp({ ...metrics.receiver, onAlarm: () => {}, ticks: tick });
	const operations = { port: 0, metrics, checks: { store: () => store.list({ limit: 1 }) } };
	const server = await serveAlarms(receiver, { port: 0, path: "/alarm", operations });
	for (const body of [
		alarmBody("1"),
		alarmBody("1"),
		alarmBody("old", { timeStamp: 1 }),
		"<xml>",
		"<html/>",
	]) {
		await fetch(server.url, { method: "POST", body });
	}
	await fetch(server.url);
	await receiver.idle();

	const { status, headers, text } = await get(`${server.operationsUrl}/metrics`);
	assert.equal(status, 200);
	assert.equal(headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
	const now = samples(text);
	const expected = {
		"paysign_alarms_stored_total age=fresh": 1,
		"paysign_alarms_stored_total age=stale": 1,
		paysign_alarms_duplicate_total: 1,
		paysign_alarms_handled_total: 2,
		paysign_handler_failed_total: 0,
		"paysign_alarms_refused_total code=XML_TRUNCATED": 1,
		"paysign_requests_unread_total status=405": 1,
		"paysign_answer_seconds_count status=200": 3,
		"paysign_answer_seconds_count status=401": 2,
		"paysign_answer_seconds_bucket le=+Inf status=200": 3,
		"paysign_answer_seconds_bucket le=0.001 status=200": 0,
		"paysign_handler_seconds_count outcome=ok": 2,
		"paysign_store_seconds_count operation=insert outcome=ok": 3,
	};
	for (const [name, value] of Object.entries(expected)) assert.equal(now.get(name), value, name);
	assert.equal(now.get("paysign_answer_seconds_sum status=200") >= 0.009, true);
	await server.close();
	await assert.rejects(fetch(`${server.operationsUrl}/metrics`), "it is closed with the alarm server");
});

for (const [source, kind] of Object.entries({ push: kindOf("push"), apiv3: kindOf("notification") })) {
	test(`the ${kind.name} is counted apart from the alarms, and logged`, async () => {
		const metrics = createMetrics();
		const records = [];
		const log = createLog({ write: (_, record) => records.push(record) });
		const { onTiming, onEvent } = metrics[source];
		const { send, receiver } = setUpKind(kind, {
			onTiming,
			onEvent(event) {
				onEvent(event);
				log[source](event);
			},
			onMessage(received) {
				if (kind.textOf(received) === "broken") throw new Error("handler");
			},
		});
		const genuine = await kind.request("1");
		for (const request of [
			genuine,
			genuine,
			await kind.request("broken"),
			{ ...genuine, method: "DELETE" },
		]) {
			await send(request);
		}
		await send({ ...genuine, body: "<html>" });
		await send({ ...genuine, body: kind.secret });
		await receiver.idle();
		const now = samples(await metrics.text());
		const of = (name, labels) =>
			now.get(`paysign_${name} ${[`source=${source}`, ...labels].sort().join(" ")}`);
		assert.deepEqual(
			{
				stored: of("notifications_stored_total", ["age=fresh"]),
				duplicate: of("notifications_duplicate_total", []),
				unread: of("notifications_unread_total", ["status=405"]),
				handled: of("notifications_handled_total", []),
				leaks: of("notification_events_total", ["event=keyLeakSuspected"]),
				thrown: of("notification_events_total", ["event=handlerFailed"]),
				answered: of("notification_answer_seconds_count", ["status=401"]),
				inserted: of("notification_store_seconds_count", ["operation=insert", "outcome=ok"]),
				failed: of("notification_handler_seconds_count", ["outcome=failed"]),
			},
			{
				stored: 2,
				duplicate: 1,
				unread: 1,
				handled: 1,
				leaks: 1,
				thrown: 1,
				answered: 2,
				inserted: 3,
				failed: 1,
			},
		);
		const refused = [...now].filter(([name]) => name.startsWith("paysign_notifications_refused_total"));
		assert.equal(
			refused.reduce((sum, [, value]) => sum + value, 0),
			2,
		);
		const ofAlarms = /^paysign_(alarms|answer|handler|store_seconds|requests|key|verify|quarantine)/;
		assert.deepEqual(
			[...now].filter(([name, value]) => ofAlarms.test(name) && value > 0),
			[],
		);
		const levelOf = (type) => records.find(({ event }) => event === type).level;
		assert.deepEqual(["stored", "refused", "handlerFailed", "keyLeakSuspected"].map(levelOf), [
			...["info", "warn", "error", "error"],
		]);
		assert.deepEqual(new Set(records.map(({ component }) => component)), new Set([source]));
	});
}

test("a client's calls, tokens and failures are counted, with labels from closed lists", async (t) => {
	const metrics = createMetrics();
	const { client, sandbox } = await clientAndSandbox(t, metrics.client);
	await client.deliverNotify(delivery);
	sandbox.inject({ path: "/pay/delivernotify", fault: "http500" });
	await failure(client.deliverNotify(delivery), "HTTP_STATUS");
	// An answer can hold any number; they must not become a label each.
	for (const errcode of [49004, 77_777, 88_888]) {
		const { fetch } = tokenFetch(7200);
		const answering = async (url, init) =>
			url.includes("/pay/") ? Response.json({ errcode, errmsg: "no" }) : fetch(url, init);
		const other = createClient({ ...merchant, fetch: answering, ...metrics.client });
		await failure(other.deliverNotify(delivery), "API_ERROR");
	}
	const now = samples(await metrics.text());
	const call = "call=POST /pay/delivernotify";
	const expected = {
		paysign_delivered_total: 1,
		"paysign_token_fetched_total endpoint=stable": 4,
		[`paysign_call_seconds_count ${call} outcome=ok`]: 1,
		[`paysign_call_seconds_count ${call} outcome=API_ERROR`]: 3,
		[`paysign_call_failed_total ${call} code=HTTP_STATUS errcode=none`]: 1,
		[`paysign_call_failed_total ${call} code=API_ERROR errcode=49004`]: 1,
		[`paysign_call_failed_total ${call} code=API_ERROR errcode=other`]: 2,
		"paysign_token_store_seconds_count operation=read outcome=ok": 5,
	};
	for (const [name, value] of Object.entries(expected)) assert.equal(now.get(name), value, name);
});

test("shipping notices in a store are counted apart from deliveries, and their errcodes by name", async () => {
	const store = createMemoryStore();
	const metrics = createMetrics({ deliveries: store.deliveries, shipments: store.shipments });
	await store.shipments.enqueue(rowOf(1, { delivery: shippingOf(1), deadline: 3_000 }), progressOf());
	await store.shipments.enqueue(
		rowOf(2, { delivery: shippingOf(2), deadline: 2_000 }),
		progressOf({ state: "delivered", attemptAt: null }),
	);
	for (const errcode of [...shippingErrcodes.map(({ errcode }) => errcode), 77_777]) {
		metrics.shippingOutbox.onEvent({ type: "failed", code: "API_ERROR", errcode });
	}
	const now = samples(await metrics.text());
	const expected = {
		"paysign_outbox_rows outbox=shipments state=waiting": 1,
		"paysign_outbox_rows outbox=shipments state=delivered": 1,
		"paysign_outbox_rows outbox=deliveries state=waiting": 0,
		"paysign_outbox_next_deadline_timestamp_seconds outbox=shipments": 3_000,
		"paysign_outbox_next_deadline_timestamp_seconds outbox=deliveries": undefined,
		"paysign_outbox_failed_total code=API_ERROR errcode=other outbox=shipments": 1,
	};
	for (const [name, value] of Object.entries(expected)) assert.equal(now.get(name), value, name);
	for (const { errcode } of shippingErrcodes)
		assert.equal(
			now.get(`paysign_outbox_failed_total code=API_ERROR errcode=${errcode} outbox=shipments`),
			1,
		);
	await store.close();
	const gone = samples(await metrics.text());
	assert.equal(gone.has("paysign_outbox_rows outbox=shipments state=waiting"), false);
	assert.equal(gone.get("paysign_store_failed_total component=metrics operation=counts"), 2);
});

test("an outbox is counted as it goes, and its store when somebody looks", async (t) => {
	const { client, sandbox, clock } = await clientAndSandbox(t);
	const store = createMemoryStore();
	const counts = { fail: false };
	const metrics = createMetrics({
		deliveries: {
			counts: () => (counts.fail ? Promise.reject(new Error("gone")) : store.deliveries.counts()),
		},
	});
	let ticks = 0;
	const tick = () => {
		ticks += 3;
		return ticks;
	};
	const hooks = { ...metrics.outbox, onDelivered: () => {}, ticks: tick };
	const outbox = createDeliveryOutbox({ client, store, now: clock.now, ...hooks });
	await outbox.enqueue(delivery, { paidAt: delivery.deliverTimestamp - 60, goods: "virtual" });
	await outbox.enqueue(delivery, { paidAt: delivery.deliverTimestamp - 60, goods: "virtual" });
	let now = samples(await metrics.text());
	assert.equal(now.get("paysign_outbox_rows outbox=deliveries state=waiting"), 1);
	assert.equal(
		now.get("paysign_outbox_next_deadline_timestamp_seconds outbox=deliveries"),
		delivery.deliverTimestamp - 60 + 86_400,
	);
	sandbox.inject({ path: "/pay/delivernotify", fault: "http500" });
	await outbox.runOnce();
	clock.add(3_600);
	await outbox.runOnce();
	now = samples(await metrics.text());
	const expected = {
		"paysign_outbox_enqueued_total outbox=deliveries outcome=new": 1,
		"paysign_outbox_enqueued_total outbox=deliveries outcome=duplicate": 1,
		"paysign_outbox_failed_total code=HTTP_STATUS errcode=none outbox=deliveries": 1,
		"paysign_outbox_delivered_total late=no outbox=deliveries": 1,
		"paysign_outbox_rows outbox=deliveries state=waiting": 0,
		"paysign_outbox_rows outbox=deliveries state=delivered": 1,
		"paysign_outbox_delivery_seconds_count outbox=deliveries": 1,
		"paysign_outbox_attempt_seconds_count outbox=deliveries outcome=failed": 1,
		"paysign_outbox_attempt_seconds_count outbox=deliveries outcome=ok": 1,
		"paysign_outbox_hook_seconds_count hook=delivered outbox=deliveries outcome=ok": 1,
		"paysign_outbox_store_seconds_count operation=enqueue outbox=deliveries outcome=ok": 2,
	};
	for (const [name, value] of Object.entries(expected)) assert.equal(now.get(name), value, name);
	assert.equal(now.get("paysign_outbox_attempt_seconds_sum outbox=deliveries outcome=ok") >= 0.003, true);
	assert.equal(now.has("paysign_outbox_next_deadline_timestamp_seconds outbox=deliveries"), false);
	counts.fail = true;
	now = samples(await metrics.text());
	assert.equal(now.has("paysign_outbox_rows outbox=deliveries state=waiting"), false);
	assert.equal(now.get("paysign_store_failed_total component=metrics operation=counts"), 1);
});

test("the text is Prometheus's: every type and help once, buckets that grow, odd text escaped", () => {
	const odd = { name: "odd_total", type: "counter", labels: ["text"], help: 'back\\slash\nand "quotes"' };
	const { buckets } = table.answerSeconds;
	const timing = { name: "time_seconds", type: "histogram", labels: [], help: "h", buckets };
	const { add, observe, text } = createRegistry([odd, timing]);
	const label = 'a"b\\c\nd';
	add(odd, [label], 2);
	for (const seconds of [0, ...buckets, 31]) observe(timing, [], seconds);
	const parsed = parse(text());
	assert.deepEqual(parsed[0], {
		name: "odd_total",
		help: 'back\\slash\nand "quotes"',
		type: "COUNTER",
		metrics: [{ value: "2", labels: { text: label } }],
	});
	const histogram = parsed[1].metrics[0];
	const counts = [...buckets, "+Inf"].map((bound) => Number(histogram.buckets[bound]));
	assert.deepEqual(counts, [...buckets.map((_, index) => index + 2), buckets.length + 2]);
	assert.equal(histogram.count, String(buckets.length + 2));
	assert.equal(text().endsWith("\n"), true);
});

test("nothing of operations can be reached through the alarm URL", async () => {
	const metrics = createMetrics();
	const server = await serveAlarms(setUp().receiver, {
		port: 0,
		path: "/alarm",
		operations: { port: 0, metrics },
	});
	for (const path of ["/metrics", "/healthz"]) {
		assert.equal((await get(new URL(path, server.url))).status, 404, path);
	}
	assert.match(server.operationsUrl, /^http:\/\/127\.0\.0\.1:\d+$/);
	assert.equal(
		(await get(`${server.operationsUrl}/alarm`, { method: "POST", body: alarmBody("x") })).status,
		404,
	);
	assert.equal((await get(`${server.operationsUrl}/metrics`, { method: "POST" })).status, 405);
	await server.close();
	const alone = await serveAlarms(setUp().receiver, { port: 0 });
	assert.equal(alone.operationsUrl, undefined);
	await alone.close();
});

test("health is 503 while a check fails, and says which without repeating its words", async () => {
	const told = [];
	const failing = { now: new WeChatPayError("STORE_FAILED", "the password is swordfish") };
	const store = storeWith({ list: (list, page) => (failing.now ? Promise.reject(failing.now) : list(page)) });
	const server = await serveOperations({
		port: 0,
		checks: { store: () => store.list({ limit: 1 }), other: async () => {} },
		onError: (error) => told.push(error),
	});
	const health = await get(`${server.url}/healthz`);
	assert.deepEqual(
		[health.status, JSON.parse(health.text)],
		[503, { status: "failing", checks: { store: "STORE_FAILED", other: "ok" } }],
	);
	assert.deepEqual(told, [failing.now]);
	failing.now = undefined;
	assert.equal((await get(`${server.url}/healthz`)).status, 200);
	assert.equal((await get(`${server.url}/metrics`)).status, 404, "there are none");
	await server.close();
	await server.close();
});

test("a check that hangs is a time-out, and is not started again while it hangs", async () => {
	const { opened, open } = gate();
	let calls = 0;
	const hanging = () => {
		calls += 1;
		return opened;
	};
	const server = await serveOperations({ port: 0, checks: { hanging }, checkTimeoutMs: 20 });
	for (let index = 0; index < 3; index += 1) {
		assert.match((await get(`${server.url}/healthz`)).text, /"hanging":"timeout"/);
	}
	assert.equal(calls, 1);
	open();
	await until(() => calls === 1, "it ends");
	await new Promise((resolve) => setImmediate(resolve));
	assert.equal((await get(`${server.url}/healthz`)).status, 200);
	await server.close();
});

test("while the alarm server is being closed, health is 503", async () => {
	const { opened, open } = gate();
	const { receiver } = setUp({ onAlarm: () => opened });
	const server = await serveAlarms(receiver, { port: 0, operations: { port: 0 } });
	assert.equal((await get(`${server.operationsUrl}/healthz`)).status, 200);
	await fetch(server.url, { method: "POST", body: alarmBody("x") });
	const closing = server.close();
	const health = await get(`${server.operationsUrl}/healthz`);
	assert.deepEqual([health.status, JSON.parse(health.text).checks], [503, { server: "failed" }]);
	open();
	await closing;
});

test("an operations port that is taken is said, and leaves no alarm server behind", async () => {
	const first = await serveOperations({ port: 0 });
	const port = Number(new URL(first.url).port);
	const { receiver } = setUp();
	const free = await serveAlarms(receiver, { port: 0 });
	const alarmPort = Number(new URL(free.url).port);
	await free.close();
	await assert.rejects(serveAlarms(receiver, { port: alarmPort, operations: { port } }), (error) => {
		assert.deepEqual([error.code, error.details.reason], ["NETWORK", "EADDRINUSE"]);
		assert.match(error.message, /operations server/);
		return true;
	});
	await assert.rejects(rawConnection(`http://127.0.0.1:${alarmPort}`), { code: "ECONNREFUSED" });
	await first.close();
	for (const wrong of [{ checkTimeoutMs: 0 }, { checks: { "a b": async () => {} } }, { checks: { a: 1 } }]) {
		await assert.rejects(serveOperations({ port: 0, ...wrong }), { code: "ARGUMENT_INVALID" });
	}
});

test("the metrics hold nothing secret", async () => {
	const metrics = createMetrics();
	const { send } = setUp({ ...metrics.receiver, store: createMemoryStore() });
	await send(alarmBody("x").replace("1001", account.appKey));
	const text = await metrics.text();
	assert.equal(text.includes(account.appKey), false);
	assert.match(text, /^paysign_key_leak_suspected_total 1$/m);
});

for (const page of ["operations.md", "operations.zh.md"]) {
	test(`docs/${page} lists every metric, with its type and labels, and no other`, () => {
		const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8");
		const rows = [...text.matchAll(/^\| `(paysign_\w+)` \| (\w+) \| ([^|]*) \|/gm)];
		assert.deepEqual(
			rows.map(([, name, type, labels]) => ({
				name,
				type,
				labels: [...labels.matchAll(/`(\w+)`/g)].map(([, l]) => l),
			})),
			Object.values(table).map(({ name, type, labels }) => ({ name, type, labels: [...labels] })),
		);
		if (page === "operations.md")
			for (const { help } of Object.values(table)) assert.ok(text.includes(help), help);
	});
}

test("an alert of docs/operations.md fires at the first event: its counter is there before, at 0", async () => {
	const page = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
	const alerts = [...page.matchAll(/^- `(?:increase|rate)\((\w+)(?:\{event=~"([\w|]+)"\})?\[\w+\]\) > 0`/gm)];
	assert.equal(alerts.length, 4);
	const text = await createMetrics().text();
	for (const [, name, events = ""] of alerts) {
		for (const event of events.split("|")) {
			assert.match(text, new RegExp(`^${name}(\\{.*${event}.*\\})? 0$`, "m"));
		}
	}
	// Both outboxes and everything that can be noticed in one.
	const notices = [...text.matchAll(/^paysign_outbox_notices_total\{outbox="(\w+)",notice="(\w+)"\} 0$/gm)];
	const expected = ["deliveries", "shipments"].flatMap((outbox) =>
		["inDanger", "expired", "needsHuman"].map((notice) => `${outbox} ${notice}`),
	);
	assert.deepEqual(
		notices.map(([, outbox, notice]) => `${outbox} ${notice}`),
		expected,
	);
});
