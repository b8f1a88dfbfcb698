import type { MessageName } from "./core.js";

/** A sentence in both languages. */
export interface Bilingual {
	readonly en: string;
	readonly zh: string;
}

/** The secrets in hand by name, `appKey` being the paySignKey. Nothing is trimmed: a line end is a common mistake. */
export interface Secrets {
	readonly appKey?: string | undefined;
	readonly partnerKey?: string | undefined;
	readonly appSecret?: string | undefined;
	readonly apiKey?: string | undefined;
	readonly [name: string]: string | undefined;
}

/** What does not match. */
export type DiagnoseOptions = {
	/** The message's name in the table. Default: the one whose fields these are. */
	readonly message?: MessageName | undefined;
	/** The key is tried first, then whatever else it could have been mistaken for. */
	readonly secrets: Secrets;
	/** The signature. Default: the one among the fields or in the body. */
	readonly given?: string | undefined;
	/**
	 * What was signed, when it may be another thing than what was sent: the text that was hashed, or the fields as the
	 * program has them, pasted. Fields that differ are then found with proof, as `field-differs:NAME`. At most 65,536 bytes.
	 */
	readonly signedText?: string | undefined;
	/** How many candidates may be tried, at least 1. Default 4,000,000: every triple for a dozen fields. */
	readonly budget?: number | undefined;
	/**
	 * Called about every 50,000 candidates with how many were tried and about how many there are. `false` stops the
	 * search: the answer is what is known by then, with `exhausted: true`. What it throws, `diagnoseSignature` throws.
	 */
	readonly onProgress?: ((tried: number, total: number) => unknown) | undefined;
	/** The AppId of the account whose key this is. A message of another one is remarked as `app-id-differs`. */
	readonly appId?: string | undefined;
	/** The time in Unix seconds. A time stamp more than a day away from it is remarked as `time-far-off`. */
	readonly now?: number | undefined;
} & (
	| {
			/** The fields under their wire names, in any letter case. */
			readonly fields: Readonly<Record<string, string | number>>;
			readonly body?: undefined;
	  }
	| {
			/** What was sent or hashed, pasted: XML, JSON, a query, an object or array of a program. At most 65,536 bytes. */
			readonly body: string;
			readonly fields?: undefined;
	  }
);

/** A mistake that made the signature. */
export interface Mistake {
	/** A stable name, such as `charset-gbk` or `field-dropped:openid`. */
	readonly id: string;
	/** What is wrong. */
	readonly sentence: Bilingual;
	/** What to do, in one line. */
	readonly fix: Bilingual;
}

/** A stretch in which the two texts differ, from and to, in characters (code points). One of the two may be empty. */
export interface Difference {
	/** In `documentedText`. */
	readonly documented: readonly [from: number, to: number];
	/** In `signedText`. */
	readonly signed: readonly [from: number, to: number];
}

/** A field in which the message and the signed text differ. Every secret is shown as `«128 chars»`. */
export interface FieldDifference {
	/** Its name, as the message spells it. */
	readonly name: string;
	/** Its value in the message; `null` when it is not there. */
	readonly sent: string | null;
	/** Its value in the signed text; `null` when it is not there. */
	readonly signed: string | null;
}

/** A family of mistakes that is ruled out as far as it was tried. */
export interface Excluded {
	readonly family: string;
	/** How many candidates of this family were tried. */
	readonly tried: number;
}

/** A remark about the evidence: a hint, not a proof. */
export interface Lint {
	readonly id: string;
	readonly sentence: Bilingual;
}

/** Why a signature does not match. No secret is in it. */
export interface Diagnosis {
	/** `explained` is proof: the mistakes make exactly the given signature. */
	readonly verdict: "match" | "explained" | "unexplained";
	/** The mistakes, in the order in which a person should mend them. */
	readonly mistakes: readonly Mistake[];
	/** Other explanations of the same length; each makes the same signature. */
	readonly alternatives: ReadonlyArray<readonly Mistake[]>;
	/** The text that should be hashed, every secret shown as `«128 chars»`. */
	readonly documentedText: string;
	/** The signature that these fields should have. */
	readonly documentedSignature: string;
	/** The text that was hashed, every secret shown as `«128 chars»`; `null` when that is not known. */
	readonly signedText: string | null;
	/** Where the two texts differ. */
	readonly differences: readonly Difference[];
	/** In which fields the message and `DiagnoseOptions.signedText` differ; empty without it. */
	readonly fieldDifferences: readonly FieldDifference[];
	/** What is ruled out. */
	readonly excluded: readonly Excluded[];
	/** How many candidates were tried. */
	readonly tried: number;
	/** Whether the budget, or `onProgress`, ended the search before every triple was tried. */
	readonly exhausted: boolean;
	/** What the evidence suggests. */
	readonly lints: readonly Lint[];
}

/** What a pasted text was read as. The key is not in it. */
export interface MessageReading {
	/** `literal` is JSON or an object or array of PHP, JavaScript, Java, Python; `pairs` a query or the hashed text. */
	readonly kind: "xml" | "literal" | "pairs";
	/** The message whose fields these are; `null` when none is near. */
	readonly message: MessageName | null;
	/** Names and values in their order, without the signature and the key. */
	readonly fields: ReadonlyArray<readonly [name: string, value: string]>;
	/** The signature, if there is one. */
	readonly given: string | null;
	/** Whether a key stood among the fields. */
	readonly hasKey: boolean;
}

/** How a signature is made, as data (`src/recipe.rs`). */
export interface Recipe {
	/** What happens to the names before they are sorted. */
	readonly names: "lower" | "as-is";
	/** Whether a pair with an empty value takes part. */
	readonly empties: "keep" | "drop";
	/** Byte by byte: `_` sorts before the letters. */
	readonly order: "by-name";
	/** `name=value&name=value`, nothing escaped. */
	readonly join: "pairs";
	/**
	 * `param`: the key is one more parameter of this name, sorted among the others; `suffix`: behind all the others;
	 * `value`: there is no key, the value of the field of this name is the secret.
	 */
	readonly secret: { readonly place: "param" | "suffix" | "value"; readonly name: string };
	/** `as-received`: the bytes in which the values came. */
	readonly charset: "utf8" | "as-received";
	readonly digest: "sha1" | "md5";
	/** The case of the digest's hexadecimal digits. */
	readonly hex: "lower" | "upper";
}

/** A field of a message. */
export interface FieldDescription {
	/** The spelling on the wire; for an element inside others, its path. */
	readonly name: string;
	/** Whether the signature protects its value; or it holds the signature, or names the method. */
	readonly role: "signed" | "unsigned" | "signature" | "method";
	/** How often it stands in the message. */
	readonly presence: "once" | "optional" | { readonly list: { readonly max: number } };
}

/** A message of the protocol. */
export interface MessageDescription {
	readonly name: MessageName;
	/** What it is called in the document. */
	readonly title: string;
	readonly recipe: Recipe;
	/** In the order of the document. */
	readonly fields: readonly FieldDescription[];
}
