// A route handler of Next.js: POST /wxpay/alarm
import { createAlarmReceiver } from "paysign";
import { createSqliteStore } from "paysign/stores/sqlite";

// SQLite is a file: not the edge, and not a platform that throws the file away; see paysign/stores/postgres for those.
export const runtime = "nodejs";

// Not at import: `next build` imports this file too, without the secrets. Once, for the receiver knows what is under way.
let made: ReturnType<typeof make> | undefined;

function make() {
	const { APP_ID = "", PAY_SIGN_KEY = "", ALARMS_DB = "alarms.db" } = process.env;
	return createAlarmReceiver({
		accounts: { appId: APP_ID, appKey: PAY_SIGN_KEY },
		store: createSqliteStore({ path: ALARMS_DB }),
		onAlarm: ({ alarm }) => console.log("alarm", alarm.errorType, alarm.description, alarm.alarmContent),
		onEvent: (event) => console.log("event", event.type),
	});
}

async function receive(request: Request): Promise<Response> {
	made ??= make();
	// The signature is over the bytes as sent: nothing may read the request before.
	return made(request);
}

export { receive as GET, receive as POST };
