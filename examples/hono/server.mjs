// Hono on Node.js: npm install && APP_ID=wx… PAY_SIGN_KEY=… npm start
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { createAlarmReceiver } from "paysign";
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

const app = new Hono();
// The signature is over the bytes as sent: the request itself, and before whatever reads its body.
app.all("/wxpay/alarm", (context) => receiver(context.req.raw));

const server = serve({ fetch: app.fetch, port: Number(PORT), hostname: "127.0.0.1" }, ({ port }) => {
	console.log(`listening at http://127.0.0.1:${port}/wxpay/alarm`);
});

// Answers and handles what is under way, then ends.
process.once("SIGTERM", () => {
	server.close(async () => {
		await receiver.idle();
		await store.close();
	});
});
