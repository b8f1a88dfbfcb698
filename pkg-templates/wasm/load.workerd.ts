// workerd forbids compiling from bytes; it compiles the file at deployment and imports it as a module.
import { initSync } from "./core.js";
import module from "./core.wasm";

/** The module's memory, for `crossing.ts`; by its shape, for a project may have no types of WebAssembly. */
export const memory: { readonly buffer: ArrayBuffer } = initSync({ module }).memory;

export * from "./core.js";
