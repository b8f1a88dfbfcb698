// A process of its own over a SQLite store, for tests that end it in the middle. `node sqlite-child.mjs TASK PATH …`
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createSqliteStore } from "paysign/stores/sqlite";
import { alarmOf } from "./store.mjs";

const [task, path, argument] = process.argv.slice(2);

const tasks = {
	/** Inserts without end, and says which alarms are acknowledged. */
	async insert() {
		const store = createSqliteStore({ path });
		for (let index = 0; ; index += 1) {
			const text = `${argument}-${index}`;
			await store.insert(alarmOf(text), index);
			process.stdout.write(`${text}\n`);
			// Lets the parent's kill and the pipe have their turn.
			await new Promise((resolve) => setImmediate(resolve));
		}
	},

	/** Opens a new file, and dies at the call to SQLite with this number. */
	async dieAtCall() {
		let callsLeft = Number(argument);
		for (const method of ["exec", "prepare"]) {
			const original = DatabaseSync.prototype[method];
			DatabaseSync.prototype[method] = function (...values) {
				if (callsLeft === 0) process.kill(process.pid, "SIGKILL");
				callsLeft -= 1;
				return original.apply(this, values);
			};
		}
		createSqliteStore({ path });
		process.stdout.write("set up\n");
	},

	async open() {
		await createSqliteStore({ path }).close();
		process.stdout.write("opened\n");
	},

	/** Opens a damaged file, and dies instead of the call with this number that renames something. */
	async dieAtRename() {
		let callsLeft = Number(argument);
		const { renameSync } = fs;
		fs.renameSync = (...values) => {
			if (callsLeft === 0) process.kill(process.pid, "SIGKILL");
			callsLeft -= 1;
			renameSync(...values);
		};
		syncBuiltinESMExports();
		await createSqliteStore({ path }).close();
		process.stdout.write("opened\n");
	},

	/** Opens a store in the folder `path`, where something may not be written by an ordinary user; root becomes one. */
	async openWithoutRight() {
		const file = join(path, "alarms.sqlite");
		if (argument !== "folder") await createSqliteStore({ path: file }).close();
		// All may pass through the folders above, nobody may write in this one.
		for (let above = dirname(path); above !== tmpdir() && above !== dirname(above); above = dirname(above)) {
			fs.chmodSync(above, 0o755);
		}
		if (argument !== "folder") fs.chmodSync(file, argument === "file" ? 0o444 : 0o666);
		fs.chmodSync(path, argument === "file" ? 0o777 : 0o555);
		if (process.getuid() === 0) process.setuid(65_534);
		try {
			createSqliteStore({ path: file });
		} catch ({ code, message }) {
			process.stdout.write(`${code} ${message}`);
		}
	},

	/** Holds the write lock of a file, set up or not, for so many milliseconds. */
	async holdWriteLock() {
		const database = new DatabaseSync(path, { timeout: 5_000 });
		database.exec("BEGIN IMMEDIATE");
		process.stdout.write("held\n");
		await new Promise((resolve) => setTimeout(resolve, Number(argument)));
		database.exec("COMMIT");
		database.close();
	},

	/** Opens at the given time, in milliseconds, together with others, and inserts one alarm. */
	async openAt() {
		while (Date.now() < Number(argument));
		const store = createSqliteStore({ path });
		await store.insert(alarmOf(`${process.pid}`), 1);
		await store.close();
		process.stdout.write("inserted\n");
	},
};

await tasks[task]();
