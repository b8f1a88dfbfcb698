import { invalidArgument } from "../arguments.js";
import type { MessageName } from "../diagnose.js";
import { readMessage } from "../diagnose.js";
import { WeChatPayError } from "../errors.js";
import { verifyAlarm, verifyFeedback, verifyNativePackageRequest, verifyPayNotify } from "../index.js";
import { type Account, accountOf, keyed, needed } from "./account.js";
import { type Arguments, parse } from "./arguments.js";
import { callbackOf } from "./callback.js";
import { messageNamed } from "./fields.js";
import { aligned, paint, plain } from "./paint.js";
import { exitCodes } from "./table.js";
import { signatureTexts } from "./texts/signatures.js";
import { texts } from "./texts.js";
import { callbackKinds } from "./words.js";
import type { Command, World } from "./world.js";

type Verify = (body: Uint8Array, query: string | undefined, account: Account, world: World) => object;

const verifiers: Readonly<Partial<Record<MessageName, Verify>>> = {
	alarm: (body, _, account, world) => verifyAlarm(body, keyed(account, world)),
	feedback: (body, _, account, world) => verifyFeedback(body, keyed(account, world)),
	nativePackageRequest: (body, _, account, world) => verifyNativePackageRequest(body, keyed(account, world)),
	payNotify(body, query, account, world) {
		if (query === undefined) throw invalidArgument("query", signatureTexts[world.language].needsQuery);
		const partner = needed(account, "partner", world);
		const partnerKey = needed(account, "partnerKey", world);
		return verifyPayNotify({ query, body }, { ...keyed(account, world), partner, partnerKey });
	},
};

/** `paysign verify`: what WeChat says, or why not to believe it. */
export const verify: Command = async (args, world) => {
	const typed = parse(args, "verify", world.language);
	const text = signatureTexts[world.language];
	const [file = "-", ...more] = typed.operands;
	if (more.length > 0) throw invalidArgument("FILE", texts[world.language].oneFile);
	const account = await accountOf(typed, world);
	const body = await world.readBytes(file, "FILE");
	const query = typed.values.get("query");
	const request = new TextDecoder("utf-8", { ignoreBOM: true }).decode(body);
	const kind = callbackOf(typed, request);
	const message = kind ?? messageOf(typed, request);
	const isJson = typed.flags.has("json");
	let content: object;
	try {
		if (kind !== undefined) {
			const { verifyCallback } = await import("./verify-callback.js");
			content = await verifyCallback(kind, request, typed, account, world);
		} else {
			content = verifierOf(message, world)(body, query, account, world);
		}
	} catch (error) {
		if (!(error instanceof WeChatPayError) || error.code === "ARGUMENT_INVALID") throw error;
		const { code, message: sentence, details } = error;
		if (isJson) {
			const document = { verified: false, message, error: { code, message: sentence, details } };
			world.out(`${JSON.stringify(document, null, 2)}\n`);
		} else {
			world.out(`${paint(world, "1;31", `✘ ${text.refused}`)}\n${sentence}  ${paint(world, "2", code)}\n`);
		}
		if (code.startsWith("SIGNATURE_")) world.complain(text.tryDiagnose);
		return exitCodes.no;
	}
	if ("isProtected" in content && content.isProtected === false) world.complain(text.notProtected);
	if (isJson) world.out(`${JSON.stringify({ verified: true, message, content }, null, 2)}\n`);
	else world.out(`${paint(world, "1;32", `✔ ${text.verified}`)}  ${message}\n${shown(content, world)}`);
	return exitCodes.yes;
};

function verifierOf(message: string | undefined, { language }: World): Verify {
	const check = Object.hasOwn(verifiers, message ?? "") ? verifiers[message as MessageName] : undefined;
	if (check !== undefined) return check;
	const known = [...Object.keys(verifiers), ...callbackKinds];
	throw invalidArgument("message", signatureTexts[language].whichMessage(known.join(", ")));
}

/** The message that is named; else the one whose fields these are. */
function messageOf({ values }: Arguments, body: string): MessageName | undefined {
	const named = values.get("message");
	if (named !== undefined) return messageNamed(named);
	if (values.has("query")) return "payNotify";
	try {
		return readMessage(body).message ?? "alarm";
	} catch {
		// What is no message at all is refused as an alarm, with the reason.
		return "alarm";
	}
}

function shown(content: object, world: World): string {
	const rows = (members: object, prefix: string): string[][] =>
		Object.entries(members).flatMap(([name, value]) => {
			if (value === null) return [];
			if (Array.isArray(value))
				return [[`${prefix}${name}`, value.map((part) => plain(String(part))).join(" ")]];
			if (typeof value !== "object") return [[`${prefix}${name}`, plain(String(value))]];
			const title = name === "unverified" ? `  (${signatureTexts[world.language].notSigned})` : "";
			return [[`${prefix}${name}`, title.trim()], ...rows(value, `${prefix}  `)];
		});
	return `${aligned(rows(content, "  ")).join("\n")}\n`;
}
