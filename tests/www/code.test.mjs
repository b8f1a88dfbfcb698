// The programs that the page writes are run by the languages themselves, and must print the known signature.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { explainSignature } from "paysign";
import { describeMessages } from "paysign/diagnose";
import { codeFor, languages } from "../../www/code/index.ts";
import { runAll, toolchains, vectors, versionOf } from "./code/toolchains.mjs";

const table = new Map(describeMessages().map((message) => [message.name, message]));

/** A case: what the page has, the secrets that the program finds, the signature that it must print. */
const known = vectors.map(({ message, fields, key, signature }) => {
	const description = table.get(message);
	const { place, name } = description.recipe.secret;
	const env =
		place === "value"
			? { PAYSIGN_ACCESS_TOKEN: fields.find(([wire]) => wire === name)[1] }
			: { PAYSIGN_APP_KEY: key };
	return { signing: { message: description, fields }, env, signature };
});

const [{ key }] = vectors;

/** A value in each field of a delivery. */
function delivery(values) {
	const message = table.get("deliverNotify");
	const names = message.fields.filter(({ role }) => role === "signed").map(({ name }) => name);
	const fields = names.map((name, index) => [name, values[index] ?? ""]);
	const { signature } = explainSignature({
		message: message.name,
		fields: Object.fromEntries(fields),
		appKey: key,
	});
	return { signing: { message, fields }, env: { PAYSIGN_APP_KEY: key }, signature };
}

const scalars = (from, to) =>
	String.fromCodePoint(...Array.from({ length: to - from }, (_, index) => from + index));

// Everything that has a meaning somewhere: quotes, escapes, variables, comments, formats, the ends of literals.
const hostile = [
	["\\", "'", '"', "`", "$", "\\'", '\\"'],
	[
		"$key {$key} $" + "{key} #{key} {key} %s %1$s {}",
		"\\u0041 \\x41 \\101 \\N{DASH} \\0",
		'"""',
		"'''",
		"?>",
		"*/ //",
		"<?php",
	],
	[
		"\n",
		"\r\n",
		"\t\0\x07\x1b\x7f",
		"\u2028\u2029\u0085",
		"\u202e\u2066\u200b\ufeff\u00a0\u3000",
		"e\u0301 é 👩‍👩‍👧 🇨🇳 ❤️",
		"a&b=c&appkey=x",
	],
	["\u0000" + "7", "\x7f8", "\u0080\u00ff9", "\ud7ff\ue000\uffff", "\u{10000}\u{10ffff}", " ", "0x10"],
];
const random = fc.sample(fc.array(fc.string({ unit: "binary" }), { minLength: 7, maxLength: 7 }), {
	seed: 1,
	numRuns: 3,
});
// Every character of the first plane, which is also longer than a constant of Java may be.
const plane = [scalars(0, 0x8000), scalars(0x8000, 0xd800), scalars(0xe000, 0x1_0000)];

// No message of the table has these settings; the signature of the package has.
const packaged = ["value", ""].map((attach) => {
	const recipe = {
		...table.get("deliverNotify").recipe,
		names: "as-is",
		empties: "drop",
		secret: { place: "suffix", name: "key" },
		digest: "md5",
		hex: "upper",
	};
	const fields = [
		["sign", "x"],
		["Total_fee", "1"],
		["attach", attach],
		["bank_type", "WX"],
	];
	const roles = fields.map(([name]) => ({
		name,
		role: name === "sign" ? "signature" : "signed",
		presence: "once",
	}));
	const text = `Total_fee=1${attach && `&attach=${attach}`}&bank_type=WX&key=partner`;
	return {
		signing: { message: { name: "package", title: "the package", recipe, fields: roles }, fields },
		env: { PAYSIGN_PARTNER_KEY: "partner" },
		signature: createHash("md5").update(text).digest("hex").toUpperCase(),
	};
});

// As the page may have them: names in another case, in another order, what is not signed among them, a name twice.
const untidy = known.map(({ signing: { message, fields }, env, signature }) => {
	const [first, ...rest] = fields.map(([name, value]) => [name.toUpperCase(), value]);
	const unsigned = message.fields
		.filter(({ role }) => role !== "signed")
		.map(({ name }) => [name, "not signed"]);
	return {
		signing: { message, fields: [[first[0], "replaced"], ...rest, ...unsigned, first] },
		env,
		signature,
	};
});

const cases = [...known, ...[...hostile, ...random, plane].map(delivery), ...packaged];

test("there is a case for each message, and a toolchain for each language", () => {
	assert.deepEqual(new Set(known.map(({ signing }) => signing.message)), new Set(table.values()));
	assert.deepEqual(new Set(languages.map(({ id }) => id)), new Set(Object.keys(toolchains)));
});

for (const { id, label } of languages) {
	test(`${label} prints the known signatures`, (context) => {
		const version = versionOf(toolchains[id]);
		context.diagnostic(version ?? `${label} is not on this machine: its programs were not run`);
		if (version === null) return;
		const printed = runAll(
			id,
			cases.map(({ signing, env }) => ({ source: codeFor(id, signing), env })),
		);
		assert.deepEqual(
			printed,
			cases.map(({ signature }) => signature),
		);
	});

	test(`${label}: no secret is in the program, and untidy fields make the same one`, () => {
		for (const [index, { signing, env }] of known.entries()) {
			const program = codeFor(id, signing);
			for (const [variable, secret] of Object.entries(env)) {
				assert(program.includes(variable));
				assert(!program.includes(secret));
			}
			const names = (text) =>
				text.replaceAll(/["'(]\w+["'](?=[,:)]| =>)|^ {2}\w+:/gm, (name) => name.toLowerCase());
			const again = codeFor(id, untidy[index].signing);
			assert.equal(names(again), names(program));
		}
	});
}
