import { invalidArgument } from "../arguments.js";
import type { MessageReading } from "../diagnose.js";
import {
	buildDeliverNotify,
	buildNativePackageResponse,
	type Delivery,
	type MessageName,
	type NativePackageResponse,
	signMessage,
	signTestAlarm,
	type TestAlarmFields,
} from "../index.js";
import { accountOf, needed } from "./account.js";
import { parse } from "./arguments.js";
import { field, messageNamed, readFields } from "./fields.js";
import { signatureTexts } from "./texts/signatures.js";
import { messageNames } from "./words.js";
import type { Command } from "./world.js";

type Credentials = { readonly appId: string; readonly appKey: string };
type Build = (fields: MessageReading["fields"], credentials: Credentials) => string;

const builders: Readonly<Partial<Record<MessageName, Build>>> = {
	deliverNotify: (fields, credentials) =>
		JSON.stringify(buildDeliverNotify(deliveryOf(fields) as Delivery, credentials)),
	alarm: (fields, credentials) =>
		signTestAlarm(
			picked(fields, ["timeStamp", "errorType", "description", "alarmContent"]) as unknown as TestAlarmFields,
			credentials,
		),
	nativePackageResponse: (fields, credentials) =>
		buildNativePackageResponse(
			picked(fields, [
				"package",
				"timeStamp",
				"nonceStr",
				"retCode",
				"retErrMsg",
			]) as unknown as NativePackageResponse,
			credentials,
		),
};

/** `paysign sign`: a signature, or a whole body. */
export const sign: Command = async (args, world) => {
	const typed = parse(args, "sign", world.language);
	const text = signatureTexts[world.language];
	const [name, ...operands] = typed.operands;
	const message = messageNamed(name);
	if (message === undefined) throw invalidArgument("MESSAGE", text.whichMessage(messageNames.join(", ")));
	const build = builders[message];
	const isBody = typed.flags.has("body");
	if (isBody && build === undefined)
		throw invalidArgument("body", text.noBody(Object.keys(builders).join(", ")));
	const account = await accountOf(typed, world);
	// The one message of the table that is signed without a key.
	const appKey = message === "editAddress" ? undefined : needed(account, "appKey", world);
	const { fields } = await readFields(operands, world);
	if (isBody && build !== undefined && appKey !== undefined) {
		const appId = account.appId ?? field(fields, "appId") ?? needed(account, "appId", world);
		const body = build(fields, { appId, appKey });
		world.out(typed.flags.has("json") ? `${JSON.stringify({ message, body })}\n` : `${body}\n`);
		return 0;
	}
	const signature =
		appKey === undefined
			? signMessage(message, Object.fromEntries(fields))
			: signMessage(message, Object.fromEntries(fields), appKey);
	world.out(typed.flags.has("json") ? `${JSON.stringify({ message, signature })}\n` : `${signature}\n`);
	return 0;
};

/** The members of a delivery that the fields have. */
export function deliveryOf(fields: MessageReading["fields"]): Partial<Delivery> {
	return picked(fields, [
		"openid",
		"transid",
		"outTradeNo",
		"deliverTimestamp",
		"deliverStatus",
		"deliverMsg",
	]) as Partial<Delivery>;
}

function picked(fields: MessageReading["fields"], names: readonly string[]): Record<string, string> {
	return Object.fromEntries(
		names.flatMap((name) => {
			const value = field(fields, name);
			return value === undefined ? [] : [[name, value] as const];
		}),
	);
}
