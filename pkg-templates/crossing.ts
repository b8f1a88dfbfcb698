// The calls that a backend makes for every message, through one buffer in the module's memory: what goes in is written
// there, what comes out is one text, cut here. Strings that cross one by one cost more than the verification itself.
//
// They return `undefined` when the answer is no, or when the input is unusual: then the ordinary function of the module is
// asked, which says why, or does it after all.

import { instances } from "./trap.js";
import type { Alarm, AppKey } from "./wasm/load.js";
import { crossAlarm, crossDelivery, crossingBuffer, crossingInput, crossingMemory } from "./wasm/load.js";

/** The longest key and the longest body; whatever is longer is for the ordinary function to refuse. */
const longestKey = 1024;
const longestBody = 65_536;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const headerWords = 6;

/** The instance of the module whose memory the rest is about; see `untrapped`. */
let instance = 0;
let start = 0;
let header = 0;
let texts = 0;
let bytes = new Uint8Array();
let words = new Int32Array();

/** Verifies a body under one key. */
export function verifyAlarmThere(body: Uint8Array | string, appId: string, key: AppKey): Alarm | undefined {
	const text = cross(key, (keyEnd) => {
		const idEnd = typeof appId === "string" && appId !== "" ? writeText(appId, keyEnd, keyEnd + 64) : -1;
		const bodyEnd = idEnd < 0 ? -1 : writeBody(body, idEnd);
		return bodyEnd < 0 ? 0 : crossAlarm(keyEnd - start, idEnd - keyEnd, bodyEnd - idEnd);
	});
	if (text === undefined) return undefined;
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
	return cross(key, (keyEnd) => {
		let end = keyEnd;
		for (const value of values) {
			end = writeText(value, end, start + longestKey + longestBody);
			if (end < 0) return 0;
			bytes[end++] = 0;
		}
		return crossDelivery(keyEnd - start, end - keyEnd);
	});
}

/** The text that a call leaves in the buffer, its length returned; no key stays there, whatever becomes of the call. */
function cross(key: AppKey, call: (keyEnd: number) => number): string | undefined {
	if (instance !== instances || bytes.length === 0) refresh();
	const keyEnd = writeKey(key);
	if (keyEnd < 0) return undefined;
	let length = 0;
	try {
		length = call(keyEnd);
	} finally {
		// Once more, in case the module did not come to it.
		if (length === 0) bytes.fill(0, start, keyEnd);
	}
	if (length === 0) return undefined;
	if (bytes.length === 0) refresh();
	return decoder.decode(bytes.subarray(texts, texts + length));
}

/** A fresh instance has its own memory, with the buffer somewhere; memory that grows is other memory, too. */
function refresh(): void {
	start = crossingBuffer();
	header = start + crossingInput();
	texts = header + 4 * headerWords;
	const { buffer } = crossingMemory();
	bytes = new Uint8Array(buffer);
	words = new Int32Array(buffer);
	instance = instances;
}

function writeKey(key: AppKey): number {
	if (typeof key === "string") {
		const end = writeText(key, start, start + longestKey);
		if (end < 0) bytes.fill(0, start, start + longestKey);
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
