// A Worker that does with its stores what the test asks for; workerd.mjs is the other end.
import { createD1Store } from "paysign/stores/d1";
import { createDurableObjectStore } from "paysign/stores/durable-object";
import { fromWire, toWire } from "./wire.mjs";

const stores = new Map();

/** Runs one call on the store of this name, which is made with the first. */
async function run(request, make) {
	const { name, path, values } = fromWire(await request.text());
	if (!stores.has(name)) stores.set(name, make());
	try {
		const method = path.slice(0, -1).reduce((object, member) => object[member], stores.get(name));
		return new Response(toWire({ value: await method[path.at(-1)](...values) }));
	} catch (error) {
		const { code, message, details } = error;
		return new Response(toWire({ error: { code, message: message ?? String(error), details } }));
	}
}

/** What the test does to the database itself. */
async function runSql(request, exec) {
	const { text } = fromWire(await request.text());
	try {
		return new Response(toWire({ value: await exec(text) }));
	} catch (error) {
		return new Response(toWire({ error: { message: String(error) } }));
	}
}

/** The same object, but the statement with this number, counted over all calls, fails. */
function failingAt(number, object, method, count) {
	return new Proxy(object, {
		get(target, name) {
			const member = target[name];
			if (name !== method) return typeof member === "function" ? member.bind(target) : member;
			return (text, ...values) =>
				target[method](count() === number ? "SELECT no_such_function()" : text, ...values);
		},
	});
}

function counter() {
	let calls = -1;
	return () => {
		calls += 1;
		return calls;
	};
}

export class Stores {
	constructor(context) {
		this.context = context;
	}

	async fetch(request) {
		const { storage } = this.context;
		const { pathname, searchParams } = new URL(request.url);
		switch (pathname) {
			case "/call":
				return run(request, () => createDurableObjectStore({ storage: this.storageFailing(searchParams) }));
			case "/sql":
				return runSql(request, (text) => storage.sql.exec(text).toArray());
			case "/evict":
				this.context.abort("evicted by the test");
		}
	}

	storageFailing(searchParams) {
		const { storage } = this.context;
		if (!searchParams.has("failAt")) return storage;
		const sql = failingAt(Number(searchParams.get("failAt")), storage.sql, "exec", counter());
		return {
			sql,
			transactionSync: (work) => storage.transactionSync(work),
			sync: () => storage.sync(),
		};
	}
}

export default {
	async fetch(request, env) {
		const { pathname, searchParams } = new URL(request.url);
		if (searchParams.has("object")) {
			return env.STORES.get(env.STORES.idFromName(searchParams.get("object"))).fetch(request);
		}
		const database = env[searchParams.get("binding")];
		if (pathname === "/sql")
			return runSql(request, async (text) => (await database.prepare(text).all()).results);
		const failAt = searchParams.get("failAt");
		return run(request, () =>
			createD1Store({
				database: failAt === null ? database : failingAt(Number(failAt), database, "prepare", counter()),
			}),
		);
	},
};
