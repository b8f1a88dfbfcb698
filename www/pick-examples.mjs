// Chooses the page's examples among the rows of tests/vectors: a right one for each message, a wrong one for each mistake
// of the catalogue, and some that no mistake explains.

import { diagnoseSignature } from "paysign/diagnose";

/** The rows that no mistake explains; the others differ in what was done to them, which nobody can see. */
const open = ["deliver other-account", "alarm other-description"];

/**
 * @param {{ vectors: any[] }} signatures tests/vectors/signatures.json
 * @param {{ rows: any[] }} mistakes tests/vectors/mistakes.json
 * @returns {import("./examples.ts").Example[]}
 */
export function pickExamples({ vectors }, { rows }) {
	return [...right(vectors), ...placeholders(vectors), ...wrong(rows), ...unexplained(rows)];
}

function right(vectors) {
	const genuine = vectors.filter(({ evidence }) => evidence !== "placeholder");
	return firstOfEach(genuine, ({ message }) => message).map((row) => ({
		id: row.id,
		group: "right",
		message: row.message,
		fields: row.fields,
		secrets: row.key === undefined || row.key === null || row.key === "" ? {} : { appKey: row.key },
		given: row.signature,
		verdict: "match",
	}));
}

/** The signature printed in the document, which many people try to reproduce. */
function placeholders(vectors) {
	const row = vectors.find(({ id }) => id === "deliver-official-placeholder");
	const { id, message, fields, key, published } = row;
	return [
		{
			id,
			group: "open",
			message,
			fields,
			secrets: { appKey: key },
			given: published,
			verdict: "unexplained",
		},
	];
}

function wrong(rows) {
	const explained = rows.filter(({ expect }) => expect.verdict === "explained");
	const ids = new Set(explained.flatMap(({ expect }) => expect.mistakes.map(family)));
	return [...ids].map((id) => {
		const candidates = explained
			.filter(({ expect }) => expect.mistakes.some((mistake) => family(mistake) === id))
			// The mistake alone; in a delivery, which is what most people have in hand.
			.sort((a, b) => rank(a) - rank(b));
		// Some mistakes always make what another, commoner one makes, and are never named first.
		const first = (row) => diagnosed(row).mistakes.some((mistake) => family(mistake.id) === id);
		const row = candidates.find(first) ?? candidates[0];
		return { ...shown(row), group: "wrong", mistake: said(row, id) };
	});
}

/** `field-dropped:openid` is a `field-dropped`, and `key-other-apiKey` a mistake of its own. */
const family = (mistake) => mistake.replace(/:.*/, "");

const rank = ({ message, expect }) => expect.mistakes.length * 2 + (message === "deliverNotify" ? 0 : 1);

/** The mistake in the words of the diagnosis. */
function said(row, wanted) {
	const { mistakes, alternatives } = diagnosed(row);
	const found = [mistakes, ...alternatives].flat().find((mistake) => family(mistake.id) === wanted);
	if (found === undefined) throw new Error(`The diagnosis of ${row.id} does not name ${wanted}`);
	return { id: found.id, sentence: found.sentence };
}

/** What was signed, as a program prints it; most rows do not say. */
const textOf = (signed) => signed && JSON.stringify(Object.fromEntries(signed), null, "\t");

const diagnosed = ({ message, fields, secrets, given, signed }) =>
	diagnoseSignature({
		message,
		fields: Object.fromEntries(fields),
		secrets,
		given,
		signedText: textOf(signed),
	});

function unexplained(rows) {
	return open.map((id) => ({ ...shown(rows.find((row) => row.id === id)), group: "open" }));
}

function shown({ id, message, fields, secrets, given, signed, expect }) {
	return { id, message, fields, secrets, given, signedText: textOf(signed), verdict: expect.verdict };
}

function firstOfEach(rows, keyOf) {
	const found = new Map();
	for (const row of rows) if (!found.has(keyOf(row))) found.set(keyOf(row), row);
	return [...found.values()];
}
