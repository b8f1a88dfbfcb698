// What every runtime must agree on. This module runs in all of them, so it imports nothing but its parts and uses only what
// the Web has: the package's functions and the bodies are handed in.

import { notifications } from "./apiv3.mjs";
import { pushVerdicts } from "./push.mjs";

const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

const post = (body) => new Request("http://localhost/alarm", { method: "POST", body });

const answerOf = async (response) => `${response.status} ${await response.text()}`;

/** Everything that a runtime must show: the verdicts, a receiver at work, the other modules, and WebCrypto. */
export async function smoke(vectors, paysign) {
	const { receiver, run } = receiverRoundTrip(vectors, paysign);
	return {
		verdicts: await verdicts(vectors, paysign),
		roundTrip: await run((body) => receiver(post(body))),
		diagnosis: diagnosis(vectors, paysign),
		notifications: await notifications(vectors.apiv3, paysign),
		pushes: pushVerdicts(vectors.push, paysign),
	};
}

/** What the diagnosis says to a signature with a known mistake. */
function diagnosis({ mistake }, { diagnoseSignature }) {
	const { verdict, mistakes } = diagnoseSignature(mistake.options);
	return { verdict, mistakes: mistakes.map(({ id }) => id).sort() };
}

/** The verdict over each body and what a receiver answers to it, as [name, "ACCEPT, 200 success"]. */
async function verdicts({ appId, appKey, bodies }, paysign) {
	const { createAlarmReceiver, createMemoryStore, signMessage, verifyAlarm, WeChatPayError } = paysign;
	const account = { appId, appKey };
	const receiver = createAlarmReceiver({ accounts: account, store: createMemoryStore() });

	function verdict(body) {
		try {
			const { dedupKey, appSignature, ...fields } = verifyAlarm(body, account);
			// Text has crossed from WebAssembly to JavaScript; signing it again shows that all of it arrived.
			const same = signMessage("alarm", fields, appKey) === appSignature.toLowerCase();
			return same && /^[0-9a-f]{64}$/.test(dedupKey) ? "ACCEPT" : "ACCEPT with another text";
		} catch (error) {
			return error instanceof WeChatPayError ? error.code : `not a WeChatPayError: ${error}`;
		}
	}

	const list = [];
	for (const { name, body_b64 } of bodies) {
		const body = bytesOf(body_b64);
		list.push([name, `${verdict(body)}, ${await answerOf(await receiver(post(body)))}`]);
	}
	return list;
}

/** A receiver over a memory store, what it is posted, and what it has seen at the end. */
export function receiverRoundTrip({ appId, appKey }, paysign) {
	const { createAlarmReceiver, createMemoryStore, signTestAlarm } = paysign;
	const account = { appId, appKey };
	const store = createMemoryStore();
	const handled = [];
	const events = [];
	const receiver = createAlarmReceiver({
		accounts: account,
		store,
		onAlarm: ({ alarm }) => handled.push(alarm.description),
		onEvent: ({ type }) => events.push(type),
		now: () => 1_393_860_800,
	});
	const genuine = signTestAlarm({ timeStamp: 1_393_860_740, description: "发货超时 😀" }, account);
	return {
		receiver,
		/** Posts an alarm, the same again and a forged one, by a function that takes a body to a response. */
		async run(send) {
			const answers = [];
			for (const body of [genuine, genuine, genuine.replace("1001", "1002")]) {
				answers.push(await answerOf(await send(body)));
				// So that the handler's event has its place among the others.
				await receiver.idle();
			}
			const stored = await store.list({ limit: 10 });
			const quarantined = await store.listQuarantine({ limit: 10 });
			return {
				answers,
				handled,
				events,
				stored: stored.map(({ alarm, handledAt }) => `${alarm.description} ${handledAt}`),
				quarantined: quarantined.map(({ code }) => code),
			};
		},
	};
}
