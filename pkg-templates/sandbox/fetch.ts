/** Written again rather than imported from the client, so that a mistake in one list shows. */
const hosts = new Set([
	"api.weixin.qq.com",
	"api2.weixin.qq.com",
	"sh.api.weixin.qq.com",
	"sz.api.weixin.qq.com",
	"hk.api.weixin.qq.com",
]);

/**
 * A `fetch` that brings requests for WeChat's API to a sandbox, which may run in another process, and refuses every
 * other address: a test that uses it cannot reach the network.
 *
 * @param url Where the sandbox listens: its `url`, an `http` address on this machine.
 * @returns A function to pass as the `fetch` of `createClient`. It rejects with a `TypeError` for an address other
 *   than `https://` and one of WeChat's five API hosts.
 * @throws {TypeError} When the sandbox's own address is not on this machine.
 *
 * @example
 * ```ts
 * import { sandboxFetch, startSandbox } from "paysign/sandbox";
 *
 * const account = { appId: "wxf8b4f85f3a794e77", appSecret: "secret", appKey: "k".repeat(128) };
 * const sandbox = await startSandbox({ accounts: [account] });
 * const fetch = sandboxFetch(sandbox.url);
 * const answer = await fetch("https://api.weixin.qq.com/pay/delivernotify");
 * console.log(await answer.json()); // { errcode: 43002, errmsg: "require POST method" }
 * await sandbox.close();
 * ```
 */
export function sandboxFetch(
	url: string,
): (input: string | URL | Request, init?: RequestInit) => Promise<Response> {
	const sandbox = new URL(url);
	if (sandbox.protocol !== "http:" || !["127.0.0.1", "localhost", "[::1]"].includes(sandbox.hostname)) {
		throw new TypeError("sandboxFetch needs the url of a sandbox on this machine: http://127.0.0.1:PORT.");
	}
	return async (input, init) => {
		const wanted = new URL(input instanceof Request ? input.url : input);
		if (wanted.protocol !== "https:" || wanted.port !== "" || !hosts.has(wanted.hostname)) {
			throw new TypeError("The sandbox's fetch reaches only https://api.weixin.qq.com and its backup hosts.");
		}
		const target = new URL(`${wanted.pathname}${wanted.search}`, sandbox);
		return input instanceof Request ? fetch(new Request(target, input), init) : fetch(target, init);
	};
}
