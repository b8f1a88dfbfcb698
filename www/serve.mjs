// Serves a folder of dist on this machine: node www/serve.mjs [PORT] [FOLDER]

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const types = {
	".html": "text/html; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".png": "image/png",
	".svg": "image/svg+xml",
};

const [, , port = "8080", name = "www"] = process.argv;
const folder = fileURLToPath(new URL(`../dist/${name}/`, import.meta.url));

const server = createServer(async (request, response) => {
	const { pathname } = new URL(request.url ?? "/", "http://localhost");
	const file = join(folder, pathname.endsWith("/") ? `${pathname}index.html` : pathname);
	const found = file.startsWith(folder) && (await stat(file).catch(() => null))?.isFile();
	if (!found) {
		response.writeHead(404, { "content-type": "text/plain" }).end("There is no such file.\n");
		return;
	}
	response.setHeader("content-type", types[extname(file)] ?? "application/octet-stream");
	response.setHeader("cache-control", "no-store");
	createReadStream(file).pipe(response);
});
server.on("error", (error) => {
	process.exitCode = 1;
	console.error(`The page cannot be served: ${error.message}`);
});
server.listen(Number(port), "127.0.0.1", () => {
	console.log(`http://127.0.0.1:${server.address().port}/`);
});
