import { invalidArgument } from "../arguments.js";
import type { NotificationStore } from "../notification-store.js";
import { emitterFor } from "../observe.js";
import { createReceiver, type Receiver } from "../receiver/engine.js";
import type { NotificationReceiverEvent } from "../receiver/events.js";
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
import { checkAccount, type NotificationAccount } from "./account.js";
import type { Notification } from "./notification.js";
import { probePrefix } from "./signature.js";
import { contentOf, readStoredNotification } from "./stored.js";
import { verifyNotification } from "./verify.js";

/** A notification as `onNotification` is given it. */
export interface ReceivedNotification extends Arrival {
	readonly notification: Notification;
	/** The merchant whose keys have verified it; absent when the account says none. */
	readonly mchId?: string;
}

/** How a notification receiver is set up. */
export interface NotificationReceiverOptions extends ReceiverOptions<NotificationReceiverEvent> {
	/**
	 * The merchant, or the merchants whose notifications are sent to this URL; each of several has a `mchId`. Their `now` is
	 * not asked: the receiver's is.
	 */
	readonly accounts: NotificationAccount | readonly NotificationAccount[];
	/** Where notifications are kept before they are acknowledged. */
	readonly store: { readonly notifications: NotificationStore };
	/**
	 * Called with each notification after it is stored and outside the answer's path: at least once, so it must bear a
	 * repetition (`notification.dedupKey` says which one it is). When it resolves the notification is marked as handled;
	 * when it throws, `resume()` offers it again. Without it notifications are only stored, as unhandled ones.
	 */
	readonly onNotification?: (received: ReceivedNotification) => unknown;
}

/** A request handler for a notification URL, made by {@link createNotificationReceiver}. */
export interface NotificationReceiver extends Receiver {}

interface Message {
	readonly dedupKey: string;
	readonly notification: Notification;
	readonly mchId: string;
}

const json = "application/json";
const success: Answer = { status: 200, text: '{"code":"SUCCESS"}', type: json };

/** The headers that a notification is verified with. */
const headerNames = ["timestamp", "nonce", "signature", "serial", "signature-type"].map(
	(name) => `wechatpay-${name}`,
);

/**
 * Receives notifications of APIv3 (回调通知, PROTOCOL 6.13) over the Web's `Request` and `Response`: Node.js through
 * `paysign/node`, and as they are Cloudflare Workers, Deno, Bun, Hono.
 *
 * | answer | when |
 * | --- | --- |
 * | 200 `{"code":"SUCCESS"}` | the notification is verified and its record is committed, now or earlier |
 * | 401 `{"code":"FAIL",…}` | it is not believed, for whatever reason, or its time stamp is more than 5 minutes off; it is in the quarantine |
 * | 503 `{"code":"FAIL",…}` | the store failed: nothing is acknowledged, and WeChat Pay sends it again |
 * | 405, 415, 408, 400 `{"code":"FAIL",…}` | not a POST; compressed; too slow; broken off |
 *
 * @throws {WeChatPayError} `ARGUMENT_INVALID` when an option cannot be used.
 *
 * @example
 * ```ts
 * import { createNotificationReceiver, type NotificationAccount } from "paysign/apiv3";
 * import { createMemoryStore } from "paysign/stores/memory";
 *
 * export function receiverFor(account: NotificationAccount) {
 * 	return createNotificationReceiver({
 * 		accounts: account,
 * 		store: createMemoryStore(), // paysign/stores/sqlite keeps what it acknowledged
 * 		onNotification: ({ notification }) => console.log(notification.eventType, notification.violation?.punishPlan),
 * 	});
 * }
 * ```
 */
export function createNotificationReceiver(options: NotificationReceiverOptions): NotificationReceiver {
	const checked = checkOptions<ReceivedNotification>("createNotificationReceiver", "onNotification", options);
	const emit = emitterFor(options.onEvent);
	return createReceiver(notificationProtocol(options, emit), checked);
}

function notificationProtocol(
	{ accounts, store }: NotificationReceiverOptions,
	emit: (event: NotificationReceiverEvent) => void,
): Protocol<Message, string, ReceivedNotification> {
	const list = checkAccounts(accounts);
	// Which looks through each of them, before the first notification does.
	const secrets = list.flatMap((account) => checkAccount(account).apiV3Keys);
	return {
		allow: "POST",
		success,
		fail: (status) => ({ status, text: '{"code":"FAIL","message":"not accepted"}', type: json }),
		tooLarge: "BODY_TOO_LARGE",
		contextOf(incoming) {
			const headers = headerNames.map((name) => [name, incoming.header(name) ?? undefined]);
			return JSON.stringify(Object.fromEntries(headers));
		},
		async judge(body, context, receivedAt) {
			const headers = headersOf(context);
			const now = () => receivedAt;
			const verdicts = list.map(async ({ mchId = "", ...account }): Promise<Judgement<Message>> => {
				try {
					const notification = await verifyNotification({ headers, body }, { ...account, now });
					return { message: { notification, mchId, dedupKey: notification.dedupKey } };
				} catch (error) {
					return refusalOf(error);
				}
			});
			return judged(await Promise.all(verdicts));
		},
		sentAt: ({ notification }) => notification.timestamp,
		received: ({ notification, mchId }, arrival) => ({
			notification,
			...(mchId !== "" && { mchId }),
			...arrival,
		}),
		identify: identify("apiv3"),
		holdsSecret: (refusal) => refusalHolds(refusal, secrets),
		dismiss({ code, context }) {
			// Nothing will ever verify it, and one after the other would take the places of what is worth keeping.
			const isProbe = headersOf(context)["wechatpay-signature"]?.trim().startsWith(probePrefix) === true;
			if (!isProbe || code !== "SIGNATURE_MISMATCH") return false;
			emit({ type: "probeRefused" });
			return true;
		},
		inbox: notificationInbox<Message>(checkStore(store), {
			source: "apiv3",
			rowOf: ({ notification, mchId, dedupKey }) => ({
				dedupKey,
				account: mchId,
				type: notification.eventType,
				content: contentOf(notification),
				isProtected: true,
				sentAt: notification.timestamp,
			}),
			messageOf: (row) => ({
				dedupKey: row.dedupKey,
				notification: readStoredNotification(row),
				mchId: row.account,
			}),
		}),
	};
}

/** What {@link Protocol.contextOf} has written. */
function headersOf(context: string): Readonly<Record<string, string>> {
	return JSON.parse(context) as Readonly<Record<string, string>>;
}

function checkAccounts(accounts: NotificationReceiverOptions["accounts"]): readonly NotificationAccount[] {
	const list = accountList(accounts, "notifications", "{ mchId, apiV3Key, publicKeys }");
	const names = list.map(({ mchId }) => mchId);
	if (list.length > 1 && (names.includes(undefined) || new Set(names).size < names.length)) {
		throw invalidArgument(
			"accounts",
			"Each of several `accounts` must have a `mchId` of its own; give an account whose key is being changed a list of keys.",
		);
	}
	return list;
}
