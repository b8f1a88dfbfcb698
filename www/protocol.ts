// What the page and its worker say to each other.

import type { Explanation, MessageName } from "paysign";
import type { Diagnosis, MessageReading } from "paysign/diagnose";

/** A field: its name and its value. */
export type Row = readonly [name: string, value: string];

/** The secrets that the page has a place for, the paySignKey first. */
export const secretNames = ["appKey", "partnerKey", "appSecret", "apiKey"] as const;
export type SecretName = (typeof secretNames)[number];
export type Secrets = Readonly<Record<SecretName, string>>;

/** What is to be looked into. */
export interface Job {
	/** Grows; an answer to an older one is out of date. */
	readonly id: number;
	readonly body: string;
	/** `null`: the one that the fields tell. */
	readonly message: MessageName | null;
	/** The signature, whatever the body says. `null`: the one in the body. */
	readonly given: string | null;
	/** The signature if there is none in the body. */
	readonly otherwise: string | null;
	readonly secrets: Secrets;
	/** What the program hashed, if that is known. */
	readonly signedText: string | null;
	/** The AppId of the account whose key it is, if that is known. */
	readonly appId: string | null;
	/** Unix seconds. */
	readonly now: number;
}

/** What was found out. */
export interface Answer {
	readonly reading: MessageReading;
	/** The message, detected or chosen; `null` when it cannot be told. */
	readonly message: MessageName | null;
	readonly given: string | null;
	/** Whether there was a key to compute with: a typed one, or one that stood in the text. */
	readonly hasKey: boolean;
	/** Step by step. */
	readonly explanation: Explanation | null;
	/** Whether the steps were made with a stand-in, because there is no usable key. */
	readonly standIn: boolean;
	/** `null` without a signature to explain. */
	readonly diagnosis: Diagnosis | null;
	/** Whether what the program hashed could not be read, and was left aside. */
	readonly signedTextUnread: boolean;
}

export type Reply = { readonly id: number } & (
	| { readonly type: "reading"; readonly reading: MessageReading }
	| { readonly type: "progress"; readonly tried: number; readonly total: number }
	| { readonly type: "answer"; readonly answer: Answer }
	/** The text holds no field. */
	| { readonly type: "unreadable" }
	/** The library refused the call, in its own words. */
	| { readonly type: "refused"; readonly sentence: string }
);
