// What a person does with a callback that does not verify, in each browser the same.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const read = (name) =>
	JSON.parse(readFileSync(new URL(`../../vectors/${name}`, import.meta.url), "utf8")).rows;
const optionsOf = (rows, name) => rows.find((row) => row.name === name).options;
const notifications = read("apiv3-mistakes.json");
const pushes = read("push-mistakes.json");

const pasted = ({ headers, body }) =>
	`${Object.entries(headers)
		.map((pair) => pair.join(": "))
		.join("\n")}\n\n${body}`;

/** The answer, once it has one to this state. */
async function verdict(browser, state) {
	await browser.until(
		(wanted) => document.querySelector("#callback-verdict").dataset.state === wanted,
		state,
	);
}

const mistakes = (browser) =>
	browser.run(() =>
		[...document.querySelectorAll("#callback-mistakes > li")].map((each) => each.dataset.mistake),
	);

const put = async (browser, id, text) => browser.paste(await browser.find(`#callback-${id}`), text);

export function callbackJourneys(journey, current, { accessible, uncomplaining }) {
	journey("a notification that a framework wrote anew is explained, and its content shown", async () => {
		const browser = current();
		const before = browser.requests().length;
		await browser.open();
		await browser.click("button", "A callback of today, APIv3 or message push?");
		const { headers, body, publicKeys, apiV3Key } = optionsOf(notifications, "violation: keys sorted");
		await put(browser, "request", pasted({ headers, body }));
		await verdict(browser, "unexplained");
		assert.match(await browser.text("#callback-lints"), /No platform certificate/);
		await put(browser, "pem", Object.values(publicKeys).join("\n"));
		await put(browser, "v3", `${apiV3Key} `);
		await verdict(browser, "explained");
		assert.deepEqual(await mistakes(browser), ["body-key-order", "api-v3-key-padded"]);
		assert.match(await browser.text("#callback-mistakes"), /its keys stand in another order than was sent/);
		assert.match(await browser.text("#callback-decrypted"), /"punish_plan": "关闭支付权限"/);
		assert.match(await browser.text(".decrypted .note"), /must not believe this/);
		const html = await browser.run(() => document.documentElement.outerHTML);
		assert(!html.includes(apiV3Key), "the key is shown");
		await accessible(browser, "callback");
		await browser.picture("callback");
		await put(browser, "request", pasted(optionsOf(notifications, "violation: nothing is wrong")));
		await put(browser, "v3", apiV3Key);
		await verdict(browser, "match");
		await browser.click("button", "中文");
		assert.equal(await browser.text("#callback-word"), "正确");
		assert.equal(await browser.text("#callback-signature"), "正确");
		await browser.newPhone();
		await browser.open();
		const [wide, screen] = await browser.run(() => [document.documentElement.scrollWidth, innerWidth]);
		assert(wide <= screen, `the page is ${wide} pixels wide`);
		assert(
			!browser
				.requests()
				.slice(before)
				.some((request) => !/^GET \/(\w+\.(html|js|css))?$/.test(request)),
		);
		await uncomplaining(browser);
	});

	journey("a push whose EncodingAESKey has lost a character is explained", async () => {
		const browser = current();
		await browser.open();
		const name = "the EncodingAESKey has lost its last character";
		const { query, body, token, encodingAesKey, appId } = optionsOf(pushes, name);
		await put(browser, "request", `POST /push?${query} HTTP/1.1\nHost: example.com\n\n${body}`);
		await put(browser, "token", token);
		await put(browser, "aes", encodingAesKey);
		await put(browser, "app", appId);
		await verdict(browser, "explained");
		assert.deepEqual(await mistakes(browser), ["aes-key-last-character"]);
		assert.match(await browser.text("#callback-decrypted"), /trade_manage_remind_shipping/);
		const types = () => browser.run(() => document.querySelector("#callback-aes").type);
		assert.equal(await types(), "password");
		await browser.click("button", "Show the secrets");
		assert.equal(await types(), "text");
		await put(browser, "request", "what is this?");
		await verdict(browser, "neither");
		await browser.run(() => document.querySelector("#callback-clear").click());
		await verdict(browser, "empty");
		assert.equal(await browser.run(() => document.querySelector("#callback-aes").value), "");
		await uncomplaining(browser);
	});
}
