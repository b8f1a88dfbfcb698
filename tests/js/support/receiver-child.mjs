// An alarm server of its own over a SQLite file, to be killed. `node receiver-child.mjs PATH MODE`
// MODE `serve` handles every alarm; `die-in-handler` dies with the first call of its handler.
import { createAlarmReceiver } from "paysign";
import { serveAlarms } from "paysign/node";
import { createSqliteStore } from "paysign/stores/sqlite";
import { account } from "./receiver.mjs";

const [path, mode] = process.argv.slice(2);

const receiver = createAlarmReceiver({
	accounts: account,
	store: createSqliteStore({ path }),
	onAlarm: () => {
		if (mode === "die-in-handler") process.kill(process.pid, "SIGKILL");
	},
});
const { url } = await serveAlarms(receiver, { port: 0 });
process.stdout.write(`${url}\n`);
