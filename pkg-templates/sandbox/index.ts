import { alarmXml, postAlarm } from "./alarms.js";
import { createFaultQueue } from "./faults.js";
import { sandboxFetch } from "./fetch.js";
import { createOrderBook } from "./orders.js";
import { listen, sandboxPaths, urlOf } from "./server.js";
import { createTokenDesk } from "./tokens.js";
import type { AlarmPost, Sandbox, SandboxAccount, SandboxOptions, SandboxRequest } from "./types.js";

export { sandboxFetch } from "./fetch.js";
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
 * Starts a local double of WeChat's `/cgi-bin/token`, `/cgi-bin/stable_token` and `/pay/delivernotify`, for tests and
 * demonstrations on Node. It keeps WeChat's rules on tokens, signatures and deadlines as PROTOCOL 3 and 5 tell them,
 * and shares no code with the client or the core, so it disagrees when they are wrong. It listens on 127.0.0.1 only
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
	const faults = createFaultQueue(sandboxPaths);
	const requests: SandboxRequest[] = [];
	const server = await listen(port, {
		accounts,
		desk,
		orders,
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
	let deadlineCheck: Promise<unknown> = Promise.resolve();

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

	return {
		url,
		fetch: sandboxFetch(url),
		get requests() {
			return [...requests];
		},
		addOrder(order) {
			accountOf(order.appId);
			orders.add(order);
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
		const { appId, appSecret, appKey } = account;
		if (![appId, appSecret, appKey].every((text) => typeof text === "string" && text !== "")) {
			throw new TypeError("startSandbox: an account needs appId, appSecret and appKey.");
		}
		if (accounts.has(appId)) throw new TypeError("startSandbox: two accounts have the same appId.");
		accounts.set(appId, { ...account });
	}
	if (accounts.size === 0) throw new TypeError("startSandbox: at least one account is needed.");
	return accounts;
}
