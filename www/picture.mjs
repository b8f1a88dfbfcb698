// Takes the README's picture of the page: cargo xtask www, then node www/picture.mjs
// A machine with the fonts Inter, JetBrains Mono and Noto Sans CJK takes it best.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("..", import.meta.url));
const types = { "index.html": "text/html", "style.css": "text/css", "page.js": "text/javascript" };

const server = createServer(({ url }, response) => {
	const name = url === "/" ? "index.html" : url.slice(1);
	if (!(name in types)) return response.writeHead(404).end();
	return response
		.setHeader("content-type", `${types[name]}; charset=utf-8`)
		.end(readFileSync(`${root}dist/www/${name}`));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
	args: ["--no-sandbox", "--disable-gpu"],
});
try {
	const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: "light" });
	await page.goto(`http://127.0.0.1:${server.address().port}/`);
	await page.click('[data-example="alarm names-as-given"]');
	await page.waitForSelector("#verdict[data-state=explained]");
	await page.evaluate(() => {
		document.activeElement.blur();
		scrollTo(0, 0);
	});
	await page.screenshot({ path: `${root}docs/images/page.png` });
} finally {
	await browser.close();
	server.close();
}
