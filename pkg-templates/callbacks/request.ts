/** The kinds of callbacks: a notification of APIv3, a message push. */
export type CallbackKind = "apiv3" | "push";

/** Which kind a pasted request is; `null` when it is neither. */
export function callbackKind(text: string): CallbackKind | null {
	if (/wechatpay-(signature|serial|nonce|timestamp)/i.test(text)) return "apiv3";
	if (/\b(msg_)?signature=[0-9a-f]{40}/i.test(text) || /<Encrypt>|"Encrypt"\s*:/.test(text)) return "push";
	return /"resource"\s*:/.test(text) ? "apiv3" : null;
}

/** A request as a person pastes it: a request line or a URL, headers, an empty line, the body; any of them may be missing. */
export interface PastedRequest {
	/** What stands behind `?` in the first line. */
	readonly query: string;
	readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
	readonly body: string;
}

const headerLine = /^\s*(?:-H\s+)?["']?([A-Za-z][A-Za-z0-9-]*)["']?\s*[:=]\s*["']?(.*?)["']?[,\\\s]*$/;

/**
 * Reads what was pasted. Lenient, because a log is not a protocol: names and values may be quoted, or be options of curl. The
 * body is all behind the first empty line, or begins with the first line that begins like one.
 */
export function readRequest(text: string): PastedRequest {
	let rest = text.replace(/^\s+/, "");
	const headers: (readonly [string, string])[] = [];
	let query = "";
	let isFirst = true;
	while (rest !== "") {
		if (/^[ \t\uFEFF]*[<{]/.test(rest)) break;
		const end = rest.indexOf("\n");
		const line = (end < 0 ? rest : rest.slice(0, end)).replace(/\r$/, "");
		const found = queryOf(line);
		const header = headerLine.exec(line);
		if (line.trim() === "") {
			rest = end < 0 ? "" : rest.slice(end + 1);
			break;
		}
		if (isFirst && found !== undefined) query = found;
		else if (header?.[1] !== undefined) headers.push([header[1], header[2] ?? ""]);
		else if (!isFirst) break;
		isFirst = false;
		rest = end < 0 ? "" : rest.slice(end + 1);
	}
	return { query, headers, body: rest };
}

/** The query of a request line, of a URL or of a query that stands alone. */
function queryOf(line: string): string | undefined {
	const [, query] = /^(?:[A-Z]+\s+)?\S*\?(\S*)(?:\s+HTTP\/[\d.]+)?\s*$/.exec(line) ?? [];
	if (query !== undefined) return query;
	return /^\w+=[^\s&]*(&\w+=[^\s&]*)+\s*$/.test(line) ? line.trim() : undefined;
}

/** A text without what a person copies along: white space and quotation marks around it. */
export function withoutPadding(text: string): string {
	return text.replace(/^[\s"'\uFEFF]+|[\s"']+$/g, "");
}
