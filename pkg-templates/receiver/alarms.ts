import { signTestAlarm, verifyAlarm } from "../alarm.js";
import { invalidArgument } from "../arguments.js";
import { type Credentials, keysOf } from "../credentials.js";
import { WeChatPayError, type WeChatPayErrorCode } from "../errors.js";
import type { AlarmStore } from "../store.js";
import type { Alarm } from "../wasm/load.js";
import type { Answer } from "./exchange.js";
import { holdsKey } from "./keys.js";
import { accountList, type ReceiverOptions } from "./options.js";
import type { Arrival, Inbox, Judgement, Protocol } from "./protocol.js";

/** An alarm as `onAlarm` is given it. */
export interface ReceivedAlarm extends Arrival {
	readonly alarm: Alarm;
}

/** How a receiver is set up. */
export interface AlarmReceiverOptions extends ReceiverOptions {
	/** The account, or the accounts whose alarms are sent to this URL. An alarm for any other AppId is refused. */
	readonly accounts: Credentials | readonly Credentials[];
	/** Where alarms are kept before they are acknowledged. */
	readonly store: AlarmStore;
	/**
	 * Called with each alarm after it is stored and outside the answer's path: at least once, so it must bear a
	 * repetition (`alarm.dedupKey` says which one it is). When it resolves the alarm is marked as handled; when it
	 * throws the alarm stays unhandled, and `resume()` offers it again. Without it alarms are only
	 * stored, as unhandled ones.
	 */
	readonly onAlarm?: (received: ReceivedAlarm) => unknown;
}

const success: Answer = { status: 200, text: "success" };

/** Alarm notifications (PROTOCOL 2.1), as the engine has to know them. */
export function alarmProtocol(
	accounts: readonly Credentials[],
	store: AlarmStore,
): Protocol<Alarm, undefined, ReceivedAlarm> {
	return {
		allow: "POST",
		success,
		fail: (status) => ({ status, text: "fail" }),
		tooLarge: "XML_TOO_LARGE",
		contextOf: () => undefined,
		judge: (body) => judge(body, accounts),
		sentAt: ({ timeStamp }) => Number(timeStamp),
		received: (alarm, arrival) => ({ alarm, ...arrival }),
		identify: ({ body }) => body,
		// The verifier saw it in a value, where references may hide it from a search of the bytes.
		holdsSecret: ({ code, body }) =>
			code === "FIELD_CONTAINS_KEY" || holdsKey(body, accounts.flatMap(keysOf)),
		inbox: inboxOf(store),
	};
}

function inboxOf(store: AlarmStore): Inbox<Alarm, undefined> {
	return {
		insert: (alarm, receivedAt) => store.insert(alarm, receivedAt),
		markHandled: (dedupKey, handledAt) => store.markHandled(dedupKey, handledAt),
		async list(page) {
			const rows = await store.list({ ...page, unhandled: true });
			return rows.map(({ sequence, alarm, receivedAt }) => ({ sequence, message: alarm, receivedAt }));
		},
		quarantine: ({ body, truncated, code, receivedAt }, digest, limit) =>
			store.quarantine({ digest, body, truncated, code, receivedAt }, limit),
		async listQuarantine(page) {
			return (await store.listQuarantine(page)).map((row) => ({ ...row, context: undefined }));
		},
		release: (sequence) => store.release(sequence),
	};
}

/** Judges a body. What it throws is about us, a key that could not be looked up for example, not about the message. */
function judge(body: Uint8Array, accounts: readonly Credentials[]): Judgement<Alarm> {
	let alarm: Alarm;
	try {
		alarm = verifyAlarm(body, whose(accounts));
	} catch (error) {
		if (error instanceof WeChatPayError && isRefusal(error.code)) return { refusedFor: error.code };
		throw error;
	}
	// The verifier knows the keys of the alarm's own account. Behind one URL there may be others.
	if (accounts.length > 1) {
		const text = new TextEncoder().encode(`${alarm.description}\n${alarm.alarmContent}`);
		if (holdsKey(text, accounts.flatMap(keysOf))) return { refusedFor: "FIELD_CONTAINS_KEY" };
	}
	return { message: alarm };
}

/** One account whose keys are at hand needs no look at the body to be found: verifying compares the AppId anyway. */
function whose(accounts: readonly Credentials[]): Credentials | readonly Credentials[] {
	const [only, ...others] = accounts;
	return only === undefined || others.length > 0 || typeof only.appKey === "function" ? accounts : only;
}

function isRefusal(code: WeChatPayErrorCode): boolean {
	return code === "APP_ID_MISMATCH" || /^(XML|FIELD|SIGNATURE)_/.test(code);
}

/** Fails at the start, where someone is looking, instead of with the first alarm. */
export function checkAccounts({ accounts, store }: AlarmReceiverOptions): readonly Credentials[] {
	const list = accountList(accounts, "alarms", "{ appId, appKey }");
	if (new Set(list.map(({ appId }) => appId)).size < list.length) {
		throw invalidArgument(
			"accounts",
			"`accounts` has one appId twice; give that account a list of keys instead.",
		);
	}
	for (const account of list) {
		// A look-up function is asked when an alarm for its account is there, not before.
		if (typeof account.appKey === "function") continue;
		for (const appKey of keysOf(account)) signTestAlarm({ timeStamp: 0 }, { appId: account.appId, appKey });
	}
	if (typeof store?.insert !== "function") {
		throw invalidArgument("store", "`store` must be an AlarmStore, such as createSqliteStore() gives.");
	}
	return list;
}
