import type { SandboxAccount } from "./types.js";

const mask = "«masked»";

/** The query of a request without its secrets. */
export function maskedQuery(query: URLSearchParams): string {
	const shown = [...query].map(([name, value]) =>
		name === "access_token" || name === "secret" ? `${name}=${mask}` : `${name}=${value}`,
	);
	return shown.join("&");
}

/** A body without its secrets: those that are known, and those that their member's name gives away. */
export function maskedBody(
	body: string,
	accounts: Iterable<SandboxAccount>,
	tokens: readonly string[],
): string {
	const secrets = [...accounts].flatMap(({ appKey, appSecret }) => [appKey ?? [], appSecret].flat());
	const byValue = [...secrets, ...tokens].reduce((text, secret) => text.replaceAll(secret, mask), body);
	return byValue.replace(/("(?:secret|appkey)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi, `$1"${mask}"`);
}

/** Whether a body shows the key that it was signed with. */
export function leaksKey(body: string, accounts: Iterable<SandboxAccount>): boolean {
	return (
		/"appkey"\s*:/i.test(body) ||
		[...accounts].some(({ appKey }) => appKey !== undefined && body.includes(appKey))
	);
}
