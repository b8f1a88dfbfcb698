/** Resolves with the first SIGINT or SIGTERM; a second one ends the process at once, as always. */
export function signalled(): Promise<void> {
	return new Promise((resolve) => {
		for (const signal of ["SIGINT", "SIGTERM"] as const) {
			process.once(signal, () => {
				for (const other of ["SIGINT", "SIGTERM"]) process.removeAllListeners(other);
				resolve();
			});
		}
	});
}
