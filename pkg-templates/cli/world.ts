import { readFileSync } from "node:fs";
import { invalidArgument } from "../arguments.js";
import { type Language, texts } from "./texts.js";

/** A command: its arguments and the world it runs in, to its exit code. */
export type Command = (args: readonly string[], world: World) => Promise<number>;

/** What a command may touch. */
export interface World {
	readonly language: Language;
	readonly environment: NodeJS.ProcessEnv;
	/** Whether colours can be seen. */
	readonly colour: boolean;
	/** How wide a line may be, in columns. */
	readonly columns: number;
	/** The time, in Unix seconds. */
	now(): number;
	out(text: string): void;
	complain(text: string): void;
	/** The text of a file; of standard input for `-`. `argument` is where it was named: the name itself is not repeated. */
	read(file: string, argument: string): Promise<string>;
}

export function openWorld(language: Language): World {
	const { stdout, stderr, env } = process;
	const { notReadable, notUtf8, typing } = texts[language];

	async function bytesOf(file: string): Promise<Uint8Array> {
		if (file !== "-") return readFileSync(file);
		if (process.stdin.isTTY) stderr.write(`${typing}\n`);
		const chunks: Buffer[] = [];
		for await (const chunk of process.stdin) chunks.push(chunk);
		return Buffer.concat(chunks);
	}

	return {
		language,
		environment: env,
		// https://no-color.org: present and not empty.
		colour: stdout.isTTY === true && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb",
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
			const bytes = await bytesOf(file).catch((error: NodeJS.ErrnoException) => {
				throw invalidArgument(argument, notReadable(argument, error.code ?? error.name));
			});
			try {
				return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
			} catch {
				throw invalidArgument(argument, notUtf8(argument));
			}
		},
	};
}
