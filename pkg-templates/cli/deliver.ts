import { invalidArgument } from "../arguments.js";
import { buildDeliverNotify, type Delivery } from "../index.js";
import { accountOf, keyed } from "./account.js";
import { type Arguments, parse } from "./arguments.js";
import { failed, openClient, sandboxOf } from "./client.js";
import { readText } from "./fields.js";
import { paint } from "./paint.js";
import { deliveryOf } from "./sign.js";
import { networkTexts } from "./texts/network.js";
import { texts } from "./texts.js";
import type { Command, World } from "./world.js";

const optionOf: Readonly<Record<keyof Delivery, string>> = {
	openid: "openid",
	transid: "transid",
	outTradeNo: "out-trade-no",
	deliverTimestamp: "time",
	deliverStatus: "status",
	deliverMsg: "msg",
};

/** `paysign deliver`: tells WeChat of one delivery. */
export const deliver: Command = async (args, world) => {
	const typed = parse(args, "deliver", world.language);
	const text = networkTexts[world.language];
	const account = await accountOf(typed, world);
	const delivery = await readDelivery(typed, world);
	if (typed.flags.has("dry-run")) {
		world.out(`${JSON.stringify(buildDeliverNotify(delivery, keyed(account, world)))}\n`);
		return 0;
	}
	const client = openClient(typed, account, world);
	const sandbox = sandboxOf(typed);
	if (world.watched) world.complain(text.sending);
	try {
		const { errcode, errmsg } = await client.deliverNotify(delivery);
		if (typed.flags.has("json")) {
			world.out(`${JSON.stringify({ delivered: true, sandbox, errcode, errmsg }, null, 2)}\n`);
		} else {
			world.out(`${paint(world, "1;32", `✔ ${text.delivered}`)}  errcode ${errcode} ${errmsg}\n`);
		}
		return 0;
	} catch (error) {
		return failed(error, { delivered: false, sandbox }, typed, world);
	}
};

/** What FILE says, and over it what the options say. */
async function readDelivery({ operands, values }: Arguments, world: World): Promise<Delivery> {
	const [file, ...more] = operands;
	if (more.length > 0) throw invalidArgument("FILE", texts[world.language].oneFile);
	const typed = Object.entries(optionOf).flatMap(([name, option]) => {
		const value = values.get(option);
		return value === undefined ? [] : [[name, value] as const];
	});
	// Options alone are enough; without any, what is piped in is meant.
	const source = file ?? (typed.length > 0 ? undefined : "-");
	const read =
		source === undefined ? [] : readText(await world.readMessage(source, "FILE"), "FILE", world).fields;
	const delivery = {
		deliverTimestamp: world.now(),
		deliverStatus: "1",
		deliverMsg: "ok",
		...deliveryOf(read),
		...Object.fromEntries(typed),
	} as Delivery;
	for (const name of ["openid", "transid", "outTradeNo"] as const) {
		if (delivery[name] === undefined)
			throw invalidArgument(name, networkTexts[world.language].incomplete(name, optionOf[name]));
	}
	return delivery;
}
