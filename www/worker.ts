// The work on what was pasted, beside the page: it may take seconds, and typing must not wait.

import { examine, read } from "./examine.ts";
import type { Job, Reply } from "./protocol.ts";

/** How often the page is told how far the search is, in milliseconds. */
const beat = 50;

addEventListener("message", ({ data }: MessageEvent<Job>) => {
	const { id } = data;
	const reply = (message: Reply) => postMessage(message);
	const reading = read(data.body);
	if (reading === null) {
		reply({ id, type: "unreadable" });
		return;
	}
	reply({ id, type: "reading", reading });
	let told = performance.now();
	const onProgress = (tried: number, total: number) => {
		const now = performance.now();
		if (now - told < beat) return;
		told = now;
		reply({ id, type: "progress", tried, total });
	};
	try {
		reply({ id, type: "answer", answer: examine(data, reading, onProgress) });
	} catch (error) {
		reply({ id, type: "refused", sentence: error instanceof Error ? error.message : String(error) });
	}
});
