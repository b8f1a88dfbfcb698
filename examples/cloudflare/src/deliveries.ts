import { type Delivery, type DeliveryTerms, WeChatPayError } from "paysign";
import { clientOf, outboxOf } from "./account.js";
import { type Env, senderOf } from "./env.js";
import { complain, describe } from "./report.js";
import { storeOf } from "./store.js";

/**
 * `POST /deliveries`: `{ openid, transid, outTradeNo, deliverTimestamp, deliverStatus, deliverMsg, paidAt, goods }`.
 * 201 or, for one that is here already, 200: WeChat will hear of it, whatever happens from now on.
 */
export async function enqueue(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
	const outbox = outboxOf(clientOf(env), storeOf(env));
	let outcome: "inserted" | "duplicate";
	try {
		const { paidAt, goods, ...delivery } = await bodyOf(request);
		// The outbox checks every field, whatever its type.
		outcome = await outbox.enqueue(delivery as unknown as Delivery, { paidAt, goods } as DeliveryTerms);
	} catch (error) {
		return Response.json(describe(error), { status: statusOf(error) });
	}
	context.waitUntil(wake(env));
	return Response.json({ outcome }, { status: outcome === "inserted" ? 201 : 200 });
}

/** `GET /status`: counts, and when something is done again. */
export async function status(env: Env): Promise<Response> {
	const store = storeOf(env);
	const limit = 100;
	const [deliveries, unhandled, quarantined, wakesAt] = await Promise.all([
		outboxOf(clientOf(env), store).counts(),
		store.list({ limit, unhandled: true }),
		store.listQuarantine({ limit }),
		senderOf(env).wakesAt(),
	]);
	return Response.json({
		deliveries,
		// Up to 100 are counted.
		alarms: { unhandled: unhandled.length, quarantined: quarantined.length },
		wakesAt,
	});
}

/** What is stored is sent without it as well, at the latest after the next cron trigger. */
async function wake(env: Env): Promise<void> {
	try {
		await (env.WAKE === undefined ? senderOf(env).wake() : env.WAKE.send({}));
	} catch (error) {
		complain("The outbox was not woken", error);
	}
}

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
	const body: unknown = await request.json().catch(() => undefined);
	if (typeof body === "object" && body !== null) return body as Record<string, unknown>;
	throw new WeChatPayError("ARGUMENT_INVALID", "The body must be a delivery as a JSON object.");
}

function statusOf(error: unknown): 400 | 409 | 503 {
	// What the Durable Object's store rejects with comes without its class.
	if (!(error instanceof WeChatPayError) || error.code === "STORE_FAILED") return 503;
	return error.code === "DELIVERY_CONFLICT" ? 409 : 400;
}
