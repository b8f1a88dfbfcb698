// THE CATALOGUE of what goes wrong with notifications of APIv3: what to tell a person, a mistake an entry.

import type { Bilingual, CatalogueEntry } from "../callbacks/diagnosis.js";

const say = (en: string, zh: string): Bilingual => ({ en, zh });
const mistake = (sentence: Bilingual, fix: Bilingual): CatalogueEntry => ({ sentence, fix });

const rawBody = say(
	"Verify the bytes of the request body, before any JSON parser or middleware has touched them.",
	"用请求体的原始字节验签，要在 JSON 解析或任何中间件处理之前取得。",
);
const documentedText = say(
	"Build the text as timestamp, line feed, nonce, line feed, body, line feed: three lines, each with its line feed.",
	"验签串为「时间戳\\n随机串\\n报文主体\\n」三行，每行（包括最后一行）都以 \\n 结尾。",
);
const rawHeaders = say(
	"Take the header as it was sent: base64 on one line, without decoding it for URLs.",
	"直接使用请求头的原值：一行 Base64，不要再做 URL 解码。",
);
const copyKey = say(
	"Give the APIv3 key as the very 32 characters that were set in the merchant platform.",
	"APIv3 密钥就是商户平台里设置的那 32 个字符，原样配置即可。",
);

/** Each mistake that can be proven. */
export const mistakes = {
	// About the signature.
	probe: mistake(
		say(
			"This is a probe: WeChat Pay sends signatures that are wrong on purpose, to see whether they are refused.",
			"这是微信支付的验签探测流量：故意发送错误签名，用来检查商户是否真的验签。",
		),
		say("Refuse it like any wrong signature; nothing needs mending.", "按验签失败处理并拒绝即可，无需修改。"),
	),
	"signature-sm2": mistake(
		say("The signature is of another algorithm than RSA.", "签名类型不是 RSA（例如国密 SM2）。"),
		say(
			"Ask WeChat Pay to sign with WECHATPAY2-SHA256-RSA2048.",
			"请在微信支付侧使用 WECHATPAY2-SHA256-RSA2048 签名类型。",
		),
	),
	"signature-sha1": mistake(
		say("The signature is made over SHA-1, not over SHA-256.", "签名使用的是 SHA-1，而不是 SHA-256。"),
		say("Sign with SHA256withRSA.", "请使用 SHA256withRSA 签名。"),
	),
	"signature-plus-lost": mistake(
		say(
			"The plus signs of the signature have become spaces: it was decoded as a part of a URL.",
			"签名里的加号变成了空格：它被当作 URL 参数解码了。",
		),
		rawHeaders,
	),
	"signature-base64url": mistake(
		say(
			"The signature is written in the base64 of URLs, with - and _.",
			"签名用了 URL 版 Base64（- 与 _）。",
		),
		rawHeaders,
	),
	"signature-padded": mistake(
		say(
			"The signature has line breaks, spaces or quotation marks in or around it, or has lost its = at the end.",
			"签名中间或首尾混入了换行、空格或引号，或丢了末尾的 =。",
		),
		rawHeaders,
	),
	"serial-missing": mistake(
		say(
			"The header Wechatpay-Serial is missing; the signature is right under one of the given keys.",
			"缺少请求头 Wechatpay-Serial；用所给公钥之一验签通过。",
		),
		say(
			"Look at what stands in between: a proxy or framework drops the header.",
			"检查中间的代理或框架，是它丢弃了这个请求头。",
		),
	),
	"wrong-serial": mistake(
		say(
			"The signature is right under another key than the one that stands under Wechatpay-Serial.",
			"用另一把已配置的公钥验签通过；Wechatpay-Serial 对应的不是签名所用的那一把。",
		),
		say(
			"Choose the key by Wechatpay-Serial, and keep each certificate under its own serial number and each public key under its PUB_KEY_ID.",
			"按 Wechatpay-Serial 选择公钥；平台证书以自己的序列号、微信支付公钥以 PUB_KEY_ID 为键配置。",
		),
	),
	"text-swapped": mistake(
		say("Time stamp and nonce stand in the wrong order.", "验签串里时间戳与随机串的顺序反了。"),
		documentedText,
	),
	"text-last-line-feed": mistake(
		say("The line feed behind the body is missing.", "验签串末尾缺少换行符。"),
		documentedText,
	),
	"text-line-feeds": mistake(
		say("The line feeds between the three parts are missing.", "验签串的三段之间缺少换行符。"),
		documentedText,
	),
	"text-crlf": mistake(
		say("The lines end with CR LF instead of LF.", "验签串用了 \\r\\n 换行，应为 \\n。"),
		documentedText,
	),
	"text-escaped-line-feed": mistake(
		say(
			"A backslash and an n stand where line feeds must be.",
			"验签串里写成了反斜杠加字母 n，而不是真正的换行符。",
		),
		documentedText,
	),
	"text-body-only": mistake(
		say("Only the body was taken, without time stamp and nonce.", "只用了报文主体，没有加时间戳和随机串。"),
		documentedText,
	),
	// About the body; with each, the body that was sent is known to the last byte.
	"body-whitespace": mistake(
		say(
			"The body was written anew by a JSON library: white space between its parts is not what was sent.",
			"报文主体被重新序列化过：JSON 各部分之间的空白与原文不同。",
		),
		rawBody,
	),
	"body-key-order": mistake(
		say(
			"The body was written anew by a JSON library: its keys stand in another order than was sent.",
			"报文主体被重新序列化过：字段顺序与原文不同。",
		),
		rawBody,
	),
	"body-escaped-unicode": mistake(
		say(
			"The body was written anew by a JSON library: letters are escaped as \\u… otherwise than was sent.",
			"报文主体被重新序列化过：中文等字符的 \\u 转义方式与原文不同。",
		),
		rawBody,
	),
	"body-escaped-slashes": mistake(
		say(
			"The body was written anew by a JSON library: slashes are escaped as \\/ otherwise than was sent.",
			"报文主体被重新序列化过：斜杠的 \\/ 转义方式与原文不同。",
		),
		rawBody,
	),
	"body-line-end": mistake(
		say("A line break at the end of the body was added or lost.", "报文主体末尾多了或少了换行。"),
		rawBody,
	),
	"body-bom": mistake(
		say("A byte order mark before the body was added or lost.", "报文主体开头多了或少了 BOM。"),
		rawBody,
	),
	"body-crlf": mistake(
		say("The line breaks inside the body were changed.", "报文主体内部的换行符被改动（CRLF 与 LF）。"),
		rawBody,
	),
	"body-plus-lost": mistake(
		say(
			"The plus signs of the ciphertext have become spaces: the body was decoded as a form.",
			"密文里的加号变成了空格：报文主体被当作表单解码了。",
		),
		rawBody,
	),
	"body-latin1": mistake(
		say(
			"The body was read as ISO-8859-1 and not as UTF-8.",
			"报文主体被按 ISO-8859-1 而不是 UTF-8 读取，中文已成乱码。",
		),
		rawBody,
	),
	"body-quoted": mistake(
		say("The body is quoted once more, as a string of JSON.", "报文主体被当作字符串又做了一次 JSON 转义。"),
		rawBody,
	),
	"body-percent-encoded": mistake(
		say("The body is encoded like a part of a URL.", "报文主体被做了 URL 编码。"),
		rawBody,
	),
	"body-html-escaped": mistake(
		say("The body is escaped for HTML.", "报文主体被做了 HTML 转义（&quot; 等）。"),
		rawBody,
	),
	stale: mistake(
		say(
			"The notification is right, but its time stamp is more than 5 minutes away from when it was received.",
			"通知本身正确，但时间戳与接收时间相差超过 5 分钟。",
		),
		say(
			"Set the server's clock; if it is right, this is a replay.",
			"请校准服务器时钟；若时钟正确，则这是一次重放。",
		),
	),
	// About the content.
	"api-v3-key-padded": mistake(
		say(
			"The APIv3 key has spaces, a line break or quotation marks around it.",
			"APIv3 密钥首尾混入了空格、换行或引号。",
		),
		copyKey,
	),
	"api-v3-key-hex": mistake(
		say("The APIv3 key is given in hexadecimal digits.", "APIv3 密钥被写成了十六进制。"),
		copyKey,
	),
	"api-v3-key-base64": mistake(
		say("The APIv3 key is given in base64.", "APIv3 密钥被写成了 Base64。"),
		copyKey,
	),
	"api-v3-key-case": mistake(
		say("The APIv3 key has its letters in another case.", "APIv3 密钥的大小写被改变了。"),
		copyKey,
	),
	"api-v3-key-other": mistake(
		say(
			"The content is decrypted by another of the given secrets, not by the one given as the APIv3 key.",
			"能解密的是另一个已填写的密钥，而不是填为 APIv3 密钥的那个（常见：填成了 APIv2 密钥）。",
		),
		say(
			"Use the APIv3 key; it is set separately from the APIv2 key, in API security.",
			"请使用 APIv3 密钥：它与 APIv2 密钥在「API 安全」里分别设置。",
		),
	),
	"associated-data": mistake(
		say(
			"The associated data was lost or changed on the way; the content is decrypted with another.",
			"附加数据 associated_data 丢失或被改动；换成另一个值后可以解密。",
		),
		say(
			"Pass resource.associated_data as it stands in the body, and an empty text only when there is none.",
			"把报文中 resource.associated_data 的原值作为附加数据；没有时才用空串。",
		),
	),
	"ciphertext-changed": mistake(
		say(
			"The ciphertext was changed on the way: plus signs became spaces, or line breaks came in.",
			"密文在途中被改动：加号变成了空格，或混入了换行。",
		),
		rawBody,
	),
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

/** The name of a mistake. */
export type MistakeId = keyof typeof mistakes;

/** Remarks that prove nothing. */
export const lints = {
	"public-keys-absent": say(
		"No platform certificate or WeChat Pay public key was given, so the signature could not be checked.",
		"没有提供平台证书或微信支付公钥，无法验签。",
	),
	"api-v3-key-absent": say(
		"No APIv3 key was given, so the content could not be decrypted.",
		"没有提供 APIv3 密钥，无法解密。",
	),
	"headers-missing": say(
		"One of the headers Wechatpay-Serial, -Signature, -Timestamp and -Nonce is missing; a proxy may have dropped it.",
		"缺少 Wechatpay-Serial、-Signature、-Timestamp、-Nonce 中的请求头；可能被代理丢弃了。",
	),
	"signed-other-text": say(
		"One of the given keys did make this signature, but over another text: body, time stamp or nonce is not what was sent.",
		"签名确由所给公钥之一对应的私钥做出，但签的是另一段文本：报文主体、时间戳或随机串不是原文。",
	),
	"signed-by-none": say(
		"None of the given keys made this signature: the key is missing, or it comes from somebody else.",
		"所给的公钥都不是做出此签名的那一把：缺少对应公钥，或签名来自他人。",
	),
	"serial-unknown": say(
		"None of the given keys stands under the serial number of Wechatpay-Serial; fetch the platform certificates anew.",
		"所给公钥中没有 Wechatpay-Serial 指定的那一把；请重新下载平台证书或补上微信支付公钥。",
	),
	"merchant-certificate": say(
		"One of the given certificates is named after a merchant number: it is the merchant's own, and WeChat Pay signs with others.",
		"所给证书中有一张以商户号命名：那是商户自己的 API 证书，微信支付回调要用平台证书或微信支付公钥验签。",
	),
	"key-unreadable": say(
		"One of the given keys is no certificate and no public key in PEM.",
		"所给公钥中有一项不是 PEM 格式的证书或公钥。",
	),
	"private-key": say(
		"One of the given keys is a private key. It is not needed here, and should be nowhere but on the server.",
		"所给内容中有一把私钥。这里不需要它，它只应存放在服务器上。",
	),
	"api-v3-key-length": say(
		"An APIv3 key has 32 bytes; this one has not.",
		"APIv3 密钥为 32 个字节，这个长度不对。",
	),
	"api-v3-key-is-other": say(
		"The same text is given as the APIv3 key and as another secret; the two are set separately.",
		"APIv3 密钥与另一个密钥填了同一个值；两者在商户平台是分别设置的。",
	),
	"body-no-notification": say(
		"The body is not the JSON of a notification with a resource in it.",
		"报文主体不是含有 resource 的通知 JSON。",
	),
	"program-text-differs": say(
		"The text that your program verifies is not that of this notification, and none of the known mistakes makes it.",
		"你的程序所验的文本与此通知的验签串不同，且不属于已知的错误。",
	),
} as const satisfies Readonly<Record<string, Bilingual>>;

/** The name of a remark. */
export type LintId = keyof typeof lints;
