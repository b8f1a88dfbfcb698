import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, answers } from "./answers.js";
import { judgeDelivery, membersOf } from "./deliveries.js";
import { type FaultQueue, strike } from "./faults.js";
import { leaksKey, maskedBody, maskedQuery } from "./log.js";
import type { OrderBook } from "./orders.js";
import type { ShipmentBook } from "./shipments.js";
import { shippingAnswer } from "./shipping-calls.js";
import type { TokenAnswer, TokenDesk } from "./tokens.js";
import type { SandboxAccount, SandboxPath, SandboxRequest } from "./types.js";

/** The paths that the sandbox serves. */
export const sandboxPaths: readonly SandboxPath[] = [
	"/cgi-bin/token",
	"/cgi-bin/stable_token",
	"/pay/delivernotify",
	"/wxa/sec/order/upload_shipping_info",
	"/wxa/sec/order/upload_combined_shipping_info",
	"/wxa/sec/order/get_order",
	"/wxa/sec/order/is_trade_managed",
	"/wxa/sec/order/notify_confirm_receive",
	"/wxa/sec/order/set_msg_jump_path",
];

/** What the server asks and tells. */
export interface World {
	readonly accounts: ReadonlyMap<string, SandboxAccount>;
	readonly desk: TokenDesk;
	readonly orders: OrderBook;
	readonly shipments: ShipmentBook;
	readonly faults: FaultQueue;
	readonly now: () => number;
	readonly log: (request: SandboxRequest) => void;
}

interface Received {
	readonly method: string;
	readonly path: string;
	readonly query: URLSearchParams;
	readonly contentType: string;
	readonly body: string;
}

const largestBodyBytes = 1024 * 1024;

/** Starts to listen on this machine only. */
export async function listen(port: number, world: World): Promise<Server> {
	const server = createServer((request, response) => {
		// A request that breaks off, or is too large, has nobody to answer to.
		serve(request, response, world).catch(() => response.destroy());
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, "127.0.0.1", resolve);
	});
	return server;
}

/** Where a server listens. */
export function urlOf(server: Server): string {
	// An AddressInfo, because it listens on TCP.
	const { port } = server.address() as AddressInfo;
	return `http://127.0.0.1:${port}`;
}

async function serve(request: IncomingMessage, response: ServerResponse, world: World): Promise<void> {
	const received = await receive(request);
	const fault = world.faults.take(received.path);
	const answer = fault === undefined ? answerTo(received, world) : strike(fault, response);
	world.log({
		at: world.now(),
		method: received.method,
		path: received.path,
		query: maskedQuery(received.query),
		contentType: received.contentType,
		body: maskedBody(received.body, world.accounts.values(), world.desk.issued()),
		fault: fault ?? null,
		errcode: answer === undefined ? null : "errcode" in answer ? answer.errcode : 0,
		keyLeak: leaksKey(received.body, world.accounts.values()),
	});
	if (answer !== undefined) {
		// HTTP 200 for refusals too, as WeChat does.
		response
			.writeHead(200, { "content-type": "application/json; charset=utf-8" })
			.end(JSON.stringify(answer));
	} else if (fault === undefined) {
		response.writeHead(404).end();
	}
}

function answerTo(
	received: Received,
	{ desk, orders, shipments, now }: World,
): Answer | TokenAnswer | undefined {
	const { method, path, query, body } = received;
	const call = { method, token: query.get("access_token") ?? "", body };
	switch (path) {
		case "/cgi-bin/token":
			return desk.classic(new Map(query));
		case "/cgi-bin/stable_token": {
			if (method !== "POST") return answers.notPost;
			if (body === "") return answers.noBody;
			const members = membersOf(body);
			return members === undefined ? answers.badJson : desk.stable(members);
		}
		case "/pay/delivernotify":
			return judgeDelivery(call, desk, orders);
		default:
			return shippingAnswer(path, call, desk, shipments, now());
	}
}

async function receive(request: IncomingMessage): Promise<Received> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		length += chunk.length;
		if (length > largestBodyBytes) throw new RangeError("The sandbox takes bodies of 1 MiB at most.");
		chunks.push(chunk);
	}
	const url = new URL(request.url ?? "/", "http://sandbox");
	return {
		method: request.method ?? "GET",
		path: url.pathname,
		query: url.searchParams,
		contentType: request.headers["content-type"] ?? "",
		body: Buffer.concat(chunks).toString("utf8"),
	};
}
