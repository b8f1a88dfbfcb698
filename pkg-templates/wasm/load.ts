// The module is compiled on import, so that there is no init function to forget, and from bytes that stand in the
// JavaScript, so that no file and no request is needed. workerd forbids compiling from bytes and compiles the file at
// deployment: what it loads imports core.wasm in this place, see xtask/bundle.mjs.

import module from "./core.bytes.js";
import { initSync } from "./core.js";

initSync({ module });

export * from "./core.js";
