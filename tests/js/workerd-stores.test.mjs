// The stores of Cloudflare's platform, in workerd itself.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createD1Store } from "paysign/stores/d1";
import { createDurableObjectStore } from "paysign/stores/durable-object";
import { deliveryStoreContract } from "./delivery-store.contract.mjs";
import { notificationStoreContract } from "./notification-store.contract.mjs";
import { storeContract } from "./store.contract.mjs";
import { kinds, progressOf, rowOf } from "./support/deliveries.mjs";
import { alarmOf, notificationOf, refusedNotificationOf, refusedOf, rejects } from "./support/store.mjs";
import { startWorkerd } from "./support/workerd.mjs";

const all = { limit: 1_000 };
const tables = [
	"alarms",
	"quarantine",
	"deliveries",
	"shipments",
	"notifications",
	"notification_quarantine",
];

let workerd;
before(async () => {
	workerd = await startWorkerd({ databases: 40 });
});
after(() => workerd?.remove());

const used = { databases: 0, objects: 0 };
/** Two kinds of place for a store; each call gives a new one. */
const places = {
	"D1 store": () => {
		used.databases += 1;
		return { binding: workerd.bindings[used.databases] };
	},
	"Durable Object store": () => {
		used.objects += 1;
		return { object: `object ${used.objects}` };
	},
};

/** The contract's stores use one database after the other, emptied: a Worker has only so many. */
async function openD1() {
	const place = { binding: workerd.bindings[0] };
	const store = workerd.store(place);
	await store.list(all);
	for (const table of tables) await workerd.sql(place, `DELETE FROM ${table}`);
	return store;
}

async function openObject() {
	return workerd.store(places["Durable Object store"]());
}

for (const [name, open] of [
	["D1 store", openD1],
	["Durable Object store", openObject],
]) {
	storeContract(name, open);
	for (const kind of Object.values(kinds)) deliveryStoreContract(name, open, kind);
	notificationStoreContract(name, open);
}

for (const [name, newPlace] of Object.entries(places)) {
	describe(`${name}: concurrency`, () => {
		it("is one store for callers that come at once, also when it is new", async () => {
			const place = newPlace();
			const outcomes = await Promise.all(
				Array.from({ length: 20 }, (_, index) => workerd.store(place).insert(alarmOf("one"), index)),
			);
			assert.equal(outcomes.filter((outcome) => outcome === "inserted").length, 1);
		});
	});

	describe(`${name}: the set-up`, () => {
		it("is finished by the next caller, wherever it failed", async () => {
			for (let failAt = 0; ; failAt += 1) {
				const place = newPlace();
				const failing = workerd.store({ ...place, failAt });
				const outcome = await failing.insert(alarmOf("one"), 1).catch((error) => error.code);
				const store = workerd.store(place);
				assert.equal(await store.insert(alarmOf("two"), 1), "inserted", `after a failure at ${failAt}`);
				assert.equal((await store.list(all)).length, outcome === "inserted" ? 2 : 1);
				if (outcome === "inserted") {
					assert.equal(failAt > 10, true, "the set-up has at least the tables and their indexes");
					return;
				}
				assert.equal(outcome, "STORE_FAILED");
			}
		});

		it("leaves alone what a newer paysign has set up", async () => {
			const place = newPlace();
			await workerd.sql(place, "CREATE TABLE paysign_schema (only_row INTEGER, version INTEGER)");
			await workerd.sql(place, "INSERT INTO paysign_schema VALUES (1, 9)");
			await assert.rejects(workerd.store(place).list(all), /schema version 9; .* versions up to 3/);
		});

		it("leaves alone the tables of another program", async () => {
			const place = newPlace();
			await workerd.sql(place, "CREATE TABLE deliveries (parcel TEXT)");
			const store = workerd.store(place);
			await assert.rejects(store.list(all), /a table `deliveries` that paysign did not make/);
			await rejects("STORE_FAILED", store.insert(alarmOf("one"), 1));
			const names = await workerd.sql(place, "SELECT name FROM sqlite_schema WHERE name = 'alarms'");
			assert.deepEqual(names, []);
		});
	});

	it(`${name}: an error shows no value`, async () => {
		const store = workerd.store(newPlace());
		const refused = refusedOf("secret-value", { digest: "secret-digest", code: undefined });
		await assert.rejects(store.quarantine(refused, 10), (error) => {
			assert.equal(error.code, "STORE_FAILED");
			assert.doesNotMatch(`${error.message} ${JSON.stringify(error.details)}`, /undefined|secret/);
			return true;
		});
		assert.deepEqual(await store.listQuarantine(all), []);
	});
}

it("their rows outlive workerd, and the object that kept them", async () => {
	const kept = await Promise.all(
		Object.values(places).map(async (newPlace) => {
			const place = newPlace();
			const store = workerd.store(place);
			assert.equal(await store.insert(alarmOf("kept"), 1), "inserted");
			await store.quarantine(refusedOf("refused"), 10);
			assert.equal(await store.deliveries.enqueue(rowOf(1), progressOf()), "inserted");
			assert.equal(await store.notifications.insert(notificationOf("kept"), 1), "inserted");
			await store.notifications.quarantine(refusedNotificationOf("refused"), 10);
			return { place, content: await contentOf(store) };
		}),
	);
	const check = async () => {
		for (const { place, content } of kept) {
			assert.deepEqual(
				content.map((rows) => rows.length),
				[1, 1, 1, 1, 1],
			);
			assert.deepEqual(await contentOf(workerd.store(place)), content);
			assert.equal(await workerd.store(place).insert(alarmOf("kept"), 2), "duplicate");
		}
	};
	for (const { place } of kept) if (place.object !== undefined) await workerd.evict(place.object);
	await check();
	await workerd.restart();
	await check();
});

async function contentOf(store) {
	const { deliveries, notifications } = store;
	return Promise.all([
		store.list(all),
		store.listQuarantine(all),
		deliveries.list(all),
		notifications.list(all),
		notifications.listQuarantine(all),
	]);
}

it("D1 store: a database that is out of reach is worth another try", async () => {
	// What D1 says then, which workerd on one machine has no occasion to say.
	for (const said of [
		"D1_ERROR: Network connection lost.",
		"D1_ERROR: D1 DB is overloaded. Too many requests queued.",
	]) {
		const statement = { bind: () => statement };
		const database = { prepare: () => statement, batch: () => Promise.reject(new Error(said)) };
		await assert.rejects(createD1Store({ database }).insert(alarmOf("one"), 1), (error) => {
			assert.deepEqual(
				[error.code, error.details],
				["STORE_FAILED", { reason: "D1_ERROR", retryable: true }],
			);
			assert.match(error.message, /not known whether anything was kept/);
			return true;
		});
	}
});

it("what is not a binding is refused when the store is made", () => {
	for (const make of [() => createD1Store({}), () => createDurableObjectStore({ storage: {} })]) {
		assert.throws(make, (error) => error.code === "ARGUMENT_INVALID");
	}
});
