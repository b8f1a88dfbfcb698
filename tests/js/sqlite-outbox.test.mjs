import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { createSqliteStore } from "paysign/stores/sqlite";
import { outboxSuite } from "./outbox.suite.mjs";
import { outboxKinds } from "./support/outbox.mjs";

const folder = mkdtempSync(join(tmpdir(), "paysign-outbox-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

for (const kind of Object.values(outboxKinds)) {
	const open = async () => {
		files += 1;
		return createSqliteStore({ path: join(folder, `${files}.sqlite`) });
	};
	outboxSuite(`outbox of ${kind.part} over SQLite`, open, {}, kind);
}
