// What a diagnosis of a callback says, whichever kind of callback it is.

/** A sentence in both languages. */
export interface Bilingual {
	readonly en: string;
	readonly zh: string;
}

/** A mistake that is proven: with it undone, what was wrong is right. */
export interface CallbackMistake {
	/** A stable name, such as `body-key-order`. */
	readonly id: string;
	/** What is wrong. */
	readonly sentence: Bilingual;
	/** What to do, in one line. */
	readonly fix: Bilingual;
}

/** A remark about the evidence: a hint, not a proof. */
export interface CallbackLint {
	readonly id: string;
	readonly sentence: Bilingual;
}

/** A family of mistakes that is ruled out as far as it was tried. */
export interface CallbackExclusion {
	readonly family: string;
	/** How many candidates of this family were tried. */
	readonly tried: number;
}

/** What became of one of the two checks. `unchecked`: there was nothing to check it with. */
export type CallbackCheck = "right" | "explained" | "unexplained" | "unchecked";

/** Why a callback does not verify. No secret is in it. */
export interface CallbackDiagnosis {
	/**
	 * `match`: nothing is wrong with what was given. `explained`: the mistakes are proven, and with them undone nothing is wrong
	 * any more. `unexplained`: something else is, or something could not be checked.
	 */
	readonly verdict: "match" | "explained" | "unexplained";
	/** Whether the signature is right. */
	readonly signature: CallbackCheck;
	/** Whether the content can be decrypted. */
	readonly content: CallbackCheck;
	/** The mistakes, in the order in which a person should mend them; those of one check stand although the other is not explained. */
	readonly mistakes: readonly CallbackMistake[];
	/** What was decrypted, with the mistakes undone; `null` when nothing could be. Believe it only if `signature` is `right`. */
	readonly decrypted: string | null;
	/** What is ruled out. */
	readonly excluded: readonly CallbackExclusion[];
	/** How many candidates were tried. */
	readonly tried: number;
	/** What the evidence suggests. */
	readonly lints: readonly CallbackLint[];
}

/** What one check ended with: the mistakes that explain it, none if it is right, `null` if nothing does. */
export type Outcome<Id extends string> = ReadonlyArray<Id> | null | "unchecked";

/** An entry of a catalogue. */
export interface CatalogueEntry {
	readonly sentence: Bilingual;
	readonly fix: Bilingual;
}

/** Counts candidates by family. */
export interface Tally {
	/** One more of this family. */
	count(family: string): void;
	total(): number;
	excluded(): readonly CallbackExclusion[];
}

export function createTally(): Tally {
	const counts = new Map<string, number>();
	return {
		count: (family) => void counts.set(family, (counts.get(family) ?? 0) + 1),
		total: () => [...counts.values()].reduce((sum, tried) => sum + tried, 0),
		excluded: () => [...counts].map(([family, tried]) => ({ family, tried })),
	};
}

/** Puts the two checks together. */
export function diagnosisOf<Id extends string>(
	catalogue: Readonly<Record<Id, CatalogueEntry>>,
	signature: Outcome<Id>,
	content: Outcome<Id>,
	rest: { readonly decrypted: string | null; readonly lints: readonly CallbackLint[]; readonly tally: Tally },
): CallbackDiagnosis {
	const states = [stateOf(signature), stateOf(content)] as const;
	const found = [signature, content].flatMap((outcome) => (Array.isArray(outcome) ? (outcome as Id[]) : []));
	const mistakes = [...new Set(found)].map((id) => ({ id, ...catalogue[id] }));
	const isOpen = states.includes("unexplained") || states[0] === "unchecked";
	return {
		verdict: isOpen ? "unexplained" : mistakes.length > 0 ? "explained" : "match",
		signature: states[0],
		content: states[1],
		mistakes,
		decrypted: rest.decrypted,
		excluded: isOpen ? rest.tally.excluded() : [],
		tried: rest.tally.total(),
		lints: rest.lints,
	};
}

function stateOf(outcome: Outcome<string>): CallbackCheck {
	if (outcome === "unchecked") return outcome;
	if (outcome === null) return "unexplained";
	return outcome.length === 0 ? "right" : "explained";
}
