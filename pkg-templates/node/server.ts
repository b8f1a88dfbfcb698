import type { Server } from "node:http";
import { WeChatPayError } from "../errors.js";

/**
 * Listens, or says why not.
 *
 * @param name What it is, in the words of an error: `alarm server`.
 */
export async function listen(name: string, server: Server, port: number, host: string): Promise<void> {
	try {
		await new Promise<void>((resolve, reject) => {
			server.once("error", reject);
			server.listen(port, host, () => {
				server.off("error", reject);
				resolve();
			});
		});
	} catch (error) {
		const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown";
		throw new WeChatPayError(
			"NETWORK",
			`The ${name} cannot listen on this host and port (${reason}).`,
			{ reason },
			{ cause: error },
		);
	}
}

/** Where it listens, without a path. */
export function urlOf(server: Server, host: string): string {
	const address = server.address();
	const port = typeof address === "object" ? address?.port : undefined;
	return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
