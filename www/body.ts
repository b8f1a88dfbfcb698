// Fields written as a message, for examples, for links and after the fields were edited.

import type { MessageName } from "paysign";
import type { MessageDescription } from "paysign/diagnose";
import type { Row } from "./protocol.ts";

/** How a message travels, where it is not as JSON. */
const forms: Readonly<Partial<Record<MessageName, "xml" | "link">>> = {
	alarm: "xml",
	nativeUrl: "link",
	nativePackageRequest: "xml",
	nativePackageResponse: "xml",
	payNotify: "xml",
	feedback: "xml",
};

/** The message as it travels; as JSON where its usual form could not hold the values exactly. */
export function bodyOf(message: MessageDescription, fields: readonly Row[], given: string | null): string {
	const signature = message.fields.find(({ role }) => role === "signature")?.name ?? "sign";
	const rows: readonly Row[] = given === null ? fields : [...fields, [signature, given]];
	const form = forms[message.name];
	// A text box knows one line end only.
	if (form === "xml" && rows.every(([name, value]) => /^[A-Za-z_]\w*$/.test(name) && !value.includes("\r"))) {
		return xml(rows);
	}
	if (form === "link" && rows.every(([, value]) => /^[\w.-]*$/.test(value))) {
		return `weixin://wxpay/bizpayurl?${rows.map(([name, value]) => `${name}=${value}`).join("&")}`;
	}
	return json(rows);
}

/** JSON, which may hold a name twice. */
export function json(rows: readonly Row[]): string {
	return `{\n${rows.map(([name, value]) => `\t${quoted(name)}: ${quoted(value)}`).join(",\n")}\n}`;
}

function quoted(text: string): string {
	// The lenient reader knows the escapes \n, \r, \t and \uXXXX.
	return JSON.stringify(text).replace(/\\\\|\\[bf]/g, (found) => escapes[found] ?? found);
}

const escapes: Readonly<Record<string, string>> = { "\\b": "\\u0008", "\\f": "\\u000c" };

function xml(rows: readonly Row[]): string {
	const lines = rows.map(([name, value]) => {
		const isPlain = /^\w+$/.test(value);
		const content = isPlain ? value : `<![CDATA[${value.replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
		return `\t<${name}>${content}</${name}>`;
	});
	return `<xml>\n${lines.join("\n")}\n</xml>`;
}
