// `npm run dev`: the Worker on this machine, with WeChat's sandbox in the place of WeChat. No account is needed.
import { signTestAlarm } from "paysign";
import { startSandbox } from "paysign/sandbox";
import { unstable_startWorker as startWorker } from "wrangler";

const account = {
	appId: "wxf8b4f85f3a794e77",
	appSecret: "e76050733ce76050733ce76050733cdd",
	appKey: "k".repeat(128),
};
const apiKey = "try-it";
const order = {
	transid: `1218614901${Date.now()}`,
	outTradeNo: `order-${Date.now()}`,
	openid: "o0pk9uIVnlY",
};
const paidAt = Math.floor(Date.now() / 1000);

const sandbox = await startSandbox({ accounts: [account] });
sandbox.addOrder({ appId: account.appId, ...order, paidAt, goods: "virtual" });

// wrangler takes the secrets that wrangler.jsonc names from here.
Object.assign(process.env, { APP_SECRET: account.appSecret, PAY_SIGN_KEY: account.appKey, API_KEY: apiKey });
const worker = await startWorker({
	config: "wrangler.jsonc",
	bindings: {
		APP_ID: { type: "plain_text", value: account.appId },
		WECHAT: { type: "fetcher", fetcher: askSandbox },
	},
	dev: { server: { port: Number(process.env.PORT ?? 8787) }, watch: true },
});
const url = await worker.url;
const bearer = { authorization: `Bearer ${apiKey}` };

async function askSandbox(request) {
	const { url, method, headers } = request;
	const body = method === "GET" ? undefined : await request.text();
	return sandbox.fetch(url, { method, headers: Object.fromEntries(headers), body });
}

async function show(title, path, init) {
	const answer = await fetch(new URL(path, url), init);
	console.log(`\n${title}\n${answer.status} ${await answer.text()}`);
}

const body = signTestAlarm({ timeStamp: paidAt, description: "发货超时" }, account);
await show("WeChat posts an alarm to /wxpay/alarm", "/wxpay/alarm", { method: "POST", body });
await show("Somebody posts a forged one", "/wxpay/alarm", {
	method: "POST",
	body: body.replace("1001", "1002"),
});
const delivery = {
	...order,
	deliverTimestamp: paidAt,
	deliverStatus: 1,
	deliverMsg: "ok",
	paidAt,
	goods: "virtual",
};
const init = { method: "POST", headers: bearer, body: JSON.stringify(delivery) };
await show("The shop reports a delivery to /deliveries", "/deliveries", init);
while (sandbox.order(order.transid)?.notifiedAt === null)
	await new Promise((resolve) => setTimeout(resolve, 100));
console.log("\nWeChat has been told of it.");
await show("What /status says", "/status", { headers: bearer });
console.log(
	`\nGo on at ${url}: curl -H 'Authorization: Bearer ${apiKey}' ${new URL("/status", url)}\nEnd with Ctrl+C.`,
);

process.once("SIGINT", async () => {
	await worker.dispose();
	await sandbox.close();
});
