// As load.workerd.ts, for the third module.
import { initSync } from "./push.js";
import module from "./push.wasm";

initSync({ module });

export * from "./push.js";
