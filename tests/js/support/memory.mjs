// What stays in the memory of a WebAssembly module.

/** Shorter runs of a key could be found by chance. */
const windowBytes = 8;

/** Where pieces of the key are found, as it stands and as words of the other byte order, which the hashes work on. */
export const searchOf = (memory) => (key) => {
	const all = Buffer.from(memory.buffer);
	const found = [];
	const search = (bytes, order) => {
		for (let at = 0; at + windowBytes <= bytes.length; at++) {
			const index = all.indexOf(bytes.subarray(at, at + windowBytes));
			if (index >= 0) found.push(`${order} ${at} at ${index}`);
		}
	};
	search(key, "plain");
	for (let start = 0; start < 4; start++) {
		const words = Buffer.from(key.subarray(start));
		search(words.subarray(0, words.length - (words.length % 4)).swap32(), `words from ${start}`);
	}
	return found;
};
