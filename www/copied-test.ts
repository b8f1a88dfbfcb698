// A case as a unit test: it fails as long as the signature is wrong.

import type { MessageName } from "paysign";
import type { Row } from "./protocol.ts";

/** What the test is about. Its fields are without secrets. */
export interface TestedCase {
	readonly message: MessageName;
	readonly fields: readonly Row[];
	readonly given: string;
	/** What is known to be wrong, a sentence each. */
	readonly findings: readonly string[];
}

/** A test file for `node --test`. The key comes from the environment. */
export function testOf({ message, fields, given, findings }: TestedCase): string {
	const needsKey = message !== "editAddress";
	const lines = [
		"// Fails while the signature is wrong: npm install paysign, then",
		`//   ${needsKey ? 'PAYSIGN_APP_KEY="$(cat app.key)" ' : ""}node --test paysign.test.mjs`,
		...findings.map((finding) => `// ${finding.replace(/\s+/g, " ")}`),
		'import assert from "node:assert/strict";',
		'import { test } from "node:test";',
		'import { explainSignature } from "paysign";',
		"",
		...(needsKey
			? ["// The paySignKey; it is not in this file.", "const appKey = process.env.PAYSIGN_APP_KEY;"]
			: []),
		"const fields = {",
		...fields.map(([name, value]) => `\t${property(name)}: ${JSON.stringify(value)},`),
		"};",
		"// What your program made. Call your program here.",
		`const given = ${JSON.stringify(given)};`,
		"",
		`test("the signature of ${message} is the documented one", () => {`,
		...(needsKey ? ['\tassert(appKey, "PAYSIGN_APP_KEY is not set");'] : []),
		`\tconst { signature, canonicalText } = explainSignature({ message: "${message}", fields${needsKey ? ", appKey" : ""} });`,
		// biome-ignore lint/suspicious/noTemplateCurlyInString: it is the test's own template.
		"\tassert.equal(given, signature, `not the SHA-1 of ${canonicalText}`);",
		"});",
		"",
	];
	return lines.join("\n");
}

/** In brackets, `__proto__` is a name like any other. */
function property(name: string): string {
	return name === "__proto__" ? '["__proto__"]' : JSON.stringify(name);
}
