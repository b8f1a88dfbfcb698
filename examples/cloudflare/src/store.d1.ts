import type { Store } from "paysign";
import { createD1Store } from "paysign/stores/d1";
import type { Env } from "./env.js";

/** The store in D1: the same one in the Worker and inside the account's object. */
export function storeOf(env: Env, _inside?: DurableObjectState): Store {
	return createD1Store({ database: env.DB });
}
