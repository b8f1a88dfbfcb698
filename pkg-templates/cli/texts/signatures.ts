// What sign, verify and explain say.

import type { Language } from "../words.js";

interface SignatureTexts {
	readonly whichMessage: (known: string) => string;
	readonly noBody: (known: string) => string;
	readonly verified: string;
	readonly refused: string;
	readonly notSigned: string;
	readonly notProtected: string;
	readonly tryDiagnose: string;
	readonly needsQuery: string;
	readonly noPublicKeys: string;
	readonly unnamedPublicKey: string;
	readonly badCertificate: string;
	readonly verdicts: Readonly<Record<"match" | "mismatch" | "not-given", string>>;
	readonly steps: Readonly<Record<"fields" | "names" | "sort" | "join" | "digest", string>>;
	readonly problems: string;
	readonly given: string;
}

const en: SignatureTexts = {
	whichMessage: (known) => `Which message this is has to be said: one of ${known}.`,
	noBody: (known) => `--body builds these messages: ${known}.`,
	verified: "VERIFIED",
	refused: "NOT VERIFIED: do not believe it",
	notSigned: "not signed: anyone can have written it",
	notProtected:
		"In plain mode nothing protects the body: whoever has seen the URL of a push can have written it. Only the URL is verified.",
	tryDiagnose: "Why the signature does not match: paysign diagnose FILE",
	needsQuery:
		"A payment notification has two halves. Pass the query of the request's URL: --query 'bank_type=…&sign=…'.",
	noPublicKeys:
		"WeChat Pay's certificates or public keys are missing. Pass the file that has them as PEM: --public-keys FILE.",
	unnamedPublicKey:
		"A public key in --public-keys has no name. Write its PUB_KEY_ID_… from the merchant platform on a line above it.",
	badCertificate: "A certificate in --public-keys cannot be read. Copy it again, from BEGIN to END.",
	verdicts: { match: "The signature is right.", mismatch: "The signature is another one.", "not-given": "" },
	steps: {
		fields: "The fields that are signed",
		names: "Their names in lower case, and the key as appkey",
		sort: "Sorted by name, byte by byte",
		join: "Joined as name=value with &, nothing escaped, empty values kept",
		digest: "SHA-1 over the UTF-8 bytes, as 40 lower-case hexadecimal digits",
	},
	problems: "Rules that the fields break",
	given: "given",
};

const zh: SignatureTexts = {
	whichMessage: (known) => `请指定是哪种消息：${known}。`,
	noBody: (known) => `--body 只能生成这些消息：${known}。`,
	verified: "验证通过",
	refused: "验证失败：不可信",
	notSigned: "不在签名之内，任何人都可能写",
	notProtected: "明文模式下消息体不受保护：看到过推送 URL 的人都可以伪造。验证过的只有 URL。",
	tryDiagnose: "想知道签名为什么不对：paysign diagnose FILE",
	needsQuery: "支付通知有两半，请给出请求 URL 的 query：--query 'bank_type=…&sign=…'。",
	noPublicKeys: "缺少微信支付的平台证书或公钥。请给出 PEM 文件：--public-keys FILE。",
	unnamedPublicKey: "--public-keys 里有公钥没有名字。请在它上面一行写上商户平台里的 PUB_KEY_ID_…。",
	badCertificate: "--public-keys 里有证书读不了。请重新复制，从 BEGIN 到 END。",
	verdicts: { match: "签名正确。", mismatch: "签名不同。", "not-given": "" },
	steps: {
		fields: "参与签名的字段",
		names: "参数名转成小写，密钥作为 appkey 加入",
		sort: "按参数名逐字节排序",
		join: "用 & 连接成 name=value，不转义，保留空值",
		digest: "对 UTF-8 字节做 SHA-1，得到 40 位小写十六进制",
	},
	problems: "不合规则的字段",
	given: "给出的签名",
};

export const signatureTexts: Readonly<Record<Language, SignatureTexts>> = { en, zh };
