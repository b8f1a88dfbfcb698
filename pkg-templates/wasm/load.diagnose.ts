// As load.ts, for the second module.

import module from "./diagnose.bytes.js";
import { initSync } from "./diagnose.js";

try {
	initSync({ module });
} catch (cause) {
	// A policy that forbids compiling leaves the module valid; what is not known in it is SIMD.
	if (WebAssembly.validate(module)) throw cause;
	throw new Error(
		"paysign/diagnose needs a runtime with WebAssembly SIMD: Node.js 20, Chrome 91, Firefox 89, Safari 16.4 or newer. paysign itself works without it.",
		{ cause },
	);
}

export * from "./diagnose.js";
