import { callbackKinds, messageNames } from "../words.js";
import { type CommandRow, callbackSecrets, shared } from "./types.js";

const fieldShapes = {
	en:
		"Fields are name=value words, or a FILE (- is standard input): JSON, XML, a query string. Names are those of the wire, " +
		"in any case.",
	zh: "字段可以写成 name=value，也可以放在 FILE 里（- 是标准输入）：JSON、XML、query。字段名是报文里的名字，大小写不限。",
};

const key = ["PAYSIGN_APP_KEY"];
const everyMessage = [...messageNames, ...callbackKinds];

export const signatureRows: readonly CommandRow[] = [
	{
		name: "sign",
		usage: "MESSAGE [FILE|-|name=value…]",
		words: messageNames,
		files: true,
		summary: { en: "the signature of some fields, or a whole body", zh: "计算签名，或者生成完整的报文" },
		about: {
			en:
				`${fieldShapes.en} Prints 40 hexadecimal digits. With --body, prints the whole body: the JSON of deliverNotify, ` +
				"a test alarm as WeChat would post it, the XML of nativePackageResponse. --json: message, and signature or body.",
			zh:
				`${fieldShapes.zh}输出 40 位十六进制签名。加 --body 输出完整的报文：deliverNotify 的 JSON、` +
				"微信会推送的告警（测试用）、nativePackageResponse 的 XML。--json：message，以及 signature 或 body。",
		},
		options: [
			{ name: "body", help: { en: "the signed body instead of the signature", zh: "输出带签名的报文" } },
			shared.appId,
			shared.secrets,
			shared.json,
		],
		environment: ["PAYSIGN_APP_ID", ...key],
		exits: { 0: { en: "signed", zh: "已签名" } },
		examples: [
			"paysign sign feedback appid=wx1 openid=o1 timestamp=1393400471",
			"paysign sign alarm --body timeStamp=1393860740 > alarm.xml",
		],
	},
	{
		name: "verify",
		usage: "[FILE]",
		files: true,
		summary: { en: "whether a message is WeChat's, and what it says", zh: "验证微信发来的消息，并显示内容" },
		about: {
			en:
				"FILE is the body as received, byte by byte; without it, or with -, standard input. Messages: alarm, payNotify " +
				"(with --query), feedback, nativePackageRequest. Of a push or a notification of APIv3, FILE is the request as text: the " +
				"request line or the URL, the headers, an empty line, the body. Prints the verified content, or the sentence and the " +
				"code of the error. --json: verified, message, and content or error (code, message, details).",
			zh:
				"FILE 是收到的原始报文，逐字节不变；不写或写 - 时读标准输入。可以验证 alarm、payNotify（加 --query）、feedback、" +
				"nativePackageRequest。消息推送（push）和 APIv3 通知（apiv3）的 FILE 是整个请求的文本：请求行或 URL、请求头、空行、主体。" +
				"输出验证过的内容，或者错误说明和错误码。--json：verified、message，以及 content 或 error（code、message、details）。",
		},
		options: [
			{
				name: "message",
				value: "NAME",
				choices: ["alarm", "payNotify", "feedback", "nativePackageRequest", ...callbackKinds],
				help: { en: "which message it is; default: by its fields", zh: "是哪种消息；默认按字段判断" },
			},
			{
				name: "query",
				value: "QUERY",
				help: {
					en: "the query of the request's URL, as received: the other half of payNotify; of a push, when FILE is its body alone",
					zh: "请求 URL 的 query，保持原样：payNotify 的另一半；FILE 只有消息体时的 push",
				},
			},
			shared.publicKeys,
			shared.plain,
			{
				name: "received-at",
				value: "SECONDS",
				help: {
					en: "for apiv3: when it was received, in Unix seconds; default: now. Older than 5 minutes is refused",
					zh: "用于 apiv3：收到的时间，Unix 秒；默认现在。超过 5 分钟的会被拒绝",
				},
			},
			shared.appId,
			shared.secrets,
			shared.json,
		],
		environment: ["PAYSIGN_APP_ID", ...key, "PAYSIGN_PARTNER", "PAYSIGN_PARTNER_KEY", ...callbackSecrets],
		exits: {
			0: { en: "verified", zh: "验证通过" },
			1: { en: "do not believe it", zh: "验证失败，不可信" },
		},
		examples: [
			"paysign verify alarm.xml",
			"paysign verify notify.xml --message payNotify --query 'bank_type=0&…&sign=…'",
			"paysign verify request.txt --message apiv3 --secrets keys.env --public-keys wechatpay.pem",
		],
	},
	{
		name: "explain",
		usage: "[MESSAGE] [FILE|-|name=value…]",
		words: messageNames,
		files: true,
		summary: { en: "how a signature is made, step by step", zh: "一步一步说明签名怎样算出来" },
		about: {
			en:
				`${fieldShapes.en} Prints each step with the key masked, and the rules that the fields break. --json: what ` +
				"explainSignature of the package returns.",
			zh: `${fieldShapes.zh}逐步输出，密钥已遮盖，并指出不合规则的字段。--json：包里 explainSignature 的返回值。`,
		},
		options: [
			{
				name: "given",
				value: "HEX",
				help: {
					en: "the signature to compare with; default: the one in FILE",
					zh: "要比较的签名；默认取 FILE 里的",
				},
			},
			shared.secrets,
			shared.json,
		],
		environment: key,
		exits: {
			0: { en: "the signature is right, or none was given", zh: "签名正确，或者没有给出签名" },
			1: { en: "it is another one", zh: "签名不同" },
		},
		examples: ["paysign explain alarm.xml", "paysign explain deliverNotify body.json --json"],
	},
	{
		name: "diagnose",
		usage: "[FILE]",
		files: true,
		summary: { en: "why a signature does not match, with proof", zh: "签名为什么不对，给出证明" },
		about: {
			en:
				"Finds out how a wrong signature was made. It searches the mistakes that people make: another key, a key with a " +
				"line end, another charset, a field left out, names not lower-cased, values escaped … alone and up to three " +
				"together. What it names makes exactly your signature, so it is proof and not a guess. Nothing leaves this machine. " +
				"FILE is what was sent, or the text that was hashed: XML, JSON, a query string, or the array as it stands in your " +
				"program, in UTF-8 or else GBK; without it, or with -, standard input. Give all the secrets that you have: taking " +
				"the wrong one is a common mistake. A push or a notification of APIv3 is looked into, too: FILE is the request as text, " +
				"the request line or the URL, the headers, an empty line, the body.",
			zh:
				"找出错误的签名是怎样算出来的。它搜索常见的错误：用错密钥、密钥带换行、编码不是 UTF-8、漏了字段、参数名没有转小写、" +
				"值被转义……逐个尝试，再尝试两个、三个一起。它说出的错误正好能算出你的签名，所以是证明，不是猜测。数据不离开本机。" +
				"FILE 是发送的内容，或者做摘要的原文：XML、JSON、query，或者程序里的数组，编码为 UTF-8 或 GBK；不写或写 - " +
				"时读标准输入。手头有的密钥都给上：拿错密钥是常见的错误。也能诊断消息推送（push）和 APIv3 通知（apiv3）：FILE 是整个请求的文本，" +
				"请求行或 URL、请求头、空行、主体。",
		},
		options: [
			{
				name: "message",
				value: "NAME",
				choices: everyMessage,
				help: {
					en: `which message it is; default: the one whose fields these are. One of ${everyMessage.join(", ")}`,
					zh: `是哪种消息；默认按字段判断。可以是 ${everyMessage.join(", ")}`,
				},
			},
			{
				name: "given",
				value: "HEX",
				help: {
					en: "the signature that does not match; default: the one in FILE. Of a push: the one that your program computes",
					zh: "不匹配的签名；默认取 FILE 里的。对 push，是你的程序算出的签名",
				},
			},
			{
				name: "signed-text",
				value: "FILE",
				help: {
					en:
						"what your program signed, when FILE is what it sent: the text that was hashed, or the fields. Fields that " +
						"differ are shown, and proven. Of apiv3: the text that your program verifies. - is standard input",
					zh:
						"FILE 是发送的内容时，这里给出程序签名的内容：做摘要的原文，或者各个字段。列出不同的字段并给出证明。" +
						"对 apiv3，是你的程序的验签串。写 - 时读标准输入",
				},
			},
			shared.secrets,
			{
				name: "app-id",
				value: "ID",
				help: {
					en: "the AppId of the account whose key it is: a message of another one is remarked",
					zh: "密钥所属公众号的 AppId；消息里的 AppId 不一致时会提示",
				},
			},
			{
				name: "query",
				value: "QUERY",
				help: {
					en: "of a push, when FILE is its body alone: the query of the request's URL",
					zh: "FILE 只有消息体时的 push：请求 URL 的 query",
				},
			},
			shared.publicKeys,
			shared.plain,
			{ name: "json", help: { en: "the whole diagnosis for a program", zh: "完整的诊断结果，供程序使用" } },
		],
		environment: [...key, "PAYSIGN_PARTNER_KEY", "PAYSIGN_APP_SECRET", "PAYSIGN_API_KEY", ...callbackSecrets],
		exits: {
			0: { en: "the signature is right", zh: "签名正确" },
			1: { en: "it is wrong and explained", zh: "签名错误且已查明" },
			2: { en: "wrong and unexplained", zh: "签名错误但未查明" },
		},
		examples: [
			'PAYSIGN_APP_KEY="$(cat app.key)" paysign diagnose body.json',
			"paysign diagnose --secrets keys.env --message deliverNotify --given 51c061bb… < fields.txt",
			"paysign diagnose request.txt --secrets keys.env --public-keys wechatpay.pem",
		],
	},
];
