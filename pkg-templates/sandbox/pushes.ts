import { createCipheriv, createHash } from "node:crypto";
import type { PushPost, PushTry, SandboxPush, UrlCheck } from "./shipping-types.js";
import type { SandboxAccount } from "./types.js";

/** WeChat waits so long for an answer, and tries so often (消息推送). */
const answerMs = 5000;
const mostTries = 3;
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** The mini program's original id, and WeChat's own name as the sender. */
const toUserName = "gh_870882ca4b1f";
const fromUserName = "oaKk346BaWE-eIn4oSRWbaM9vR7s";

/** What a push is made with. */
export interface PushWorld {
	readonly now: () => number;
	readonly random: () => number;
}

/** The text of an event, in the format of the account's settings. */
export function pushContent(
	{ event, fields = {} }: Pick<SandboxPush, "event" | "fields">,
	{ pushFormat = "xml" }: SandboxAccount,
	now: number,
): string {
	const members = {
		ToUserName: toUserName,
		FromUserName: fromUserName,
		CreateTime: now,
		MsgType: "event",
		Event: event,
		...fields,
	};
	if (pushFormat === "json") return JSON.stringify(members);
	return xml(members);
}

/** Pushes a content until it is acknowledged, three times at most. Whatever goes wrong is no error. */
export async function push(
	content: string,
	account: SandboxAccount,
	{ event, transid }: Pick<PushPost, "event" | "transid">,
	world: PushWorld,
): Promise<PushPost> {
	const { appId, pushUrl } = account;
	if (pushUrl === undefined) throw new TypeError("This account of the sandbox has no pushUrl.");
	const tries: PushTry[] = [];
	let acknowledged = false;
	while (!acknowledged && tries.length < mostTries) {
		const { query, body } = signed(content, account, world);
		const contentType = account.pushFormat === "json" ? "application/json" : "text/xml";
		const headers = { "content-type": contentType };
		const { httpStatus, answer } = await ask(pushUrl, query, { method: "POST", headers, body });
		tries.push({ query, body, httpStatus, answer });
		acknowledged = httpStatus === 200 && (answer === "success" || answer === "");
	}
	return { appId, event, transid, content, tries, acknowledged };
}

/** The check of a URL when it is saved in the console. */
export async function checkUrl(account: SandboxAccount, world: PushWorld): Promise<UrlCheck> {
	const { pushUrl, token = "" } = account;
	if (pushUrl === undefined) throw new TypeError("This account of the sandbox has no pushUrl.");
	const echostr = digits(19, world.random);
	const timestamp = String(world.now());
	const nonce = digits(10, world.random);
	const signature = sha1OfSorted([token, timestamp, nonce]);
	const query = new URLSearchParams({ signature, echostr, timestamp, nonce }).toString();
	const said = await ask(pushUrl, query, { method: "GET" });
	return { ...said, accepted: said.httpStatus === 200 && said.answer === echostr };
}

function signed(content: string, account: SandboxAccount, { now, random }: PushWorld) {
	const { token = "", encodingAesKey, pushFormat = "xml", appId } = account;
	const { pushMode = encodingAesKey === undefined ? "plain" : "encrypted" } = account;
	const timestamp = String(now());
	const nonce = digits(10, random);
	const signature = sha1OfSorted([token, timestamp, nonce]);
	const query = { signature, timestamp, nonce, openid: fromUserName };
	if (pushMode === "plain") return { query: new URLSearchParams(query).toString(), body: content };
	const random16 = Array.from({ length: 16 }, () => letters[Math.floor(random() * letters.length)] ?? "A");
	const Encrypt = encrypted(content, encodingAesKey ?? "", appId, random16.join(""));
	const msg_signature = sha1OfSorted([token, timestamp, nonce, Encrypt]);
	return {
		query: new URLSearchParams({ ...query, encrypt_type: "aes", msg_signature }).toString(),
		body: envelope(content, Encrypt, pushFormat, pushMode),
	};
}

function envelope(
	content: string,
	Encrypt: string,
	format: "xml" | "json",
	mode: "compatible" | "encrypted",
): string {
	if (format === "json") {
		const beside = mode === "compatible" ? JSON.parse(content) : { ToUserName: toUserName };
		return JSON.stringify({ ...beside, Encrypt });
	}
	const beside =
		mode === "compatible" ? content.slice("<xml>".length, -"</xml>".length) : line("ToUserName", toUserName);
	return `<xml>${beside}${line("Encrypt", Encrypt)}</xml>`;
}

/** AES-256-CBC over 16 random bytes, the length, the content and the AppId, padded to blocks of 32 (PROTOCOL 6.7). */
function encrypted(content: string, encodingAesKey: string, appId: string, random16: string): string {
	const key = Buffer.from(`${encodingAesKey}=`, "base64");
	const message = Buffer.from(content, "utf8");
	const length = Buffer.alloc(4);
	length.writeUInt32BE(message.length);
	const plain = Buffer.concat([Buffer.from(random16, "latin1"), length, message, Buffer.from(appId, "utf8")]);
	const padding = 32 - (plain.length % 32);
	const cipher = createCipheriv("aes-256-cbc", key, key.subarray(0, 16)).setAutoPadding(false);
	return Buffer.concat([
		cipher.update(plain),
		cipher.update(Buffer.alloc(padding, padding)),
		cipher.final(),
	]).toString("base64");
}

function sha1OfSorted(values: readonly string[]): string {
	return createHash("sha1")
		.update([...values].sort().join(""), "utf8")
		.digest("hex");
}

function digits(count: number, random: () => number): string {
	return Array.from({ length: count }, () => 1 + Math.floor(random() * 9)).join("");
}

function xml(members: Readonly<Record<string, string | number>>): string {
	return `<xml>${Object.entries(members)
		.map(([name, value]) => line(name, value))
		.join("")}</xml>`;
}

// A CDATA section ends at the first "]]>", so one in the text has to lie across two sections.
function line(name: string, value: string | number): string {
	if (typeof value === "number") return `<${name}>${value}</${name}>\n`;
	return `<${name}><![CDATA[${value.replaceAll("]]>", "]]]]><![CDATA[>")}]]></${name}>\n`;
}

async function ask(
	pushUrl: string,
	query: string,
	init: RequestInit,
): Promise<Pick<UrlCheck, "httpStatus" | "answer">> {
	try {
		const signal = AbortSignal.timeout(answerMs);
		const url = `${pushUrl}${pushUrl.includes("?") ? "&" : "?"}${query}`;
		const response = await fetch(url, { ...init, redirect: "manual", signal });
		return { httpStatus: response.status, answer: await response.text() };
	} catch {
		return { httpStatus: null, answer: null };
	}
}
