// Everywhere but workerd: the module is compiled from bytes that stand in the JavaScript, so that no file and no
// request is needed, on import, so that there is no init function to forget.

import { bytes } from "./core.bytes.js";
import { initSync } from "./core.js";

initSync({ module: bytes() });

export * from "./core.js";
