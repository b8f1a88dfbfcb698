import { invalidArgument } from "../arguments.js";
import { type Diagnosis, diagnoseSignature, type MessageName } from "../diagnose.js";
import { parse } from "./arguments.js";
import { callbackOf } from "./callback.js";
import { readText } from "./fields.js";
import { report } from "./report.js";
import { fromEnvironment, fromFile, identities } from "./secrets.js";
import { texts } from "./texts.js";
import { callbackKinds, messageNames } from "./words.js";
import type { Command, World } from "./world.js";

const exitCodes: Readonly<Record<Diagnosis["verdict"], number>> = { match: 0, explained: 1, unexplained: 2 };

/** `paysign diagnose`: why a signature does not match. */
export const diagnose: Command = async (args, world) => {
	const typed = parse(args, "diagnose", world.language);
	const { flags, values, operands } = typed;
	const text = texts[world.language];
	const [file = "-", ...more] = operands;
	if (more.length > 0) throw invalidArgument("FILE", text.oneFile);

	const secrets = await secretsOf(values.get("secrets"), world);
	const body = await world.readMessage(file, "FILE");
	const signedFile = values.get("signed-text");
	if (file === "-" && signedFile === "-") throw invalidArgument("signed-text", text.oneInput);
	const kind = callbackOf(typed, body);
	if (kind !== undefined) {
		const { diagnoseCallback } = await import("./diagnose-callback.js");
		return exitCodes[(await diagnoseCallback(kind, body, secrets, typed, world)).verdict];
	}
	const reading = readText(body, "FILE", world);
	const signedText =
		signedFile === undefined ? undefined : await world.readMessage(signedFile, "--signed-text");
	if (signedText !== undefined) readText(signedText, "--signed-text", world);
	const message = values.get("message") ?? reading.message;
	if (!isMessageName(message))
		throw invalidArgument("message", text.noMessage([...messageNames, ...callbackKinds].join(", ")));
	const given = values.get("given") ?? reading.given;
	if (given === null) throw invalidArgument("given", text.noSignature);

	const appId = values.get("app-id");
	const onProgress = world.watched ? progressOf(world) : undefined;
	const now = world.now();
	const diagnosis = diagnoseSignature({ message, body, signedText, secrets, given, appId, now, onProgress });
	// Back to the start of the line, and nothing left on it.
	if (world.watched) process.stderr.write("\r\u001B[K");
	if (flags.has("json")) world.out(`${JSON.stringify(diagnosis, null, 2)}\n`);
	else world.out(report(diagnosis, { message, given }, world));
	return exitCodes[diagnosis.verdict];
};

async function secretsOf(file: string | undefined, world: World): Promise<Record<string, string>> {
	const pairs = file === undefined ? [] : fromFile(await world.read(file, "--secrets"), world.language);
	const secrets = [...fromEnvironment(world.environment), ...pairs];
	return Object.fromEntries(secrets.filter(([name]) => !Object.values(identities).includes(name)));
}

/** How far the search is, on one line that is written again and again, but not more often than can be seen. */
function progressOf({ language }: World): (tried: number, total: number) => void {
	let shown = -1;
	return (tried, total) => {
		const percent = Math.floor((100 * tried) / Math.max(1, total));
		if (percent === shown) return;
		shown = percent;
		process.stderr.write(`\r${texts[language].searching(percent)}\u001B[K`);
	};
}

function isMessageName(name: string | null): name is MessageName {
	return name !== null && (messageNames as readonly string[]).includes(name);
}
