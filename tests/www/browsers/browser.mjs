// The page as a person uses it, the same in every browser.

import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { By, Key, until } from "selenium-webdriver";
import BrowsingContext from "selenium-webdriver/bidi/browsingContext.js";
import { start } from "./engines.mjs";
import { serve } from "./server.mjs";

const pictures = fileURLToPath(new URL("../../../target/www-screenshots/", import.meta.url));
const patience = 30_000;

export class Browser {
	#server;
	#stop;
	#desk;

	/** Starts the browser and a static host for dist/www. */
	static async start(name, { scheme = "light" } = {}) {
		const browser = new Browser();
		const server = await serve();
		try {
			const { driver, version, stop } = await start(name, scheme);
			Object.assign(browser, { name, scheme, driver, version });
			browser.#server = server;
			browser.#stop = stop;
			browser.#desk = await driver.getWindowHandle();
			await driver.get(server.url("/desk.html"));
			await browser.newWindow();
		} catch (error) {
			server.close();
			throw error;
		}
		return browser;
	}

	async stop() {
		await this.#stop();
		this.#server.close();
	}

	// Where

	/** Opens the page; by default the one whose console is watched. */
	async open(path = "/watched.html") {
		await this.driver.get("about:blank");
		await this.driver.get(this.url(path));
		if (!path.startsWith("/desk")) await this.find("#verdict[data-state]");
	}

	url(path) {
		return this.#server.url(path);
	}

	/** Closes the window of the page and opens another, of a desktop's size. */
	async newWindow() {
		await this.#leave();
		await this.driver.switchTo().newWindow("window");
		await this.driver.manage().window().setRect({ x: 0, y: 0, width: 1200, height: 1000 });
	}

	/** The same, of a phone's size: exactly this many CSS pixels wide. */
	async newPhone(width = 360, height = 740) {
		await this.#leave();
		if (this.name === "webkit") {
			const before = await this.driver.getAllWindowHandles();
			await this.run((size) => void open("about:blank", "", size), `popup,width=${width},height=${height}`);
			const opened = async () =>
				(await this.driver.getAllWindowHandles()).find((each) => !before.includes(each));
			await this.driver.switchTo().window(await this.driver.wait(opened, patience));
		} else {
			await this.driver.switchTo().newWindow("window");
			await this.driver.manage().window().setRect({ width, height });
		}
		if (this.name === "firefox") {
			const browsingContextId = await this.driver.getWindowHandle();
			const context = await BrowsingContext(this.driver, { browsingContextId });
			await context.setViewport(width, height);
		}
	}

	/** To the desk, the other windows closed. */
	async #leave() {
		for (const handle of await this.driver.getAllWindowHandles()) {
			if (handle === this.#desk) continue;
			await this.driver.switchTo().window(handle);
			await this.driver.close();
		}
		await this.driver.switchTo().window(this.#desk);
	}

	// Looking

	/** The first element that matches, visible or not; waits for it. */
	find(css) {
		return this.driver.wait(until.elementLocated(By.css(css)), patience, css);
	}

	all(css) {
		return this.driver.findElements(By.css(css));
	}

	/** What a person reads there. */
	async text(css) {
		return (await this.find(css)).getText();
	}

	/** The element of this role with this accessible name, as the browser computes it; waits for it. */
	byRole(role, name) {
		const candidates = { button: "button", textbox: "input,textarea", tab: "[role=tab]" };
		const found = async () => {
			// Most are dismissed in one go: to ask the driver for each of a hundred names would take seconds.
			const likely = await this.run(
				(css, text) => {
					const says = ({ textContent, ariaLabel, labels }) =>
						[textContent, ariaLabel, ...Array.from(labels ?? [], (label) => label.textContent)]
							.join(" ")
							.includes(text);
					return [...document.querySelectorAll(css)].filter(
						(element) => element.checkVisibility() && says(element),
					);
				},
				candidates[role],
				name,
			);
			for (const element of likely) {
				if ((await element.getAccessibleName().catch(() => null)) === name) return element;
			}
			return null;
		};
		return this.driver.wait(found, patience, `${role} ${name}`);
	}

	/** Waits until this, evaluated in the page, is true. */
	until(condition, ...args) {
		return this.driver.wait(() => this.run(condition, ...args), patience, String(condition));
	}

	// Doing

	/** Evaluates a function in the page, by the driver's right and not the page's; a promise is awaited. */
	run(body, ...args) {
		return this.driver.executeScript(body, ...args);
	}

	async click(role, name) {
		await (await this.byRole(role, name)).click();
	}

	/** Presses keys wherever the focus is. */
	press(...keys) {
		return this.driver
			.actions()
			.sendKeys(...keys)
			.perform();
	}

	/** Holds Control and presses a key. */
	control(key) {
		return this.driver.actions().keyDown(Key.CONTROL).sendKeys(key).keyUp(Key.CONTROL).perform();
	}

	/** Replaces what stands in the element by a text that was copied elsewhere. */
	async paste(element, text) {
		await this.#copy(text);
		await element.click();
		await this.put();
	}

	/** The same, wherever the focus is. */
	async put(text) {
		if (text !== undefined) await this.#copy(text);
		await this.control("a");
		await this.control("v");
	}

	async #copy(text) {
		const page = await this.driver.getWindowHandle();
		await this.driver.switchTo().window(this.#desk);
		await this.run((value) => {
			const desk = document.querySelector("#text");
			desk.value = value;
			desk.focus();
			desk.select();
		}, text);
		await this.control("c");
		await this.driver.switchTo().window(page);
	}

	// Seeing

	/** What the page complained of. */
	async complaints() {
		const watched = await this.run(() => globalThis.watched);
		if (this.name !== "chromium") return watched;
		const log = await this.driver.manage().logs().get("browser");
		const serious = log.filter(({ level }) => ["WARNING", "SEVERE"].includes(level.name));
		return [...watched, ...serious.map(({ message }) => message)];
	}

	/** What the host was asked for since it was started. */
	requests() {
		return [...this.#server.requests];
	}

	async picture(name) {
		mkdirSync(pictures, { recursive: true });
		const png = await this.driver.takeScreenshot();
		writeFileSync(`${pictures}${this.name}-${this.scheme}-${name}.png`, png, "base64");
	}
}
