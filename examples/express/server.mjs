// Express: npm install && APP_ID=wx… PAY_SIGN_KEY=… npm start
import express from "express";
import { createAlarmReceiver } from "paysign";
import { toNodeListener } from "paysign/node";
import { createSqliteStore } from "paysign/stores/sqlite";

const { APP_ID = "", PAY_SIGN_KEY = "", ALARMS_DB = "alarms.db", PORT = "8080" } = process.env;

const store = createSqliteStore({ path: ALARMS_DB });
const receiver = createAlarmReceiver({
	accounts: { appId: APP_ID, appKey: PAY_SIGN_KEY },
	store,
	onAlarm: ({ alarm }) => console.log("alarm", alarm.errorType, alarm.description, alarm.alarmContent),
	onEvent: (event) => console.log("event", event.type),
});
// What a crash interrupted, and handlers that threw.
const resume = () => receiver.resume().catch(() => {});
resume();
setInterval(resume, 60_000).unref();

const app = express();
// The signature is over the bytes as sent: before every body parser, or behind express.raw({ type: "*/*" }).
app.all("/wxpay/alarm", toNodeListener(receiver));
app.use(express.json());

const server = app.listen(Number(PORT), "127.0.0.1", () => {
	console.log(`listening at http://127.0.0.1:${server.address().port}/wxpay/alarm`);
});

// Answers and handles what is under way, then ends.
process.once("SIGTERM", () => {
	server.close(async () => {
		await receiver.idle();
		await store.close();
	});
});
