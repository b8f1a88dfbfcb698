// As load.inline.ts, for the second module.

import { bytes } from "./diagnose.bytes.js";
import { initSync } from "./diagnose.js";

initSync({ module: bytes() });

export * from "./diagnose.js";
