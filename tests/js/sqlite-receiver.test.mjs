import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { serveAlarms } from "paysign/node";
import { createSqliteStore } from "paysign/stores/sqlite";
import { alarmBodies, alarmBody, answerOf, setUp, success } from "./support/receiver.mjs";
import { postTo, startReceiver } from "./support/receiver-process.mjs";
import { kinds, setUpKind } from "./support/receivers.mjs";

const folder = mkdtempSync(join(tmpdir(), "paysign-receiver-"));
after(() => rmSync(folder, { recursive: true, force: true }));

describe("receiver over SQLite", () => {
	it("reaches every verdict, and the file says the same", async () => {
		const path = join(folder, "verdicts.sqlite");
		const store = createSqliteStore({ path });
		const { send } = setUp({ store });
		const accepted = new Set();
		for (const { name, body, accepted: expected } of alarmBodies) {
			const { status } = await send(body);
			assert.equal(status, expected ? 200 : 401, name);
			if (expected) accepted.add(name);
		}
		await store.close();
		const again = createSqliteStore({ path });
		// Several of the accepted bodies are one alarm in different clothes.
		const contents = (await again.list({ limit: 100 })).map(({ alarm }) => alarm.dedupKey);
		assert.equal(new Set(contents).size, contents.length);
		assert.equal(contents.length > 1 && contents.length < accepted.size, true);
		const refused = await again.listQuarantine({ limit: 100 });
		assert.equal(refused.length, alarmBodies.length - accepted.size);
		await again.close();
	});

	for (const kind of kinds) {
		it(`loses no message that the ${kind.name} acknowledged before kill -9, and has none twice`, async () => {
			const path = join(folder, `${kind.name}.sqlite`);
			const acknowledged = [];
			for (let round = 0; round < 2; round += 1) {
				const {
					url,
					process: child,
					ended,
				} = await startReceiver(path, "serve", [], kind.name.split(" ")[0]);
				const send = async (sender) => {
					for (let index = 0; ; index += 1) {
						const text = `${round}-${sender}-${index}`;
						const sentAt = Math.floor(Date.now() / 1_000);
						const { query, headers, body } = await kind.request(text, { sentAt });
						const status = await postTo(`${url}?${query}`, body, undefined, headers);
						if (status === undefined) return;
						assert.equal(status, 200);
						acknowledged.push(text);
						if (acknowledged.length === 40 * (round + 1)) child.kill("SIGKILL");
					}
				};
				await Promise.all([send("a"), send("b"), send("c"), send("d")]);
				assert.deepEqual(await ended, [null, "SIGKILL"]);
			}
			const store = createSqliteStore({ path });
			const { receiver, rows } = setUpKind(kind, { store, onMessage: () => {} });
			const kept = await rows();
			assert.equal(new Set(kept.map((row) => (row.alarm ?? row).dedupKey)).size, kept.length);
			const unhandled = kept.filter(({ handledAt }) => handledAt === null).length;
			assert.deepEqual(await receiver.resume(), { handled: unhandled, failed: 0 });
			const texts = new Set(kept.map((row) => kind.textOf(kind.stored(row))));
			assert.deepEqual(
				acknowledged.filter((text) => !texts.has(text)),
				[],
			);
			assert.equal(acknowledged.length >= 80, true);
			await store.close();
		});
	}

	it("offers an alarm again whose handler died with the process", async () => {
		const path = join(folder, "handler.sqlite");
		const { url, ended } = await startReceiver(path, "die-in-handler");
		const response = await fetch(url, { method: "POST", body: alarmBody("left") });
		assert.deepEqual([response.status, await response.text()], [200, "success"]);
		await ended;

		const store = createSqliteStore({ path });
		const seen = [];
		const { receiver, send, rows } = setUp({ store, onAlarm: ({ alarm }) => seen.push(alarm.alarmContent) });
		assert.deepEqual(await receiver.resume(), { handled: 1, failed: 0 });
		assert.deepEqual(await answerOf(await send(alarmBody("left"))), success);
		await receiver.idle();
		assert.deepEqual(seen, ["left"]);
		assert.equal((await rows({ unhandled: true })).length, 0);
		await store.close();
	});

	it("is served, closed and opened again without a trace of it", async () => {
		const path = join(folder, "served.sqlite");
		for (const expected of ["stored", "duplicate"]) {
			const store = createSqliteStore({ path });
			const { receiver, events } = setUp({ store, onAlarm: () => {} });
			const server = await serveAlarms(receiver, { port: 0 });
			assert.equal(await postTo(server.url, alarmBody("x")), 200);
			await server.close();
			await store.close();
			assert.deepEqual(
				events.map(({ type }) => type),
				expected === "stored" ? ["stored", "handled"] : ["duplicate"],
			);
		}
	});
});
