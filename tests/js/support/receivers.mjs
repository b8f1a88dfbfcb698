// The receivers as one: what each is sent, what it answers and how it is asked, for laws that hold for all of them.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createAlarmReceiver, signTestAlarm } from "paysign";
import { createNotificationReceiver, readStoredNotification, signTestNotification } from "paysign/apiv3";
import { toNodeListener } from "paysign/node";
import { createPushReceiver, readStoredPush, signTestPush } from "paysign/push";
import { createMemoryStore } from "paysign/stores/memory";
import { account as alarmAccount, startTime } from "./receiver.mjs";

/** Keys of tests, nobody's. */
export const { keys } = JSON.parse(
	readFileSync(new URL("../../vectors/apiv3-keys.json", import.meta.url), "utf8"),
);

const text = "text/plain";
const json = "application/json";

export const pushAccount = {
	appId: "wx2c2769f8efd9abc2",
	token: "spamtest",
	encodingAesKey: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
};
export const notificationAccount = {
	mchId: "1900000001",
	apiV3Key: keys.apiV3Key,
	publicKeys: { [keys.platform.serial]: keys.platform.certificate },
};

let requests = 0;
/** Something that no other request has. */
function fresh(prefix) {
	requests += 1;
	return `${prefix}${String(requests).padStart(8, "0")}`;
}

/** A signed push; two with the same text are the same push, each encrypted and signed anew. */
export function pushRequest(content, { sentAt = startTime, account = pushAccount } = {}) {
	const random16 = Buffer.from(fresh("random16"));
	return {
		headers: {},
		...signTestPush(content, account, { timestamp: sentAt, nonce: fresh("n"), random16 }),
	};
}

/** A signed notification of APIv3; two with the same text are the same notification. */
export async function notificationRequest(
	resource,
	{ sentAt = startTime, apiV3Key = keys.apiV3Key, id } = {},
) {
	const { serial, privateKey } = keys.platform;
	const notification = {
		id: id ?? "EV-2018022511223320873",
		createTime: "2018-02-25T11:22:33+08:00",
		eventType: "VIOLATION.PUNISH",
		originalType: "violation",
		summary: "处罚",
		resource,
	};
	const nonce = fresh("nonce");
	const signed = await signTestNotification(
		notification,
		{ privateKey, serial, apiV3Key },
		{ timestamp: sentAt, nonce },
	);
	return { query: "", ...signed };
}

const contentOf = (merchantTradeNo) =>
	JSON.stringify({
		MsgType: "event",
		Event: "trade_manage_remind_shipping",
		merchant_trade_no: merchantTradeNo,
	});
const resourceOf = (record) => JSON.stringify({ sub_mchid: "1900000109", record_id: record });

/**
 * @typedef {object} Kind
 * @property {string} name
 * @property {string} handler The option that is called with each message.
 * @property {(options: object) => any} create
 * @property {object} account
 * @property {object} wrongAccount The same account with another key, under which nothing verifies.
 * @property {(text: string, options?: object) => any} request A genuine request; two with one text are one message.
 * @property {(received: object) => string} textOf That text.
 * @property {(row: any) => any} stored What the handler would be given of a row.
 * @property {(store: any) => any} inbox The part of a store that keeps it.
 * @property {{ status: number, type: string, body: string }} success
 * @property {(status: number) => object} fail
 * @property {string} secret A key that must not lie about.
 */

/** @type {Kind[]} */
export const kinds = [
	{
		name: "alarm receiver",
		handler: "onAlarm",
		create: createAlarmReceiver,
		account: alarmAccount,
		wrongAccount: { ...alarmAccount, appKey: "o".repeat(128) },
		request(content, { sentAt = startTime } = {}) {
			const body = signTestAlarm({ timeStamp: sentAt, alarmContent: content }, alarmAccount);
			// Layout that says nothing: the same alarm in other bytes.
			return { query: "", headers: {}, body: body.replace("><", `>${" ".repeat(++requests % 50)}<`) };
		},
		textOf: ({ alarm }) => alarm.alarmContent,
		stored: ({ alarm }) => ({ alarm }),
		inbox: (store) => store,
		success: { status: 200, type: text, body: "success" },
		fail: (status) => ({ status, type: text, body: "fail" }),
		secret: alarmAccount.appKey,
	},
	{
		name: "push receiver",
		handler: "onPush",
		create: createPushReceiver,
		account: pushAccount,
		wrongAccount: { ...pushAccount, token: "another" },
		request: (content, options) => pushRequest(contentOf(content), options),
		textOf: ({ push }) => push.event.merchantTradeNo,
		stored: (row) => ({ push: readStoredPush(row) }),
		inbox: (store) => store.notifications,
		success: { status: 200, type: text, body: "success" },
		fail: (status) => ({ status, type: text, body: "fail" }),
		secret: pushAccount.encodingAesKey,
	},
	{
		name: "notification receiver",
		handler: "onNotification",
		create: createNotificationReceiver,
		account: notificationAccount,
		wrongAccount: { ...notificationAccount, apiV3Key: keys.olderApiV3Key },
		request: (content, options) => notificationRequest(resourceOf(content), options),
		textOf: ({ notification }) => notification.violation.recordId,
		stored: (row) => ({ notification: readStoredNotification(row) }),
		inbox: (store) => store.notifications,
		success: { status: 200, type: json, body: '{"code":"SUCCESS"}' },
		fail: (status) => ({ status, type: json, body: '{"code":"FAIL","message":"not accepted"}' }),
		secret: notificationAccount.apiV3Key,
	},
];

export const kindOf = (name) => kinds.find((kind) => kind.name === `${name} receiver`);

/** How a request reaches a receiver. Each gives a `send`, and what ends it. */
export const ways = {
	"a Request": (receiver) => ({
		async send({ method = "POST", query, headers, body }) {
			const url = `http://localhost/hook?${query}`;
			return answerOf(await receiver(new Request(url, { method, headers, body })));
		},
		close() {},
	}),
	"node:http": (receiver) => serve(receiver),
	"node:http around another function": (receiver) => serve((request) => receiver(request)),
};

function serve(receiver) {
	const server = createServer(toNodeListener(receiver));
	const listening = once(server.listen(0, "127.0.0.1"), "listening");
	return {
		async send({ method = "POST", query, headers, body }) {
			await listening;
			const url = `http://127.0.0.1:${server.address().port}/hook?${query}`;
			return answerOf(await fetch(url, { method, headers, body }));
		},
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}

async function answerOf(response) {
	const { status, headers } = response;
	return { status, type: headers.get("content-type"), body: await response.text() };
}

/** A receiver with all that it says, a store, and a clock that the test moves. */
export function setUpKind(kind, options = {}, way = ways["a Request"]) {
	const { store = createMemoryStore(), onMessage, ...rest } = options;
	const events = [];
	const clock = { seconds: startTime };
	const receiver = kind.create({
		accounts: kind.account,
		now: () => clock.seconds,
		onEvent: (event) => events.push(event),
		...(onMessage && { [kind.handler]: onMessage }),
		...rest,
		store,
	});
	const { send, close } = way(receiver);
	const all = { limit: 10_000 };
	return {
		receiver,
		store,
		events,
		clock,
		send,
		close,
		eventsOf: (type) => events.filter((event) => event.type === type),
		rows: (query = {}) => kind.inbox(store).list({ ...all, ...query }),
		quarantined: () => kind.inbox(store).listQuarantine(all),
	};
}

/** A store whose part for this kind has some methods replaced; each is given what it replaces as its first argument. */
export function storeWithout(kind, replacements, store = createMemoryStore()) {
	const part = kind.inbox(store);
	const changed = { ...part };
	for (const [name, replacement] of Object.entries(replacements)) {
		changed[name] = (...values) => replacement(part[name], ...values);
	}
	return part === store ? changed : { ...store, notifications: changed };
}
