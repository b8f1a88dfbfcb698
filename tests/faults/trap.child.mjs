// A receiver whose WebAssembly module traps when it is told to: it is handed lengths that overflow when it adds them, and
// so panics in the middle of its work, the key read and its buffer in use.
const { Instance } = WebAssembly;
const tooMuch = 0xffff_ffff;
let armed = false;
let trapped = 0;
let crossed = 0;

WebAssembly.Instance = class {
	constructor(module, imports) {
		const { exports } = new Instance(module, imports);
		this.exports = {
			...exports,
			crossAlarm(key, appId, body) {
				if (armed) {
					armed = false;
					trapped += 1;
					return exports.crossAlarm(key, tooMuch, tooMuch);
				}
				const length = exports.crossAlarm(key, appId, body);
				if (length > 0) crossed += 1;
				return length;
			},
		};
	}
};

// After it: on import the package makes its instance.
const { createAlarmReceiver } = await import("paysign");
const { serveAlarms } = await import("paysign/node");
const { createSqliteStore } = await import("paysign/stores/sqlite");
const { account, alarmBody } = await import("../js/support/receiver.mjs");
const { Agent } = await import("node:http");
const { postTo } = await import("../js/support/receiver-process.mjs");

const [path, traps] = process.argv.slice(2);
const store = createSqliteStore({ path });
const receiver = createAlarmReceiver({ accounts: account, store });
const server = await serveAlarms(receiver, { port: 0 });
const agent = new Agent({ keepAlive: true });
const acknowledged = [];
let wrong = 0;

async function post(text, expected) {
	const body = alarmBody(text);
	armed = expected === 503;
	const status = await postTo(server.url, body, agent);
	if (status !== expected) wrong += 1;
	if (status === 200) acknowledged.push(text);
}

await post("first", 200);
acknowledged.pop();
const before = process.memoryUsage.rss();
for (let number = 0; number < Number(traps); number += 1) {
	await post(`trapped ${number}`, 503);
	await post(`trapped ${number}`, 200);
	await post(`next ${number}`, 200);
}
const grown = (process.memoryUsage.rss() - before) / 1024 / 1024;
agent.destroy();
await server.close();
await store.close();
process.send({ trapped, crossed, acknowledged, wrong, grown }, () => process.disconnect());
