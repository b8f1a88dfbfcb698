// What every runtime must make of the pushes: as verdicts.mjs, it imports nothing and uses only what the Web has.

const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** The verdict over each push and each question for a URL, as [name, "ACCEPT"]. */
export function pushVerdicts({ vectors, urls }, { verifyPush, verifyPushUrl, WeChatPayError }) {
	function verdict(call, expected) {
		try {
			// Text has crossed from WebAssembly to JavaScript, so it is compared.
			return JSON.stringify(call()) === JSON.stringify(expected) ? "ACCEPT" : "ACCEPT with another content";
		} catch (error) {
			return error instanceof WeChatPayError ? error.code : `not a WeChatPayError: ${error}`;
		}
	}

	const list = [];
	for (const { name, account, query, body, body_b64, repeat, push } of vectors) {
		const text = repeat ? repeat[0].repeat(repeat[1]) : (body ?? bytesOf(body_b64));
		list.push([name, verdict(() => verifyPush({ query, body: text }, account), push)]);
	}
	for (const { name, query, token, echo } of urls) {
		list.push([name, verdict(() => verifyPushUrl(query, { token }), echo)]);
	}
	return list;
}
