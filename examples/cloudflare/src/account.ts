import {
	type AlarmReceiver,
	type Client,
	createAlarmReceiver,
	createClient,
	createDeliveryOutbox,
	type DeliveryOutbox,
	type TokenStore,
} from "paysign";
import type { Env, Kept } from "./env.js";
import { record, tell } from "./report.js";

/** How many connections an invocation of a Worker may have open at once. */
const connections = 6;

/** @throws An error that names the secret to put. */
export function secretOf(env: Env, name: "APP_SECRET" | "PAY_SIGN_KEY" | "API_KEY"): string {
	// A value that was piped in may end with a line break.
	const secret = (env[name] ?? "").trim();
	if (secret === "") throw new Error(`The secret ${name} is not set. Run: npx wrangler secret put ${name}`);
	return secret;
}

function credentialsOf(env: Env): { readonly appId: string; readonly appKey: readonly string[] } {
	return { appId: env.APP_ID, appKey: secretOf(env, "PAY_SIGN_KEY").split(/\s+/) };
}

export function receiverOf(env: Env, store: Kept): AlarmReceiver {
	return createAlarmReceiver({
		accounts: credentialsOf(env),
		store,
		onAlarm: ({ alarm }) => tell("WeChat has sent an alarm", alarm),
		onEvent: record,
	});
}

/** Without `tokens` it can check a delivery, and is not to send one: only the account's object does. */
export function clientOf(env: Env, tokens?: TokenStore): Client {
	const { WECHAT: wayOut, TOKEN_ENDPOINT: tokenEndpoint = "stable" } = env;
	return createClient({
		...credentialsOf(env),
		appSecret: secretOf(env, "APP_SECRET"),
		tokenEndpoint,
		...(tokens === undefined ? {} : { tokens }),
		...(wayOut === undefined ? {} : { fetch: (url, init) => wayOut.fetch(url, init) }),
	});
}

export function outboxOf(client: Client, store: Kept): DeliveryOutbox {
	return createDeliveryOutbox({
		client,
		store,
		concurrency: connections,
		onEvent: record,
		onInDanger: ({ key, secondsLeft }) => tell("A delivery is in danger", { key, secondsLeft }),
		onExpired: ({ key }) => tell("A delivery is too late, and is still sent", { key }),
		onNeedsHuman: ({ key, lastSentence }) => tell("A delivery needs somebody to act", { key, lastSentence }),
	});
}
