// What deliver, token and sandbox say.

import { controlsListed } from "../table/controls.js";
import type { Language } from "../words.js";

interface NetworkTexts {
	readonly sandbox: (url: string) => string;
	readonly sandboxUrl: string;
	readonly sending: string;
	readonly asking: string;
	readonly delivered: string;
	readonly refused: string;
	readonly undecided: string;
	readonly errcode: string;
	readonly meaning: string;
	readonly fix: string;
	readonly again: string;
	readonly incomplete: (name: string, option: string) => string;
	readonly token: (characters: number, endpoint: string) => string;
	readonly showIt: string;
	readonly serving: (url: string) => string;
	readonly testAccount: string;
	readonly knownOrder: string;
	readonly controls: string;
	readonly badControl: string;
	readonly badOrders: string;
	readonly stopped: string;
}

const en: NetworkTexts = {
	sandbox: (url) => `*** SANDBOX *** This goes to ${url} on this machine. WeChat is NOT called.`,
	sandboxUrl: "--sandbox wants the address of a sandbox on this machine: --sandbox http://127.0.0.1:8290.",
	sending: "sending …",
	asking: "asking for a token …",
	delivered: "WeChat has taken the delivery notification",
	refused: "REFUSED: somebody has to act",
	undecided: "UNDECIDED: not now, or nobody knows",
	errcode: "errcode",
	meaning: "meaning",
	fix: "what to do",
	again: "Send the same again; no harm from it is documented.",
	incomplete: (name, option) => `The delivery has no ${name}. Write it into FILE, or pass --${option}.`,
	token: (characters, endpoint) => `an access token of ${characters} characters, from ${endpoint}`,
	showIt: "--show prints the token itself. It is as secret as a password.",
	serving: (url) =>
		`The sandbox listens on ${url} and plays WeChat: access tokens, /pay/delivernotify, the order shipping service.`,
	testAccount:
		"No account in the environment: it plays this one, which is for tests and no secret. For your shell:",
	knownOrder: "A paid order is there already:",
	controls: `Commands, one a line: ${controlsListed(", ")}`,
	badControl: `Not understood. Known: ${controlsListed(", ")}.`,
	badOrders:
		'The file of --orders is no JSON array of orders, such as [{"transid":"1","outTradeNo":"2","openid":"o","paidAt":1393860740,"goods":"virtual"}].',
	stopped: "stopped",
};

const zh: NetworkTexts = {
	sandbox: (url) => `*** 沙箱 *** 请求发往本机的 ${url}，不会调用微信。`,
	sandboxUrl: "--sandbox 要写本机沙箱的地址：--sandbox http://127.0.0.1:8290。",
	sending: "正在发送……",
	asking: "正在获取 token……",
	delivered: "微信已接收发货通知",
	refused: "被拒绝：需要有人处理",
	undecided: "无法确定：暂时失败，或者结果未知",
	errcode: "errcode",
	meaning: "含义",
	fix: "处理办法",
	again: "请把同样的内容再发一次；没有资料说重复发送有害。",
	incomplete: (name, option) => `缺少 ${name}。请写进 FILE，或者加 --${option}。`,
	token: (characters, endpoint) => `从 ${endpoint} 获取到 access_token，${characters} 个字符`,
	showIt: "加 --show 输出 token 本身。它和密码一样需要保密。",
	serving: (url) => `沙箱监听 ${url}，模拟微信的 access_token、/pay/delivernotify 和发货信息管理服务。`,
	testAccount: "环境变量里没有账号，使用下面的测试账号（不是秘密）。可以直接粘贴到 shell：",
	knownOrder: "已有一个支付过的订单：",
	controls: `命令一行一个：${controlsListed("、")}`,
	badControl: `看不懂。可用：${controlsListed("、")}。`,
	badOrders:
		'--orders 的文件不是订单的 JSON 数组，例如 [{"transid":"1","outTradeNo":"2","openid":"o","paidAt":1393860740,"goods":"virtual"}]。',
	stopped: "已停止",
};

export const networkTexts: Readonly<Record<Language, NetworkTexts>> = { en, zh };
