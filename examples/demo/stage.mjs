// What both stories need: every outcome checked, and everything that was opened closed.

import assert from "node:assert/strict";
import { bad } from "./terminal.mjs";

export const date = (seconds) =>
	`${new Date(seconds * 1_000).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** Tells a story, and says so when it went wrong. */
export async function tell(story) {
	try {
		await story();
	} catch (error) {
		process.exitCode = 1;
		console.error(`\n${bad("The story went wrong.")} ${error.message}`);
	}
}

/** Whatever happens in the play, what it asked for is done at the end, the latest first. */
export async function withEndings(play) {
	const endings = [];
	try {
		await play((ending) => endings.unshift(ending));
	} finally {
		for (const end of endings) await end();
	}
}

/** Ends the story with the sentence when something is not as told. */
export function expect(actual, expected, sentence) {
	try {
		assert.deepEqual(actual, expected);
	} catch {
		throw new Error(`${sentence} Expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}.`);
	}
}

/** Resolves when one of these signals comes. */
export function until(...signals) {
	return new Promise((resolve) => {
		for (const signal of signals) process.once(signal, resolve);
	});
}
