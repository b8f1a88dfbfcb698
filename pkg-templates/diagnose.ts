export type { MessageName } from "#wasm";
export type {
	Bilingual,
	DiagnoseOptions,
	Diagnosis,
	Difference,
	Excluded,
	FieldDescription,
	FieldDifference,
	Lint,
	MessageDescription,
	MessageReading,
	Mistake,
	Recipe,
	Secrets,
} from "#wasm-diagnose";
export { describeMessages, diagnoseSignature, readMessage } from "#wasm-diagnose";
export { WeChatPayError } from "./errors.js";
