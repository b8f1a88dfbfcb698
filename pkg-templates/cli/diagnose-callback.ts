import { type CallbackDiagnosis, diagnoseNotification } from "../apiv3/diagnose.js";
import type { CallbackKind } from "../callbacks/request.js";
import { diagnosePush } from "../push/diagnose.js";
import type { Arguments } from "./arguments.js";
import { publicKeysText, requestOf } from "./callback.js";
import { reportCallback } from "./report-callback.js";
import type { World } from "./world.js";

/** Why a push or a notification of APIv3 does not verify or cannot be read; prints it and gives the diagnosis. */
export async function diagnoseCallback(
	kind: CallbackKind,
	text: string,
	secrets: Readonly<Record<string, string>>,
	typed: Arguments,
	world: World,
): Promise<CallbackDiagnosis> {
	const diagnosis = await (kind === "push" ? ofPush : ofNotification)(text, secrets, typed, world);
	if (typed.flags.has("json")) world.out(`${JSON.stringify(diagnosis, null, 2)}\n`);
	else world.out(reportCallback(kind, diagnosis, world));
	return diagnosis;
}

async function ofPush(
	text: string,
	{ token, encodingAesKey, ...secrets }: Readonly<Record<string, string>>,
	typed: Arguments,
): Promise<CallbackDiagnosis> {
	const { query, body } = requestOf(typed, text);
	const appId = typed.values.get("app-id");
	const computed = typed.values.get("given");
	const mode = typed.flags.has("plain") ? "plain" : "encrypted";
	return diagnosePush({ query, body, appId, token, encodingAesKey, secrets, mode, computed });
}

async function ofNotification(
	text: string,
	{ apiV3Key, ...secrets }: Readonly<Record<string, string>>,
	typed: Arguments,
	world: World,
): Promise<CallbackDiagnosis> {
	const { headers, body } = requestOf(typed, text);
	const publicKeys = [await publicKeysText(typed, world)];
	const file = typed.values.get("signed-text");
	// As it is, to the last line feed: whether that is there is what often goes wrong.
	const programText = file === undefined ? undefined : await world.read(file, "--signed-text");
	const named = Object.fromEntries(headers);
	return diagnoseNotification({ headers: named, body, publicKeys, apiV3Key, secrets, programText });
}
