// `paysign deliver`, `token` and `sandbox`, over a real socket.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { account, env, file, paysign, started } from "./support/cli.mjs";

const order = { openid: "o-1", transid: "7", outTradeNo: "n-8" };
const wire = { openid: "o-1", transid: "7", out_trade_no: "n-8", deliver_timestamp: 1393860740 };

test("deliver against the sandbox: taken, refused, undecided; its log is lines of JSON", async () => {
	const double = started([
		"sandbox",
		"--port",
		"0",
		"--json",
		"--orders",
		file("orders.json", JSON.stringify([{ ...order, paidAt: 1393860000, goods: "virtual" }])),
	]);
	const { event, url } = JSON.parse(await double.line());
	assert.equal(event, "listening");
	const next = async () => JSON.parse(await double.line());

	const delivery = file("delivery.json", JSON.stringify(wire));
	const taken = paysign(["deliver", delivery, "--sandbox", url, "--json"]);
	assert.equal(taken.status, 0, taken.stderr);
	assert.deepEqual(taken.json(), { delivered: true, sandbox: url, errcode: 0, errmsg: "ok" });
	assert.match(taken.stderr, /\*\*\* SANDBOX \*\*\*.*WeChat is NOT called/);
	assert.equal((await next()).path, "/cgi-bin/stable_token");
	const { path, errcode, keyLeak, query } = await next();
	assert.deepEqual(
		[path, errcode, keyLeak, query],
		["/pay/delivernotify", 0, false, "access_token=«masked»"],
	);

	const refused = paysign([
		"deliver",
		"--sandbox",
		url,
		"--openid",
		"o-1",
		"--transid",
		"404",
		"--out-trade-no",
		"n",
	]);
	assert.equal(refused.status, 1);
	assert.match(
		refused.stdout,
		/REFUSED.*API_ERROR\n {2}errcode {5}49005 .*\n {2}meaning {5}.*\n {2}what to do {2}Check/,
	);
	await next();
	await next();

	double.tell("fault /pay/delivernotify http500");
	assert.deepEqual(await next(), { event: "fault", path: "/pay/delivernotify", fault: "http500", times: 1 });
	const later = paysign(["deliver", "-", "--sandbox", url, "--lang", "zh"], { input: JSON.stringify(wire) });
	assert.equal(later.status, 2);
	assert.match(later.stdout, /^\? 无法确定.*HTTP_STATUS\n/);
	assert.match(later.stderr, /\*\*\* 沙箱 \*\*\*/);
	await next();
	await next();

	double.tell('order {"transid":"9","outTradeNo":"10","openid":"o-1"}');
	assert.deepEqual(await next(), { event: "order", transid: "9" });
	for (const wrong of ["order {", "what", "fault /x busy", 'order {"transid":"9"}']) {
		double.tell(wrong);
		assert.equal((await next()).event, "error", wrong);
	}
	double.tell("state 7");
	assert.equal((await next()).order.deliverStatus, "1");

	const secret = paysign(["token", "--sandbox", url, "--json"]);
	assert.deepEqual(secret.json(), {
		appId: account.appId,
		endpoint: "/cgi-bin/stable_token",
		sandbox: url,
		characters: 130,
		accessToken: null,
	});
	const shown = paysign(["token", "--show", "--classic", "--sandbox", url]);
	assert.match(shown.stdout, /^2_[\w-]{128}\n$/);
	assert.match(paysign(["token", "--sandbox", url, "--lang", "zh"]).stdout, /^✔ .*130 个字符\n$/);
	const other = paysign(["token", "--sandbox", url], { env: { ...env, PAYSIGN_APP_SECRET: "s" } });
	assert.equal(other.status, 1);
	for (let calls = 0; calls < 4; calls += 1) assert.equal((await next()).event, "request");
	double.tell("quit");
	assert.equal(JSON.parse(await double.line()).event, "stopped");
	assert.equal(await double.end(null), 0);
	assert.equal(paysign(["deliver", delivery, "--sandbox", url]).status, 2, "nobody listens any more");
});

test("deliver --dry-run prints the body and calls nobody", () => {
	const { status, stdout, stderr } = paysign(["deliver", "--dry-run", "--openid", "o-1", "--msg", "已发货"], {
		input: JSON.stringify(wire),
	});
	assert.deepEqual([status, stdout], [3, ""], "options alone: standard input is not read");
	assert.match(stderr, /has no transid.*--transid/);
	const dry = paysign(["deliver", "-", "--dry-run", "--msg", "已发货"], { input: JSON.stringify(wire) });
	const body = dry.json();
	assert.equal(body.deliver_msg, "已发货");
	assert.equal(body.app_signature.length, 40);
	assert.equal(dry.stdout, `${JSON.stringify(body)}\n`);
});

test("the sandbox posts alarms, and is on this machine only", async () => {
	const bodies = [];
	const receiver = createServer((request, response) => {
		request.on("data", (chunk) => bodies.push(chunk.toString())).on("end", () => response.end("success"));
	});
	await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));
	const alarmUrl = `http://127.0.0.1:${receiver.address().port}/`;
	const orders = file("late.json", JSON.stringify([{ ...order, paidAt: 1393860000, goods: "virtual" }]));
	const double = started(["sandbox", "--port", "0", "--alarm-url", alarmUrl, "--orders", orders]);
	assert.match(await double.line(), /listens on http:\/\/127\.0\.0\.1:\d+ /);
	double.tell("check");
	assert.equal(await double.line(), "alarm  HTTP 200  acknowledged: true");
	assert.equal(await double.line(), "checked  alarms: 1  pushes: 0");
	assert.equal(paysign(["verify"], { input: bodies.join("") }).status, 0);
	double.tell("alarm transaction_id=5");
	assert.equal(await double.line(), "alarm  HTTP 200  acknowledged: true");
	assert.equal(await double.end("SIGINT"), 0);
	await new Promise((resolve) => receiver.close(resolve));

	for (const elsewhere of [
		"https://127.0.0.1:1",
		"http://api.weixin.qq.com",
		"http://127.0.0.1.evil.test",
		"x",
	]) {
		const { status, stdout, stderr } = paysign(["token", "--sandbox", elsewhere]);
		assert.deepEqual([status, stdout], [3, ""], elsewhere);
		assert.match(stderr, /on this machine/);
	}
});

test("the sandbox pushes: the question for the URL, any event, and what becomes of an order", async () => {
	const pushed = [];
	const receiver = createServer((request, response) => {
		const query = request.url.slice(2);
		if (request.method === "GET") return response.end(new URLSearchParams(query).get("echostr"));
		let body = "";
		request.on("data", (chunk) => {
			body += chunk;
		});
		return request.on("end", () => {
			pushed.push({ query, body });
			response.end("success");
		});
	});
	await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));
	const pushUrl = ["--push-url", `http://127.0.0.1:${receiver.address().port}/`];
	const keys = { PAYSIGN_PUSH_TOKEN: "token7", PAYSIGN_ENCODING_AES_KEY: "k".repeat(43) };
	const orders = file("today.json", JSON.stringify([{ ...order, paidAt: 1393860000, goods: "virtual" }]));
	const double = started(["sandbox", "--port", "0", "--json", "--orders", orders, ...pushUrl], {
		env: { ...env, ...keys },
	});
	const next = async () => JSON.parse(await double.line());
	assert.equal((await next()).event, "listening");
	double.tell("url");
	assert.deepEqual(await next(), { event: "url", httpStatus: 200, accepted: true });
	double.tell('push trade_manage_remind_access_api {"msg":"已发货"}');
	const outcome = { event: "push", tries: 1, httpStatus: 200, acknowledged: true };
	assert.deepEqual(await next(), { ...outcome, name: "trade_manage_remind_access_api" });
	const verified = paysign(["verify", "--query", pushed[0].query, "--json"], {
		input: pushed[0].body,
		env: { ...env, ...keys },
	});
	assert.equal(verified.json().content.event.msg, "已发货");
	double.tell("check");
	assert.deepEqual(await next(), { ...outcome, name: "trade_manage_remind_shipping" });
	assert.deepEqual(await next(), { event: "checked", alarms: 0, pushes: 1 });
	for (const early of ["confirm 7", "settle 7"]) {
		double.tell(early);
		assert.match((await next()).message, /no order with this transid that is (shipped|received)/);
	}
	double.tell("refund 7");
	assert.deepEqual(await next(), { event: "refunded", transid: "7" });
	double.tell("state 7");
	assert.equal((await next()).shipment.orderState, 5);
	assert.equal(await double.end(), 0);
	await new Promise((resolve) => receiver.close(resolve));

	const absent = paysign(["sandbox", "--port", "0", ...pushUrl]);
	assert.deepEqual([absent.status, absent.stdout], [3, ""]);
	assert.match(absent.stderr, /PAYSIGN_PUSH_TOKEN/);
});

test("without an account the sandbox plays one for tests, ready to paste; a taken port is an error", async () => {
	const double = started(["sandbox", "--port", "0", "--lang", "zh"], { env: {} });
	const [, url] = /(http:\/\/\S+?)，/.exec(await double.line());
	assert.match(await double.line(), /测试账号/);
	const said = [await double.line(), await double.line()].join(" ");
	const played = Object.fromEntries(
		[...said.matchAll(/(PAYSIGN_\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
	);
	await double.line();
	const call = `${await double.line()} ${await double.line()}`
		.replaceAll("\\", "")
		.trim()
		.split(/\s+/)
		.slice(1);
	const { status, stdout, stderr } = paysign(call, { env: played });
	assert.equal(status, 0, stdout + stderr);
	const taken = paysign(["sandbox", "--port", new URL(url).port]);
	assert.deepEqual([taken.status, taken.stdout], [1, ""]);
	assert.match(taken.stderr, /EADDRINUSE/);
	assert.equal(await double.end(), 0);
});

test("a set-up that is not complete is told by name", () => {
	for (const name of ["PAYSIGN_APP_ID", "PAYSIGN_APP_KEY", "PAYSIGN_APP_SECRET"]) {
		const { status, stderr } = paysign(["token"], { env: { ...env, [name]: "" } });
		assert.equal(status, 3);
		assert.match(stderr, new RegExp(`Set ${name} in the environment`));
	}
});
