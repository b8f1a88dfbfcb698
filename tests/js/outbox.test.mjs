import { createMemoryStore } from "paysign/stores/memory";
import { outboxSuite } from "./outbox.suite.mjs";

outboxSuite("outbox over memory", async () => createMemoryStore(), { outageHours: 24 });
