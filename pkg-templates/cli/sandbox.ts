import { createInterface } from "node:readline";
import { invalidArgument } from "../arguments.js";
import { WeChatPayError } from "../errors.js";
import {
	type Sandbox,
	type SandboxAccount,
	type SandboxOrder,
	type SandboxRequest,
	startSandbox,
} from "../sandbox/index.js";
import { type Account, accountOf, callerOf, needed } from "./account.js";
import { type Arguments, numberOf, parse } from "./arguments.js";
import { paint, plain } from "./paint.js";
import { obey, type Tell } from "./sandbox-controls.js";
import { signalled } from "./signals.js";
import { networkTexts } from "./texts/network.js";
import { texts } from "./texts.js";
import type { Command, World } from "./world.js";

/** An account that is no secret, and an order of it. */
const testAccount = {
	appId: "wxf8b4f85f3a794e77",
	appSecret: "e76050733ce76050733ce76050733cdd",
	appKey: "test".repeat(32),
};
const testPushKeys = { token: "sandbox", encodingAesKey: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG" };
const testOrder = {
	transid: "1218614901201405273313473135",
	outTradeNo: "JfuKdiBig4zZnE4n",
	openid: "o0pk9uIVnlY-fJkzFKEbQ6LJ4cFc",
	goods: "virtual",
} as const;

/** `paysign sandbox`: WeChat, played on this machine. */
export const sandbox: Command = async (args, world) => {
	const typed = parse(args, "sandbox", world.language);
	const text = networkTexts[world.language];
	if (typed.operands.length > 0) throw invalidArgument("options", texts[world.language].noOperand);
	const isJson = typed.flags.has("json");
	const tell: Tell = (event, members, line) =>
		world.out(isJson ? `${JSON.stringify({ event, ...members })}\n` : `${line}\n`);

	const { account, isTest } = await playedAccount(typed, world);
	const port = numberOf(typed, "port", 8290, world);
	const orders = await ordersOf(typed, world);
	const double = await start(port, account, tell, world);
	const { appId } = account;
	tell("listening", { url: double.url, appId }, paint(world, "1", text.serving(double.url)));
	for (const order of orders) tried(() => double.addOrder({ appId, ...order }), text.badOrders);
	if (isTest && orders.length === 0) {
		const order = { appId, ...testOrder, paidAt: world.now() };
		double.addOrder(order);
		if (!isJson) world.out(introduction(order, account, double.url, world));
	}
	if (!isJson && world.watched) world.out(`${text.controls}\n`);

	const lines = createInterface({ input: process.stdin });
	const quit = new Promise<void>((resolve) => {
		// One after the other, in their order; the end of the input is no reason to stop.
		let last: Promise<unknown> = Promise.resolve();
		lines.on("line", (line) => {
			last = last.then(async () => {
				if (line.trim() === "quit") resolve();
				else if (line.trim() !== "") await obey(line.trim(), double, appId, tell, world);
			});
		});
	});
	await Promise.race([signalled(), quit]);
	lines.close();
	process.stdin.destroy();
	await double.close();
	tell("stopped", {}, text.stopped);
	return 0;
};

async function playedAccount(
	typed: Arguments,
	world: World,
): Promise<{ readonly account: SandboxAccount; readonly isTest: boolean }> {
	const given = await accountOf(typed, world);
	const isTest = ["appId", "appKey", "appSecret"].every((name) => given[name] === undefined);
	const known = isTest ? testAccount : callerOf(given, world);
	const alarmUrl = typed.values.get("alarm-url");
	const account = { ...known, ...(alarmUrl !== undefined && { alarmUrl }) };
	return { account: { ...account, ...pushSettings(typed, isTest ? testPushKeys : given, world) }, isTest };
}

/** How and where pushes go; nothing without `--push-url`. */
function pushSettings({ values }: Arguments, given: Account, world: World): Partial<SandboxAccount> {
	const pushUrl = values.get("push-url");
	if (pushUrl === undefined) return {};
	const token = needed(given, "token", world);
	// The table's choices are the modes and formats there are.
	const pushMode = (values.get("push-mode") ?? "encrypted") as NonNullable<SandboxAccount["pushMode"]>;
	const pushFormat = (values.get("push-format") ?? "xml") as NonNullable<SandboxAccount["pushFormat"]>;
	const how = { pushUrl, token, pushMode, pushFormat };
	return pushMode === "plain" ? how : { ...how, encodingAesKey: needed(given, "encodingAesKey", world) };
}

async function start(port: number, account: SandboxAccount, tell: Tell, world: World): Promise<Sandbox> {
	const onRequest = (request: SandboxRequest) => tell("request", request, requestLine(request, world));
	try {
		return await startSandbox({ accounts: [account], port, onRequest });
	} catch (error) {
		const reason = error instanceof Error && "code" in error ? String(error.code) : undefined;
		if (reason === undefined) throw error;
		const sentence = `The sandbox cannot listen on this port (${reason}).`;
		throw new WeChatPayError("NETWORK", sentence, { reason }, { cause: error });
	}
}

function requestLine({ method, path, errcode, fault, keyLeak }: SandboxRequest, world: World): string {
	const outcome = fault ?? (errcode === null ? "-" : `errcode ${errcode}`);
	const colour = errcode === 0 && fault === null ? "32" : "33";
	const leak = keyLeak ? paint(world, "1;31", "  the body holds the key") : "";
	return `${plain(method)} ${plain(path)}  ${paint(world, colour, outcome)}${leak}`;
}

function introduction(
	order: SandboxOrder,
	{ token, encodingAesKey }: SandboxAccount,
	url: string,
	world: World,
): string {
	const text = networkTexts[world.language];
	return [
		text.testAccount,
		`  export PAYSIGN_APP_ID=${testAccount.appId} PAYSIGN_APP_SECRET=${testAccount.appSecret}`,
		`  export PAYSIGN_APP_KEY=${testAccount.appKey}`,
		...(token === undefined ? [] : [`  export PAYSIGN_PUSH_TOKEN=${token}`]),
		...(encodingAesKey === undefined ? [] : [`  export PAYSIGN_ENCODING_AES_KEY=${encodingAesKey}`]),
		text.knownOrder,
		`  paysign deliver --sandbox ${url} --openid ${order.openid} \\`,
		`    --transid ${order.transid} --out-trade-no ${order.outTradeNo}`,
		"",
	].join("\n");
}

async function ordersOf({ values }: Arguments, world: World): Promise<Omit<SandboxOrder, "appId">[]> {
	const file = values.get("orders");
	if (file === undefined) return [];
	const wrong = invalidArgument("orders", networkTexts[world.language].badOrders);
	try {
		const read: unknown = JSON.parse(await world.read(file, "--orders"));
		if (Array.isArray(read)) return read;
	} catch (error) {
		throw error instanceof WeChatPayError ? error : wrong;
	}
	throw wrong;
}

function tried(call: () => void, sentence: string): void {
	try {
		call();
	} catch {
		throw invalidArgument("orders", sentence);
	}
}
