// The laws of a TokenStore (pkg-templates/token.ts), checked on whichever store `open` opens.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

const first = { accessToken: `1_${"a".repeat(128)}`, refreshAt: 10, expiresAt: 20 };
const second = { accessToken: `2_${"b".repeat(510)}`, refreshAt: 30, expiresAt: 40 };
/** Longer than any test takes. */
const longMs = 3_600_000;

/**
 * @param {string} name What is under test.
 * @param {() => Promise<import("paysign").TokenStore[]>} open Gives several connections to one empty store, whose clock
 *   for forgetting tokens stands at 0.
 */
export function tokenStoreContract(name, open) {
	function law(title, check) {
		it(title, async () => {
			const stores = await open();
			await check(stores[0], stores);
		});
	}
	/** Calls it many times at once, from all connections. */
	const many = (stores, call) =>
		Promise.all(Array.from({ length: 24 }, (_, i) => call(stores[i % stores.length], i)));

	describe(`${name}: tokens`, () => {
		law(
			"starts empty, and keeps a token as it is, apart from those of other accounts",
			async (store, stores) => {
				assert.equal(await store.read("a"), undefined);
				assert.equal(await store.replace("a", undefined, first), true);
				for (const each of stores) assert.deepEqual(await each.read("a"), first);
				assert.equal(await store.read("b"), undefined);
				assert.equal(await store.read("A"), undefined);
			},
		);

		law("replaces only what it holds, all three members equal", async (store) => {
			assert.equal(await store.replace("a", first, second), false, "there is nothing to replace");
			assert.equal(await store.read("a"), undefined);
			await store.replace("a", undefined, first);
			assert.equal(await store.replace("a", undefined, second), false, "there is something already");
			for (const member of Object.keys(first)) {
				assert.equal(await store.replace("a", { ...first, [member]: "0" }, second), false, member);
			}
			assert.deepEqual(await store.read("a"), first);
			assert.equal(await store.replace("a", { ...first }, second), true);
			assert.deepEqual(await store.read("a"), second);
		});

		law("lets exactly one of many replace", async (store, stores) => {
			const token = (index) => ({ ...first, accessToken: `token-${index}` });
			const firsts = await many(stores, (each, i) => each.replace("a", undefined, token(i)));
			assert.equal(firsts.filter(Boolean).length, 1);
			const held = await store.read("a");
			assert.deepEqual(held, token(firsts.indexOf(true)));
			const seconds = await many(stores, (each, i) => each.replace("a", held, token(100 + i)));
			assert.equal(seconds.filter(Boolean).length, 1);
			assert.deepEqual(await store.read("a"), token(100 + seconds.indexOf(true)));
		});

		law("is not changed through objects passed or received", async (store) => {
			const passed = { ...first };
			await store.replace("a", undefined, passed);
			passed.accessToken = "changed";
			const received = await store.read("a");
			received.accessToken = "changed";
			assert.deepEqual(await store.read("a"), first);
		});

		law("keeps odd text apart", async (store) => {
			for (const appId of ["'; DROP TABLE paysign_tokens; --", "{a}", "__proto__", "a:token", "字"]) {
				const token = { ...first, accessToken: `of ${appId}` };
				assert.equal(await store.replace(appId, undefined, token), true);
				assert.deepEqual(await store.read(appId), token);
			}
		});
	});

	describe(`${name}: leases`, () => {
		law(
			"gives a lease to exactly one of many, and to the next when it is given back",
			async (store, stores) => {
				const leases = await many(stores, (each) => each.lease("a", longMs));
				const [lease, ...more] = leases.filter((given) => given !== undefined);
				assert.deepEqual(more, []);
				assert.equal(await store.lease("a", longMs), undefined);
				assert.equal(typeof (await store.lease("b", longMs)), "number", "accounts are apart");
				await stores.at(-1).release("a", lease);
				const next = await store.lease("a", longMs);
				assert.equal(next > lease, true, "numbers grow");
			},
		);

		law("ends a lease by itself", async (store, stores) => {
			const dead = await store.lease("a", 1);
			const next = await eventually(() => stores.at(-1).lease("a", longMs));
			assert.equal(next > dead, true);
			await store.release("a", dead);
			assert.equal(await store.lease("a", longMs), undefined, "who came too late takes nothing away");
		});

		law("lets a token come and go under a lease", async (store) => {
			const lease = await store.lease("a", longMs);
			assert.equal(await store.read("a"), undefined);
			assert.equal(await store.replace("a", undefined, first), true);
			await store.release("a", lease);
			assert.deepEqual(await store.read("a"), first);
		});
	});
}

/** What a call gives as soon as it gives something. */
async function eventually(call) {
	for (const end = Date.now() + 5_000; Date.now() < end; ) {
		const given = await call();
		if (given !== undefined) return given;
		await new Promise((resolve) => setTimeout(resolve, 1));
	}
	return assert.fail("nothing came");
}
