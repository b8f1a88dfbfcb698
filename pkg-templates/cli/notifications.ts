import { invalidArgument } from "../arguments.js";
import type {
	NotificationSource,
	NotificationStore,
	QuarantinedNotification,
	StoredNotification,
} from "../notification-store.js";
import { type Arguments, parse } from "./arguments.js";
import { aligned, drawn, laidOut, moment, plain } from "./paint.js";
import { reverify } from "./reverify.js";
import { pageOf, withStore } from "./store.js";
import { exitCodes } from "./table.js";
import { storeTexts } from "./texts/stores.js";
import type { Command, World } from "./world.js";

/** `paysign notifications`: what receivers of pushes and of APIv3's notifications have kept. */
export const notifications: Command = async (args, world) => {
	const typed = parse(args, "notifications", world.language);
	const text = storeTexts[world.language];
	const [verb, number, ...more] = typed.operands;
	if (verb === "list" && number === undefined)
		return withStore(typed, world, (store) => list(store.notifications, typed, world));
	if (verb === "show" && more.length === 0) {
		if (number === undefined || !/^\d{1,15}$/.test(number)) throw invalidArgument("NUMBER", text.whichNumber);
		return withStore(typed, world, (store) => show(store.notifications, Number(number), typed, world));
	}
	if (verb === "reverify" && number === undefined) {
		const { source } = sourceOf(typed);
		if (source === undefined) throw invalidArgument("source", text.whichSource);
		return reverify(source, typed, world);
	}
	throw invalidArgument("options", text.which("list, show NUMBER, reverify"));
};

/** The source that was asked for. */
function sourceOf(typed: Arguments): { readonly source?: NotificationSource } {
	// The table's choices are the sources there are.
	const source = typed.values.get("source") as NotificationSource | undefined;
	return source === undefined ? {} : { source };
}

async function list(store: NotificationStore, typed: Arguments, world: World): Promise<number> {
	const text = storeTexts[world.language];
	const unhandled = typed.flags.has("unhandled");
	const isRefused = typed.flags.has("quarantine");
	const from = sourceOf(typed);
	const { rows, more } = isRefused
		? await pageOf(typed, world, (page) => store.listQuarantine({ ...page, ...from }))
		: await pageOf<StoredNotification | QuarantinedNotification>(typed, world, (page) =>
				store.list({ ...page, ...from, unhandled }),
			);
	if (typed.flags.has("json")) {
		for (const row of rows) world.out(`${JSON.stringify("digest" in row ? summary(row) : row)}\n`);
	} else if (rows.length === 0) {
		world.out(`${text.none}\n`);
	} else {
		const cells = rows.map((row) => ("digest" in row ? refusedCells(row) : storedCells(row, world)));
		world.out(drawn(world, isRefused ? text.refusedNotificationHead : text.notificationHead, cells));
	}
	if (more !== undefined) world.complain(text.more(more));
	return exitCodes.yes;
}

function storedCells(row: StoredNotification, world: World): string[] {
	const { sequence, receivedAt, handledAt, source, account, isProtected, type } = row;
	const isIt = storeTexts[world.language].isProtected(isProtected);
	return [`${sequence}`, moment(receivedAt), moment(handledAt), source, plain(account), isIt, plain(type)];
}

function refusedCells(row: QuarantinedNotification): string[] {
	const { sequence, receivedAt, source, code, body, truncated, digest } = row;
	const bytes = `${truncated ? ">" : ""}${body.length}`;
	return [`${sequence}`, moment(receivedAt), source, plain(code), bytes, `${digest.slice(0, 16)}…`];
}

/** What a program is told of a refused notification in a list: all but the body. */
function summary({ body, ...row }: QuarantinedNotification) {
	return { ...row, bytes: body.length };
}

async function show(
	store: NotificationStore,
	number: number,
	typed: Arguments,
	world: World,
): Promise<number> {
	const text = storeTexts[world.language];
	const page = { limit: 1, after: number - 1, ...sourceOf(typed) };
	const [row] = typed.flags.has("quarantine") ? await store.listQuarantine(page) : await store.list(page);
	if (row?.sequence !== number) {
		world.complain(text.noRow);
		return exitCodes.no;
	}
	const isRefused = "digest" in row;
	const content = isRefused ? new TextDecoder().decode(row.body) : row.content;
	if (typed.flags.has("json")) {
		const whole = isRefused ? { ...summary(row), body: content } : row;
		world.out(`${JSON.stringify(whole, null, 2)}\n`);
		return exitCodes.yes;
	}
	const lines = aligned(Object.entries(members(row)).map(([name, value]) => [name, plain(String(value))]));
	const cut = isRefused && row.truncated ? `… ${text.cut}\n` : "";
	world.out(`${lines.join("\n")}\n\n${laidOut(content)}\n${cut}`);
	return exitCodes.yes;
}

/** What stands above the content. */
function members(row: StoredNotification | QuarantinedNotification): object {
	const { sequence, source } = row;
	const receivedAt = moment(row.receivedAt);
	if ("digest" in row) {
		const { code, digest, context } = row;
		return { sequence, receivedAt, source, code, digest, context };
	}
	const { account, type, isProtected, dedupKey } = row;
	const times = { sentAt: moment(row.sentAt), receivedAt, handledAt: moment(row.handledAt) };
	return { sequence, ...times, source, account, type, isProtected, dedupKey };
}
