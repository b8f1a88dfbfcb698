import { verifyNotification } from "../apiv3.js";
import type { CallbackKind } from "../callbacks/request.js";
import { verifyPush, verifyPushUrl } from "../push.js";
import type { Account } from "./account.js";
import { type Arguments, numberOf } from "./arguments.js";
import { notificationAccountOf, pushAccountOf, requestOf } from "./callback.js";
import type { World } from "./world.js";

/** What a push or a notification of APIv3 says; throws what the package's functions throw. */
export async function verifyCallback(
	kind: CallbackKind,
	text: string,
	typed: Arguments,
	account: Account,
	world: World,
): Promise<object> {
	const { query, headers, body } = requestOf(typed, text);
	if (kind === "push") {
		const known = pushAccountOf(typed, account, world);
		// Without a body it is the question for the URL.
		return body === "" ? { echostr: verifyPushUrl(query, known) } : verifyPush({ query, body }, known);
	}
	const known = await notificationAccountOf(typed, account, world);
	const receivedAt = numberOf(typed, "received-at", world.now(), world);
	return verifyNotification({ headers, body }, { ...known, now: () => receivedAt });
}
