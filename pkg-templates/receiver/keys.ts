import { type Credentials, keysOf } from "../credentials.js";

/** Whether one of the accounts' paySignKeys stands in the bytes. Throws what a look-up function throws. */
export function holdsKey(bytes: Uint8Array, accounts: readonly Credentials[]): boolean {
	return accounts.flatMap(keysOf).some((key) => includes(bytes, bytesOf(key)));
}

function includes(haystack: Uint8Array, needle: Uint8Array): boolean {
	const [first] = needle;
	if (first === undefined) return false;
	for (let at = haystack.indexOf(first); at !== -1; at = haystack.indexOf(first, at + 1)) {
		if (needle.every((byte, index) => haystack[at + index] === byte)) return true;
	}
	return false;
}

function bytesOf(key: string | Uint8Array): Uint8Array {
	return typeof key === "string" ? new TextEncoder().encode(key) : key;
}
