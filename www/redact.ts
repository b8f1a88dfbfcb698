// What leaves the page, in a link or a copied test, holds no secret.

import { masked } from "../pkg/mask.js";
import type { Row } from "./protocol.ts";

/** What stands in the place of a secret. */
export const mask = "«masked»";

/** Names whose values are secrets, wherever they stand. */
const secretName = /(key|secret|token|password|passwd|pwd)$/i;
/** The same inside a value, such as a package string or a log line. */
const secretInside =
	/((?:app|partner|api|paysign|pay_sign)?_?(?:key|secret|token)["']?\s*[=:]{1,2}>?\s*["']?)([^&\s"'«»]+)/gi;
/** Nothing but a paySignKey has this shape. */
const keyShaped = /(?<![A-Za-z0-9])[A-Za-z0-9]{128}(?![A-Za-z0-9])/g;

/** The text without any of the secrets, and without what looks like one. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
	const spellings = secrets
		.flatMap((secret) => [secret, secret.trim()])
		.flatMap((secret) => [secret, secret.toLowerCase(), secret.toUpperCase()])
		// Shorter ones would tear up ordinary words; they are no keys.
		.filter((secret) => secret.length >= 4);
	return masked(text, [...new Set(spellings)])
		.replace(secretInside, (_, before: string) => before + mask)
		.replace(keyShaped, mask);
}

/** The fields without secrets, and how many values had to be changed. */
export function rowsWithoutSecrets(
	rows: readonly Row[],
	secrets: readonly string[],
): { rows: Row[]; removed: number } {
	let removed = 0;
	const clean = rows.map(([name, value]): Row => {
		const shown = withoutSecrets(name, secrets);
		const rest = secretName.test(name) && value !== "" ? mask : withoutSecrets(value, secrets);
		if (rest !== value || shown !== name) removed += 1;
		return [shown, rest];
	});
	return { rows: clean, removed };
}
