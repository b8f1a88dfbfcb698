/** Whether one of the keys stands in the bytes. */
export function holdsKey(bytes: Uint8Array, keys: readonly (string | Uint8Array)[]): boolean {
	return keys.some((key) => includes(bytes, typeof key === "string" ? new TextEncoder().encode(key) : key));
}

function includes(haystack: Uint8Array, needle: Uint8Array): boolean {
	const [first] = needle;
	if (first === undefined) return false;
	for (let at = haystack.indexOf(first); at !== -1; at = haystack.indexOf(first, at + 1)) {
		if (needle.every((byte, index) => haystack[at + index] === byte)) return true;
	}
	return false;
}
