import { invalidArgument } from "../arguments.js";
import { accountOf, needed } from "./account.js";
import { parse } from "./arguments.js";
import { failed, openClient, sandboxOf } from "./client.js";
import { paint } from "./paint.js";
import { networkTexts } from "./texts/network.js";
import { texts } from "./texts.js";
import type { Command } from "./world.js";

/** `paysign token`: whether WeChat gives an access token. */
export const token: Command = async (args, world) => {
	const typed = parse(args, "token", world.language);
	const text = networkTexts[world.language];
	if (typed.operands.length > 0) throw invalidArgument("options", texts[world.language].noOperand);
	const account = await accountOf(typed, world);
	const client = openClient(typed, account, world);
	const document = {
		appId: needed(account, "appId", world),
		endpoint: typed.flags.has("classic") ? "/cgi-bin/token" : "/cgi-bin/stable_token",
		sandbox: sandboxOf(typed),
	};
	if (world.watched) world.complain(text.asking);
	let accessToken: string;
	try {
		accessToken = await client.accessToken();
	} catch (error) {
		return failed(error, document, typed, world);
	}
	const isShown = typed.flags.has("show");
	const characters = accessToken.length;
	if (typed.flags.has("json")) {
		const shown = { ...document, characters, accessToken: isShown ? accessToken : null };
		world.out(`${JSON.stringify(shown, null, 2)}\n`);
	} else if (isShown) {
		world.out(`${accessToken}\n`);
	} else {
		world.out(`${paint(world, "1;32", "✔")} ${text.token(characters, document.endpoint)}\n`);
		if (world.watched) world.complain(text.showIt);
	}
	return 0;
};
