// HTTP by hand, for what no client library sends.
import { once } from "node:events";
import { connect } from "node:net";

/** Opens a connection; `received` grows with what the server says, `closed` settles when it is over. */
export async function rawConnection(url) {
	const { hostname, port } = new URL(url);
	const socket = connect(Number(port), hostname);
	await once(socket, "connect");
	const connection = {
		socket,
		received: "",
		closed: new Promise((resolve) => socket.once("close", resolve)),
	};
	// What is said before the server cuts the connection counts, not how it is cut.
	socket.on("error", () => {});
	socket.setEncoding("latin1").on("data", (text) => {
		connection.received += text;
	});
	return connection;
}

/** The head of a POST with these further lines. */
export function head(...lines) {
	return ["POST /alarm HTTP/1.1", "Host: localhost", ...lines, "", ""].join("\r\n");
}

/** Waits until the condition holds. */
export async function until(condition, what) {
	const end = Date.now() + 5_000;
	while (!condition()) {
		if (Date.now() > end) throw new Error(`timed out waiting until ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 2));
	}
}

/** An answer as text without what differs from one second to the next. */
export function withoutDate(received) {
	return received.replace(/\r\nDate: [^\r]*/g, "");
}
