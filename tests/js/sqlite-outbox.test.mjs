import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { createSqliteStore } from "paysign/stores/sqlite";
import { outboxSuite } from "./outbox.suite.mjs";

const folder = mkdtempSync(join(tmpdir(), "paysign-outbox-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

outboxSuite("outbox over SQLite", async () => {
	files += 1;
	return createSqliteStore({ path: join(folder, `${files}.sqlite`) });
});
