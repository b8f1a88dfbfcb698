// What is said about a diagnosis, in both languages: on the command line and on the page.

import type { CallbackCheck } from "../callbacks/diagnosis.js";
import type { CallbackKind } from "../callbacks/request.js";
import type { Diagnosis, MessageName } from "../diagnose.js";

export type Language = "en" | "zh";

// An object, so that the compiler sees when one is missing.
const named: Readonly<Record<MessageName, true>> = {
	alarm: true,
	deliverNotify: true,
	jsapi: true,
	nativeUrl: true,
	nativePackageRequest: true,
	nativePackageResponse: true,
	payNotify: true,
	feedback: true,
	orderQuery: true,
	appPrepay: true,
	appPay: true,
	editAddress: true,
};
export const messageNames = Object.keys(named) as readonly MessageName[];

/** What is no paySign message, but what WeChat sends today. */
export const callbackKinds = ["push", "apiv3"] as const satisfies readonly CallbackKind[];

/** What a receiver of the command line receives. */
export const receivedKinds = ["alarm", ...callbackKinds] as const;
export type Received = (typeof receivedKinds)[number];

export interface Words {
	verdicts: Record<Diagnosis["verdict"], { word: string; sentence: string }>;
	exhaustedNote: string;
	or: string;
	texts: { title: string; right: string; same: string; only: string; documented: string; signed: string };
	signatures: { message: string; documented: string; given: string };
	fields: { title: string; sent: string; signed: string; absent: string };
	excludedTitle: (tried: string) => string;
	families: Readonly<Record<string, string>>;
	lintsTitle: string;
	callbacks: {
		verdicts: Record<Diagnosis["verdict"], { word: string; sentence: string }>;
		kinds: Readonly<Record<CallbackKind, string>>;
		checks: Readonly<Record<"signature" | "content", string>>;
		check: Readonly<Record<CallbackCheck, string>>;
		decrypted: string;
		unbelieved: string;
		families: Readonly<Record<string, string>>;
	};
}

const en: Words = {
	verdicts: {
		match: { word: "MATCH", sentence: "The signature is right." },
		explained: {
			word: "EXPLAINED",
			sentence: "The signature is wrong, and this is how it was made. It is proven: exactly this makes it.",
		},
		unexplained: {
			word: "UNEXPLAINED",
			sentence:
				"The signature is wrong, and none of the known mistakes made it. Check that the key is this account's and " +
				"that these are the fields as they were signed.",
		},
	},
	exhaustedNote: "The search was ended before every combination was tried.",
	or: "or, which makes the same signature:",
	texts: {
		title: "The text that must be hashed, and the text that was",
		right: "The text that was hashed, as it must be",
		same: "The text that must be hashed is the text that was; the difference lies in its bytes or in the digest",
		only: "The text that must be hashed",
		documented: "must be",
		signed: "was",
	},
	signatures: { message: "message", documented: "its signature", given: "yours" },
	fields: { title: "Fields that differ", sent: "sent", signed: "signed", absent: "(not there)" },
	excludedTitle: (tried) => `Ruled out, ${tried} candidates in all`,
	families: {
		key: "the key",
		"key-place": "where the key stands",
		charset: "the charset",
		digest: "the digest",
		fields: "which fields are signed",
		names: "the spelling of the names",
		order: "the order",
		empties: "empty values",
		values: "values encoded or changed",
		numbers: "numbers and times",
		join: "how the pairs are joined",
		dialect: "another kind of signature",
	},
	lintsTitle: "Worth a look",
	callbacks: {
		verdicts: {
			match: {
				word: "Right",
				sentence: "The signature is right. If your program refuses it, look at what it computes.",
			},
			explained: {
				word: "Wrong, and this is why",
				sentence: "It is proven: with this undone, the signature is right and the content readable.",
			},
			unexplained: {
				word: "Not explained",
				sentence: "Something is wrong or could not be checked, and no known mistake explains it.",
			},
		},
		kinds: { apiv3: "A notification of APIv3", push: "A message push" },
		checks: { signature: "Signature", content: "Content" },
		check: {
			right: "right",
			explained: "right once this is mended",
			unexplained: "not explained",
			unchecked: "not checked",
		},
		decrypted: "Decrypted",
		unbelieved: "The signature is not right as it is: your program must not believe this.",
		families: {
			token: "the Token",
			encrypt: "what is signed",
			order: "the order",
			"aes-key": "the EncodingAESKey",
			key: "whose key has signed",
			text: "the text that is verified",
			body: "the body's bytes",
			json: "the body written anew",
			"program-text": "the text of your program",
			"api-v3-key": "the APIv3 key",
			"associated-data": "the associated data",
		},
	},
};

const zh: Words = {
	verdicts: {
		match: { word: "签名正确", sentence: "签名正确。" },
		explained: {
			word: "已查明",
			sentence: "签名错误，下面说明它是怎样算出来的。这是证明：这样正好算出这个签名。",
		},
		unexplained: {
			word: "未查明",
			sentence: "签名错误，已知的错误都算不出它。请检查密钥是不是这个账号的，字段是不是签名时的原样。",
		},
	},
	exhaustedNote: "搜索在试完所有组合之前结束。",
	or: "或者，结果相同：",
	texts: {
		title: "应该做摘要的原文，和实际做摘要的原文",
		right: "做摘要的原文，与应有的一致",
		same: "原文没有差别；差别在字节编码或摘要算法",
		only: "应该做摘要的原文",
		documented: "应为",
		signed: "实为",
	},
	signatures: { message: "消息", documented: "正确的签名", given: "你的签名" },
	fields: { title: "不同的字段", sent: "发送", signed: "签名", absent: "（没有）" },
	excludedTitle: (tried) => `已排除，共尝试 ${tried} 种`,
	families: {
		key: "密钥",
		"key-place": "密钥的位置",
		charset: "编码",
		digest: "摘要算法",
		fields: "参与签名的字段",
		names: "参数名的写法",
		order: "顺序",
		empties: "空值",
		values: "值被编码或改动",
		numbers: "数字和时间",
		join: "拼接方式",
		dialect: "其他种类的签名",
	},
	lintsTitle: "值得留意",
	callbacks: {
		verdicts: {
			match: { word: "正确", sentence: "签名正确。如果你的程序拒绝它，请检查程序算出的内容。" },
			explained: { word: "不对，原因如下", sentence: "已经证明：改正之后签名正确，内容可读。" },
			unexplained: { word: "原因不明", sentence: "有错误或无法检查的地方，已知的错误都不能解释。" },
		},
		kinds: { apiv3: "APIv3 通知", push: "消息推送" },
		checks: { signature: "签名", content: "内容" },
		check: { right: "正确", explained: "改正后正确", unexplained: "原因不明", unchecked: "未检查" },
		decrypted: "解密结果",
		unbelieved: "签名按现状并不正确：你的程序不能相信这些内容。",
		families: {
			token: "Token",
			encrypt: "参与签名的内容",
			order: "顺序",
			"aes-key": "EncodingAESKey",
			key: "签名所用的密钥",
			text: "验签串",
			body: "报文主体的字节",
			json: "重新序列化的主体",
			"program-text": "你的程序的验签串",
			"api-v3-key": "APIv3 密钥",
			"associated-data": "附加数据",
		},
	},
};

export const words: Readonly<Record<Language, Words>> = { en, zh };
