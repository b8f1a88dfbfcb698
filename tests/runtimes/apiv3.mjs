// Notifications of APIv3, which WebCrypto verifies and decrypts: each runtime has its own. Like verdicts.mjs this imports
// nothing and uses only what the Web has.

const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** The verdict over each row as [name, a code or the dedupKey], and over one made here. */
export async function notifications({ rows, account, signer, now }, paysign) {
	const { signTestNotification, verifyNotification, WeChatPayError } = paysign;
	const merchant = { ...account, now: () => now };

	async function verdict(headers, body) {
		try {
			const { content, resource, dedupKey } = await verifyNotification({ headers, body }, merchant);
			return JSON.stringify(JSON.parse(content)) === JSON.stringify(resource) ? dedupKey : "another resource";
		} catch (error) {
			return error instanceof WeChatPayError ? error.code : `not a WeChatPayError: ${error}`;
		}
	}

	const list = [];
	for (const { name, headers, body_b64 } of rows) {
		// Where Headers would not take a name or value, no server of the runtime would hand it on.
		list.push([name, await verdict(new Headers(headers), bytesOf(body_b64))]);
	}
	const violation = { eventType: "VIOLATION.PUNISH", resource: { punish_plan: "关闭支付权限 😀" } };
	const nonce = "3d980fb850fdce97f6bfb3d248597f16";
	const made = await signTestNotification(violation, signer, { timestamp: now, nonce });
	const read = await verifyNotification(made, merchant);
	list.push(["made here", read.violation.punishPlan]);
	return list;
}
