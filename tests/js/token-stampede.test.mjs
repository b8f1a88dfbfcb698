// The fault `token-stampede`, in short.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stampede } from "../faults/token-stampede.mjs";

for (const [way, most] of [
	["stable", 8],
	["redis", 1],
	["postgres", 1],
]) {
	test(`eight processes send twenty deliveries each with a cold cache: ${way}`, async () => {
		const { lost, refused, failed, fetches } = await stampede(way, { processes: 8, sends: 20 });
		assert.deepEqual({ lost, refused, failed }, { lost: 0, refused: 0, failed: [] });
		assert.equal(fetches >= 1 && fetches <= most, true, `${fetches} token requests`);
	});
}
