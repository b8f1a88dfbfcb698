import { invalidArgument } from "../arguments.js";
import type { QuarantinedBody, Store, StoredAlarm } from "../store.js";
import { type Arguments, parse } from "./arguments.js";
import { aligned, drawn, laidOut, moment, plain } from "./paint.js";
import { reverify } from "./reverify.js";
import { pageOf, withStore } from "./store.js";
import { exitCodes } from "./table.js";
import { storeTexts } from "./texts/stores.js";
import type { Command, World } from "./world.js";

/** `paysign alarms`: what a receiver has kept. */
export const alarms: Command = async (args, world) => {
	const typed = parse(args, "alarms", world.language);
	const text = storeTexts[world.language];
	const [verb, number, ...more] = typed.operands;
	if (verb === "list" && number === undefined)
		return withStore(typed, world, (store) => list(store, typed, world));
	if (verb === "show" && more.length === 0) {
		if (number === undefined || !/^\d{1,15}$/.test(number)) throw invalidArgument("NUMBER", text.whichNumber);
		return withStore(typed, world, (store) => show(store, Number(number), typed, world));
	}
	if (verb === "reverify" && number === undefined) return reverify("alarm", typed, world);
	throw invalidArgument("options", text.which("list, show NUMBER, reverify"));
};

async function list(store: Store, typed: Arguments, world: World): Promise<number> {
	const text = storeTexts[world.language];
	const unhandled = typed.flags.has("unhandled");
	const isRefused = typed.flags.has("quarantine");
	const { rows, more } = isRefused
		? await pageOf(typed, world, (page) => store.listQuarantine(page))
		: await pageOf<StoredAlarm | QuarantinedBody>(typed, world, (page) => store.list({ ...page, unhandled }));
	if (typed.flags.has("json")) {
		for (const row of rows) world.out(`${JSON.stringify("alarm" in row ? row : summary(row))}\n`);
	} else if (rows.length === 0) {
		world.out(`${text.none}\n`);
	} else {
		const cells = rows.map((row) => ("alarm" in row ? alarmCells(row) : refusedCells(row)));
		world.out(drawn(world, isRefused ? text.refusedHead : text.alarmHead, cells));
	}
	if (more !== undefined) world.complain(text.more(more));
	return exitCodes.yes;
}

function alarmCells({ sequence, receivedAt, handledAt, alarm }: StoredAlarm): string[] {
	const { errorType, description, alarmContent } = alarm;
	return [
		`${sequence}`,
		moment(receivedAt),
		moment(handledAt),
		plain(errorType),
		shortened(description),
		shortened(alarmContent),
	];
}

function refusedCells({ sequence, receivedAt, code, body, truncated, digest }: QuarantinedBody): string[] {
	return [
		`${sequence}`,
		moment(receivedAt),
		plain(code),
		`${truncated ? ">" : ""}${body.length}`,
		`${digest.slice(0, 16)}…`,
	];
}

/** What a program is told of a refused body in a list: all but the body. */
function summary({ sequence, digest, code, truncated, receivedAt, body }: QuarantinedBody) {
	return { sequence, digest, code, truncated, receivedAt, bytes: body.length };
}

function shortened(text: string): string {
	const characters = [...text];
	return plain(characters.length > 48 ? `${characters.slice(0, 47).join("")}…` : text);
}

async function show(store: Store, number: number, typed: Arguments, world: World): Promise<number> {
	const text = storeTexts[world.language];
	const page = { limit: 1, after: number - 1 };
	const isRefused = typed.flags.has("quarantine");
	const [row] = isRefused ? await store.listQuarantine(page) : await store.list(page);
	if (row?.sequence !== number) {
		world.complain(text.noRow);
		return exitCodes.no;
	}
	const isJson = typed.flags.has("json");
	if ("alarm" in row) {
		const { alarm, ...rest } = row;
		const times = { receivedAt: moment(row.receivedAt), handledAt: moment(row.handledAt) };
		const members = Object.entries({ sequence: row.sequence, ...times, ...alarm });
		const lines = aligned(members.map(([name, value]) => [name, plain(String(value))]));
		world.out(isJson ? `${JSON.stringify({ ...rest, alarm }, null, 2)}\n` : `${lines.join("\n")}\n`);
		return exitCodes.yes;
	}
	const body = new TextDecoder().decode(row.body);
	if (isJson) {
		world.out(`${JSON.stringify({ ...summary(row), body }, null, 2)}\n`);
		return exitCodes.yes;
	}
	const { sequence, code, digest, truncated } = row;
	const members = { sequence, receivedAt: moment(row.receivedAt), code, digest };
	const lines = aligned(Object.entries(members).map(([name, value]) => [name, plain(String(value))]));
	world.out(`${lines.join("\n")}\n\n${laidOut(body)}\n${truncated ? `… ${text.cut}\n` : ""}`);
	return exitCodes.yes;
}
