// The receivers of serve and reverify, each with the accounts that the command was given.

import type { NotificationAccount } from "../apiv3.js";
import { type AppKey, type Credentials, createAlarmReceiver } from "../index.js";
import type { Log } from "../logs.js";
import type { Metrics } from "../metrics.js";
import type { PushAccount } from "../push.js";
import type { Receiver } from "../receiver/engine.js";
import type { Store } from "../store.js";
import { type AccountShape, accountOf, keyed, listedAccounts } from "./account.js";
import type { Arguments } from "./arguments.js";
import { notificationAccountOf, pushAccountOf } from "./callback.js";
import type { Received } from "./words.js";
import type { World } from "./world.js";

/** What is told of a receiver. */
interface Watch {
	readonly metrics: Metrics;
	readonly log: Log;
}

/** A receiver, but for its store. */
export interface Receiving {
	/** What must not stand in a log. */
	readonly secrets: readonly AppKey[];
	create(store: Store, watch?: Watch): Receiver;
}

/** Takes the accounts from `--accounts`, or the one account from `--secrets` and the environment. */
export const receiving: Readonly<Record<Received, (typed: Arguments, world: World) => Promise<Receiving>>> = {
	async alarm(typed, world) {
		const accounts = (await listedAccounts(typed, alarmShape, world)) ?? [
			keyed(await accountOf(typed, world), world),
		];
		return {
			secrets: accounts.flatMap(({ appKey }) => appKey),
			create: (store, watch) => {
				const hooks = watch && both(watch.metrics.receiver, watch.log.receiver);
				return createAlarmReceiver({ accounts, store, ...hooks });
			},
		};
	},

	async push(typed, world) {
		const { createPushReceiver } = await import("../push.js");
		const accounts = (await listedAccounts(typed, pushShape, world)) ?? [
			pushAccountOf(typed, await accountOf(typed, world), world),
		];
		return {
			secrets: accounts.flatMap(({ token, encodingAesKey = [] }) => [token, encodingAesKey].flat()),
			create: (store, watch) => {
				const hooks = watch && both(watch.metrics.push, watch.log.push);
				return createPushReceiver({ accounts, store, ...hooks });
			},
		};
	},

	async apiv3(typed, world) {
		const { createNotificationReceiver } = await import("../apiv3.js");
		const accounts = (await listedAccounts(typed, notificationShape, world)) ?? [
			await notificationAccountOf(typed, await accountOf(typed, world), world),
		];
		return {
			secrets: accounts.flatMap(({ apiV3Key }) => apiV3Key),
			create: (store, watch) => {
				const hooks = watch && both(watch.metrics.apiv3, watch.log.apiv3);
				return createNotificationReceiver({ accounts, store, ...hooks });
			},
		};
	},
};

/** Credentials with their keys at hand. */
interface KnownCredentials extends Credentials {
	readonly appKey: string | readonly string[];
}

const isText = (value: unknown) => typeof value === "string";
const areTexts = (value: unknown) => [value].flat().every(isText);

const alarmShape: AccountShape<KnownCredentials> = {
	example: '{"appId":"wx1","appKey":"…"}',
	isOne: (row): row is never => isText(row.appId) && areTexts(row.appKey),
};
const pushShape: AccountShape<PushAccount> = {
	example: '{"appId":"wx1","token":"…","encodingAesKey":"…"}',
	isOne: (row): row is never => isText(row.appId) && isText(row.token) && areTexts(row.encodingAesKey ?? []),
};
const notificationShape: AccountShape<NotificationAccount> = {
	example: '{"mchId":"…","apiV3Key":"…","publicKeys":{"PUB_KEY_ID_…":"-----BEGIN PUBLIC KEY-----…"}}',
	isOne: (row): row is never =>
		areTexts(row.apiV3Key) &&
		typeof row.publicKeys === "object" &&
		areTexts(Object.values(row.publicKeys ?? {})),
};

/** Hooks that count and log. */
function both<Event, Timing>(
	{ onEvent, onTiming }: { onEvent(event: Event): void; onTiming(timing: Timing): void },
	log: (event: Event) => void,
) {
	return {
		onTiming,
		onEvent(event: Event): void {
			onEvent(event);
			log(event);
		},
	};
}
