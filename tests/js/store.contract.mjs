// The laws of the alarm store (pkg-templates/store.ts), checked on whichever store `open` opens.
import { inboxContract } from "./inbox.contract.mjs";
import { alarmOf, refusedOf } from "./support/store.mjs";

const alarms = {
	name: "alarms",
	part: (store) => store,
	message: alarmOf,
	odd: (text, dedupKey) => {
		const fields = { description: text, appId: text, errorType: text, timeStamp: text, appSignature: text };
		return alarmOf(text, { ...fields, dedupKey });
	},
	messageOf: (row) => row.alarm,
	content: "alarmContent",
	other: "description",
	refused: refusedOf,
};

/**
 * @param {string} name What is under test.
 * @param {() => Promise<import("paysign").AlarmStore>} open Opens a new, empty store.
 */
export function storeContract(name, open) {
	inboxContract(name, open, alarms);
}
