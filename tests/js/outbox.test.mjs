import { createMemoryStore } from "paysign/stores/memory";
import { outboxSuite } from "./outbox.suite.mjs";
import { outboxKinds } from "./support/outbox.mjs";

for (const kind of Object.values(outboxKinds)) {
	const name = `outbox of ${kind.part} over memory`;
	outboxSuite(name, async () => createMemoryStore(), { outageHours: 24 }, kind);
}
