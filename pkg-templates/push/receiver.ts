import { invalidArgument } from "../arguments.js";
import type { NotificationStore, StoredNotification } from "../notification-store.js";
import { emitterFor } from "../observe.js";
import { createReceiver, type Receiver } from "../receiver/engine.js";
import type { PushReceiverEvent } from "../receiver/events.js";
import type { Answer } from "../receiver/exchange.js";
import {
	checkStore,
	identify,
	judged,
	notificationInbox,
	refusalHolds,
	refusalOf,
} from "../receiver/notifications.js";
import { accountList, checkOptions, type ReceiverOptions } from "../receiver/options.js";
import type { Arrival, Judgement, Protocol } from "../receiver/protocol.js";
import type { Push, PushEvent } from "../wasm/load.push.js";
import { keysOf, type PushAccount, type PushSecret } from "./account.js";
import { parsePushContent, signTestPush, verifyPush, verifyPushUrl } from "./verify.js";

/** A push as `onPush` is given it. */
export interface ReceivedPush extends Arrival {
	readonly push: Push;
}

/** How a push receiver is set up. */
export interface PushReceiverOptions extends ReceiverOptions<PushReceiverEvent> {
	/** The account, or the accounts whose pushes are sent to this URL. Whose a push is, its keys tell. */
	readonly accounts: PushAccount | readonly PushAccount[];
	/** Where pushes are kept before they are acknowledged. */
	readonly store: { readonly notifications: NotificationStore };
	/**
	 * Called with each push after it is stored and outside the answer's path: at least once, so it must bear a repetition
	 * (`push.dedupKey` says which one it is). When it resolves the push is marked as handled; when it throws, `resume()`
	 * offers it again. Without it pushes are only stored, as unhandled ones. Look at `push.isProtected` before you act on one.
	 */
	readonly onPush?: (received: ReceivedPush) => unknown;
}

/** A request handler for the URL of a message push, made by {@link createPushReceiver}. */
export interface PushReceiver extends Receiver {}

const success: Answer = { status: 200, text: "success" };

/**
 * Receives pushes 消息推送 (PROTOCOL 6.6, 6.7, 8.2) over the Web's `Request` and `Response`: Node.js through `paysign/node`, and as
 * they are Cloudflare Workers, Deno, Bun, Hono. It also answers the GET with which WeChat's console checks the URL.
 *
 * | answer | when |
 * | --- | --- |
 * | 200 `success` | the push is verified and its record is committed, now or earlier |
 * | 200 and the `echostr` | a GET that WeChat has signed |
 * | 401 `fail` | the request is not believed, for whatever reason; a POST is in the quarantine |
 * | 503 `fail` | the store failed: nothing is acknowledged, and WeChat sends it again |
 * | 405, 415, 408, 400 `fail` | neither GET nor POST; compressed; too slow; broken off |
 *
 * @throws {WeChatPayError} `ARGUMENT_INVALID` when an option cannot be used.
 *
 * @example
 * ```ts
 * import { createPushReceiver, type PushAccount, signTestPush } from "paysign/push";
 * import { createMemoryStore } from "paysign/stores/memory";
 *
 * const account: PushAccount = {
 * 	appId: "wx2c2769f8efd9abc2",
 * 	token: "spamtest",
 * 	encodingAesKey: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
 * };
 * const receiver = createPushReceiver({
 * 	accounts: account,
 * 	store: createMemoryStore(), // paysign/stores/sqlite keeps what it acknowledged
 * 	onPush({ push: { event } }) {
 * 		if (event.type === "trade_manage_remind_shipping") console.log(event.merchantTradeNo);
 * 	},
 * });
 *
 * const content = `{"MsgType":"event","Event":"trade_manage_remind_shipping","merchant_trade_no":"order-1"}`;
 * const { query, body } = signTestPush(content, account, {
 * 	timestamp: Math.floor(Date.now() / 1000),
 * 	nonce: "1320562132",
 * 	random16: crypto.getRandomValues(new Uint8Array(16)),
 * });
 * const answer = await receiver(new Request(`http://localhost/push?${query}`, { method: "POST", body }));
 * console.log(answer.status, await answer.text()); // 200 success
 * await receiver.idle(); // order-1
 * ```
 */
export function createPushReceiver(options: PushReceiverOptions): PushReceiver {
	const checked = checkOptions<ReceivedPush>("createPushReceiver", "onPush", options);
	const emit = emitterFor(options.onEvent);
	return createReceiver(pushProtocol(options, emit), checked);
}

function pushProtocol(
	{ accounts, store }: PushReceiverOptions,
	emit: (event: PushReceiverEvent) => void,
): Protocol<Push, string, ReceivedPush> {
	const list = checkAccounts(accounts);
	const secrets = list.flatMap(secretsOf);
	return {
		allow: "GET, POST",
		greet(incoming) {
			const query = incoming.query();
			const verdict = judged(list.map((account) => verdictOf(() => verifyPushUrl(query, account))));
			if ("refusedFor" in verdict) return verdict;
			emit({ type: "urlVerified" });
			return { status: 200, text: verdict.message };
		},
		success,
		fail: (status) => ({ status, text: "fail" }),
		tooLarge: "XML_TOO_LARGE",
		contextOf: (incoming) => incoming.query(),
		judge: (body, query) =>
			judged(list.map((account) => verdictOf(() => verifyPush({ query, body }, account)))),
		sentAt: ({ timestamp }) => timestamp,
		received: (push, arrival) => ({ push, ...arrival }),
		identify: identify("push"),
		holdsSecret: (refusal) => refusalHolds(refusal, secrets),
		inbox: notificationInbox<Push>(checkStore(store), {
			source: "push",
			rowOf: ({ appId, dedupKey, content, isProtected, timestamp, event }) => ({
				dedupKey,
				account: appId,
				type: nameOf(event),
				content,
				isProtected,
				sentAt: timestamp,
			}),
			messageOf: readStoredPush,
		}),
	};
}

/**
 * The push in a row that a push receiver has stored.
 *
 * @example
 * ```ts
 * import { readStoredPush } from "paysign/push";
 * import { createMemoryStore } from "paysign/stores/memory";
 *
 * const { notifications } = createMemoryStore();
 * for (const row of await notifications.list({ limit: 10, source: "push" })) {
 * 	console.log(readStoredPush(row).event.type);
 * }
 * ```
 */
export function readStoredPush({
	dedupKey,
	account,
	content,
	isProtected,
	sentAt,
}: StoredNotification): Push {
	return {
		appId: account,
		isProtected,
		content,
		timestamp: sentAt,
		event: parsePushContent(content),
		dedupKey,
	};
}

function nameOf(event: PushEvent): string {
	return event.type === "other" ? event.name : event.type;
}

function verdictOf<Message>(verify: () => Message): Judgement<Message> {
	try {
		return { message: verify() };
	} catch (error) {
		return refusalOf(error);
	}
}

function checkAccounts(accounts: PushReceiverOptions["accounts"]): readonly PushAccount[] {
	const list = accountList(accounts, "pushes", "{ appId, token, encodingAesKey }");
	if (new Set(list.map(({ appId }) => appId)).size < list.length) {
		throw invalidArgument(
			"accounts",
			"`accounts` has one appId twice; give that account a list of keys instead.",
		);
	}
	const tokens = list.map(({ token }) => textOf(token));
	for (const account of list) {
		// Whoever signs for another account with the same token would sign for this one, whose body nothing protects.
		const isShared = tokens.indexOf(textOf(account.token)) !== tokens.lastIndexOf(textOf(account.token));
		if (account.mode === "plain" && isShared) {
			throw invalidArgument(
				"accounts",
				"An account in plain mode shares its `token` with another one, so nothing tells whose a push is; give it its own.",
			);
		}
		// Each of them, where someone is looking, and not with the first push.
		for (const encodingAesKey of keysOf(account) ?? [undefined]) {
			const one = encodingAesKey === undefined ? account : { ...account, encodingAesKey };
			signTestPush("{}", one, { timestamp: 0, nonce: "0", random16: new Uint8Array(16) });
		}
	}
	return list;
}

/** A short token may stand in a text by chance. */
const longToken = 16;

/** What must not lie about in the quarantine. */
function secretsOf(account: PushAccount): readonly PushSecret[] {
	return [...(keysOf(account) ?? []), ...(account.token.length < longToken ? [] : [account.token])];
}

function textOf(secret: PushSecret): string {
	return typeof secret === "string" ? secret : new TextDecoder("latin1").decode(secret);
}
