import { closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { OUR_MARK } from "./sql.js";

/** What was done with a database file that is damaged. */
export interface CorruptDatabase {
	/** Where the file is now; `-wal` and `-shm` are beside it, under the same name. */
	readonly movedTo: string;
	/** What is wrong with it, in SQLite's words. */
	readonly reason: string;
}

type Open = (path: string, options: { readonly readOnly: boolean }) => DatabaseSync;

/** What belongs to a database file. The file itself is the last: SQLite deletes a `-wal` whose file is missing. */
const parts = ["-wal", "-shm", ""];

/**
 * Looks through a database of ours, and moves it out of the way if it is damaged. Nothing is deleted, and nothing that is
 * not ours is touched.
 *
 * @param open Opens a connection that waits for locks.
 * @param seconds The clock, in Unix seconds, for the new name.
 */
export function moveDamagedAside(
	path: string,
	open: Open,
	seconds: () => number,
): CorruptDatabase | undefined {
	if (findDamage(path, open) === undefined) return undefined;
	// A lock that a process leaves with its life. The file's own cannot be used: damaged, it cannot be locked.
	const lockPath = `${path}.lock`;
	const lock = open(lockPath, { readOnly: false });
	try {
		try {
			lock.exec("BEGIN EXCLUSIVE");
		} catch (error) {
			// A lock that is deleted while somebody waits for it gives an error; with it went the damaged file.
			if (findDamage(path, open) === undefined) return undefined;
			throw error;
		}
		// Again: another process may have moved it, and what is there now is the new file.
		const reason = findDamage(path, open);
		if (reason === undefined) return undefined;
		const movedTo = newName(path, seconds());
		for (const part of parts) {
			if (existsSync(path + part)) renameSync(path + part, movedTo + part);
		}
		syncFolder(dirname(path));
		rmSync(lockPath, { force: true });
		return { movedTo, reason };
	} finally {
		lock.close();
	}
}

/** What is wrong with a database of ours; `undefined` when nothing is, or when it is not ours. */
function findDamage(path: string, open: Open): string | undefined {
	if (sizeOf(path) === 0) return sizeOf(`${path}-wal`) > 0 ? "the file is empty, its -wal is not" : undefined;
	if (!isOurs(path)) return undefined;
	let database: DatabaseSync | undefined;
	try {
		// A connection that may write would write what is in the `-wal` into the file when it is closed.
		database = open(path, { readOnly: true });
		const row: Record<string, unknown> | undefined = database.prepare("PRAGMA quick_check(1)").get();
		const verdict = String(row?.quick_check);
		return verdict === "ok" ? undefined : verdict.replaceAll(/\s+/g, " ");
	} catch (error) {
		// Whatever else is wrong, opening it in earnest will say so.
		return isDamage(error) ? String(error.message) : undefined;
	} finally {
		database?.close();
	}
}

function isDamage(error: unknown): error is Error {
	// SQLITE_CORRUPT and SQLITE_NOTADB; the low byte is the code.
	return error instanceof Error && "errcode" in error && [11, 26].includes(Number(error.errcode) & 0xff);
}

function sizeOf(path: string): number {
	return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Whether the file's header has our mark, or nothing else in the place of one: a header that was overwritten with zeros
 * or cut off before the mark is not somebody's either.
 */
function isOurs(path: string): boolean {
	const header = headerOf(path);
	if (header.length >= 72 && header.readUInt32BE(68) === OUR_MARK) return true;
	if (header.every((byte) => byte === 0)) return true;
	const magic = Buffer.from("SQLite format 3\0").subarray(0, header.length);
	return header.length < 72 && header.subarray(0, magic.length).equals(magic);
}

function headerOf(path: string): Buffer {
	const header = Buffer.alloc(100);
	let file: number;
	try {
		file = openSync(path, "r");
	} catch {
		// What cannot be read cannot be opened either, which is told there.
		return Buffer.from("?");
	}
	try {
		return header.subarray(0, readSync(file, header));
	} catch {
		return Buffer.from("?");
	} finally {
		closeSync(file);
	}
}

/** `alarms.db.corrupt-20261123T094500Z`, and a number behind it where that exists. */
function newName(path: string, seconds: number): string {
	const time = new Date(seconds * 1_000).toISOString().replaceAll(/[-:]|\.\d+/g, "");
	const isTaken = (name: string) => parts.some((part) => existsSync(name + part));
	const name = `${path}.corrupt-${time}`;
	let free = name;
	for (let number = 2; isTaken(free); number += 1) free = `${name}-${number}`;
	return free;
}

/** Makes the renaming last before anything is kept in the new file. */
function syncFolder(folder: string): void {
	try {
		const handle = openSync(folder, "r");
		try {
			fsyncSync(handle);
		} finally {
			closeSync(handle);
		}
	} catch {
		// Windows has no handle of a folder, and needs none.
	}
}
