// workerd forbids compiling from bytes; it compiles the file at deployment and imports it as a module.
import { initSync } from "./core.js";
import module from "./core.wasm";

initSync({ module });

export * from "./core.js";
