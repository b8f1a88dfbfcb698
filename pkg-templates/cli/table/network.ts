import { controlsListed } from "./controls.js";
import { type CommandRow, shared } from "./types.js";

const account = ["PAYSIGN_APP_ID", "PAYSIGN_APP_KEY", "PAYSIGN_APP_SECRET"];

export const networkRows: readonly CommandRow[] = [
	{
		name: "deliver",
		usage: "[FILE]",
		files: true,
		summary: { en: "tells WeChat that an order was delivered", zh: "把发货结果通知微信" },
		about: {
			en:
				"Sends one delivery notification, for real. FILE is a JSON object with openid, transid, out_trade_no, " +
				"deliver_timestamp, deliver_status and deliver_msg (or openid, outTradeNo … as the package spells them); - is " +
				"standard input; options come before it. An errcode is told with its meaning and what to do. --json: delivered, " +
				"sandbox, and errcode and errmsg, or error (code, message, details).",
			zh:
				"真的发送一条发货通知。FILE 是 JSON 对象，包含 openid、transid、out_trade_no、deliver_timestamp、deliver_status、" +
				"deliver_msg（也可以写成 outTradeNo 等）；- 是标准输入；选项优先。errcode 会附上含义和处理办法。--json：delivered、" +
				"sandbox，以及 errcode、errmsg 或 error（code、message、details）。",
		},
		options: [
			{ name: "openid", value: "ID", help: { en: "the buyer", zh: "买家的 openid" } },
			{ name: "transid", value: "DIGITS", help: { en: "WeChat's transaction number", zh: "微信的交易单号" } },
			{ name: "out-trade-no", value: "NO", help: { en: "your order number", zh: "商户订单号" } },
			{
				name: "time",
				value: "SECONDS",
				help: { en: "when it was delivered; default: now", zh: "发货时间；默认为现在" },
			},
			{
				name: "status",
				value: "1|0",
				choices: ["1", "0"],
				help: { en: "1 delivered, 0 failed; default: 1", zh: "1 成功，0 失败；默认 1" },
			},
			{
				name: "msg",
				value: "TEXT",
				help: { en: "the reason when it failed; default: ok", zh: "失败时的原因；默认 ok" },
			},
			{
				name: "dry-run",
				help: { en: "prints the signed body and sends nothing", zh: "只输出签名后的报文，不发送" },
			},
			shared.classic,
			shared.sandbox,
			shared.appId,
			shared.secrets,
			shared.json,
		],
		environment: account,
		exits: {
			0: { en: "WeChat has taken it, or --dry-run has printed it", zh: "微信已接收，或者 --dry-run 已输出" },
			1: { en: "WeChat refuses it; somebody has to act", zh: "微信拒绝，需要有人处理" },
			2: { en: "nobody knows, or not now: send it again", zh: "结果未知或暂时失败，请再发一次" },
		},
		examples: [
			"paysign deliver delivery.json --dry-run",
			"paysign deliver delivery.json --sandbox http://127.0.0.1:8290",
		],
	},
	{
		name: "token",
		usage: "",
		summary: {
			en: "fetches an access token, to see whether that works",
			zh: "获取 access_token，看看能否成功",
		},
		about: {
			en:
				"Asks WeChat for the account's access token. It is as secret as a password: only its length is printed, unless " +
				"--show asks for the token and nothing else. --json: appId, endpoint, sandbox, characters, and accessToken " +
				"(null without --show).",
			zh:
				"向微信获取账号的 access_token。它和密码一样需要保密：默认只显示长度；加 --show 才输出 token 本身。--json：appId、" +
				"endpoint、sandbox、characters、accessToken（没有 --show 时为 null）。",
		},
		options: [
			{ name: "show", help: { en: "prints the token itself", zh: "输出 token 本身" } },
			shared.classic,
			shared.sandbox,
			shared.appId,
			shared.secrets,
			shared.json,
		],
		environment: account,
		exits: {
			0: { en: "there is one", zh: "已获取" },
			1: { en: "WeChat refuses; somebody has to act", zh: "微信拒绝，需要有人处理" },
			2: { en: "not now: try again", zh: "暂时失败，请再试" },
		},
		examples: ["paysign token", 'TOKEN="$(paysign token --show)"'],
	},
	{
		name: "sandbox",
		usage: "",
		summary: { en: "plays WeChat on this machine", zh: "在本机模拟微信" },
		about: {
			en:
				"Serves access tokens, /pay/delivernotify and the order shipping service on 127.0.0.1 until it is stopped, and prints " +
				"each request. Without an account in the environment it plays one for tests, whose lines for your shell it prints. It " +
				`takes commands from standard input, one a line: ${controlsListed(", ")}. check posts alarms and pushes that are due, ` +
				"url asks --push-url as the console does. --json: a line for each event; the first one has url.",
			zh:
				"在 127.0.0.1 上提供 access_token、/pay/delivernotify 和发货信息管理服务，直到停止，并输出每个请求。环境变量里没有账号时，" +
				`使用一个测试账号，并打印 shell 可用的设置。从标准输入读命令，一行一个：${controlsListed("、")}。check 推送到期的告警和消息，` +
				"url 像后台一样验证 --push-url。--json：每个事件一行，第一行有 url。",
		},
		options: [
			{
				name: "port",
				value: "PORT",
				help: { en: "default: 8290; 0: a free one", zh: "默认 8290；0 为任意空闲端口" },
			},
			{
				name: "orders",
				value: "FILE",
				help: {
					en: "a JSON array of paid orders: transid, outTradeNo, openid, paidAt, goods",
					zh: "已支付订单的 JSON 数组：transid、outTradeNo、openid、paidAt、goods",
				},
			},
			{ name: "alarm-url", value: "URL", help: { en: "where alarms are posted", zh: "告警推送的地址" } },
			{ name: "push-url", value: "URL", help: { en: "where events are pushed", zh: "消息推送的地址" } },
			{
				name: "push-mode",
				value: "MODE",
				choices: ["encrypted", "compatible", "plain"],
				help: {
					en: "encrypted, the default, compatible or plain",
					zh: "encrypted（安全模式，默认）、compatible（兼容模式）或 plain（明文模式）",
				},
			},
			{
				name: "push-format",
				value: "FORMAT",
				choices: ["xml", "json"],
				help: { en: "xml, the default, or json", zh: "xml（默认）或 json" },
			},
			shared.appId,
			shared.secrets,
			shared.jsonLines,
		],
		environment: [...account, "PAYSIGN_PUSH_TOKEN", "PAYSIGN_ENCODING_AES_KEY"],
		exits: {
			0: { en: "stopped by quit, SIGINT or SIGTERM", zh: "被 quit、SIGINT 或 SIGTERM 停止" },
			1: { en: "it cannot listen", zh: "无法监听" },
		},
		examples: [
			"paysign sandbox --alarm-url http://127.0.0.1:8080/wxpay/alarm",
			"paysign sandbox --push-url http://127.0.0.1:8080/wxpay/push --push-format json",
			"echo check | paysign sandbox --orders orders.json",
		],
	},
];
