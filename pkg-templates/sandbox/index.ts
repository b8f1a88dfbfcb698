import { alarmXml, postAlarm } from "./alarms.js";
import { createFaultQueue } from "./faults.js";
import { sandboxFetch } from "./fetch.js";
import { createOrderBook } from "./orders.js";
import { checkUrl, push, pushContent } from "./pushes.js";
import { listen, sandboxPaths, urlOf } from "./server.js";
import { createShipmentBook } from "./shipments.js";
import { settlementFields, shippingFields } from "./shipping-events.js";
import type { PushPost, SandboxPush } from "./shipping-types.js";
import { createTokenDesk } from "./tokens.js";
import type { AlarmPost, Sandbox, SandboxAccount, SandboxOptions, SandboxRequest } from "./types.js";

export { sandboxFetch } from "./fetch.js";
export type { PushPost, PushTry, SandboxPush, SandboxShipment, UrlCheck } from "./shipping-types.js";
export type {
	AlarmPost,
	Sandbox,
	SandboxAccount,
	SandboxAlarm,
	SandboxFault,
	SandboxInjection,
	SandboxOptions,
	SandboxOrder,
	SandboxOrderState,
	SandboxPath,
	SandboxRequest,
} from "./types.js";

/**
 * Starts a local double of WeChat's `/cgi-bin/token`, `/cgi-bin/stable_token`, `/pay/delivernotify` and the calls of the
 * order shipping service below `/wxa/sec/order/`, for tests and demonstrations on Node; it also posts alarms and pushes
 * events. It keeps WeChat's rules on tokens, signatures, orders and deadlines as PROTOCOL 3, 5 and 8 tell them, and shares no code with the client or the core, so it disagrees when they are wrong. It listens on 127.0.0.1 only
 * and prints nothing.
 *
 * @throws {TypeError} When an option cannot be used. A port that is taken rejects with Node's own error.
 *
 * @example
 * ```ts
 * import { createClient } from "paysign";
 * import { startSandbox } from "paysign/sandbox";
 *
 * const account = { appId: "wxf8b4f85f3a794e77", appSecret: "secret", appKey: "k".repeat(128) };
 * const sandbox = await startSandbox({ accounts: [account] });
 * sandbox.inject({ path: "/cgi-bin/stable_token", fault: "busy" });
 * const client = createClient({ ...account, fetch: sandbox.fetch });
 * await client.accessToken().catch((error) => console.log(error.details.errcode)); // -1
 * console.log((await client.accessToken()).length > 100); // true
 * await sandbox.close();
 * ```
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
	const { now = () => Math.floor(Date.now() / 1000), random = Math.random, port = 0 } = options;
	const { tokenLifeSeconds = 7200 } = options;
	const { overlapSeconds = Math.min(300, Math.floor(tokenLifeSeconds / 2)) } = options;
	if (!(tokenLifeSeconds >= 1 && overlapSeconds >= 0 && overlapSeconds < tokenLifeSeconds)) {
		throw new TypeError("startSandbox: overlapSeconds has to be from 0 to less than tokenLifeSeconds.");
	}
	const accounts = accountsByAppId(options.accounts);
	const desk = createTokenDesk({ accounts, now, random, overlapSeconds, tokenLifeSeconds });
	const orders = createOrderBook(now);
	const shipments = createShipmentBook(now);
	const faults = createFaultQueue(sandboxPaths);
	const requests: SandboxRequest[] = [];
	const server = await listen(port, {
		accounts,
		desk,
		orders,
		shipments,
		faults,
		now,
		log(request) {
			requests.push(request);
			try {
				options.onRequest?.(request);
			} catch {
				// The answer does not depend on who is told.
			}
		},
	});
	const url = urlOf(server);

	// The bytes of an alarm that is posted again stay the same, so that receivers can tell it is the same.
	const alarmBodies = new Map<string, string>();
	const reminders = new Map<string, string>();
	let deadlineCheck: Promise<unknown> = Promise.resolve();
	let shippingCheck: Promise<unknown> = Promise.resolve();

	function accountOf(appId: string): SandboxAccount {
		const account = accounts.get(appId);
		if (account === undefined) throw new TypeError("The sandbox has no account with this appId.");
		return account;
	}

	async function postOverdueAlarms(): Promise<AlarmPost[]> {
		const posts: AlarmPost[] = [];
		for (const { appId, transid } of orders.overdue()) {
			const account = accountOf(appId);
			if (account.alarmUrl === undefined) continue;
			const alarm = { appId, alarmContent: `transaction_id=${transid}` };
			const body = alarmBodies.get(transid) ?? alarmXml(alarm, account, now());
			alarmBodies.set(transid, body);
			const post = await postAlarm(body, account, transid);
			orders.alarmed(transid, post.acknowledged);
			posts.push(post);
		}
		return posts;
	}

	async function pushReminders(): Promise<PushPost[]> {
		const posts: PushPost[] = [];
		for (const { order, shipment } of shipments.overdue()) {
			const { appId, transid } = order;
			const account = accountOf(appId);
			if (account.pushUrl === undefined) continue;
			const event = "trade_manage_remind_shipping";
			const content =
				reminders.get(transid) ?? pushContent({ event, fields: shippingFields(order) }, account, now());
			reminders.set(transid, content);
			const post = await push(content, account, { event, transid }, { now, random });
			shipments.change(shipment.transid, { push: post.acknowledged ? "acknowledged" : "unacknowledged" });
			posts.push(post);
		}
		return posts;
	}

	async function pushSettlement(transid: string, more: Record<string, number>): Promise<PushPost | null> {
		const order = shipments.order(transid);
		const shipment = shipments.get(transid);
		if (order === undefined || shipment === undefined) return null;
		const account = accountOf(order.appId);
		if (account.pushUrl === undefined) return null;
		const event = "trade_manage_order_settlement";
		const fields = { ...settlementFields(order, shipment), ...more };
		return push(pushContent({ event, fields }, account, now()), account, { event, transid }, { now, random });
	}

	function inState(transid: string, state: number, what: string): void {
		if (shipments.get(transid)?.orderState === state) return;
		throw new TypeError(`The sandbox has no order with this transid that is ${what}.`);
	}

	return {
		url,
		fetch: sandboxFetch(url),
		get requests() {
			return [...requests];
		},
		addOrder(order) {
			accountOf(order.appId);
			orders.add(order);
			shipments.add(order);
		},
		order: (transid) => orders.get(transid),
		inject: (injection) => faults.add(injection),
		checkDeadlines() {
			// One after the other: two at once would post an alarm twice.
			const check = deadlineCheck.then(postOverdueAlarms);
			deadlineCheck = check.catch(() => {});
			return check;
		},
		async sendAlarm(alarm) {
			const account = accountOf(alarm.appId);
			return postAlarm(alarmXml(alarm, account, now()), account, null);
		},
		shipment: (transid) => shipments.get(transid),
		checkShipping() {
			const check = shippingCheck.then(pushReminders);
			shippingCheck = check.catch(() => {});
			return check;
		},
		async confirmReceipt(transid, by = "buyer") {
			inState(transid, 2, "shipped");
			shipments.change(transid, { orderState: 3 });
			return pushSettlement(transid, {
				confirm_receive_method: by === "time" ? 1 : 2,
				confirm_receive_time: now(),
			});
		},
		async settle(transid) {
			inState(transid, 3, "received");
			shipments.change(transid, { orderState: 4 });
			return pushSettlement(transid, { settlement_time: now() });
		},
		refund(transid) {
			shipments.change(transid, { orderState: 5 });
		},
		async sendPush({ appId, ...event }: SandboxPush) {
			const account = accountOf(appId);
			const content = pushContent(event, account, now());
			return push(content, account, { event: event.event, transid: null }, { now, random });
		},
		async checkPushUrl(appId) {
			return checkUrl(accountOf(appId), { now, random });
		},
		close() {
			return new Promise((resolve) => {
				// Also calls back when it was closed before.
				server.close(() => resolve());
				server.closeAllConnections();
			});
		},
	};
}

function accountsByAppId(list: readonly SandboxAccount[]): ReadonlyMap<string, SandboxAccount> {
	const accounts = new Map<string, SandboxAccount>();
	for (const account of list) {
		const { appId, appSecret, appKey, pushUrl, token, encodingAesKey, pushMode } = account;
		const given = appKey === undefined ? [appId, appSecret] : [appId, appSecret, appKey];
		if (!given.every((text) => typeof text === "string" && text !== "")) {
			throw new TypeError(
				"startSandbox: an account needs appId and appSecret, and an appKey that is not empty.",
			);
		}
		if (pushUrl !== undefined && (token === undefined || token === "")) {
			throw new TypeError("startSandbox: an account with a pushUrl needs the token of its push settings.");
		}
		const encrypts = encodingAesKey !== undefined || (pushMode ?? "plain") !== "plain";
		if (encrypts && !/^[A-Za-z0-9]{43}$/.test(encodingAesKey ?? "")) {
			throw new TypeError("startSandbox: an encodingAesKey has 43 letters and digits.");
		}
		if (accounts.has(appId)) throw new TypeError("startSandbox: two accounts have the same appId.");
		accounts.set(appId, { ...account });
	}
	if (accounts.size === 0) throw new TypeError("startSandbox: at least one account is needed.");
	return accounts;
}
