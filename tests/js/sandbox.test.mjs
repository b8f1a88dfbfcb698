// The sandbox: each rule it keeps, seen over real sockets with plain requests. The signatures are made here.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { verifyAlarm } from "paysign";
import { sandboxFetch, startSandbox } from "paysign/sandbox";
import { account, delivery, order, other, paidAt, paySign, stoppedClock } from "./client-support.mjs";

const signatureRows = JSON.parse(
	readFileSync(new URL("../vectors/signatures.json", import.meta.url), "utf8"),
).vectors;

const signedFields = {
	appid: account.appId,
	openid: order.openid,
	transid: order.transid,
	out_trade_no: order.outTradeNo,
	deliver_timestamp: `${delivery.deliverTimestamp}`,
	deliver_status: "1",
	deliver_msg: "ok",
};

/** A signed body, with some of its signed fields changed first. */
function signed(changes = {}, appKey = account.appKey) {
	const fields = { ...signedFields, ...changes };
	return { ...fields, app_signature: paySign(fields, appKey), sign_method: "sha1" };
}

async function started(t, options = {}, orders = [order]) {
	const clock = stoppedClock();
	const sandbox = await startSandbox({ accounts: [account, other], now: clock.now, ...options });
	t.after(() => sandbox.close());
	for (const paid of orders) sandbox.addOrder(paid);
	const call = async (path, init) => (await sandbox.fetch(`https://api.weixin.qq.com${path}`, init)).json();
	const post = (path, body) =>
		call(path, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) });
	return {
		sandbox,
		clock,
		call,
		post,
		stable: (changes = {}) => post("/cgi-bin/stable_token", { ...credential(), ...changes }),
		classic: (changes = {}) => call(`/cgi-bin/token?${new URLSearchParams({ ...credential(), ...changes })}`),
		notify: (token, body) => post(`/pay/delivernotify?access_token=${token}`, body),
	};
}

function credential({ appId, appSecret } = account) {
	return { grant_type: "client_credential", appid: appId, secret: appSecret };
}

test("a stable token stays the same until its last five minutes, then both live", async (t) => {
	const { clock, stable, notify } = await started(t);
	const first = await stable();
	assert.equal(first.expires_in, 7200);
	clock.add(6899);
	assert.deepEqual(await stable(), { access_token: first.access_token, expires_in: 301 });
	clock.add(1);
	const second = await stable();
	assert.notEqual(second.access_token, first.access_token);
	assert.equal(second.expires_in, 7200);
	clock.add(299);
	assert.equal((await notify(first.access_token, signed())).errcode, 0);
	assert.equal((await notify(second.access_token, signed())).errcode, 0);
	clock.add(1);
	assert.equal((await notify(first.access_token, signed())).errcode, 42001);
	assert.equal((await stable()).access_token, second.access_token);
});

test("each classic token kills the one before it after the overlap", async (t) => {
	const { clock, classic, notify } = await started(t, { overlapSeconds: 100 });
	const { access_token: first } = await classic();
	const { access_token: second } = await classic();
	clock.add(99);
	assert.equal((await notify(first, signed())).errcode, 0);
	clock.add(1);
	assert.equal((await notify(first, signed())).errcode, 40001);
	assert.equal((await notify(second, signed())).errcode, 0);
	clock.add(7100);
	assert.equal((await notify(second, signed())).errcode, 42001);
});

test("the two kinds of token, and the accounts, are isolated", async (t) => {
	const { clock, classic, stable, notify } = await started(t);
	const { access_token: kept } = await stable();
	const { access_token: mine } = await classic();
	await classic();
	await classic(credential(other));
	clock.add(400);
	assert.equal((await notify(kept, signed())).errcode, 0);
	assert.equal((await notify(mine, signed())).errcode, 40001);
	assert.equal((await stable()).access_token, kept);
});

test("force_refresh: a new token, the old one dead, 30 s apart, 20 a day", async (t) => {
	const { clock, stable, notify } = await started(t);
	const { access_token: first } = await stable();
	const { access_token: second } = await stable({ force_refresh: true });
	assert.notEqual(second, first);
	assert.equal((await notify(first, signed())).errcode, 40001);
	clock.add(29);
	assert.equal((await stable({ force_refresh: true })).access_token, second, "too soon to refresh");
	for (let forced = 1; forced < 20; forced += 1) {
		clock.add(30);
		assert.ok("access_token" in (await stable({ force_refresh: true })));
	}
	clock.add(30);
	assert.equal((await stable({ force_refresh: true })).errcode, 45009);
	assert.ok("access_token" in (await stable()), "normal mode goes on");
	clock.add(86_400);
	assert.ok("access_token" in (await stable({ force_refresh: true })));
});

test("2000 classic tokens a day, and again after midnight in Beijing", async (t) => {
	const { clock, classic } = await started(t, { random: () => 0 });
	const tokens = new Set();
	for (let calls = 0; calls < 2000; calls += 1) tokens.add((await classic()).access_token);
	assert.equal(tokens.size, 2000);
	assert.equal((await classic()).errcode, 45009);
	// paidAt is 23:32:20 in Beijing.
	clock.add(27 * 60 + 39);
	assert.equal((await classic()).errcode, 45009);
	clock.add(1);
	assert.ok("access_token" in (await classic()));
});

test("bad token calls", async (t) => {
	const { call, classic, post, stable } = await started(t);
	for (const ask of [stable, classic]) {
		assert.equal((await ask({ grant_type: "password" })).errcode, 40002);
		assert.equal((await ask({ appid: "" })).errcode, 41002);
		assert.equal((await ask({ secret: "" })).errcode, 41004);
		assert.equal((await ask({ appid: "wx9999999999999999" })).errcode, 40013);
		assert.equal((await ask({ secret: other.appSecret })).errcode, 40125);
	}
	assert.equal((await call("/cgi-bin/stable_token")).errcode, 43002);
	assert.equal((await post("/cgi-bin/stable_token", "")).errcode, 44002);
	assert.equal((await post("/cgi-bin/stable_token", "{")).errcode, 47001);
});

test("each refusal of a delivery notification", async (t) => {
	const { call, notify, post, sandbox, stable } = await started(t);
	sandbox.addOrder({ ...order, appId: other.appId, transid: "2" });
	const { access_token: token } = await stable();
	const { access_token: theirs } = await stable(credential(other));
	const refused = async (errcode, body, bearer = token) =>
		assert.equal((await notify(bearer, body)).errcode, errcode, `${errcode}`);

	assert.equal((await call(`/pay/delivernotify?access_token=${token}`)).errcode, 43002);
	assert.equal((await post("/pay/delivernotify", signed())).errcode, 41001);
	await refused(40001, signed(), "unknown");
	await refused(49001, signed(), theirs);
	await refused(44002, "");
	await refused(47001, "{");
	await refused(47001, "[]");
	await refused(40033, JSON.stringify(signed({ deliver_msg: "中" })).replace("中", "\\u4e2d"));
	await refused(40033, JSON.stringify(signed()).replace('"ok"', '"\\u006fk"'));
	await refused(49002, signed({ openid: "" }));
	await refused(49002, signed({ transid: "" }));
	await refused(49004, signed({}, other.appKey));
	await refused(49004, { ...signed(), deliver_msg: "changed" });
	await refused(49004, { ...signed(), sign_method: "md5" });
	await refused(49004, { ...signed(), app_signature: undefined });
	await refused(49005, signed({ transid: "1" }));
	await refused(49005, signed({ transid: "2" }));
	await refused(49005, signed({ out_trade_no: "another" }));
	await refused(49003, signed({ openid: "another" }));
	assert.equal(sandbox.order(order.transid).notifications, 0);
	await refused(0, signed());
	await refused(0, { ...signed(), deliver_timestamp: delivery.deliverTimestamp });
	assert.equal(sandbox.order(order.transid).notifications, 2);
});

for (const row of signatureRows.filter(({ message }) => message === "deliverNotify")) {
	test(`the known answer ${row.id}`, async (t) => {
		const fields = Object.fromEntries(row.fields);
		const known = { appId: fields.appid, appSecret: "secret", appKey: row.key };
		const { sandbox, stable, notify } = await started(t, { accounts: [known] }, []);
		const { openid, transid, out_trade_no: outTradeNo } = fields;
		sandbox.addOrder({ appId: known.appId, openid, transid, outTradeNo, paidAt, goods: "physical" });
		const { access_token: token } = await stable(credential(known));
		const body = { ...fields, app_signature: row.signature, sign_method: "sha1" };
		assert.equal((await notify(token, body)).errcode, 0);
	});
}

test("the log holds no secret, and notes a leaked key that WeChat would not mind", async (t) => {
	const { classic, notify, sandbox, stable } = await started(t);
	const { access_token: token } = await stable();
	await classic();
	await notify(token, signed());
	assert.equal((await notify(token, { ...signed(), appkey: account.appKey })).errcode, 0);
	await notify(token, { ...signed(), AppKey: "x" });
	await notify(token, signed({ deliver_msg: `the key is ${account.appKey}` }));
	await notify("not-a-token-of-ours", { ...signed(), echo: token, secret: "unknown" });
	assert.deepEqual(
		sandbox.requests.map(({ keyLeak }) => keyLeak),
		[false, false, false, true, true, true, false],
	);
	const log = JSON.stringify(sandbox.requests);
	for (const secret of [token, account.appKey, account.appSecret, "not-a-token-of-ours", "unknown"]) {
		assert.ok(!log.includes(secret), secret);
	}
	sandbox.requests.push("changed outside");
	assert.equal(sandbox.requests.length, 7);
});

test("its fetch reaches WeChat's hosts only, here", async (t) => {
	const { sandbox } = await started(t);
	for (const host of ["api", "api2", "sh.api", "sz.api", "hk.api"]) {
		const response = await sandbox.fetch(new URL(`https://${host}.weixin.qq.com/pay/delivernotify`));
		assert.equal((await response.json()).errcode, 43002);
	}
	const request = new Request("https://api.weixin.qq.com/pay/delivernotify", { method: "POST", body: "{}" });
	assert.equal((await (await sandbox.fetch(request)).json()).errcode, 41001);
	for (const url of [
		"http://api.weixin.qq.com/",
		"https://api.weixin.qq.com:8443/",
		"https://mp.weixin.qq.com/",
		"https://api.weixin.qq.com.example/",
		sandbox.url,
	]) {
		await assert.rejects(sandbox.fetch(url), TypeError, url);
	}
	for (const url of ["https://127.0.0.1/", "http://192.0.2.1/", "http://127.0.0.1.example/"]) {
		assert.throws(() => sandboxFetch(url), TypeError, url);
	}
});

test("unknown paths are 404, wrong injections and orders are refused", async (t) => {
	const { sandbox } = await started(t);
	assert.equal((await fetch(`${sandbox.url}/other`)).status, 404);
	assert.throws(() => sandbox.inject({ path: "/other", fault: "busy" }), TypeError);
	assert.throws(() => sandbox.inject({ path: "/cgi-bin/token", fault: "other" }), TypeError);
	assert.throws(() => sandbox.inject({ path: "/cgi-bin/token", fault: "busy", times: 0 }), TypeError);
	assert.throws(() => sandbox.addOrder(order), TypeError);
	assert.throws(() => sandbox.addOrder({ ...order, transid: "3", appId: "wx3" }), TypeError);
	assert.throws(() => sandbox.addOrder({ ...order, transid: "3", paidAt: 1.5 }), TypeError);
	assert.throws(() => sandbox.addOrder({ ...order, transid: "3", goods: "other" }), TypeError);
	assert.equal(sandbox.order("3"), undefined);
	for (const wrong of [
		{ accounts: [] },
		{ accounts: [account, account] },
		{ accounts: [{ ...account, appKey: "" }] },
		{ accounts: [account], overlapSeconds: 7200 },
	]) {
		await assert.rejects(startSandbox(wrong), TypeError);
	}
});

test("faults queue up per path and end", async (t) => {
	const { sandbox, classic, stable } = await started(t);
	sandbox.inject({ path: "/cgi-bin/stable_token", fault: "busy", times: 2 });
	sandbox.inject({ path: "/cgi-bin/stable_token", fault: "rateLimited" });
	assert.ok("access_token" in (await classic()));
	const seen = [];
	for (let calls = 0; calls < 4; calls += 1) seen.push((await stable()).errcode);
	assert.deepEqual(seen, [-1, -1, 45011, undefined]);
	assert.deepEqual(
		sandbox.requests.map(({ fault }) => fault),
		[null, "busy", "busy", "rateLimited", null],
	);
});

test("closing ends open connections, and may be repeated", async (t) => {
	const { sandbox, stable } = await started(t);
	sandbox.inject({ path: "/cgi-bin/stable_token", fault: "slow" });
	const hanging = assert.rejects(stable());
	while (sandbox.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
	await sandbox.close();
	await hanging;
	await sandbox.close();
	await assert.rejects(stable());
});

test("a port can be chosen", async (t) => {
	const { sandbox } = await started(t);
	const { port } = new URL(sandbox.url);
	await assert.rejects(startSandbox({ accounts: [account], port: Number(port) }), { code: "EADDRINUSE" });
	await sandbox.close();
	const next = await startSandbox({ accounts: [account], port: Number(port) });
	assert.equal(next.url, sandbox.url);
	await next.close();
});

test("it shares no code with the client or the core", () => {
	const folder = fileURLToPath(new URL("../../target/npm/modules/sandbox/", import.meta.url));
	const files = readdirSync(folder).filter((name) => name.endsWith(".js"));
	assert.ok(files.length > 5);
	for (const file of files) {
		const source = readFileSync(`${folder}${file}`, "utf8");
		// Of the code at the start of a line, not of the examples in comments.
		const imports = [...source.matchAll(/^(?:import|export|\}).* from "([^"]+)";/gm)].map(([, name]) => name);
		assert.ok(!/\bimport\(/.test(source), file);
		for (const name of imports)
			assert.match(name, /^(node:[a-z]+|\.\/[a-z-]+\.js)$/, `${file} imports ${name}`);
	}
});

test("the core believes its alarms", async (t) => {
	const { sandbox } = await started(t, {
		accounts: [{ ...account, alarmUrl: "http://127.0.0.1:1/" }, other],
	});
	const { body } = await sandbox.sendAlarm({
		appId: account.appId,
		alarmContent: "a]]>b & <c> 中文 😀",
		timeStamp: 1393860740,
	});
	const alarm = verifyAlarm(body, account);
	assert.equal(alarm.alarmContent, "a]]>b & <c> 中文 😀");
	assert.equal(alarm.description, "发货超时");
	assert.equal(alarm.errorType, "1001");
	assert.equal(alarm.timeStamp, "1393860740");
});
