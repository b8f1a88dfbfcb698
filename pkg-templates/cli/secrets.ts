import { invalidArgument } from "../arguments.js";
import { texts } from "./texts.js";
import type { Language } from "./words.js";

/** The variables of the environment, and the secrets they hold. */
export const variables: Readonly<Record<string, string>> = {
	PAYSIGN_APP_KEY: "appKey",
	PAYSIGN_PARTNER_KEY: "partnerKey",
	PAYSIGN_APP_SECRET: "appSecret",
	PAYSIGN_API_KEY: "apiKey",
	PAYSIGN_PUSH_TOKEN: "token",
	PAYSIGN_ENCODING_AES_KEY: "encodingAesKey",
	PAYSIGN_API_V3_KEY: "apiV3Key",
};

/** What is no secret, and stands beside them. */
export const identities: Readonly<Record<string, string>> = {
	PAYSIGN_APP_ID: "appId",
	PAYSIGN_PARTNER: "partner",
};

const names: Readonly<Record<string, string>> = { ...variables, ...identities };

type Pairs = ReadonlyArray<readonly [name: string, secret: string]>;

/** The secrets of the environment, and whose they are. */
export function fromEnvironment(environment: NodeJS.ProcessEnv): Pairs {
	return Object.keys(names).flatMap((name) => {
		const secret = environment[name];
		return secret === undefined ? [] : [[named(name), secret] as const];
	});
}

/** The same of a file: a JSON object, or lines `NAME=value`. Nothing but the line end is taken off a value. */
export function fromFile(text: string, language: Language): Pairs {
	const content = text.replace(/^\uFEFF/, "");
	return content.trimStart().startsWith("{") ? fromJson(content, language) : fromLines(content, language);
}

function fromJson(text: string, language: Language): Pairs {
	const { secretsNotJson } = texts[language];
	let read: unknown;
	try {
		read = JSON.parse(text);
	} catch {
		// The parser's own words may quote the text.
		throw invalidArgument("secrets", secretsNotJson);
	}
	return Object.entries(read as object).map(([name, secret]: [string, unknown]) => {
		if (typeof secret !== "string") throw invalidArgument("secrets", secretsNotJson);
		return [named(name), secret] as const;
	});
}

function fromLines(text: string, language: Language): Pairs {
	return text.split(/\r?\n/).flatMap((line, index) => {
		if (line.trim() === "" || line.startsWith("#")) return [];
		const [, name, secret] = /^\s*([A-Za-z_]\w*)=(.*)$/s.exec(line) ?? [];
		if (name === undefined || secret === undefined) {
			throw invalidArgument("secrets", texts[language].secretsNotLines(index + 1));
		}
		return [[named(name), secret] as const];
	});
}

function named(name: string): string {
	return Object.hasOwn(names, name) ? `${names[name]}` : name;
}
