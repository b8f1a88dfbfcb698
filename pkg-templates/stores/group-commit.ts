import { WeChatPayError } from "../errors.js";
import type { SqlDatabase, SqlResult, SqlStatement } from "./sql.js";

/** At most this many statements in one transaction: those who come later must not wait for a transaction without end. */
const MOST_STATEMENTS = 256;

/** At most this often more callers are waited for, each time only if somebody has come since the time before. */
const MOST_TURNS = 16;

/** A caller's transaction, waiting for its turn. */
interface Waiting {
	readonly statements: readonly SqlStatement[];
	readonly resolve: (results: SqlResult[]) => void;
	readonly reject: (error: unknown) => void;
}

/**
 * The same database, with the transactions of callers that come together committed together: one sync of the disk, one
 * round trip, for all of them. What comes while a commit is under way goes into the next one. Each caller is still
 * answered after the commit of what is his, and gets all of it or nothing.
 *
 * When a joint transaction fails, each caller's is tried alone, so that nobody pays for what another one passed. Only
 * when the database is busy or out of reach is everybody told so at once: to wait again for each of them would make
 * the last one wait for all.
 *
 * @param schedule Calls its argument soon, after other events that are there already have had their turn.
 */
export function groupCommits(database: SqlDatabase, schedule: (work: () => void) => void): SqlDatabase {
	let queue: Waiting[] = [];
	let running = false;
	let idle = () => {};

	function start(): void {
		running = true;
		gather(queue.length, MOST_TURNS);
	}

	/** Commits once nobody else comes: whoever is alone waits for nobody, and a crowd is not cut into pieces. */
	function gather(seen: number, turns: number): void {
		schedule(() => {
			if (turns > 1 && queue.length > seen && queue.length < MOST_STATEMENTS) gather(queue.length, turns - 1);
			else void run();
		});
	}

	async function run(): Promise<void> {
		await commitTogether(takeTurn());
		if (queue.length > 0) return start();
		running = false;
		idle();
	}

	function takeTurn(): Waiting[] {
		let statements = 0;
		let callers = 0;
		for (const waiting of queue) {
			statements += waiting.statements.length;
			if (callers > 0 && statements > MOST_STATEMENTS) break;
			callers += 1;
		}
		const turn = queue.slice(0, callers);
		queue = queue.slice(callers);
		return turn;
	}

	async function commitTogether(turn: readonly Waiting[]): Promise<void> {
		try {
			const results = await database.commit(turn.flatMap(({ statements }) => statements));
			let from = 0;
			for (const { statements, resolve } of turn) {
				resolve(results.slice(from, from + statements.length));
				from += statements.length;
			}
		} catch (error) {
			const [first] = turn;
			if (isAboutDatabase(error)) rejectAll([...turn, ...queue.splice(0)], error);
			else if (turn.length === 1) first?.reject(error);
			else await commitOneByOne(turn);
		}
	}

	async function commitOneByOne(turn: readonly Waiting[]): Promise<void> {
		for (const [index, { statements, resolve, reject }] of turn.entries()) {
			try {
				resolve(await database.commit(statements));
			} catch (error) {
				if (isAboutDatabase(error)) return rejectAll([...turn.slice(index), ...queue.splice(0)], error);
				reject(error);
			}
		}
	}

	return {
		dialect: database.dialect,

		commit(statements) {
			return new Promise((resolve, reject) => {
				queue.push({ statements, resolve, reject });
				if (!running) start();
			});
		},

		read: (statement) => database.read(statement),

		/** Lets what waits be committed first. */
		async close() {
			if (running) {
				await new Promise<void>((resolve) => {
					idle = resolve;
				});
			}
			await database.close();
		},
	};
}

function isAboutDatabase(error: unknown): boolean {
	return error instanceof WeChatPayError && error.details.retryable === true;
}

function rejectAll(callers: readonly Waiting[], error: unknown): void {
	for (const { reject } of callers) reject(error);
}
