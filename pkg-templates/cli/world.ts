import { readFileSync } from "node:fs";
import { invalidArgument } from "../arguments.js";
import { texts } from "./texts.js";
import type { Language } from "./words.js";

/** A command: its arguments and the world it runs in, to its exit code. */
export type Command = (args: readonly string[], world: World) => Promise<number>;

/** What a command may touch. */
export interface World {
	readonly language: Language;
	readonly environment: NodeJS.ProcessEnv;
	/** Whether colours can be seen. */
	readonly colour: boolean;
	/** Whether somebody watches: progress is shown. */
	readonly watched: boolean;
	/** How wide a line may be, in columns. */
	readonly columns: number;
	/** The time, in Unix seconds. */
	now(): number;
	out(text: string): void;
	complain(text: string): void;
	/** The text of a file; of standard input for `-`. `argument` is where it was named: the name itself is not repeated. */
	read(file: string, argument: string): Promise<string>;
	/** The bytes of a file, or of standard input, as they are. */
	readBytes(file: string, argument: string): Promise<Uint8Array>;
	/** The same of a message, which may be in GBK: then that is said. */
	readMessage(file: string, argument: string): Promise<string>;
}

export function openWorld(language: Language): World {
	const { stdout, stderr, env } = process;
	const { notReadable, unknownCharset, readAsGbk, typing } = texts[language];

	async function bytesOf(file: string): Promise<Uint8Array> {
		if (file !== "-") return readFileSync(file);
		if (process.stdin.isTTY) stderr.write(`${typing}\n`);
		const chunks: Buffer[] = [];
		for await (const chunk of process.stdin) chunks.push(chunk);
		return Buffer.concat(chunks);
	}

	async function read(file: string, argument: string): Promise<Uint8Array> {
		return bytesOf(file).catch((error: NodeJS.ErrnoException) => {
			throw invalidArgument(argument, notReadable(argument, error.code ?? error.name));
		});
	}

	return {
		language,
		environment: env,
		colour: seesColours(stdout.isTTY === true, env),
		watched: stderr.isTTY === true,
		columns: Math.max(40, Math.min(stdout.columns ?? 100, 160)),
		now() {
			return Math.floor(Date.now() / 1000);
		},
		out(text) {
			stdout.write(text);
		},
		complain(text) {
			stderr.write(`${text.trimEnd()}\n`);
		},
		async read(file, argument) {
			const text = decoded(await read(file, argument), "utf-8");
			if (text === undefined) throw invalidArgument(argument, unknownCharset(argument));
			return text;
		},
		readBytes: read,
		async readMessage(file, argument) {
			const bytes = await read(file, argument);
			const text = decoded(bytes, "utf-8");
			if (text !== undefined) return text;
			// Every text in GBK is one in GB18030, and few texts that are neither are one by chance.
			const inGbk = decoded(bytes, "gb18030");
			if (inGbk === undefined) throw invalidArgument(argument, unknownCharset(argument));
			stderr.write(`${readAsGbk(argument)}\n`);
			return inGbk;
		},
	};
}

/** FORCE_COLOR decides, as in Node.js itself; then NO_COLOR (https://no-color.org: present and not empty). */
function seesColours(isTerminal: boolean, { FORCE_COLOR, NO_COLOR = "", TERM }: NodeJS.ProcessEnv): boolean {
	if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
	return isTerminal && NO_COLOR === "" && TERM !== "dumb";
}

/** The text of these bytes; nothing when they are none, or when this Node.js was built without the charset. */
function decoded(bytes: Uint8Array, charset: string): string | undefined {
	try {
		return new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined;
	}
}
