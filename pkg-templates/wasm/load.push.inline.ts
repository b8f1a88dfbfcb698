// As load.inline.ts, for the third module.

import { bytes } from "./push.bytes.js";
import { initSync } from "./push.js";

initSync({ module: bytes() });

export * from "./push.js";
