// An alarm receiver over a memory store, with everything it says written down.
import { readFileSync } from "node:fs";
import { createAlarmReceiver, signTestAlarm } from "paysign";
import { createMemoryStore } from "paysign/stores/memory";

const vectors = JSON.parse(readFileSync(new URL("../../vectors/alarm-bodies.json", import.meta.url), "utf8"));

/** The account of the alarm bodies in tests/vectors. */
export const account = { appId: vectors.appid, appKey: vectors.appkey };

/** Alarm bodies with the verdict that a receiver must reach. */
export const alarmBodies = vectors.vectors.map(({ name, verdict, body_b64 }) => ({
	name,
	accepted: verdict === "ACCEPT",
	body: new Uint8Array(Buffer.from(body_b64, "base64")),
}));

export const startTime = 1_401_159_213;

/** A signed alarm; two with the same text are the same alarm. */
export function alarmBody(text, fields = {}, credentials = account) {
	return signTestAlarm({ timeStamp: startTime, alarmContent: text, ...fields }, credentials);
}

/** A request to the alarm URL. */
export function post(body, init = {}) {
	return new Request("http://localhost/alarm", { method: "POST", body, duplex: "half", ...init });
}

/** A receiver with `events`, a `store`, and a `clock` whose `seconds` the test moves. */
export function setUp(options = {}) {
	const events = [];
	const clock = { seconds: startTime };
	const { store = createMemoryStore() } = options;
	const receiver = createAlarmReceiver({
		accounts: account,
		now: () => clock.seconds,
		onEvent: (event) => events.push(event),
		...options,
		store,
	});
	return {
		receiver,
		store,
		events,
		clock,
		send: (body, init) => receiver(post(body, init)),
		eventsOf: (type) => events.filter((event) => event.type === type),
		rows: (page = {}) => store.list({ limit: 10_000, ...page }),
		quarantined: () => store.listQuarantine({ limit: 10_000 }),
	};
}

/** The answer as it goes over the wire, to compare one with another. */
export async function answerOf(response) {
	const { status, headers } = response;
	const body = Buffer.from(await response.arrayBuffer()).toString("latin1");
	return { status, headers: [...headers], body };
}

export const success = { status: 200, headers: [["content-type", "text/plain"]], body: "success" };
export const fail = { status: 401, headers: [["content-type", "text/plain"]], body: "fail" };

/** The store, with some of its methods replaced; each is given what it replaces as its first argument. */
export function storeWith(replacements, store = createMemoryStore()) {
	const changed = { ...store };
	for (const [name, replacement] of Object.entries(replacements)) {
		changed[name] = (...values) => replacement(store[name], ...values);
	}
	return changed;
}

/** A promise and what settles it. */
export function gate() {
	let open;
	const opened = new Promise((resolve) => {
		open = resolve;
	});
	return { opened, open };
}
