export { WeChatPayError } from "./errors.js";
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
} from "./wasm/load.diagnose.js";
export { describeMessages, diagnoseSignature, readMessage } from "./wasm/load.diagnose.js";
export type { MessageName } from "./wasm/load.js";
