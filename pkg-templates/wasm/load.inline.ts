// Everywhere but workerd: the module is compiled from bytes that stand in the JavaScript, so that no file and no
// request is needed, on import, so that there is no init function to forget.

import { bytes } from "./core.bytes.js";
import { initSync } from "./core.js";

/** The module's memory, for `crossing.ts`; by its shape, for a project may have no types of WebAssembly. */
export const memory: { readonly buffer: ArrayBuffer } = initSync({ module: bytes() }).memory;

export * from "./core.js";
