// The forms in which the same JSON can be written, and in what two of them differ.

import type { MistakeId } from "./mistakes.js";
import { isObject, type JsonValue } from "./notification.js";
import { parsed } from "./resource.js";

/** How a JSON library writes. */
interface Style {
	/** Between the parts: the usual, that of Python, or line breaks with this indentation. */
	readonly space: "none" | "python" | "  " | "    " | "\t";
	readonly slashes: boolean;
	readonly unicode: boolean;
}

const styles: readonly Style[] = [false, true].flatMap((unicode) =>
	[false, true].flatMap((slashes) =>
		(["none", "python", "  ", "    ", "\t"] as const).map((space) => ({ space, slashes, unicode })),
	),
);

/** The orders in which WeChat Pay's documents and libraries have the keys of a notification. */
const knownOrders = {
	outside: [
		["id", "create_time", "resource_type", "event_type", "summary", "resource"],
		["id", "create_time", "event_type", "resource_type", "summary", "resource"],
		["id", "create_time", "resource_type", "event_type", "resource", "summary"],
		["id", "create_time", "event_type", "resource_type", "resource", "summary"],
		["id", "event_type", "create_time", "resource_type", "summary", "resource"],
	],
	inside: [
		["original_type", "algorithm", "ciphertext", "associated_data", "nonce"],
		["algorithm", "ciphertext", "nonce", "original_type", "associated_data"],
		["algorithm", "original_type", "ciphertext", "nonce", "associated_data"],
		["original_type", "algorithm", "ciphertext", "nonce", "associated_data"],
		["algorithm", "ciphertext", "associated_data", "nonce", "original_type"],
		["algorithm", "ciphertext", "associated_data", "original_type", "nonce"],
		["algorithm", "ciphertext", "original_type", "associated_data", "nonce"],
	],
} as const;

/** The forms of this JSON that are tried, the likeliest first, some of them twice. */
export function* jsonForms(value: JsonObject): Generator<string, void> {
	for (const style of styles) yield write(value, style);
	const orders = [...ordersOf(value)];
	for (const style of styles) {
		for (const ordered of orders) yield write(ordered, style);
	}
}

/** The compact form in every order of the keys; in none, if there are more keys than a notification has. */
export function* jsonOrders(value: JsonObject): Generator<string, void> {
	const { resource } = value;
	if (!isObject(resource) || Object.keys(value).length > 6 || Object.keys(resource).length > 5) return;
	// Written once, and put together in every way.
	const membersOf = (object: JsonObject) =>
		Object.entries(object).map(([name, item]) => `${JSON.stringify(name)}:${JSON.stringify(item)}`);
	const insides = [...permutations(membersOf(resource))].map(
		(members) => `"resource":{${members.join(",")}}`,
	);
	const outside = membersOf(value);
	const place = Object.keys(value).indexOf("resource");
	for (const order of permutations([...outside.keys()])) {
		for (const inside of insides) {
			yield `{${order.map((index) => (index === place ? inside : outside[index])).join(",")}}`;
		}
	}
}

/** An object of JSON. */
export type JsonObject = { readonly [name: string]: JsonValue };

/** In the known orders, and by name. */
function* ordersOf(value: JsonObject): Generator<JsonObject, void> {
	const { resource } = value;
	const insides = isObject(resource)
		? [
				resource,
				...knownOrders.inside.map((names) => inOrder(resource, names)),
				inOrder(resource, Object.keys(resource).sort()),
			]
		: [resource];
	for (const names of [Object.keys(value), ...knownOrders.outside, Object.keys(value).sort()]) {
		for (const inside of insides) {
			yield inOrder(inside === undefined ? value : { ...value, resource: inside }, names);
		}
	}
}

function* permutations<T>(items: readonly T[]): Generator<readonly T[], void> {
	if (items.length <= 1) yield items;
	for (const [index, item] of items.length > 1 ? items.entries() : []) {
		for (const rest of permutations(items.filter((_, other) => other !== index))) yield [item, ...rest];
	}
}

function inOrder(value: JsonObject, names: readonly string[]): JsonObject {
	const first = names.filter((name) => Object.hasOwn(value, name));
	const all = [...first, ...Object.keys(value).filter((name) => !names.includes(name))];
	return Object.fromEntries(all.map((name) => [name, value[name] as JsonValue]));
}

function write(value: JsonValue, style: Style, depth = 1): string {
	if (typeof value === "string") return writeString(value, style);
	if (typeof value !== "object" || value === null) return JSON.stringify(value);
	const { space } = style;
	const colon = space === "none" ? ":" : ": ";
	const items = Array.isArray(value)
		? value.map((item) => write(item, style, depth + 1))
		: Object.entries(value).map(
				([name, item]) => writeString(name, style) + colon + write(item, style, depth + 1),
			);
	const [open, close] = Array.isArray(value) ? "[]" : "{}";
	if (space === "none" || space === "python" || items.length === 0) {
		return open + items.join(space === "python" ? ", " : ",") + close;
	}
	const line = `\n${space.repeat(depth)}`;
	return `${open}${line}${items.join(`,${line}`)}\n${space.repeat(depth - 1)}${close}`;
}

function writeString(text: string, { slashes, unicode }: Style): string {
	let written = JSON.stringify(text);
	if (slashes) written = written.replaceAll("/", "\\/");
	if (!unicode) return written;
	return written.replace(/[^\0-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** In what two forms of the same JSON differ. */
export function formDifferences(one: string, other: string): readonly MistakeId[] {
	const [a, b] = [formOf(one), formOf(other)];
	return [
		...(a.end === b.end ? [] : (["body-line-end"] as const)),
		...(a.order === b.order ? [] : (["body-key-order"] as const)),
		...(a.unicode === b.unicode ? [] : (["body-escaped-unicode"] as const)),
		...(a.slashes === b.slashes ? [] : (["body-escaped-slashes"] as const)),
		...(a.space === b.space ? [] : (["body-whitespace"] as const)),
	];
}

function formOf(text: string) {
	const value = parsed(text);
	const trimmed = text.trimEnd();
	const tokens = trimmed.match(/"(?:[^"\\]|\\.)*"|\s+|[^"\s]+/g) ?? [];
	const strings = tokens.filter((token) => token.startsWith('"'));
	return {
		end: text.slice(trimmed.length),
		order: isObject(value)
			? JSON.stringify([Object.keys(value), isObject(value.resource) && Object.keys(value.resource)])
			: "",
		unicode: strings.filter((token) => /\\u[0-9a-f]{4}/i.test(token)).length,
		slashes: strings.filter((token) => token.includes("\\/")).length,
		// White space where it stands between the others, which may stand in another order.
		space: tokens
			.filter((token) => /^\s/.test(token))
			.sort()
			.join("|"),
	};
}
