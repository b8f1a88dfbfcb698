import { invalidArgument } from "../arguments.js";
import type { DeliveryState, DeliveryStore, StoredDelivery } from "../delivery-store.js";
import type { Delivery } from "../index.js";
import type { Shipping } from "../shipping-info.js";
import type { Store } from "../store.js";
import { type Arguments, parse } from "./arguments.js";
import { drawn, moment, paint, plain } from "./paint.js";
import { pageOf, withStore } from "./store.js";
import { exitCodes } from "./table.js";
import { storeTexts } from "./texts/stores.js";
import type { Command, World } from "./world.js";

/** `paysign outbox`: what an outbox has to send, and has sent. */
export const outbox: Command = async (args, world) => {
	const typed = parse(args, "outbox", world.language);
	const text = storeTexts[world.language];
	const [verb, ...numbers] = typed.operands;
	if (verb === "list" && numbers.length === 0)
		return withStore(typed, world, (store) => list(store, typed, world));
	if (verb === "retry") {
		if (numbers.length === 0 || !numbers.every((number) => /^\d{1,15}$/.test(number)))
			throw invalidArgument("NUMBER", text.whichNumber);
		return withStore(typed, world, (store) => retry(store, numbers.map(Number), typed, world));
	}
	throw invalidArgument("options", text.which("list, retry NUMBER"));
};

/** What either outbox has to send. */
type Payload = Delivery | Shipping;

function kindOf(typed: Arguments): "shipments" | "deliveries" {
	return typed.flags.has("shipments") ? "shipments" : "deliveries";
}

/** The numbers that an order may be known by. */
const orderNames = {
	deliveries: ["transid", "out_trade_no"],
	shipments: ["transaction_id", "mchid", "out_trade_no"],
} as const;

async function list(store: Store, typed: Arguments, world: World): Promise<number> {
	const text = storeTexts[world.language];
	// The table's choices are the states there are.
	const state = typed.values.get("state") as DeliveryState | undefined;
	const kind = kindOf(typed);
	const source: Pick<DeliveryStore<Payload>, "list"> = store[kind];
	const { rows, more } = await pageOf(typed, world, (page) =>
		source.list({ ...page, ...(state === undefined ? {} : { state }) }),
	);
	if (typed.flags.has("json")) for (const row of rows) world.out(`${JSON.stringify(row)}\n`);
	else if (rows.length === 0) world.out(`${text.none}\n`);
	else
		world.out(
			drawn(
				world,
				[...text.outboxHead, ...orderNames[kind], text.lastError],
				rows.map((row) => cells(row, world)),
			),
		);
	if (more !== undefined) world.complain(text.more(more));
	return exitCodes.yes;
}

const colours: Readonly<Record<DeliveryState, string>> = {
	waiting: "",
	"needs-human": "1;31",
	expired: "31",
	delivered: "32",
};

function cells(row: StoredDelivery<Payload>, world: World): string[] {
	const { sequence, state, deadline, attempts, attemptAt, delivery, lastCode, lastErrcode } = row;
	return [
		`${sequence}`,
		paint(world, colours[state], state),
		moment(deadline),
		`${attempts}`,
		moment(attemptAt),
		...orderOf(delivery).map((part) => plain(part ?? "-")),
		[lastCode, lastErrcode].filter((part) => part !== null).join(" "),
	];
}

/** The order, by each of the numbers that it may be known by: of a shipping notice either the first, or the others. */
function orderOf(payload: Payload): readonly (string | undefined)[] {
	if (!("orderKey" in payload)) return [payload.transid, payload.outTradeNo];
	const { orderKey } = payload;
	return "transactionId" in orderKey
		? [orderKey.transactionId, undefined, undefined]
		: [undefined, orderKey.mchId, orderKey.outTradeNo];
}

async function retry(
	store: Store,
	numbers: readonly number[],
	typed: Arguments,
	world: World,
): Promise<number> {
	const text = storeTexts[world.language];
	const rows = store[kindOf(typed)];
	let all = true;
	for (const sequence of numbers) {
		const due = await rows.retry(sequence, world.now());
		all &&= due;
		if (typed.flags.has("json")) world.out(`${JSON.stringify({ sequence, due })}\n`);
		else if (due) world.out(`${text.due(sequence)}\n`);
		else world.complain(text.notDue(sequence));
	}
	return all ? exitCodes.yes : exitCodes.no;
}
