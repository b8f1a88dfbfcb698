// Gives a receiver over SQLite one alarm after the other, and writes to its standard output what each was answered.
// `node disk.child.mjs PATH COUNT`. Under strace, its writes and its syncs stand in one list, in their order.
import { writeSync } from "node:fs";
import { createSqliteStore } from "paysign/stores/sqlite";
import { alarmBody, setUp } from "../js/support/receiver.mjs";

const [path, count] = process.argv.slice(2);
const store = createSqliteStore({ path });
const { send } = setUp({ store, onAlarm: undefined });
for (let index = 0; index < Number(count); index += 1) {
	const { status } = await send(alarmBody(`alarm ${index}`));
	writeSync(1, `answer ${status} alarm ${index}\n`);
}
// As by the power switch: nothing is tidied up.
process.kill(process.pid, "SIGKILL");
