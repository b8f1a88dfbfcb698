// The fields of a message, as a command is given them.

import { invalidArgument } from "../arguments.js";
import { type MessageName, type MessageReading, readMessage } from "../diagnose.js";
import { WeChatPayError } from "../errors.js";
import { texts } from "./texts.js";
import { messageNames } from "./words.js";
import type { World } from "./world.js";

/** Reads a pasted text, or says that there is nothing in it. */
export function readText(pasted: string, argument: string, { language }: World): MessageReading {
	try {
		return readMessage(pasted);
	} catch (error) {
		throw error instanceof WeChatPayError
			? invalidArgument(argument, texts[language].noField(argument))
			: error;
	}
}

/** What `name=value` words or a FILE say; standard input without either. */
export async function readFields(operands: readonly string[], world: World): Promise<MessageReading> {
	const pairs = operands.filter((word) => /^\w+=/.test(word)).map((word) => word.split(/=(.*)/s, 2));
	const files = operands.filter((word) => !/^\w+=/.test(word));
	const { oneFile, fileOrFields, refusedSecret } = texts[world.language];
	if (pairs.some(([name = ""]) => /(key|secret)$/i.test(name)))
		throw invalidArgument("secrets", refusedSecret);
	if (files.length > 1) throw invalidArgument("FILE", oneFile);
	if (pairs.length > 0 && files.length > 0) throw invalidArgument("FILE", fileOrFields);
	if (pairs.length > 0) return readText(JSON.stringify(Object.fromEntries(pairs)), "FILE", world);
	return readText(await world.readMessage(files[0] ?? "-", "FILE"), "FILE", world);
}

/** The value of a field, whichever way its name is spelled. */
export function field(fields: MessageReading["fields"], name: string): string | undefined {
	const wanted = bare(name);
	return fields.find(([spelled]) => bare(spelled) === wanted)?.[1];
}

function bare(name: string): string {
	return name.replaceAll(/[_-]/g, "").toLowerCase();
}

/** The message of this name, in any case; nothing when there is none. */
export function messageNamed(name: string | null | undefined): MessageName | undefined {
	return messageNames.find((known) => known.toLowerCase() === name?.toLowerCase());
}
