import { allRows } from "./offers.js";
import type { Inbox, Keyed, Protocol } from "./protocol.js";

/** What became of the bodies in the quarantine. */
export interface ReverifyResult {
	/** They verify now: stored, offered to the handler and released. */
	readonly inserted: number;
	/** They verify now, and the store had the message already: released. */
	readonly duplicates: number;
	/** Still not believed, and kept. */
	readonly refused: number;
	/** Too large to have been kept whole; kept as they are. */
	readonly truncated: number;
}

interface ReverifyOptions<Message extends Keyed, Context> {
	readonly protocol: Pick<Protocol<Message, Context, unknown>, "judge">;
	readonly inbox: Pick<Inbox<Message, Context>, "listQuarantine" | "release">;
	readonly accept: (message: Message, receivedAt: number) => Promise<"inserted" | "duplicate">;
}

/** Returns a function that verifies the bodies of the quarantine anew. */
export function createReverify<Message extends Keyed, Context>(options: ReverifyOptions<Message, Context>) {
	const { protocol, inbox, accept } = options;
	return async (): Promise<ReverifyResult> => {
		const result = { inserted: 0, duplicates: 0, refused: 0, truncated: 0 };
		for await (const row of allRows((page) => inbox.listQuarantine(page))) {
			if (row.truncated) {
				result.truncated += 1;
				continue;
			}
			const judgement = await protocol.judge(row.body, row.context, row.receivedAt);
			if ("refusedFor" in judgement) {
				result.refused += 1;
				continue;
			}
			// Released only after the insert is committed: a crash in between leaves it in both places, not in none.
			const outcome = await accept(judgement.message, row.receivedAt);
			await inbox.release(row.sequence);
			if (outcome === "inserted") result.inserted += 1;
			else result.duplicates += 1;
		}
		return result;
	};
}
