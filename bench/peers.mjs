// The same work as people write it without paysign. None of them refuses what paysign refuses (tests/vectors), and none
// makes a dedupKey; they are given the order of fields and the documents that suit them.

import { createHash, hash } from "node:crypto";
import { XMLParser } from "fast-xml-parser";
import * as txml from "txml";
import xml2js from "xml2js";

/** Sort, join, SHA-1, compare; then the object. */
function verified(fields, appId, appKey) {
	const { AppSignature, SignMethod, ...signed } = fields;
	const text = Object.entries({ ...signed, appkey: appKey })
		.map(([name, value]) => [name.toLowerCase(), value])
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([name, value]) => `${name}=${value}`)
		.join("&");
	const digest = createHash("sha1").update(text, "utf8").digest("hex");
	if (digest !== AppSignature || SignMethod !== "sha1" || fields.AppId !== appId) throw new Error("refused");
	return {
		appId: fields.AppId,
		errorType: fields.ErrorType,
		description: fields.Description,
		alarmContent: fields.AlarmContent,
		timeStamp: fields.TimeStamp,
		appSignature: AppSignature,
	};
}

const fast = new XMLParser({ parseTagValue: false });
const decoder = new TextDecoder();

function fastXmlParser(body, appId, appKey) {
	return verified(fast.parse(decoder.decode(body)).xml, appId, appKey);
}

function xml2jsParser(body, appId, appKey) {
	let fields;
	// It calls back before it returns, unless it is told not to.
	xml2js.parseString(decoder.decode(body), { explicitArray: false }, (error, result) => {
		if (error) throw error;
		fields = result.xml;
	});
	return verified(fields, appId, appKey);
}

function txmlParser(body, appId, appKey) {
	return verified(txml.simplify(txml.parse(decoder.decode(body))).xml, appId, appKey);
}

const value = (name) => `\\s*<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`;
const names = [
	"AppId",
	"ErrorType",
	"Description",
	"AlarmContent",
	"TimeStamp",
	"AppSignature",
	"SignMethod",
];
const alarm = new RegExp(`^<xml>${names.map(value).join("")}\\s*</xml>$`, "s");

/** The floor of plain JavaScript: fixed order of fields, no grammar, nothing that XML can do. */
function regularExpression(body, appId, appKey) {
	const found = alarm.exec(decoder.decode(body));
	const [, id, errorType, description, alarmContent, timeStamp, appSignature, method] = found;
	const text = `alarmcontent=${alarmContent}&appid=${id}&appkey=${appKey}&description=${description}&errortype=${errorType}&timestamp=${timeStamp}`;
	if (hash("sha1", text) !== appSignature || method !== "sha1" || id !== appId) throw new Error("refused");
	return { appId: id, errorType, description, alarmContent, timeStamp, appSignature };
}

export const verifiers = { fastXmlParser, xml2jsParser, txmlParser, regularExpression };

/** The body of a delivery notification, by hand. */
export function deliverNotify(delivery, appId, appKey) {
	const signed = {
		appid: appId,
		openid: delivery.openid,
		transid: delivery.transid,
		out_trade_no: delivery.outTradeNo,
		deliver_timestamp: String(delivery.deliverTimestamp),
		deliver_status: String(delivery.deliverStatus),
		deliver_msg: delivery.deliverMsg,
	};
	const all = { ...signed, appkey: appKey };
	const text = Object.keys(all)
		.sort()
		.map((name) => `${name}=${all[name]}`)
		.join("&");
	const app_signature = createHash("sha1").update(text, "utf8").digest("hex");
	return { ...signed, app_signature, sign_method: "sha1" };
}
