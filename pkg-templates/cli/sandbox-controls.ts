// What `paysign sandbox` does at a line of its standard input.

import type { AlarmPost, PushPost, Sandbox, SandboxFault, SandboxPath } from "../sandbox/index.js";
import { plain } from "./paint.js";
import type { Control } from "./table/controls.js";
import { networkTexts } from "./texts/network.js";
import type { World } from "./world.js";

/** Tells of an event: its name and members for a program, a line for a person. */
export type Tell = (event: string, members: object, line: string) => void;

type Obey = (rest: string, double: Sandbox, appId: string, tell: Tell, world: World) => unknown;

/** What each word does; `quit` is for whoever reads the lines. */
const words: Readonly<Record<Exclude<Control, "quit">, Obey>> = {
	order(rest, double, appId, tell, world) {
		const order = { appId, paidAt: world.now(), goods: "virtual", ...JSON.parse(rest) };
		double.addOrder(order);
		tell("order", { transid: order.transid }, `order  ${plain(String(order.transid))}`);
	},
	fault(rest, double, _, tell) {
		const [path = "", fault = "", times = "1"] = rest.split(/\s+/);
		double.inject({ path: path as SandboxPath, fault: fault as SandboxFault, times: Number(times) });
		tell("fault", { path, fault, times: Number(times) }, `fault  ${path} ${fault} ×${times}`);
	},
	async alarm(rest, double, appId, tell) {
		alarmed(await double.sendAlarm({ appId, alarmContent: rest }), tell);
	},
	async push(rest, double, appId, tell) {
		const [, event = "", json = "{}"] = /^(\S+)\s*(\{.*)?$/s.exec(rest) ?? [];
		pushed(await double.sendPush({ appId, event, fields: JSON.parse(json) }), tell);
	},
	async url(_, double, appId, tell) {
		const { httpStatus, accepted } = await double.checkPushUrl(appId);
		tell("url", { httpStatus, accepted }, `url  HTTP ${httpStatus ?? "-"}  accepted: ${accepted}`);
	},
	async check(_, double, __, tell) {
		const alarms = await double.checkDeadlines();
		for (const post of alarms) alarmed(post, tell);
		const pushes = await double.checkShipping();
		for (const post of pushes) pushed(post, tell);
		const counts = { alarms: alarms.length, pushes: pushes.length };
		tell("checked", counts, `checked  alarms: ${counts.alarms}  pushes: ${counts.pushes}`);
	},
	async confirm(rest, double, _, tell) {
		changed("confirmed", rest, await double.confirmReceipt(rest), tell);
	},
	async settle(rest, double, _, tell) {
		changed("settled", rest, await double.settle(rest), tell);
	},
	refund(rest, double, _, tell) {
		double.refund(rest);
		changed("refunded", rest, null, tell);
	},
	state(rest, double, _, tell) {
		const [order = null, shipment = null] = [double.order(rest), double.shipment(rest)];
		tell("state", { order, shipment }, `state  ${plain(JSON.stringify({ order, shipment }))}`);
	},
};

/** Does what a line asks for. What it cannot do it says, and goes on. */
export async function obey(
	line: string,
	double: Sandbox,
	appId: string,
	tell: Tell,
	world: World,
): Promise<void> {
	const [, word = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(line) ?? [];
	const { badControl } = networkTexts[world.language];
	try {
		if (Object.hasOwn(words, word)) await words[word as keyof typeof words](rest, double, appId, tell, world);
		else tell("error", { message: badControl }, badControl);
	} catch (error) {
		// The parser's own words quote what was typed.
		const message = error instanceof SyntaxError ? badControl : error instanceof Error ? error.message : "?";
		tell("error", { message }, `! ${message}`);
	}
}

function alarmed({ httpStatus, acknowledged }: AlarmPost, tell: Tell): void {
	tell("alarm", { httpStatus, acknowledged }, posted("alarm", httpStatus, acknowledged));
}

function pushed({ event, tries, acknowledged }: PushPost, tell: Tell): void {
	const httpStatus = tries.at(-1)?.httpStatus ?? null;
	const members = { name: event, tries: tries.length, httpStatus, acknowledged };
	tell("push", members, `${posted("push", httpStatus, acknowledged)}  ${plain(event)} ×${tries.length}`);
}

/** An order is in another state, which may have been pushed. */
function changed(event: string, transid: string, post: PushPost | null, tell: Tell): void {
	if (post !== null) pushed(post, tell);
	tell(event, { transid }, `${event}  ${plain(transid)}`);
}

function posted(what: string, httpStatus: number | null, acknowledged: boolean): string {
	return `${what}  HTTP ${httpStatus ?? "-"}  acknowledged: ${acknowledged}`;
}
