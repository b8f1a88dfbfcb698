// A SQLite store to look into, and processes of their own over one; what those can do is in sqlite-child.mjs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import sqlite, { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { createSqliteStore } from "paysign/stores/sqlite";
import { groupCommits } from "#modules/stores/group-commit.js";
import { createSqlStore } from "#modules/stores/sql-store.js";
import { openSqlite } from "#modules/stores/sqlite-database.js";

/** Starts one. */
export function startChild(...values) {
	const script = fileURLToPath(new URL("./sqlite-child.mjs", import.meta.url));
	const options = { stdio: ["ignore", "pipe", "pipe"] };
	const child = spawn(
		process.execPath,
		["--disable-warning=ExperimentalWarning", script, ...values.map(String)],
		options,
	);
	child.stdout.setEncoding("utf8");
	child.stderr.setEncoding("utf8");
	return child;
}

/** Runs one to its end, whichever that is, and returns what it said. */
export async function runChild(...values) {
	const child = startChild(...values);
	const said = { stdout: "", stderr: "" };
	for (const stream of Object.keys(said)) {
		child[stream].on("data", (text) => {
			said[stream] += text;
		});
	}
	await once(child, "close");
	return said;
}

/**
 * Opens a store whose own connection the test can reach; `rewrite` may change a statement on its way. With `ticks` it waits
 * by that clock.
 */
export function openSpied(path, rewrite = (statement) => statement, ticks = undefined) {
	let database;
	class Spied extends DatabaseSync {
		constructor(...values) {
			super(...values);
			database = this;
		}
		exec(statement) {
			return super.exec(rewrite(statement));
		}
	}
	sqlite.DatabaseSync = Spied;
	try {
		const store = ticks === undefined ? createSqliteStore({ path }) : waitingBy(ticks, path);
		return { store, database };
	} finally {
		sqlite.DatabaseSync = DatabaseSync;
	}
}

function waitingBy(ticks, path) {
	const database = openSqlite({ path, now: () => 0, onCorrupt: () => {}, ticks });
	return createSqlStore(groupCommits(database, setImmediate));
}

/** A clock that goes on by a second whenever it is asked: five seconds of waiting are over after five tries. */
export function hurriedClock() {
	let milliseconds = 0;
	return () => {
		milliseconds += 1_000;
		return milliseconds;
	};
}
