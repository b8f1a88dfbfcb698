import type { Arguments } from "./arguments.js";
import { receiving } from "./receivers.js";
import { withStore } from "./store.js";
import { exitCodes } from "./table.js";
import { storeTexts } from "./texts/stores.js";
import type { Received } from "./words.js";
import type { World } from "./world.js";

/** Verifies again what was refused, with the keys as they are now. */
export async function reverify(kind: Received, typed: Arguments, world: World): Promise<number> {
	const { create } = await receiving[kind](typed, world);
	return withStore(typed, world, async (store) => {
		const result = await create(store).reverify();
		const { inserted, duplicates, refused, truncated } = result;
		const line = storeTexts[world.language].reverified(inserted, duplicates, refused, truncated);
		world.out(typed.flags.has("json") ? `${JSON.stringify(result)}\n` : `${line}\n`);
		return exitCodes.yes;
	});
}
