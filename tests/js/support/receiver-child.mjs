// An alarm server of its own over a SQLite file, to be killed. `node receiver-child.mjs PATH MODE`
// SIGTERM ends it as it should be ended; every MODE but `serve` has one thing wrong.
import { createAlarmReceiver } from "paysign";
import { serveAlarms } from "paysign/node";
import { createSqliteStore } from "paysign/stores/sqlite";
import { account } from "./receiver.mjs";

const [path, mode] = process.argv.slice(2);

function die() {
	process.kill(process.pid, "SIGKILL");
}

const modes = {
	serve: {},
	"die-in-handler": { onAlarm: die },
	"die-after-commit": {
		onAlarm: undefined,
		async insert(...values) {
			await store.insert(...values);
			die();
		},
	},
	/** The control: it acknowledges first and writes soon after, as a buffered log or an unsynced queue does. */
	"acknowledge-early": {
		async insert(...values) {
			setTimeout(() => void store.insert(...values), 20);
			return "inserted";
		},
	},
};

const { insert, ...options } = modes[mode];
const store = createSqliteStore({
	path,
	onCorrupt: ({ movedTo }) => process.stderr.write(`moved to ${movedTo}\n`),
});
const receiver = createAlarmReceiver({
	accounts: account,
	store: insert === undefined ? store : { ...store, insert },
	onAlarm: () => {},
	...options,
});
const server = await serveAlarms(receiver, { port: 0 });
process.once("SIGTERM", async () => {
	await server.close();
	await store.close();
});
process.stdout.write(`${server.url}\n`);
