import type { Alarm } from "#wasm";
import type { Credentials } from "../credentials.js";
import type { AlarmStore } from "../store.js";
import { judge } from "./judge.js";
import { allRows } from "./offers.js";

/** What became of the bodies in the quarantine. */
export interface ReverifyResult {
	/** They verify now: stored, offered to `onAlarm` and released. */
	readonly inserted: number;
	/** They verify now, and the store had the alarm already: released. */
	readonly duplicates: number;
	/** Still not believed, and kept. */
	readonly refused: number;
	/** Too large to have been kept whole; kept as they are. */
	readonly truncated: number;
}

interface ReverifyOptions {
	readonly accounts: readonly Credentials[];
	readonly store: Pick<AlarmStore, "listQuarantine" | "release">;
	readonly accept: (alarm: Alarm, receivedAt: number) => Promise<"inserted" | "duplicate">;
}

/** Returns a function that verifies the bodies of the quarantine anew. */
export function createReverify({ accounts, store, accept }: ReverifyOptions) {
	return async (): Promise<ReverifyResult> => {
		const result = { inserted: 0, duplicates: 0, refused: 0, truncated: 0 };
		for await (const row of allRows((page) => store.listQuarantine(page))) {
			if (row.truncated) {
				result.truncated += 1;
				continue;
			}
			const judgement = judge(row.body, accounts);
			if ("refusedFor" in judgement) {
				result.refused += 1;
				continue;
			}
			// Released only after the insert is committed: a crash in between leaves it in both places, not in none.
			const outcome = await accept(judgement.alarm, row.receivedAt);
			await store.release(row.sequence);
			if (outcome === "inserted") result.inserted += 1;
			else result.duplicates += 1;
		}
		return result;
	};
}
