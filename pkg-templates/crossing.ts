// The calls that a backend makes for every message, through one buffer in the module's memory: what goes in is written
// there, what comes out is one text, cut here. Strings that cross one by one cost more than the verification itself.
//
// They return `undefined` when the answer is no, or when the input is unusual: then the ordinary function of the module is
// asked, which says why, or does it after all.

import type { Alarm, AppKey } from "#wasm";
import { crossAlarm, crossDelivery, crossingBuffer, crossingInput, memory } from "#wasm";

const start = crossingBuffer();
const header = start + crossingInput();
const headerWords = 6;
const texts = header + 4 * headerWords;

/** The longest key and the longest body; whatever is longer is for the ordinary function to refuse. */
const longestKey = 1024;
const longestBody = 65_536;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
let bytes = new Uint8Array(memory.buffer);
let words = new Int32Array(memory.buffer);

/** Verifies a body under one key. */
export function verifyAlarmThere(body: Uint8Array | string, appId: string, key: AppKey): Alarm | undefined {
	// Memory that grows is other memory.
	if (bytes.length === 0) refresh();
	const keyEnd = writeKey(key);
	if (keyEnd < 0) return undefined;
	const idEnd = typeof appId === "string" && appId !== "" ? writeText(appId, keyEnd, keyEnd + 64) : -1;
	const bodyEnd = idEnd < 0 ? -1 : writeBody(body, idEnd);
	if (bodyEnd < 0) return forget(keyEnd);
	const length = crossAlarm(keyEnd - start, idEnd - keyEnd, bodyEnd - idEnd);
	// Once more, in case the module did not come to it.
	if (length === 0) return forget(keyEnd);
	if (bytes.length === 0) refresh();
	const text = decoder.decode(bytes.subarray(texts, texts + length));
	const at = header >> 2;
	const errorType = words[at];
	const description = words[at + 1];
	const alarmContent = words[at + 2];
	const timeStamp = words[at + 3];
	const appSignature = words[at + 4];
	return {
		appId,
		errorType: text.slice(0, errorType),
		description: text.slice(errorType, description),
		alarmContent: text.slice(description, alarmContent),
		timeStamp: text.slice(alarmContent, timeStamp),
		appSignature: text.slice(timeStamp, appSignature),
		dedupKey: text.slice(appSignature),
	};
}

/** Signs the values of a delivery, in the order of the module's table, the AppId first. */
export function signDeliveryThere(values: readonly string[], key: AppKey): string | undefined {
	if (bytes.length === 0) refresh();
	const keyEnd = writeKey(key);
	if (keyEnd < 0) return undefined;
	let end = keyEnd;
	for (const value of values) {
		end = writeText(value, end, start + longestKey + longestBody);
		if (end < 0) return forget(keyEnd);
		bytes[end++] = 0;
	}
	const length = crossDelivery(keyEnd - start, end - keyEnd);
	// Once more, in case the module did not come to it.
	if (length === 0) return forget(keyEnd);
	if (bytes.length === 0) refresh();
	return decoder.decode(bytes.subarray(texts, texts + length));
}

function refresh(): void {
	bytes = new Uint8Array(memory.buffer);
	words = new Int32Array(memory.buffer);
}

/** No key stays in the module's memory, also when nothing is asked. */
function forget(keyEnd: number): undefined {
	bytes.fill(0, start, keyEnd);
	return undefined;
}

function writeKey(key: AppKey): number {
	if (typeof key === "string") {
		const end = writeText(key, start, start + longestKey);
		if (end < 0) forget(start + longestKey);
		return end;
	}
	if (!(key instanceof Uint8Array) || key.length > longestKey) return -1;
	bytes.set(key, start);
	return start + key.length;
}

function writeBody(body: Uint8Array | string, at: number): number {
	if (typeof body === "string") return writeText(body, at, at + longestBody);
	if (!(body instanceof Uint8Array) || body.length > longestBody) return -1;
	bytes.set(body, at);
	return at + body.length;
}

/** Writes UTF-8 and returns where it ends; -1 if it is longer, or has surrogates, which may be half of a pair. */
function writeText(text: string, at: number, most: number): number {
	if (text.length > most - at) return -1;
	const memory = bytes;
	let end = at;
	for (let index = 0; index < text.length; index++) {
		const unit = text.charCodeAt(index);
		if (unit < 0x80) {
			if (end >= most) return -1;
			memory[end++] = unit;
			continue;
		}
		if (end + 3 > most || (unit & 0xf800) === 0xd800) return -1;
		if (unit < 0x800) {
			memory[end++] = 0xc0 | (unit >> 6);
		} else {
			memory[end++] = 0xe0 | (unit >> 12);
			memory[end++] = 0x80 | ((unit >> 6) & 0x3f);
		}
		memory[end++] = 0x80 | (unit & 0x3f);
	}
	return end;
}
