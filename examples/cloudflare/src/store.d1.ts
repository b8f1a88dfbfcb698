import { createD1Store } from "paysign/stores/d1";
import type { Env, Kept } from "./env.js";

/** The store in D1: the same one in the Worker and inside the account's object. */
export function storeOf(env: Env, _inside?: DurableObjectState): Kept {
	return createD1Store({ database: env.DB });
}
