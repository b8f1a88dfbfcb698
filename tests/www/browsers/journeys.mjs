// What a person does with the page, in each browser the same.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { Key } from "selenium-webdriver";
import { Browser } from "./browser.mjs";
import { callbackJourneys } from "./callback-journeys.mjs";
import { appKey, hopeless, refused, right } from "./cases.mjs";

const settledState = () => {
	const { state } = document.querySelector("#verdict").dataset;
	return state === "reading" || state === "searching" ? null : state;
};

/** The page's answer, once it has one to `states`. */
async function verdict(browser, ...states) {
	await browser.until((wanted) => wanted.includes(document.querySelector("#verdict").dataset.state), states);
	return browser.run(settledState);
}

const box = (browser) => browser.find("#body");
const key = (browser) => browser.byRole("textbox", "paySignKey");

/** A search that shows how far it is, stopped on the way: from inside, for it may be over before a driver's click arrives. */
async function stopped(browser) {
	await browser.run(() => {
		const progress = document.querySelector("#progress");
		const stop = document.querySelector("#stop");
		const watch = setInterval(() => {
			if (!(progress.checkVisibility() && progress.value > 0)) return;
			clearInterval(watch);
			document.documentElement.dataset.stop = `${stop.checkVisibility()} ${stop.textContent.trim()}`;
			stop.click();
		}, 1);
	});
	await browser.paste(await key(browser), appKey);
	await verdict(browser, "stopped");
	assert.equal(await browser.run(() => document.documentElement.dataset.stop), "true Stop");
}

/** A refused call and its key, pasted. */
async function explained(browser) {
	await browser.open();
	await browser.paste(await box(browser), refused);
	await verdict(browser, "needs-key");
	await browser.paste(await key(browser), appKey);
	await verdict(browser, "explained");
}

const uncomplaining = async (browser) => assert.deepEqual(await browser.complaints(), []);

/** Finds what a person with a screen reader, little sight or a keyboard would stumble over. */
async function accessible(browser, state) {
	await browser.run(axe.source);
	const violations = await browser.run(async () => {
		// Animations would be caught half-way.
		await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})));
		const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
		return violations.map(
			({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
		);
	});
	assert.deepEqual(violations, [], state);
}

export function journeys(name) {
	let browser;
	before(async () => {
		browser = await Browser.start(name);
	});
	after(() => browser?.stop());
	const journey = (title, steps) =>
		test(`${name}: ${title}`, async (context) => {
			await browser.newWindow();
			await steps(context);
		});

	journey("a refused delivery call, pasted with the key, is explained with its fix", async (context) => {
		context.diagnostic(browser.version);
		await browser.open();
		await browser.paste(await browser.byRole("textbox", "Paste your message"), refused);
		await verdict(browser, "needs-key");
		assert.match(await browser.text("#reading"), /delivery notification/);
		await browser.paste(await key(browser), appKey);
		await verdict(browser, "explained");
		assert.equal(await browser.text("#verdict-word"), "Wrong, and this is why");
		const mistakes = await browser.all("#mistakes > li");
		assert.equal(mistakes.length, 1);
		const said = await mistakes[0].getText();
		assert.match(said, /The key was used with a line break behind it\./);
		assert.match(said, /Trim the key where it is read/);
		assert.equal(await browser.text("#comparison mark.was"), "␊");
		assert.equal(await browser.text("#signature-right"), JSON.parse(right).app_signature);
		assert.equal(await browser.text("#signature-given"), JSON.parse(refused).app_signature);
		const html = await browser.run(() => document.documentElement.outerHTML);
		assert(!html.includes(appKey), "the key is shown");
		await browser.picture("explained");
		await uncomplaining(browser);
	});

	journey("a field is edited, and the verdict follows; the text can be read again", async () => {
		await browser.open();
		await browser.paste(await box(browser), right);
		await browser.paste(await key(browser), appKey);
		await verdict(browser, "match");
		await browser.picture("match");
		const row = await browser.run(() => {
			const names = [...document.querySelectorAll("#fields tbody tr")].map(
				(row) => row.querySelector("input").value,
			);
			return names.indexOf("deliver_msg") + 1;
		});
		await (await browser.byRole("textbox", `Value of field ${row}`)).click();
		// Whatever is drawn anew, the caret stays where it is.
		await browser.press(Key.END, "!");
		await verdict(browser, "explained", "unexplained");
		await browser.press(Key.BACK_SPACE);
		await verdict(browser, "match");
		await browser.press("!");
		await verdict(browser, "explained", "unexplained");
		await (await browser.find("#reread")).click();
		await verdict(browser, "match");
		await uncomplaining(browser);
	});

	journey("a share link holds no secret, and opens the case in a fresh window", async () => {
		await explained(browser);
		await (await browser.find("#share-link")).click();
		await browser.until(() => document.querySelector("#link").value !== "");
		const link = await browser.run(() => document.querySelector("#link").value);
		const { hash } = new URL(link);
		assert.match(hash, /^#c=/);
		for (const text of [
			hash,
			decodeURIComponent(hash),
			Buffer.from(hash.slice(3), "base64url").toString("latin1"),
		]) {
			assert(!text.includes(appKey.slice(0, 12)), "the link holds the key");
		}
		await browser.newWindow();
		await browser.open(`/watched.html${hash}`);
		await verdict(browser, "needs-key");
		assert.equal(await browser.run(() => document.querySelector("#secret-appKey").value), "");
		await browser.paste(await key(browser), appKey);
		await verdict(browser, "explained");
		await browser.find("#mistakes > li[data-mistake=key-newline]");
		await uncomplaining(browser);
	});

	journey("the page speaks Chinese, and keeps what was entered", async () => {
		await explained(browser);
		await browser.click("button", "中文");
		assert.equal(await browser.run(() => document.documentElement.lang.slice(0, 2)), "zh");
		await browser.until(() => /换行/.test(document.querySelector("#mistakes")?.textContent));
		assert.equal(await browser.run(() => document.querySelector("#body").value), refused);
		assert.equal(await browser.run(() => document.querySelector("#verdict").dataset.state), "explained");
		// What stays in Latin letters is a name: no sentence is left in English.
		const english = await browser.run(() =>
			["#verdict", "#mistakes", ".intro"].map((css) => document.querySelector(css).innerText).join("\n"),
		);
		assert.doesNotMatch(english, /\b(the|and|is|was|with)\b/i);
		await accessible(browser, "Chinese");
		await browser.picture("chinese");
		await uncomplaining(browser);
	});

	journey("the keyboard alone is enough", async () => {
		await browser.open();
		/** Presses Tab until the focus is there; a person sees where it is. */
		const tabTo = async (css) => {
			for (let presses = 0; presses < 60; presses++) {
				const [there, seen] = await browser.run((wanted) => {
					const { activeElement } = document;
					const { outlineStyle, boxShadow } = getComputedStyle(activeElement);
					return [activeElement.matches(wanted), outlineStyle !== "none" || boxShadow !== "none"];
				}, css);
				if (there) {
					assert(seen, `${css} does not show that it has the focus`);
					return;
				}
				await browser.press(Key.TAB);
			}
			assert.fail(`Tab does not lead to ${css}`);
		};
		await tabTo("#body");
		await browser.put(refused);
		await verdict(browser, "needs-key");
		await tabTo("#secret-appKey");
		await browser.put(appKey);
		await verdict(browser, "explained");
		await tabTo("#reveal-appKey");
		await browser.press(Key.SPACE);
		assert.equal(await browser.run(() => document.querySelector("#secret-appKey").type), "text");
		await browser.press(Key.SPACE);
		assert.equal(await browser.run(() => document.querySelector("#secret-appKey").type), "password");
		await tabTo("#code [role=tab]");
		await browser.press(Key.ARROW_RIGHT);
		assert.match(await browser.text("#code-text"), /public class Sign/);
		await uncomplaining(browser);
	});

	journey("on a phone 360 pixels wide nothing is cut off or scrolls sideways", async () => {
		await browser.newPhone();
		await explained(browser);
		const [wide, screen] = await browser.run(() => [document.documentElement.scrollWidth, innerWidth]);
		assert.equal(screen, 360);
		assert(wide <= 360, `the page is ${wide} pixels wide`);
		// Fingers are broader than pointers.
		const small = await browser.run(() =>
			[...document.querySelectorAll("button")]
				.filter((button) => button.checkVisibility())
				.filter((button) => Math.min(button.offsetWidth, button.offsetHeight) < 24)
				.map((button) => button.id || button.textContent),
		);
		assert.deepEqual(small, []);
		await accessible(browser, "phone");
		await browser.picture("phone");
		await uncomplaining(browser);
	});

	journey("a long search shows how far it is, and stops when told to", async () => {
		await browser.open();
		await browser.paste(await box(browser), hopeless);
		await verdict(browser, "needs-key");
		await stopped(browser);
		// And the page goes on.
		await browser.paste(await box(browser), refused);
		await verdict(browser, "explained");
		await uncomplaining(browser);
	});

	journey("whatever is pasted, up to 1 MB, gets a sentence", async () => {
		const megabyte = 1 << 20;
		const pastes = [
			"<xml>".repeat(megabyte / 5),
			'{"appid":'.repeat(1000),
			"\u0000\uFFFD\uD83D\uDE00\u202E&=&=%%%",
			"<?php eval($_POST['x']); ?>\n".repeat(megabyte / 28),
		];
		for (const [index, text] of pastes.entries()) {
			await browser.open();
			await browser.paste(await box(browser), text);
			const state = await verdict(
				browser,
				...[
					"unreadable",
					"too-long",
					"needs-key",
					"needs-signature",
					"needs-message",
					"answer",
					"unexplained",
				],
			);
			assert.notEqual(await browser.text("#verdict-sentence"), "", `${index} ${state}`);
			// The page still listens.
			await browser.click("button", "中文");
			await browser.click("button", "English");
			await uncomplaining(browser);
		}
	});

	journey("every example opens, without a complaint", async () => {
		await browser.open();
		const examples = await browser.run(() =>
			[...document.querySelectorAll("#examples button[data-example]")].map(
				(button) => button.dataset.example,
			),
		);
		assert(examples.length >= 60);
		const wrong = await browser.run(async (ids) => {
			const found = [];
			for (const id of ids) {
				const verdict = document.querySelector("#verdict");
				const before = Number(verdict.dataset.for);
				document.querySelector(`#examples button[data-example="${CSS.escape(id)}"]`).click();
				const settled = () =>
					Number(verdict.dataset.for) > before && !["reading", "searching"].includes(verdict.dataset.state);
				// A hopeless one takes long, and is another test's business.
				const deadline = performance.now() + 5000;
				while (!settled() && verdict.dataset.state !== "searching" && performance.now() < deadline) {
					await new Promise((resolve) => setTimeout(resolve, 10));
				}
				if (!["match", "explained", "unexplained", "searching"].includes(verdict.dataset.state)) {
					found.push(`${id}: ${verdict.dataset.state}`);
				}
			}
			return found;
		}, examples);
		assert.deepEqual(wrong, []);
		await uncomplaining(browser);
	});

	callbackJourneys(journey, () => browser, { accessible, uncomplaining });

	journey("nothing leaves the page: no request, nothing stored, every way out is refused", async () => {
		await browser.open("/desk.html");
		const before = browser.requests().length;
		await browser.open("/");
		await browser.paste(await box(browser), refused);
		await browser.paste(await key(browser), appKey);
		await verdict(browser, "explained");
		await (await browser.find("#share-link")).click();
		await browser.click("button", "中文");
		const loaded = ["GET /", "GET /page.js", "GET /style.css"];
		assert.deepEqual(browser.requests().slice(before).sort(), loaded);
		const fetched = await browser.run(() =>
			performance
				.getEntriesByType("resource")
				.map(({ name }) => name)
				.filter((name) => !/^(blob|data):/.test(name)),
		);
		assert.deepEqual(fetched.map((name) => `GET ${new URL(name).pathname}`).sort(), loaded.slice(1));

		const stored = await browser.run(async () => ({
			local: localStorage.length,
			session: sessionStorage.length,
			cookies: document.cookie,
			databases: (await indexedDB.databases()).length,
			caches: (await caches.keys()).length,
			workers: (await navigator.serviceWorker?.getRegistrations())?.length ?? 0,
			name: globalThis.name,
		}));
		const nothing = { local: 0, session: 0, cookies: "", databases: 0, caches: 0, workers: 0, name: "" };
		assert.deepEqual(stored, nothing);

		// Firefox has Trusted Types since version 148. Without them markup may be written, and a script of the page's own host
		// may be asked for; what the markup asks for and other hosts are refused there, too.
		const trusted = await browser.run(() => "trustedTypes" in globalThis);
		const refusals = await browser.run(async () => {
			const seen = [];
			addEventListener("securitypolicyviolation", ({ effectiveDirective }) => seen.push(effectiveDirective));
			const target = new URL("/leak", location.href).href;
			const ways = {
				fetch: () => fetch(target),
				beacon: () => navigator.sendBeacon(target, "key"),
				socket: () => void new WebSocket(target.replace("http", "ws")),
				events: () => void new EventSource(target),
				request: () => {
					const request = new XMLHttpRequest();
					request.open("POST", target);
					request.send("key");
				},
				image: () => {
					new Image().src = target;
				},
				form: () => {
					const form = Object.assign(document.createElement("form"), { action: target, method: "post" });
					document.body.append(form);
					form.submit();
				},
				frame: () => document.body.append(Object.assign(document.createElement("iframe"), { src: target })),
				style: () => {
					const href = "https://example.invalid/leak.css";
					document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
				},
				markup: () => document.body.insertAdjacentHTML("beforeend", "<img src=/leak>"),
				script: () => {
					const src = "trustedTypes" in globalThis ? target : "https://example.invalid/leak.js";
					document.head.append(Object.assign(document.createElement("script"), { src }));
				},
			};
			const tried = {};
			for (const [way, go] of Object.entries(ways)) {
				try {
					await go();
					tried[way] = "was tried";
				} catch {
					tried[way] = "threw";
				}
			}
			await new Promise((resolve) => setTimeout(resolve, 300));
			return { tried, seen };
		});
		for (const way of ["fetch", ...(trusted ? ["markup", "script"] : [])]) {
			assert.equal(refusals.tried[way], "threw", way);
		}
		const directives = ["connect-src", "form-action", "frame-src", "img-src", "style-src-elem"];
		for (const directive of [...directives, trusted ? "require-trusted-types-for" : "script-src-elem"]) {
			assert(refusals.seen.includes(directive), `${directive} is not refused: ${refusals.seen}`);
		}
		// Fetch, beacon, socket, event source, request: none of the five went.
		assert(
			refusals.seen.filter((directive) => directive === "connect-src").length >= 5,
			String(refusals.seen),
		);
		assert.deepEqual(browser.requests().slice(before).sort(), loaded);
	});

	journey("axe finds nothing, light", () => accessibleStates(browser));

	test(`${name}: axe finds nothing, dark`, async () => {
		const dark = await Browser.start(name, { scheme: "dark" });
		try {
			await dark.open();
			assert(await dark.run(() => matchMedia("(prefers-color-scheme: dark)").matches));
			await accessibleStates(dark);
			await dark.newPhone();
			await explained(dark);
			await dark.picture("phone");
		} finally {
			await dark.stop();
		}
	});
}

async function accessibleStates(browser) {
	await browser.open();
	await verdict(browser, "empty");
	await accessible(browser, "empty");
	await browser.picture("empty");
	await browser.paste(await box(browser), hopeless);
	await verdict(browser, "needs-key");
	await accessible(browser, "needs-key");
	await stopped(browser);
	await accessible(browser, "stopped");
	await explained(browser);
	await accessible(browser, "explained");
	await browser.picture("explained");
	await browser.paste(await box(browser), right);
	await verdict(browser, "match");
	await accessible(browser, "match");
	await browser.open();
	await browser.paste(await box(browser), "what is this?");
	await browser.until(() => document.querySelector("#verdict").dataset.state !== "empty");
	await accessible(browser, "not a message");
}
