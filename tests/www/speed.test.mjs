// How it feels on a phone of the middle class: Chromium with a processor four times slower.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser } from "./browsers/browser.mjs";
import { appKey, hopeless, refused } from "./browsers/cases.mjs";

let browser;
before(async () => {
	browser = await Browser.start("chromium");
});
after(() => browser?.stop());

const slower = (rate) => browser.driver.sendDevToolsCommand("Emulation.setCPUThrottlingRate", { rate });

/** When the page had been drawn and its main thread was free again, in milliseconds after the start. */
const interactive = () =>
	browser.run(async () => {
		const ends = [performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd];
		new PerformanceObserver((list) => {
			for (const { startTime, duration } of list.getEntries()) ends.push(startTime + duration);
		}).observe({ type: "longtask", buffered: true });
		await new Promise((resolve) => setTimeout(resolve, 500));
		return Math.max(...ends);
	});

test("it is interactive within a second, and nothing jumps", async (context) => {
	const times = [];
	// Other programs can only make it slower, so the best of some is what the page can do.
	for (let run = 0; run < 12 && !times.some((time) => time < 1000); run++) {
		await browser.newPhone();
		await slower(4);
		await browser.open("/");
		times.push(await interactive());
	}
	context.diagnostic(`interactive after ${Math.round(Math.min(...times))} ms`);
	assert(Math.min(...times) < 1000, `${times.map(Math.round)} ms`);

	await browser.paste(await browser.find("#body"), refused);
	await browser.paste(await browser.find("#secret-appKey"), appKey);
	await browser.until(() => document.querySelector("#verdict").dataset.state === "explained");
	const shifts = await browser.run(async () => {
		const found = [];
		new PerformanceObserver((list) => found.push(...list.getEntries())).observe({
			type: "layout-shift",
			buffered: true,
		});
		await new Promise((resolve) => setTimeout(resolve, 300));
		// What moves because a person has typed is meant to.
		return found
			.filter(({ hadRecentInput }) => !hadRecentInput)
			.map(({ value, sources }) => ({
				value,
				moved: sources.map(({ node }) => node?.id || node?.className || node?.nodeName),
			}));
	});
	assert.deepEqual(shifts, []);
});

test("typing does not stutter while a search runs", async () => {
	await browser.newWindow();
	await browser.open("/");
	await browser.paste(await browser.find("#body"), hopeless);
	await browser.paste(await browser.find("#secret-appKey"), appKey);
	await browser.until(() => document.querySelector("#progress").checkVisibility());
	await browser.run(() => {
		globalThis.long = [];
		new PerformanceObserver((list) => {
			for (const { duration } of list.getEntries()) globalThis.long.push(duration);
		}).observe({ type: "longtask" });
	});
	await (await browser.find("#given")).click();
	for (const letter of "0123456789abcdef0123") await browser.press(letter);
	const long = await browser.run(() => globalThis.long.filter((duration) => duration > 100));
	assert.deepEqual(long, []);
});

test("it prints without what only a screen needs", async () => {
	await browser.newWindow();
	await browser.open("/");
	await browser.paste(await browser.find("#body"), refused);
	await browser.paste(await browser.find("#secret-appKey"), appKey);
	await browser.until(() => document.querySelector("#verdict").dataset.state === "explained");
	await browser.driver.sendDevToolsCommand("Emulation.setEmulatedMedia", { media: "print" });
	const shown = await browser.run(() =>
		["#mistakes", "#verdict-word", "#languages", "#examples"].map((css) =>
			document.querySelector(css).checkVisibility(),
		),
	);
	assert.deepEqual(shown, [true, true, false, false]);
	await browser.picture("print");
});
