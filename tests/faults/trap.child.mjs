// A receiver whose WebAssembly module traps when it is told to: an import of the module runs into `unreachable`, with
// the module's own calls below it on the stack, as a panic would.
const { Instance, Module } = WebAssembly;
// (module (func (export "trap") unreachable))
const unreachable = [
	0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 116, 114, 97, 112, 0, 0, 10, 5, 1,
	3, 0, 0, 11,
];
const { trap } = new Instance(new Module(new Uint8Array(unreachable))).exports;
let armed = false;
let trapped = 0;

WebAssembly.Instance = class extends Instance {
	constructor(module, imports) {
		const [[from, functions]] = Object.entries(imports);
		const name = Object.keys(functions).find((each) => each.includes("instanceof_Uint8Array"));
		const genuine = functions[name];
		functions[name] = (value) => {
			if (armed) {
				armed = false;
				trapped += 1;
				trap();
			}
			return genuine(value);
		};
		super(module, { [from]: functions });
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
process.send({ trapped, acknowledged, wrong, grown }, () => process.disconnect());
