export type { MessageName } from "#wasm";
export type {
	Bilingual,
	DiagnoseOptions,
	Diagnosis,
	Difference,
	Excluded,
	FieldDifference,
	Lint,
	MessageReading,
	Mistake,
	Secrets,
} from "#wasm-diagnose";
export { diagnoseSignature, readMessage } from "#wasm-diagnose";
export { WeChatPayError } from "./errors.js";
