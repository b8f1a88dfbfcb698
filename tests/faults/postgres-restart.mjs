// F7. The server is stopped in each of its ways and started again, while a receiver is posted to.
import { createPostgresStore } from "paysign/stores/postgres";
import { startPostgres } from "../js/support/postgres.mjs";
import { alarmBody, setUp } from "../js/support/receiver.mjs";
import { readTexts } from "../js/support/receiver-process.mjs";

const signals = ["SIGINT", "SIGQUIT", "SIGKILL"];

export async function restartPostgres({ log, rounds }) {
	const server = await startPostgres();
	try {
		// A pool without a listener for errors: the store's must do.
		const store = await createPostgresStore({ pool: server.pool() });
		const { send } = setUp({ store, onAlarm: () => {} });
		const acknowledged = [];
		let refused = 0;
		let wrong = 0;
		let stopped = false;
		const senders = Array.from({ length: 8 }, async (_, sender) => {
			for (let index = 0; !stopped; index += 1) {
				const text = `${sender}-${index}`;
				const { status } = await send(alarmBody(text));
				if (status === 200) acknowledged.push(text);
				else if (status === 503) refused += 1;
				else wrong += 1;
			}
		});
		let seconds = 0;
		const more = async (count) => {
			const enough = acknowledged.length + count;
			while (acknowledged.length < enough) await new Promise((resolve) => setTimeout(resolve, 1));
		};
		for (let round = 0; round < rounds; round += 1) {
			await more(50);
			await server.stop(signals[round % signals.length]);
			await server.start();
			const back = performance.now();
			await more(1);
			seconds = Math.max(seconds, (performance.now() - back) / 1000);
			log(`${round + 1} restarts, ${acknowledged.length} acknowledgements`);
		}
		await more(50);
		stopped = true;
		await Promise.all(senders);
		const { kept, twice } = await readTexts(store);
		return {
			tries: `${rounds} restarts, ${acknowledged.length} acknowledgements`,
			lost: acknowledged.filter((text) => !kept.has(text)).length,
			wrong: wrong + twice,
			seconds,
			ok: seconds < 2 && acknowledged.length > 50 * rounds,
			note: `SIGINT, SIGQUIT and SIGKILL in turn; ${refused} answered with 503; seconds after the server is back`,
		};
	} finally {
		await server.remove();
	}
}
