import { invalidArgument } from "../arguments.js";
import {
	type Diagnosis,
	diagnoseSignature,
	type MessageName,
	type MessageReading,
	readMessage,
} from "../diagnose.js";
import { WeChatPayError } from "../errors.js";
import { parse } from "./arguments.js";
import { report } from "./report.js";
import { fromEnvironment, fromFile } from "./secrets.js";
import { texts } from "./texts.js";
import { messageNames } from "./words.js";
import type { Command, World } from "./world.js";

const options = {
	flags: ["json", "help"],
	values: ["message", "given", "signed-text", "secrets", "app-id", "lang"],
};

const exitCodes: Readonly<Record<Diagnosis["verdict"], number>> = { match: 0, explained: 1, unexplained: 2 };

/** `paysign diagnose`: why a signature does not match. */
export const diagnose: Command = async (args, world) => {
	const { flags, values, operands } = parse(args, options, world.language);
	const text = texts[world.language];
	if (flags.has("help")) {
		world.out(text.diagnoseHelp);
		return 0;
	}
	const [file = "-", ...more] = operands;
	if (more.length > 0) throw invalidArgument("FILE", text.oneFile);

	const secrets = await secretsOf(values.get("secrets"), world);
	const body = await world.readMessage(file, "FILE");
	const reading = readText(body, "FILE", world);
	const signedFile = values.get("signed-text");
	if (file === "-" && signedFile === "-") throw invalidArgument("signed-text", text.oneInput);
	const signedText =
		signedFile === undefined ? undefined : await world.readMessage(signedFile, "--signed-text");
	if (signedText !== undefined) readText(signedText, "--signed-text", world);
	const message = values.get("message") ?? reading.message;
	if (!isMessageName(message)) throw invalidArgument("message", text.noMessage(messageNames.join(", ")));
	const given = values.get("given") ?? reading.given;
	if (given === null) throw invalidArgument("given", text.noSignature);

	const appId = values.get("app-id");
	const diagnosis = diagnoseSignature({ message, body, signedText, secrets, given, appId, now: world.now() });
	if (flags.has("json")) world.out(`${JSON.stringify(diagnosis, null, 2)}\n`);
	else world.out(report(diagnosis, { message, given }, world));
	return exitCodes[diagnosis.verdict];
};

async function secretsOf(file: string | undefined, world: World): Promise<Record<string, string>> {
	const pairs = file === undefined ? [] : fromFile(await world.read(file, "--secrets"), world.language);
	return Object.fromEntries([...fromEnvironment(world.environment), ...pairs]);
}

function readText(pasted: string, argument: string, { language }: World): MessageReading {
	try {
		return readMessage(pasted);
	} catch (error) {
		throw error instanceof WeChatPayError
			? invalidArgument(argument, texts[language].noField(argument))
			: error;
	}
}

function isMessageName(name: string | null): name is MessageName {
	return name !== null && (messageNames as readonly string[]).includes(name);
}
