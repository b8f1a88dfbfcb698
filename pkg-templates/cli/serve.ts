import { invalidArgument } from "../arguments.js";
import { createLog, type LogRecord } from "../logs.js";
import { createMetrics } from "../metrics.js";
import { type AlarmServer, serveAlarms } from "../node.js";
import { type Arguments, numberOf, parse } from "./arguments.js";
import { paint } from "./paint.js";
import { type Receiving, receiving } from "./receivers.js";
import { signalled } from "./signals.js";
import { type OpenStore, openStore } from "./store.js";
import { storeTexts } from "./texts/stores.js";
import { texts } from "./texts.js";
import type { Received } from "./words.js";
import type { Command, World } from "./world.js";

/** `paysign serve`: receives alarms, pushes or notifications of APIv3 until it is told to stop. */
export const serve: Command = async (args, world) => {
	const typed = parse(args, "serve", world.language);
	if (typed.operands.length > 0) throw invalidArgument("options", texts[world.language].noOperand);
	const text = storeTexts[world.language];
	// The table's choices are the kinds there are.
	const kind = (typed.values.get("message") ?? "alarm") as Received;
	const prepared = await receiving[kind](typed, world);
	const opened = await openStore(typed, world, true);
	const isJson = typed.flags.has("json");
	const tell = (event: string, members: object, line: string) => {
		const time = new Date(world.now() * 1000).toISOString();
		world.out(
			isJson
				? `${JSON.stringify({ time, level: "info", component: "serve", event, ...members })}\n`
				: `${line}\n`,
		);
	};
	try {
		const stop = signalled();
		const server = await listen(typed, prepared, opened, world);
		const { url, operationsUrl = null } = server;
		tell(
			"listening",
			{ url, operationsUrl, store: opened.kind },
			paint(world, "1", text.listening(text.received[kind], url, opened.kind)),
		);
		if (operationsUrl !== null && !isJson) world.out(`${text.operations(operationsUrl)}\n`);
		await stop;
		tell("stopping", {}, text.stopping);
		await server.close();
		tell("stopped", {}, text.stopped);
	} finally {
		await opened.close();
	}
	return 0;
};

async function listen(
	typed: Arguments,
	{ secrets, create }: Receiving,
	{ store }: OpenStore,
	world: World,
): Promise<AlarmServer> {
	const metrics = createMetrics({ deliveries: store.deliveries, shipments: store.shipments });
	const isJson = typed.flags.has("json");
	const write = (line: string, record: LogRecord) =>
		world.out(`${isJson ? line : readable(record, world)}\n`);
	const log = createLog({ write, secrets });
	const receiver = create(store, { metrics, log });
	const path = typed.values.get("path");
	const host = typed.values.get("host");
	const operations = {
		port: numberOf(typed, "operations-port", 0, world),
		metrics,
		checks: { store: () => store.list({ limit: 1 }) },
	};
	return serveAlarms(receiver, {
		port: numberOf(typed, "port", 8080, world),
		...(host === undefined ? {} : { host }),
		...(path === undefined ? {} : { path }),
		...(typed.values.has("operations-port") ? { operations } : {}),
		onError: (error) => world.complain(error instanceof Error ? error.message : "?"),
	});
}

const colours = { info: "32", warn: "33", error: "1;31" };

/** The same record for a person. */
function readable({ time, level, component: _, event, ...members }: LogRecord, world: World): string {
	const rest = Object.entries(members).map(([name, value]) => `${name}=${value}`);
	const head = `${time.slice(11, 19)}  ${paint(world, colours[level], event.padEnd(12))}`;
	return `${head}  ${rest.join(" ")}`.trimEnd();
}
