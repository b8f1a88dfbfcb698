// A receiver on a server of its own over a SQLite file, to be killed. `node receiver-child.mjs PATH MODE [KIND]`
// SIGTERM ends it as it should be ended; every MODE but `serve` has one thing wrong. KIND is `alarm` unless it is said.
import { serveAlarms } from "paysign/node";
import { createSqliteStore } from "paysign/stores/sqlite";
import { kindOf, storeWithout } from "./receivers.mjs";

const [path, mode, name = "alarm"] = process.argv.slice(2);
const kind = kindOf(name);

function die() {
	process.kill(process.pid, "SIGKILL");
}

const modes = {
	serve: {},
	"die-in-handler": { onMessage: die },
	"die-after-commit": {
		onMessage: undefined,
		async insert(...values) {
			await inbox.insert(...values);
			die();
		},
	},
	/** The control: it acknowledges first and writes soon after, as a buffered log or an unsynced queue does. */
	"acknowledge-early": {
		async insert(...values) {
			setTimeout(() => void inbox.insert(...values), 20);
			return "inserted";
		},
	},
};

const { insert, onMessage } = { onMessage: () => {}, ...modes[mode] };
const store = createSqliteStore({
	path,
	onCorrupt: ({ movedTo }) => process.stderr.write(`moved to ${movedTo}\n`),
});
const inbox = kind.inbox(store);
const receiver = kind.create({
	accounts: kind.account,
	store:
		insert === undefined ? store : storeWithout(kind, { insert: (_, ...values) => insert(...values) }, store),
	...(onMessage && { [kind.handler]: onMessage }),
});
const server = await serveAlarms(receiver, { port: 0 });
process.once("SIGTERM", async () => {
	await server.close();
	await store.close();
});
process.stdout.write(`${server.url}\n`);
