// The Node.js side of the runtime tests: what is handed to a runtime, and what it must hand back.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../package/packed.mjs";

const readVectors = (name) => JSON.parse(readFileSync(join(root, "tests/vectors", name), "utf8"));
const files = ["alarm-bodies.json", "alarm-bodies-more.json"].map(readVectors);
const [{ appid: appId, appkey: appKey }] = files;
const list = join(root, "tests/runtimes/verdicts.txt");

const explained = readVectors("mistakes.json").rows.find(({ expect }) => expect.verdict === "explained");

const { keys } = readVectors("apiv3-keys.json");
const apiv3 = readVectors("apiv3.json");

const push = readVectors("push.json");

/** What `verdicts.mjs` judges. */
export const vectors = {
	appId,
	appKey,
	mistake: {
		options: {
			message: explained.message,
			fields: Object.fromEntries(explained.fields),
			secrets: explained.secrets,
			given: explained.given,
		},
	},
	push: { vectors: push.vectors, urls: push.urls },
	bodies: files.flatMap(({ vectors }) => vectors.map(({ name, body_b64 }) => ({ name, body_b64 }))),
	apiv3: {
		rows: apiv3.rows.map(({ name, headers, body_b64 }) => ({ name, headers, body_b64 })),
		account: {
			apiV3Key: [keys.apiV3Key, keys.olderApiV3Key],
			publicKeys: {
				[keys.platform.serial]: keys.platform.certificate,
				[keys.publicKey.id]: keys.publicKey.publicKey,
			},
		},
		signer: { ...keys.platform, apiV3Key: keys.apiV3Key },
		now: apiv3.now,
	},
};

/** The rows of the vector files, the second one's with codes of ours. */
export const [given, made] = files.map((file) => file.vectors);

/** The strictest policy of a page under which WebAssembly runs. */
export const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";

/** The verdicts as text, one a line. */
export const textOf = (verdicts) =>
	`${verdicts.map(([name, verdict]) => `${name} → ${verdict}`).join("\n")}\n`;

/** The list that each runtime must reproduce. */
export const expected = () => readFileSync(list, "utf8");

/** The result of `smoke` in a runtime, against what it must be. */
export function assertResult({ verdicts, ...rest }) {
	assert.equal(textOf(verdicts), expected());
	const diagnosis = { verdict: "explained", mistakes: [...explained.expect.mistakes].sort() };
	const notifications = [
		...apiv3.rows.map(({ name, expect }) => [name, expect.code ?? expect.dedupKey]),
		["made here", "关闭支付权限 😀"],
	];
	const pushes = [...push.vectors, ...push.urls].map(({ name, verdict }) => [name, verdict]);
	assert.deepEqual(rest, { roundTrip, diagnosis, notifications, pushes });
}

/** Compares with the list; `UPDATE_SNAPSHOTS=1` writes it instead, which only the test of Node.js does. */
export function writeOrCompare(verdicts) {
	if (process.env.UPDATE_SNAPSHOTS) writeFileSync(list, textOf(verdicts));
	assert.equal(textOf(verdicts), expected());
}

/** What the receiver's round trip must end with. */
export const roundTrip = {
	answers: ["200 success", "200 success", "401 fail"],
	handled: ["发货超时 😀"],
	events: ["stored", "handled", "duplicate", "refused"],
	stored: ["发货超时 😀 1393860800"],
	quarantined: ["SIGNATURE_MISMATCH"],
};

const loads = {
	"": "createAlarmReceiver, signMessage, signTestAlarm, verifyAlarm, WeChatPayError",
	"/stores/memory": "createMemoryStore",
	"/diagnose": "diagnoseSignature",
	"/apiv3": "signTestNotification, verifyNotification",
	"/push": "verifyPush, verifyPushUrl",
};
const entries = Object.entries(loads);

/** All that is loaded, as an expression of a CommonJS module. */
export const required = `{ ${entries.map(([path]) => `...require("paysign${path}")`).join(", ")} }`;

/** Modules that any runtime can load: nothing is read from a file, nothing is asked of the runtime. */
export const modules = {
	"verdicts.mjs": readFileSync(join(root, "tests/runtimes/verdicts.mjs"), "utf8"),
	"apiv3.mjs": readFileSync(join(root, "tests/runtimes/apiv3.mjs"), "utf8"),
	"push.mjs": readFileSync(join(root, "tests/runtimes/push.mjs"), "utf8"),
	// Parsed, because `__proto__` in an object literal is no name of a field.
	"vectors.mjs": `export default JSON.parse(${JSON.stringify(JSON.stringify(vectors))});`,
	"package.mjs": entries.map(([path, names]) => `export { ${names} } from "paysign${path}";`).join("\n"),
	"smoke.mjs": `
		import * as paysign from "./package.mjs";
		import vectors from "./vectors.mjs";
		import { smoke } from "./verdicts.mjs";

		export const result = () => smoke(vectors, paysign);
	`,
	"print.mjs": `
		import { result } from "./smoke.mjs";
		console.log(JSON.stringify(await result()));
	`,
	"print.cjs": `
		const paysign = ${required};
		const { default: vectors } = require("./vectors.mjs");
		const { smoke } = require("./verdicts.mjs");
		smoke(vectors, paysign).then((result) => console.log(JSON.stringify(result)));
	`,
	// The receiver as the handler of a server, given to it as it is; \`listen\` is the runtime's part.
	"serve.mjs": `
		import { listen } from "./listen.mjs";
		import * as paysign from "./package.mjs";
		import vectors from "./vectors.mjs";
		import { receiverRoundTrip } from "./verdicts.mjs";

		const { receiver, run } = receiverRoundTrip(vectors, paysign);
		const server = listen(receiver);
		const url = "http://127.0.0.1:" + server.port + "/alarm";
		console.log(JSON.stringify(await run((body) => fetch(url, { method: "POST", body }))));
		await server.stop();
	`,
};

/** Runs a program to its end, with nothing but this environment, and reads the JSON that it printed. */
export function printed(program, args, cwd, env = {}) {
	const { PATH } = process.env;
	const said = spawnSync(program, args, { cwd, env: { PATH, ...env }, encoding: "utf8", timeout: 100_000 });
	assert.equal(said.error, undefined);
	assert.equal(said.status, 0, `${program} ${args.join(" ")}\n${said.stderr.slice(-2000)}`);
	assert.equal(said.stderr, "");
	return JSON.parse(said.stdout);
}
