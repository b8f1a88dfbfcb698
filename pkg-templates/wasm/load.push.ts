// As load.ts, for the third module.

import module from "./push.bytes.js";
import { initSync } from "./push.js";

initSync({ module });

export * from "./push.js";
