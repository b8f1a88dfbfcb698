// What `paysign sandbox` takes from standard input: each word, and what comes behind it.

export const controls = {
	order: "{JSON}",
	fault: "PATH NAME [TIMES]",
	alarm: "TEXT",
	push: "EVENT [{JSON}]",
	url: "",
	check: "",
	confirm: "TRANSID",
	settle: "TRANSID",
	refund: "TRANSID",
	state: "TRANSID",
	quit: "",
} as const;

/** A word that begins a line. */
export type Control = keyof typeof controls;

/** All of them, for a person. */
export function controlsListed(separator: string): string {
	return Object.entries(controls)
		.map(([word, rest]) => `${word} ${rest}`.trimEnd())
		.join(separator);
}
