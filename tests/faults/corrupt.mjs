// F8. Random damage to the file while nothing runs; then a receiver starts on it.
import { copyFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSqliteStore } from "paysign/stores/sqlite";
import { alarmBody, setUp } from "../js/support/receiver.mjs";

export async function corrupt({ folder, files }) {
	const sound = join(folder, "sound.sqlite");
	const store = createSqliteStore({ path: sound });
	const { send } = setUp({ store, onAlarm: undefined });
	for (let index = 0; index < 200; index += 1) await send(alarmBody(`alarm ${index} ${"x".repeat(200)}`));
	await store.close();
	let moved = 0;
	let lost = 0;
	let wrong = 0;
	let seconds = 0;
	for (let file = 0; file < files; file += 1) {
		const path = join(folder, `damaged-${file}.sqlite`);
		copyFileSync(sound, path);
		damage(path, file % 3);
		const before = readFileSync(path);
		const start = performance.now();
		const alerts = [];
		let opened;
		try {
			opened = createSqliteStore({ path, onCorrupt: (alert) => alerts.push(alert) });
		} catch (error) {
			// What no longer looks like our file is refused with a sentence, and left as it is.
			if (error.code !== "STORE_FAILED" || !readFileSync(path).equals(before)) wrong += 1;
			continue;
		}
		const { send: sendAgain, rows } = setUp({ store: opened, onAlarm: undefined });
		if ((await sendAgain(alarmBody("after the damage"))).status !== 200) wrong += 1;
		seconds = Math.max(seconds, (performance.now() - start) / 1000);
		if (alerts.length > 0) {
			moved += 1;
			// Moved as it was: what can be read of it can still be read.
			const aside = alerts[0].movedTo;
			if (!existsSync(aside) || !readFileSync(aside).equals(before)) lost += 1;
		} else if ((await rows()).length !== 201) lost += 1;
		await opened.close();
	}
	return {
		tries: `${files} damaged files`,
		lost,
		wrong,
		seconds,
		ok: moved > 0,
		note: `${moved} found damaged, moved aside byte for byte and reported; receiving went on in a new file`,
	};
}

/** Zeroes a stretch, cuts the end off, or writes noise. */
function damage(path, way) {
	const bytes = readFileSync(path);
	const at = 100 + Math.floor(Math.random() * (bytes.length - 5_000));
	if (way === 1) return truncateSync(path, at);
	for (let index = 0; index < 4_096; index += 1) bytes[at + index] = way === 0 ? 0 : Math.random() * 256;
	writeFileSync(path, bytes);
}
