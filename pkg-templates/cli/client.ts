// The client of a command, which may talk to a sandbox on this machine instead of WeChat.

import { invalidArgument } from "../arguments.js";
import { WeChatPayError } from "../errors.js";
import { type Client, createClient } from "../index.js";
import { sandboxFetch } from "../sandbox/fetch.js";
import { type Account, callerOf } from "./account.js";
import type { Arguments } from "./arguments.js";
import { aligned, paint, plain } from "./paint.js";
import { exitCodes } from "./table.js";
import { networkTexts } from "./texts/network.js";
import type { World } from "./world.js";

export function openClient(typed: Arguments, account: Account, world: World): Client {
	const url = typed.values.get("sandbox");
	return createClient({
		...callerOf(account, world),
		tokenEndpoint: typed.flags.has("classic") ? "classic" : "stable",
		...(url === undefined ? {} : { fetch: redirected(url, world) }),
	});
}

/** To this machine and nowhere else, and never unseen. */
function redirected(url: string, world: World): ReturnType<typeof sandboxFetch> {
	const text = networkTexts[world.language];
	let fetch: ReturnType<typeof sandboxFetch>;
	try {
		fetch = sandboxFetch(url);
	} catch {
		throw invalidArgument("sandbox", text.sandboxUrl);
	}
	world.complain(paint(world, "1;7;33", text.sandbox(new URL(url).origin)));
	return fetch;
}

/** What became of a call that failed: told, and made an exit code. What the call itself did wrong is thrown again. */
export function failed(error: unknown, document: object, typed: Arguments, world: World): number {
	if (!(error instanceof WeChatPayError) || /^(ARGUMENT|FIELD)_/.test(error.code)) throw error;
	const text = networkTexts[world.language];
	const { code, message, details } = error;
	const isRefusal = code === "API_ERROR" && details.retryable !== true;
	if (typed.flags.has("json")) {
		world.out(`${JSON.stringify({ ...document, error: { code, message, details } }, null, 2)}\n`);
	} else {
		const head = isRefusal
			? paint(world, "1;31", `✘ ${text.refused}`)
			: paint(world, "1;33", `? ${text.undecided}`);
		const { errcode, errmsg, meaning, fix } = details;
		const rows =
			errcode === undefined
				? [message, text.again]
				: aligned([
						[text.errcode, `${errcode} ${plain(errmsg ?? "")}`.trimEnd()],
						[text.meaning, meaning ?? ""],
						[text.fix, paint(world, "36", fix ?? "")],
					]);
		world.out(`${[`${head}  ${paint(world, "2", code)}`, ...rows.map((row) => `  ${row}`)].join("\n")}\n`);
	}
	return isRefusal ? exitCodes.no : exitCodes.undecided;
}

/** Where the call goes, for programs: the sandbox, or nothing for WeChat. */
export function sandboxOf({ values }: Arguments): string | null {
	return values.get("sandbox") ?? null;
}
