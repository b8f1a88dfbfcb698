// As load.workerd.ts, for the second module.
import { initSync } from "./diagnose.js";
import module from "./diagnose.wasm";

initSync({ module });

export * from "./diagnose.js";
