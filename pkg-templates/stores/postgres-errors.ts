import { WeChatPayError } from "../errors.js";

/** Stands for an answer that did not come in time. */
export const outOfTime = new Error("no answer in time");

/**
 * SQLSTATEs that pass by themselves: the server is starting, stopping, full of connections or changing roles, or two
 * transactions were in each other's way. A transaction that ended so was undone.
 */
const passing = /^(?:08|57P|53300|25006|40001|40P01)/;

/** Passing too, but each has had its time: a lock that was waited for, a limit of the user's own. */
const waitedFor = /^(?:55P03|57014|25P03)/;

/** Classes of SQLSTATEs whose text names objects, roles and reasons, and never a value. */
const speaking = /^(?:08|0A|25|28|3D|3F|42|53|54|55|57|58)/;

/** Whether trying again soon can help. What is not from the server is from the connection to it. */
export function isPassing(error: unknown): boolean {
	if (error instanceof WeChatPayError) return false;
	const state = sqlStateOf(error);
	return state === undefined || passing.test(state);
}

/** Whether a COMMIT that failed so has certainly kept nothing: the server said so, and was not about to end. */
export function isUndone(error: unknown): boolean {
	const state = sqlStateOf(error);
	return state !== undefined && !/^(?:08|57P)/.test(state);
}

/**
 * What went wrong, as the contract of a store wants it. Without a cause: the details of the server's errors quote the
 * row.
 *
 * @param undone Whether it is certain that nothing was kept.
 */
export function postgresError(error: unknown, undone: boolean): WeChatPayError {
	if (error instanceof WeChatPayError) return error;
	const state = sqlStateOf(error);
	const outcome = undone
		? "nothing was kept"
		: "the connection was lost during the commit, so it is not known whether anything was kept";
	return new WeChatPayError("STORE_FAILED", `The Postgres store failed: ${reasonOf(error)}; ${outcome}.`, {
		...(isPassing(error) || (state !== undefined && waitedFor.test(state)) ? { retryable: true } : {}),
		...reasonCode(state ?? systemCodeOf(error)),
	});
}

function reasonOf(error: unknown): string {
	if (error === outOfTime) return "the server did not answer in time";
	const state = sqlStateOf(error);
	if (state === undefined) {
		return `the server cannot be reached (${systemCodeOf(error) ?? "the connection was closed"})`;
	}
	return speaking.test(state) && error instanceof Error ? error.message : `SQLSTATE ${state}`;
}

function reasonCode(reason: string | undefined): { readonly reason?: string } {
	return reason === undefined ? {} : { reason };
}

/** The server's five characters; `undefined` for what `pg`, Node.js or the network threw. */
function sqlStateOf(error: unknown): string | undefined {
	if (!(error instanceof Error) || !("code" in error) || !("severity" in error)) return undefined;
	return String(error.code);
}

/** Such as ECONNREFUSED. */
function systemCodeOf(error: unknown): string | undefined {
	return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
