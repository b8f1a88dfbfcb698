import type { AlarmStore, Store } from "paysign";
import type { Sender } from "./sender.js";

/** What wrangler.jsonc binds, and what each of it is for. */
export interface Env {
	readonly APP_ID: string;
	readonly TOKEN_ENDPOINT?: "stable" | "classic";
	readonly APP_SECRET: string;
	readonly PAY_SIGN_KEY: string;
	readonly API_KEY: string;
	readonly DB: D1Database;
	readonly SENDER: DurableObjectNamespace<Sender>;
	readonly WAKE?: Queue;
	readonly WECHAT?: Fetcher;
}

/** What this Worker keeps. */
export type Kept = AlarmStore & Pick<Store, "deliveries">;

/** The one object of the account, made near to WeChat. */
export function senderOf(env: Env): DurableObjectStub<Sender> {
	return env.SENDER.getByName(env.APP_ID, { locationHint: "apac" });
}
