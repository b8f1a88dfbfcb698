// Values on their way between Node.js and a Worker: JSON, with what it has no word for.

const odd = { undefined: undefined, NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY };

export function toWire(value) {
	return JSON.stringify(value, (_, item) => {
		if (item instanceof Uint8Array) return { $bytes: [...item] };
		const name = Object.keys(odd).find((name) => Object.is(odd[name], item));
		return name === undefined ? item : { $odd: name };
	});
}

export function fromWire(text) {
	return revive(JSON.parse(text));
}

// By hand: a reviver that gives `undefined` deletes the member.
function revive(value) {
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) return value.map(revive);
	if ("$bytes" in value) return Uint8Array.from(value.$bytes);
	if ("$odd" in value) return odd[value.$odd];
	return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, revive(item)]));
}
