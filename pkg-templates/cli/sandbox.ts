import { createInterface } from "node:readline";
import { invalidArgument } from "../arguments.js";
import { WeChatPayError } from "../errors.js";
import {
	type Sandbox,
	type SandboxAccount,
	type SandboxFault,
	type SandboxOrder,
	type SandboxPath,
	type SandboxRequest,
	startSandbox,
} from "../sandbox/index.js";
import { accountOf, needed } from "./account.js";
import { type Arguments, numberOf, parse } from "./arguments.js";
import { paint, plain } from "./paint.js";
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
const testOrder = {
	transid: "1218614901201405273313473135",
	outTradeNo: "JfuKdiBig4zZnE4n",
	openid: "o0pk9uIVnlY-fJkzFKEbQ6LJ4cFc",
	goods: "virtual",
} as const;

type Tell = (event: string, members: object, line: string) => void;

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
		if (!isJson) world.out(introduction(order, double.url, world));
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

async function playedAccount(typed: Arguments, world: World) {
	const account = await accountOf(typed, world);
	const alarmUrl = typed.values.get("alarm-url");
	const url = alarmUrl === undefined ? {} : { alarmUrl };
	const isTest = ["appId", "appKey", "appSecret"].every((name) => account[name] === undefined);
	if (isTest) return { account: { ...testAccount, ...url }, isTest };
	const known = {
		appId: needed(account, "appId", world),
		appKey: needed(account, "appKey", world),
		appSecret: needed(account, "appSecret", world),
	};
	return { account: { ...known, ...url }, isTest };
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

function introduction(order: SandboxOrder, url: string, world: World): string {
	const text = networkTexts[world.language];
	return [
		text.testAccount,
		`  export PAYSIGN_APP_ID=${testAccount.appId} PAYSIGN_APP_SECRET=${testAccount.appSecret}`,
		`  export PAYSIGN_APP_KEY=${testAccount.appKey}`,
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

/** Does what a line asks for. What it cannot do it says, and goes on. */
async function obey(line: string, double: Sandbox, appId: string, tell: Tell, world: World): Promise<void> {
	const [, verb = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(line) ?? [];
	const { badControl } = networkTexts[world.language];
	const posted = (posts: readonly { httpStatus: number | null; acknowledged: boolean }[]) => {
		for (const { httpStatus, acknowledged } of posts)
			tell(
				"alarm",
				{ httpStatus, acknowledged },
				`alarm  HTTP ${httpStatus ?? "-"}  acknowledged: ${acknowledged}`,
			);
	};
	try {
		if (verb === "order") {
			const order = { appId, paidAt: world.now(), goods: "virtual", ...JSON.parse(rest) };
			double.addOrder(order);
			tell("order", { transid: order.transid }, `order  ${plain(String(order.transid))}`);
		} else if (verb === "fault") {
			const [path = "", fault = "", times = "1"] = rest.split(/\s+/);
			double.inject({ path: path as SandboxPath, fault: fault as SandboxFault, times: Number(times) });
			tell("fault", { path, fault, times: Number(times) }, `fault  ${path} ${fault} ×${times}`);
		} else if (verb === "alarm") {
			posted([await double.sendAlarm({ appId, alarmContent: rest })]);
		} else if (verb === "check") {
			const posts = await double.checkDeadlines();
			posted(posts);
			tell("checked", { alarms: posts.length }, `checked  ${posts.length}`);
		} else if (verb === "state") {
			const order = double.order(rest) ?? null;
			tell("state", { order }, `state  ${plain(JSON.stringify(order))}`);
		} else {
			tell("error", { message: badControl }, badControl);
		}
	} catch (error) {
		// The parser's own words quote what was typed.
		const message = error instanceof SyntaxError ? badControl : error instanceof Error ? error.message : "?";
		tell("error", { message }, `! ${message}`);
	}
}
