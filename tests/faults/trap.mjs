// F24. A trap inside the module, in the middle of a request: that request fails alone, and nothing is lost.
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { textsIn } from "../js/support/receiver-process.mjs";

const script = fileURLToPath(new URL("trap.child.mjs", import.meta.url));

export async function trap({ folder, traps }) {
	const path = join(folder, "trapped.sqlite");
	const child = fork(script, [path, String(traps)]);
	const ended = once(child, "close");
	const [outcome] = await Promise.race([
		once(child, "message"),
		// Not `exit`, which may come before the last message has been read.
		once(child, "disconnect").then(() => {
			throw new Error("the receiver ended without a word");
		}),
	]);
	await ended;
	const { trapped, crossed, acknowledged, wrong, grown } = outcome;
	const { kept, twice } = await textsIn(path);
	return {
		tries: `${trapped} traps under a request, each alarm sent again`,
		lost: acknowledged.filter((text) => !kept.has(text)).length,
		wrong: wrong + twice,
		// The first message and every acknowledged one went through the buffer, that of a fresh instance, too.
		ok:
			trapped === traps &&
			acknowledged.length === 2 * traps &&
			crossed === 1 + acknowledged.length &&
			// An instance that stays would be more than a megabyte; what V8 itself keeps of each is some 12 KiB.
			grown < 64 + (32 * traps) / 1024,
		note: `503 to that one request; the next ones were answered with 200; memory grew by ${Math.round(grown)} MiB`,
	};
}
