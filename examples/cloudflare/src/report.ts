import { type OutboxEvent, type ReceiverEvent, WeChatPayError } from "paysign";

/** What somebody has to look at. What it throws is thrown on, and then it is called again later. */
export async function tell(subject: string, details: object): Promise<void> {
	// Your mail, your chat: until then, what `wrangler tail` and the dashboard's logs show as an error.
	console.error(JSON.stringify({ subject, ...details }));
}

/** One line of JSON for each event. Events hold no secrets. */
export function record(event: ReceiverEvent | OutboxEvent): void {
	console.log(
		JSON.stringify(event, (_, value) => (value instanceof Error ? describe(value) : (value as unknown))),
	);
}

/** A line in the log about what has failed and is done again. */
export function complain(subject: string, error: unknown): void {
	console.warn(JSON.stringify({ subject, ...describe(error) }));
}

export function describe(error: unknown): { readonly code?: string; readonly message: string } {
	if (error instanceof WeChatPayError) return { code: error.code, message: error.message };
	return { message: error instanceof Error ? error.message : "something that is no error was thrown" };
}
