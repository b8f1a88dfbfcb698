// THE CATALOGUE of what goes wrong with message pushes: what to tell a person, a mistake an entry.

import type { Bilingual, CatalogueEntry } from "../callbacks/diagnosis.js";

const say = (en: string, zh: string): Bilingual => ({ en, zh });
const mistake = (sentence: Bilingual, fix: Bilingual): CatalogueEntry => ({ sentence, fix });

const copyToken = say(
	"Give the Token as it stands in the console under message push, without anything around it.",
	"Token 按后台「消息推送」页面里的原样填写，首尾不要有空白或引号。",
);
const rawEncrypt = say(
	"Take the value of Encrypt as it stands in the body: without the CDATA around it, and without decoding it for URLs.",
	"使用报文中 Encrypt 的原值：去掉 CDATA 外壳，不做 URL 解码。",
);
const copyKey = say(
	"Give the EncodingAESKey as it stands in the console: 43 letters and digits, no more and no less.",
	"EncodingAESKey 按后台原样填写：正好 43 个字母和数字。",
);
const documentedHash = say(
	"Sort the values of token, timestamp, nonce and Encrypt as text, join them without anything between, and take SHA-1.",
	"把 token、timestamp、nonce、Encrypt 四个值按字典序排序，直接拼接后做 SHA-1。",
);

/** Each mistake that can be proven. */
export const mistakes = {
	// About the signature.
	"token-padded": mistake(
		say(
			"The Token has spaces, a line break or quotation marks around it.",
			"Token 首尾混入了空格、换行或引号。",
		),
		copyToken,
	),
	"token-case": mistake(
		say("The Token has its letters in another case.", "Token 的大小写被改变了。"),
		copyToken,
	),
	"token-other": mistake(
		say(
			"The signature is right under another of the given secrets, not under the one given as the Token.",
			"用另一个已填写的值作为 Token 时签名正确；填为 Token 的那个不对。",
		),
		copyToken,
	),
	"values-not-sorted": mistake(
		say("The values were joined without sorting them.", "各个值没有按字典序排序就拼接了。"),
		documentedHash,
	),
	"encrypt-left-out": mistake(
		say(
			"The signature is that of Token, time stamp and nonce alone, which is `signature` and not `msg_signature`.",
			"签名只含 token、timestamp、nonce，那是 signature，而不是 msg_signature。",
		),
		documentedHash,
	),
	"compared-with-signature": mistake(
		say(
			"The program computes the right signature and compares it with `signature` instead of `msg_signature`.",
			"程序算出的签名是对的，但比较的是 signature 参数，应比较 msg_signature。",
		),
		say(
			"Compare with msg_signature whenever the body is encrypted.",
			"只要消息体是加密的，就与 msg_signature 比较。",
		),
	),
	"body-hashed": mistake(
		say(
			"The whole body was hashed, and not the value of Encrypt.",
			"参与签名的是整个消息体，而不是 Encrypt 的值。",
		),
		rawEncrypt,
	),
	"msg-signature-missing": mistake(
		say(
			"The body is encrypted and the query has no msg_signature; the Token is right, as `signature` shows.",
			"消息体是加密的，但查询串里没有 msg_signature；由 signature 可知 Token 是对的。",
		),
		say(
			"Pass the whole query on: a proxy or route drops a part of it.",
			"把完整的查询串传给程序，检查代理或路由是否丢了参数。",
		),
	),
	"signature-case": mistake(
		say("The signature is written in capital letters.", "签名写成了大写。"),
		say("Compare lower-case hexadecimal digits.", "按小写十六进制比较。"),
	),
	"encrypt-plus-lost": mistake(
		say(
			"The plus signs of Encrypt have become spaces: it was decoded as a part of a URL.",
			"Encrypt 里的加号变成了空格：它被当作 URL 参数解码了。",
		),
		rawEncrypt,
	),
	"encrypt-percent-encoded": mistake(
		say("Encrypt is encoded like a part of a URL.", "Encrypt 被做了 URL 编码。"),
		rawEncrypt,
	),
	"encrypt-padded": mistake(
		say("Encrypt has spaces or line breaks in or around it.", "Encrypt 中间或首尾混入了空格或换行。"),
		rawEncrypt,
	),
	"encrypt-cdata": mistake(
		say(
			"The CDATA mark-up around Encrypt was taken as a part of it.",
			"把 Encrypt 外层的 CDATA 标记也当成了值的一部分。",
		),
		rawEncrypt,
	),
	"plain-body": mistake(
		say(
			"The body is not encrypted, although encrypted mode is expected; the signature is right, and does not cover the body.",
			"消息体没有加密，而程序按加密模式处理；签名正确，但它不保护消息体。",
		),
		say(
			"Choose 安全模式 in the console under message push.",
			"在后台「消息推送」中把消息加密方式改为「安全模式」。",
		),
	),
	"encrypted-body": mistake(
		say("The body is encrypted, although plain mode is expected.", "消息体是加密的，而程序按明文模式处理。"),
		say(
			"Verify msg_signature and decrypt: leave `mode` at its default.",
			"校验 msg_signature 并解密：mode 用默认值即可。",
		),
	),
	// About the content.
	"aes-key-padded": mistake(
		say(
			"The EncodingAESKey has spaces, a line break or quotation marks around it.",
			"EncodingAESKey 首尾混入了空格、换行或引号。",
		),
		copyKey,
	),
	"aes-key-equals-sign": mistake(
		say(
			"An equals sign was added to the EncodingAESKey; the program adds it by itself.",
			"EncodingAESKey 末尾多了一个等号；等号由程序自己补。",
		),
		copyKey,
	),
	"aes-key-last-character": mistake(
		say(
			"The EncodingAESKey has lost its last character: with one of the 16 that differ, it decrypts.",
			"EncodingAESKey 少了最后一个字符：在 16 种有区别的补法中，有一种可以解密。",
		),
		copyKey,
	),
	"aes-key-first-character": mistake(
		say(
			"The EncodingAESKey has lost its first character: with one of the 64 possible, it decrypts.",
			"EncodingAESKey 少了第一个字符：在 64 种补法中，有一种可以解密。",
		),
		copyKey,
	),
	"aes-key-case": mistake(
		say("The EncodingAESKey has its letters in another case.", "EncodingAESKey 的大小写被改变了。"),
		copyKey,
	),
	"aes-key-decoded": mistake(
		say(
			"The EncodingAESKey is given in hexadecimal digits, decoded already.",
			"EncodingAESKey 被提前解码并写成了十六进制。",
		),
		copyKey,
	),
	"aes-key-other": mistake(
		say(
			"Another of the given secrets decrypts, not the one given as the EncodingAESKey.",
			"能解密的是另一个已填写的值，而不是填为 EncodingAESKey 的那个。",
		),
		copyKey,
	),
	"app-id-other": mistake(
		say(
			"The push is for another AppId than the configured one, such as a third-party platform's own or another mini program's.",
			"推送属于另一个 AppId，而不是所配置的那个（常见：第三方平台的 component_appid 与小程序 appid 混用）。",
		),
		say(
			"Configure the AppId that stands at the end of the decrypted text; it is `appId` of this diagnosis.",
			"把 appId 配置为解密结果末尾的那个 AppId，即本诊断结果里的 appId。",
		),
	),
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

/** The name of a mistake. */
export type MistakeId = keyof typeof mistakes;

/** Remarks that prove nothing. */
export const lints = {
	"token-absent": say(
		"No Token was given, so the signature could not be checked.",
		"没有提供 Token，无法验签。",
	),
	"token-shape": say(
		"A Token has 3 to 32 letters and digits; this one has not.",
		"Token 应为 3–32 个字母或数字，这个不是。",
	),
	"query-incomplete": say(
		"The query has no signature, timestamp or nonce; pass on the whole URL.",
		"查询串缺少 signature（或 msg_signature）、timestamp 或 nonce；请保留完整的 URL。",
	),
	"aes-key-absent": say(
		"No EncodingAESKey was given, so the content could not be decrypted.",
		"没有提供 EncodingAESKey，无法解密。",
	),
	"aes-key-length": say(
		"An EncodingAESKey has 43 characters; this one has not.",
		"EncodingAESKey 有 43 个字符，这个长度不对。",
	),
	"body-not-protected": say(
		"The signature does not cover the body: whoever has seen one URL can send any content with it.",
		"签名不保护消息体：看到过一次 URL 的人就能冒充微信发送任意内容。",
	),
	"computed-differs": say(
		"The signature that your program computes is none of the known mistakes.",
		"你的程序算出的签名不属于任何已知的错误。",
	),
} as const satisfies Readonly<Record<string, Bilingual>>;

/** The name of a remark. */
export type LintId = keyof typeof lints;
