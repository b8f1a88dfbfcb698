// What sign, verify and explain say.

import type { Language } from "../words.js";

interface SignatureTexts {
	readonly whichMessage: (known: string) => string;
	readonly noBody: (known: string) => string;
	readonly verified: string;
	readonly refused: string;
	readonly notSigned: string;
	readonly tryDiagnose: string;
	readonly needsQuery: string;
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
	tryDiagnose: "Why the signature does not match: paysign diagnose FILE",
	needsQuery:
		"A payment notification has two halves. Pass the query of the request's URL: --query 'bank_type=…&sign=…'.",
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
	tryDiagnose: "想知道签名为什么不对：paysign diagnose FILE",
	needsQuery: "支付通知有两半，请给出请求 URL 的 query：--query 'bank_type=…&sign=…'。",
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
