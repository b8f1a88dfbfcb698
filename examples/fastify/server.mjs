// Fastify: npm install && APP_ID=wx… PAY_SIGN_KEY=… npm start
import Fastify from "fastify";
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

const app = Fastify();
const listener = toNodeListener(receiver);
// A plugin, so that what it changes holds for its route alone.
app.register(async (alarms) => {
	// The signature is over the bytes as sent: no parser may read them, and no content type is refused.
	alarms.removeAllContentTypeParsers();
	alarms.addContentTypeParser("*", (_request, _payload, done) => done(null));
	alarms.all("/wxpay/alarm", (request, reply) => {
		reply.hijack(); // the listener answers, not Fastify
		listener(request.raw, reply.raw);
	});
});

const url = await app.listen({ port: Number(PORT), host: "127.0.0.1" });
console.log(`listening at ${url}/wxpay/alarm`);

// Answers and handles what is under way, then ends.
process.once("SIGTERM", async () => {
	await app.close();
	await receiver.idle();
	await store.close();
});
