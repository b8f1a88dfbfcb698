// The page's examples, made from the rows of tests/vectors when the page is built.

import type { MessageName } from "paysign";
import type { Bilingual } from "paysign/diagnose";
import type { Row, SecretName } from "./protocol.ts";

/** A case that somebody can look at. Its keys are public samples or invented. */
export interface Example {
	/** The row's name in tests/vectors. */
	readonly id: string;
	readonly group: "right" | "wrong" | "open";
	readonly message: MessageName;
	readonly fields: readonly Row[];
	readonly secrets: Readonly<Partial<Record<SecretName, string>>>;
	readonly given: string;
	/** What the program hashed, where that is part of the case. */
	readonly signedText?: string;
	/** What the diagnosis must find. */
	readonly verdict: "match" | "explained" | "unexplained";
	/** The mistake that it is an example of, and what is said about it. */
	readonly mistake?: { readonly id: string; readonly sentence: Bilingual };
}
