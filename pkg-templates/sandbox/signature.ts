import { createHash } from "node:crypto";

/**
 * The paySign of some fields, after PROTOCOL 1.1 and nothing else: names in lower case, the key among them as
 * `appkey`, sorted, joined raw, SHA-1. Written a second time on purpose: the sandbox is to disagree when the core is
 * wrong.
 */
export function paySign(fields: Readonly<Record<string, string>>, appKey: string): string {
	const pairs = Object.entries(fields).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
	pairs.push(["appkey", appKey]);
	pairs.sort(([a], [b]) => (a < b ? -1 : 1));
	const text = pairs.map(([name, value]) => `${name}=${value}`).join("&");
	return createHash("sha1").update(text, "utf8").digest("hex");
}
