import type { AlarmReceiver } from "paysign";
import { receiverOf, secretOf } from "./account.js";
import { hasBearer } from "./bearer.js";
import { enqueue, status } from "./deliveries.js";
import { type Env, senderOf } from "./env.js";
import { complain, tell } from "./report.js";
import { storeOf } from "./store.js";

export { Sender } from "./sender.js";

/** One receiver as long as the Worker is in memory: it counts what it keeps of forgeries. */
const receivers = new WeakMap<Env, AlarmReceiver>();

export default {
	async fetch(request, env, context) {
		const { pathname } = new URL(request.url);
		const route = `${request.method} ${pathname}`;
		try {
			if (pathname === "/wxpay/alarm") return await receive(request, env, context);
			if (route !== "POST /deliveries" && route !== "GET /status") return new Response(null, { status: 404 });
			if (!(await hasBearer(request, secretOf(env, "API_KEY")))) {
				return new Response(null, { status: 401, headers: { "www-authenticate": "Bearer" } });
			}
			return route === "GET /status" ? await status(env) : await enqueue(request, env, context);
		} catch (error) {
			complain(`${route} could not be answered`, error);
			// To WeChat too: it sends the alarm again.
			return new Response("fail", { status: 503 });
		}
	},

	async queue(batch, env) {
		if (batch.queue.endsWith("-dead")) {
			await tell("The outbox could not be woken; the cron trigger tries on", {
				times: batch.messages.length,
			});
		} else {
			// One call for all of them. If it throws, the queue delivers them again.
			await senderOf(env).wake();
		}
	},

	async scheduled(_controller, env) {
		// A receiver of its own: what another request has begun may have ended with that request.
		const results = await Promise.allSettled([receiverOf(env, storeOf(env)).resume(), senderOf(env).wake()]);
		const failed = results.find((result) => result.status === "rejected");
		if (failed !== undefined) throw failed.reason;
	},
} satisfies ExportedHandler<Env>;

function receive(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
	let receiver = receivers.get(env);
	if (receiver === undefined) {
		receiver = receiverOf(env, storeOf(env));
		receivers.set(env, receiver);
	}
	return receiver(request, context);
}
