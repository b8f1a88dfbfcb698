// dist/www on a static host that remembers what it was asked for.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../../dist/www/", import.meta.url));

const types = {
	".html": "text/html; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
};

// WebKit's driver does not hand out the console, so the page is watched from inside, in every browser alike.
const watch = `
	globalThis.watched = [];
	const say = (kind) => (...said) => watched.push(kind + ": " + said.map(String).join(" "));
	addEventListener("error", (event) => say("error")(event.message ?? "a file did not load"), true);
	addEventListener("unhandledrejection", (event) => say("unhandled rejection")(event.reason));
	addEventListener("securitypolicyviolation", (event) => say("refused")(event.effectiveDirective, event.blockedURI));
	console.error = say("console.error");
	console.warn = say("console.warn");
`;

// Where a person has the text that they are about to paste.
const desk =
	'<!doctype html><title>desk</title><link rel="icon" href="data:,"><textarea id="text"></textarea>';

/** Serves it on a free port; `requests` grows. */
export async function serve() {
	const requests = [];
	const made = {
		"/watch.js": () => watch,
		"/desk.html": () => desk,
		"/watched.html": () =>
			readFileSync(join(folder, "index.html"), "utf8").replace(
				"<title",
				'<script src="watch.js"></script>\n<title',
			),
	};
	const server = createServer((request, response) => {
		const { pathname } = new URL(request.url, "http://localhost");
		requests.push(`${request.method} ${request.url}`);
		const path = pathname === "/" ? "/index.html" : pathname;
		try {
			const content = made[path]?.() ?? readFileSync(join(folder, path));
			response.setHeader("content-type", types[extname(path)] ?? "application/octet-stream").end(content);
		} catch {
			response.writeHead(404).end();
		}
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		requests,
		url: (path) => new URL(path, `http://127.0.0.1:${server.address().port}/`).href,
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}
