// The documentation as it is published: every link leads somewhere, both languages have every page, nothing is fetched from
// anywhere else, and people with a phone, a keyboard or a screen reader can read it.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join, posix } from "node:path";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { errorCodes } from "paysign";
import { describeMessages } from "paysign/diagnose";
import { chromium } from "playwright-core";
import { root } from "../js/support/examples.mjs";

const site = join(root, "dist/docs");
const pages = readdirSync(site, { recursive: true })
	.map((file) => file.replaceAll("\\", "/"))
	.filter((file) => file.endsWith(".html") && !file.startsWith("rust/"))
	.sort();
const html = new Map(pages.map((page) => [page, readFileSync(join(site, page), "utf8")]));

const unescaped = (text) => text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&");
const attributes = (text, name) =>
	[...text.matchAll(new RegExp(` ${name}="([^"]*)"`, "g"))].map(([, value]) => unescaped(value));

test("every link within the site leads to a page, and every anchor to a place in it", () => {
	const ids = new Map(pages.map((page) => [page, new Set(attributes(html.get(page), "id"))]));
	const broken = [];
	let followed = 0;
	// The first page of the crate is the README.
	const crate = "rust/paysign/index.html";
	const texts = new Map([...html, [crate, readFileSync(join(site, crate), "utf8")]]);
	for (const [page, text] of texts) {
		for (const address of [...attributes(text, "href"), ...attributes(text, "src")]) {
			if (/^(https?|data):/.test(address)) continue;
			followed += 1;
			const [path, anchor] = decodeURI(address).split("#");
			const target = path === "" ? page : posix.join(dirname(page), path);
			const found = target.startsWith("..") ? false : existsSync(join(site, target));
			const there = anchor === undefined || !ids.has(target) || ids.get(target).has(anchor);
			if (!found || !there) broken.push(`${page}: ${address}`);
		}
	}
	assert.deepEqual(broken, []);
	assert.equal(followed > 1000, true, "links were found at all");
});

test("no id stands twice in a page", () => {
	for (const [page, text] of html) {
		const ids = attributes(text, "id");
		assert.equal(new Set(ids).size, ids.length, page);
	}
});

test("both languages have every page, but the reference, which is English", () => {
	const english = pages.filter((page) => !page.startsWith("zh/") && !page.startsWith("api/"));
	const chinese = pages.filter((page) => page.startsWith("zh/")).map((page) => page.slice(3));
	assert.deepEqual(chinese, english);
	for (const page of pages) {
		assert.match(html.get(page), page.startsWith("zh/") ? /<html lang="zh-CN">/ : /<html lang="en">/);
	}
});

test("the generated tables have every row", () => {
	const rows = (page) => html.get(page);
	for (const name of errorCodes) {
		for (const page of ["errors.html", "zh/errors.html"])
			assert.ok(rows(page).includes(`<code>${name}</code>`), name);
	}
	for (const [name, page] of [
		["errcodes", "errcodes.html"],
		["shipping-errcodes", "shippingErrcodes.html"],
	]) {
		const { vectors } = JSON.parse(readFileSync(join(root, `tests/vectors/${name}.json`), "utf8"));
		for (const { errcode } of vectors) {
			assert.ok(rows(page).includes(`<code>${errcode}</code>`), errcode);
			assert.ok(rows(`zh/${page}`).includes(`<code>${errcode}</code>`), errcode);
		}
	}
	for (const { name, fields } of describeMessages()) {
		assert.ok(rows("messages.html").includes(`<code>${name}</code>`), name);
		for (const field of fields)
			assert.ok(rows("zh/messages.html").includes(`<code>${field.name}</code>`), field.name);
	}
	const catalogue = readFileSync(join(root, "src/diagnose/catalogue.rs"), "utf8");
	const [, listed] = /pub const CATALOGUE[^=]*= &\[(.*?)\n\];/s.exec(catalogue);
	const mistakes = [...listed.matchAll(/^ {8}"([a-z0-9-]+)",$/gm)].map(([, id]) => id);
	assert.equal(mistakes.length > 50, true);
	for (const id of mistakes) assert.ok(rows("zh/mistakes.html").includes(`<code>${id}</code>`), id);
});

test("a page has no script and no style of its own, and leads nowhere else by itself", () => {
	for (const [page, text] of html) {
		// What stands in code is text.
		assert.doesNotMatch(text, /<script|<style|<iframe|<form| style="| on[a-z]+="/, page);
		assert.match(text, /content="default-src 'none'; style-src 'self'; img-src 'self' data:;/, page);
	}
});

const types = { ".html": "text/html", ".css": "text/css", ".png": "image/png" };
const origin = "http://docs.example";
// Not at the top, as on many hosts.
const base = `${origin}/some/where/`;
let browser;
before(async () => {
	browser = await chromium.launch({
		executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
		args: [
			"--no-sandbox",
			"--disable-gpu",
			"--no-first-run",
			"--disable-background-networking",
			"--disable-sync",
		],
	});
});
after(() => browser?.close());

/** A window in which the site is served from the folder; what it complains of and asks of others is in `wrong`. */
async function open(options) {
	const context = await browser.newContext(options);
	const wrong = [];
	await context.route("**", (route) => {
		const url = route.request().url();
		const file = join(site, decodeURI(url.slice(base.length)).split("#")[0]);
		if (!url.startsWith(base) || !existsSync(file)) {
			wrong.push(url);
			return route.abort();
		}
		return route.fulfill({ path: file, contentType: types[extname(file)] });
	});
	const page = await context.newPage();
	page.on("console", (message) => wrong.push(message.text()));
	page.on("pageerror", (error) => wrong.push(error.message));
	return { page, wrong, close: () => context.close() };
}

/** What axe finds on these pages. */
async function examine({ page }, names, options) {
	const found = [];
	for (const name of names) {
		await page.goto(base + name);
		await page.evaluate(axe.source);
		const violations = await page.evaluate(async (options) => {
			const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"], ...options });
			return violations.map(({ id, nodes }) => `${id}: ${nodes[0].target.join(" ")} (${nodes.length})`);
		}, options);
		found.push(...violations.map((violation) => `${name}: ${violation}`));
	}
	return found;
}

test("headings go down one level at a time, from one title", () => {
	for (const [page, text] of html) {
		const levels = [...text.matchAll(/<h([1-6]) /g)].map(([, level]) => Number(level));
		assert.equal(levels[0], 1, page);
		levels.slice(1).forEach((level, index) => {
			assert.equal(level > 1 && level <= levels[index] + 1, true, `${page}: heading ${index + 2}`);
		});
	}
});

test("axe finds nothing", async () => {
	const window = await open();
	// The pages of the reference are alike, and the longest takes as long as all others.
	const some = /^api\/(diagnose|node|stores\/sqlite)\.html$/;
	const names = pages.filter((page) => !page.startsWith("api/") || some.test(page));
	// Contrast takes most of its time; the next test looks at it where there is one of everything.
	assert.deepEqual(await examine(window, names, { rules: { "color-contrast": { enabled: false } } }), []);
	assert.deepEqual(window.wrong, []);
	await window.close();
});

for (const colorScheme of ["light", "dark"]) {
	test(`everything can be told from its background, ${colorScheme}`, async () => {
		const window = await open({ colorScheme });
		const names = ["index", "guide/from-php", "guide/cloudflare", "zh/reliability", "api/tokens/redis"];
		const files = names.map((name) => `${name}.html`);
		assert.deepEqual(await examine(window, files, { runOnly: ["color-contrast"] }), []);
		await window.close();
	});
}

test("on a phone nothing is wider than the screen, and the contents open without a script", async () => {
	const { page, wrong, close } = await open({ viewport: { width: 360, height: 740 } });
	for (const name of pages) {
		await page.goto(base + name);
		assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, name);
	}
	await page.goto(`${base}zh/index.html`);
	await page.locator("summary").click();
	await page.locator(".contents-phone").getByRole("link", { name: "接收告警" }).click();
	assert.equal(await page.locator("h1").innerText(), "接收告警");
	await page.getByRole("link", { name: "English" }).first().click();
	assert.equal(await page.locator("h1").innerText(), "Receive alarms");
	assert.deepEqual(wrong, []);
	await close();
});
