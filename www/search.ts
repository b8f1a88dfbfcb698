// The page's end of the worker: the latest question wins, and a search can be stopped.

import type { Job, Reply } from "./protocol.ts";

interface TrustedTypePolicies {
	createPolicy(
		name: string,
		rules: { createScriptURL(url: string): string },
	): {
		createScriptURL(url: string): string;
	};
}

export interface Search {
	/** Asks; whatever was asked before is forgotten. */
	ask(job: Job): void;
	/** Ends what is under way. */
	stop(): void;
}

/**
 * The worker is started from its source, which the page has from the beginning: to stop a search is to end the worker,
 * and starting the next one makes no request.
 */
export function openSearch(source: string, hear: (reply: Reply) => void, fail: () => void): Search {
	const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
	const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypePolicies };
	// The one script that may ever be started, whatever else asks for one.
	const policy = trustedTypes?.createPolicy("paysign", {
		createScriptURL(asked) {
			if (asked === url) return asked;
			throw new TypeError("This page starts its own worker and no other script.");
		},
	});
	const trusted = policy?.createScriptURL(url) ?? url;

	let worker = start();
	let waiting: number | null = null;

	function start(): Worker {
		const started = new Worker(trusted);
		started.onmessage = ({ data }: MessageEvent<Reply>) => {
			if (started !== worker || data.id !== waiting) return;
			if (data.type !== "reading" && data.type !== "progress") waiting = null;
			hear(data);
		};
		started.onerror = (event) => {
			event.preventDefault();
			if (started !== worker || waiting === null) return;
			restart();
			fail();
		};
		return started;
	}

	function restart(): void {
		waiting = null;
		worker.terminate();
		worker = start();
	}

	return {
		ask(job) {
			if (waiting !== null) restart();
			waiting = job.id;
			worker.postMessage(job);
		},
		stop() {
			if (waiting !== null) restart();
		},
	};
}
