// A case as a unit test: it fails as long as the signature is wrong.

import type { MessageDescription } from "paysign/diagnose";
import type { Row } from "./protocol.ts";

/** What the test is about. Its fields are without secrets. */
export interface TestedCase {
	readonly message: MessageDescription;
	readonly fields: readonly Row[];
	readonly given: string;
	/** What is known to be wrong, a sentence each. */
	readonly findings: readonly string[];
}

/** A test file for `node --test`. The secret comes from the environment. */
export function testOf({ message, fields, given, findings }: TestedCase): string {
	const { secret } = message.recipe;
	// Without a key, one of the values is the secret.
	const secretField = secret.place === "value" ? secret.name.toLowerCase() : null;
	const variable = `PAYSIGN_${(secretField === null ? "appKey" : secret.name).replace(/[A-Z]/g, "_$&").toUpperCase()}`;
	const call = `explainSignature({ message: "${message.name}", fields${secretField === null ? ", appKey: secret" : ""} })`;
	const lines = [
		"// Fails while the signature is wrong: npm install paysign, then",
		`//   ${variable}="$(cat secret.txt)" node --test paysign.test.mjs`,
		...findings.map((finding) => `// ${finding.replace(/\s+/g, " ")}`),
		'import assert from "node:assert/strict";',
		'import { test } from "node:test";',
		'import { explainSignature } from "paysign";',
		"",
		"// It is not in this file.",
		`const secret = process.env.${variable};`,
		"const fields = {",
		...fields.map(([name, value]) => {
			const isSecret = name.toLowerCase() === secretField;
			return `\t${property(name)}: ${isSecret ? "secret" : JSON.stringify(value)},`;
		}),
		"};",
		"// What your program made. Call your program here.",
		`const given = ${JSON.stringify(given)};`,
		"",
		`test("the signature of ${message.name} is the documented one", () => {`,
		`\tassert(secret, "${variable} is not set");`,
		`\tconst { signature${secretField === null ? ", canonicalText" : ""} } = ${call};`,
		// The text shows the key masked, but a value as it is.
		// biome-ignore lint/suspicious/noTemplateCurlyInString: it is the test's own template.
		`\tassert.equal(given, signature, ${secretField === null ? "`not the SHA-1 of ${canonicalText}`" : '"not the documented signature"'});`,
		"});",
		"",
	];
	return lines.join("\n");
}

/** In brackets, `__proto__` is a name like any other. */
function property(name: string): string {
	return name === "__proto__" ? '["__proto__"]' : JSON.stringify(name);
}
