// The example's Worker with what a test does to its world: the clock stands where the test sets it, the database and the
// object can be out of reach, and the object's alarm goes off when the test says so. All else is the Worker as it is.
import worker, { Sender as OriginalSender } from "./worker.js";

const world = {};
const now = Date.now;
Date.now = () => world.now ?? now();
// The clock that only goes forward goes with it.
performance.now = () => Date.now();

const { error } = console;
console.error = (...values) => {
	if (world.deaf) throw new Error("nobody listens");
	error(...values);
};

const faulty = new WeakMap();
function faultyEnv(env) {
	if (!faulty.has(env))
		faulty.set(env, { ...env, ...(env.DB === undefined ? {} : { DB: database(env.DB) }) });
	return faulty.get(env);
}

function database(real) {
	return {
		prepare: (text) => real.prepare(text),
		async batch(statements) {
			if (world.database === "lost") throw lost();
			const outcomes = await real.batch(statements);
			if (world.database === "lost after the commit") throw lost();
			return outcomes;
		},
	};
}

function lost() {
	return new Error("D1_ERROR: Network connection lost.");
}

export class Sender extends OriginalSender {
	constructor(context, env) {
		super(context, faultyEnv(env));
	}

	async wake() {
		if (world.sender === "lost") throw new Error("Network connection lost.");
		await super.wake();
	}

	async fetch(request) {
		if (new URL(request.url).pathname === "/test/evict") this.ctx.abort("evicted by the test");
		// As the platform does it: while the alarm runs, none is set.
		await this.ctx.storage.deleteAlarm();
		await this.alarm();
		return new Response();
	}
}

export default {
	async fetch(request, env, context) {
		const { pathname } = new URL(request.url);
		if (!pathname.startsWith("/test/")) return worker.fetch(request, faultyEnv(env), context);
		if (pathname !== "/test/world") return env.SENDER.getByName(env.APP_ID).fetch(request);
		Object.assign(world, await request.json());
		return new Response();
	},
	queue: (batch, env, context) => worker.queue(batch, faultyEnv(env), context),
	scheduled: (controller, env, context) => worker.scheduled(controller, faultyEnv(env), context),
};
