// Nothing but Node.js: npm install && APP_ID=wx… PAY_SIGN_KEY=… npm start
import { createAlarmReceiver } from "paysign";
import { serveAlarms } from "paysign/node";
import { createSqliteStore } from "paysign/stores/sqlite";

const { APP_ID = "", PAY_SIGN_KEY = "", ALARMS_DB = "alarms.db", PORT = "8080" } = process.env;

const store = createSqliteStore({ path: ALARMS_DB });
const receiver = createAlarmReceiver({
	accounts: { appId: APP_ID, appKey: PAY_SIGN_KEY },
	store,
	onAlarm: ({ alarm }) => console.log("alarm", alarm.errorType, alarm.description, alarm.alarmContent),
	onEvent: (event) => console.log("event", event.type),
});
// It has the time limits that a public URL needs, and offers again what a crash interrupted.
const server = await serveAlarms(receiver, { port: Number(PORT), path: "/wxpay/alarm" });
console.log(`listening at ${server.url}`);

// Answers and handles what is under way, then ends.
process.once("SIGTERM", async () => {
	await server.close();
	await store.close();
});
