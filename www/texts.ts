// What the page says, in both languages. Most of what it says about a diagnosis stands in the package's cli/words.ts.

import type { MessageName } from "paysign";
import { type Language, words } from "../pkg/cli/words.js";
import type { SecretName } from "./protocol.ts";

export type { Language } from "../pkg/cli/words.js";

/** What the page can say at first sight, beside a wrong signature. */
export type OtherState =
	| "match"
	| "empty"
	| "searching"
	| "needs-key"
	| "needs-signature"
	| "needs-message"
	| "unreadable"
	| "key-pasted"
	| "too-long"
	| "answer"
	| "stopped"
	| "refused"
	| "failed"
	| "bad-link";

/** What the part about callbacks can say at first sight. */
export type CallbackState =
	| "match"
	| "explained"
	| "unexplained"
	| "empty"
	| "searching"
	| "neither"
	| "too-long"
	| "insecure";

export interface Texts {
	title: string;
	lead: string;
	promise: string;
	promiseProof: string;
	skip: string;
	languages: string;

	bodyLabel: string;
	bodyPlaceholder: string;
	clear: string;
	readAs: (kind: string, message: string) => string;
	kinds: Readonly<Record<"xml" | "literal" | "pairs", string>>;
	unknownMessage: string;
	keyInText: string;

	keysLabel: string;
	keysHint: string;
	secrets: Readonly<Record<SecretName, string>>;
	secretHints: Readonly<Record<SecretName, string>>;
	show: (what: string) => string;
	hide: (what: string) => string;
	characters: (count: number) => string;
	otherSecrets: string;

	detailsTitle: string;
	messageLabel: string;
	messageAuto: string;
	messages: Readonly<Record<MessageName, string>>;
	givenLabel: string;
	hashedSummary: string;
	hashedLabel: string;
	hashedHint: string;
	hashedUnread: string;
	appIdLabel: string;
	appIdHint: string;

	fieldsTitle: string;
	fieldName: string;
	fieldValue: string;
	fieldSigned: string;
	nameOf: (row: number) => string;
	valueOf: (row: number) => string;
	signed: string;
	notSigned: string;
	unknownField: string;
	moveUp: (name: string) => string;
	moveDown: (name: string) => string;
	remove: (name: string) => string;
	addField: string;
	addMissing: (name: string) => string;
	edited: string;
	reread: string;
	moreFields: (count: number) => string;

	states: Readonly<Record<OtherState, { word: string; sentence: string }>>;
	explained: string;
	unexplained: string;
	resultTitle: string;
	stop: string;
	progress: string;
	tried: (tried: string) => string;
	triedOf: (tried: string, total: string) => string;

	causeTitle: (count: number) => string;
	fix: string;
	nextTitle: string;
	next: readonly string[];
	comparisonTitle: string;
	differs: string;
	differencesTitle: string;
	difference: (documented: string, signed: string) => string;
	nothing: string;
	sameLines: (count: number) => string;
	symbols: string;
	signaturesTitle: string;
	problemsTitle: string;

	stepsTitle: string;
	steps: Readonly<
		Record<"fields" | "names" | "sort" | "join" | "bytes" | "digest", { title: string; doc: string }>
	>;
	namesWithoutKey: string;
	stepsStandIn: string;
	byteCount: (count: string) => string;
	cut: (count: string) => string;

	codeTitle: string;
	codeHint: string;
	codeLanguages: string;

	shareTitle: string;
	shareHint: string;
	copyLink: string;
	linkLabel: string;
	removedSecrets: (count: number) => string;
	linkCame: string;
	copyTest: string;
	testHint: string;

	copy: string;
	copied: string;
	copyThis: (what: string) => string;

	examplesTitle: string;
	examplesHint: string;
	examplesRight: string;
	examplesWrong: string;
	examplesOpen: string;
	exampleTitles: Readonly<Record<string, string>>;
	tryOne: string;
	allExamples: string;

	callbackLink: string;
	callbackTitle: string;
	callbackHint: string;
	callbackRequest: string;
	callbackPlaceholder: string;
	callbackKeys: string;
	callbackPem: string;
	callbackPemHint: string;
	callbackV3: string;
	callbackToken: string;
	callbackAes: string;
	callbackOther: string;
	callbackOtherHint: string;
	callbackApp: string;
	callbackReveal: string;
	callbackProgram: string;
	callbackText: string;
	callbackTextHint: string;
	callbackStates: Readonly<Record<CallbackState, { word: string; sentence: string }>>;

	aboutTitle: string;
	about: readonly string[];
	noScript: string;
}

const en: Texts = {
	title: "Why is my signature wrong?",
	lead: "Paste a WeChat Pay message that was refused (签名错误, errcode 49004) and be told what is wrong, with proof.",
	promise: "Nothing you paste leaves this page.",
	promiseProof:
		"The browser itself forbids this page every request, it stores nothing, and it works with the network unplugged.",
	skip: "Skip to the answer",
	languages: "Language",

	bodyLabel: "Paste your message",
	bodyPlaceholder:
		'{"appid":"wx…","openid":"…","transid":"…", … ,"app_signature":"…"}\n\nJSON, XML, a query string, the text that was hashed, or the array from your program',
	clear: "Clear",
	readAs: (kind, message) => `Read as ${kind}: ${message}`,
	kinds: { xml: "XML", literal: "JSON or program text", pairs: "name=value pairs" },
	unknownMessage: "not a message this page knows",
	keyInText: "A key stands in the text. It is used here, and never put into a link.",

	keysLabel: "Your keys",
	keysHint: "Give all that you have: taking the wrong one is the commonest mistake.",
	secrets: { appKey: "paySignKey", partnerKey: "partnerKey", appSecret: "AppSecret", apiKey: "API key" },
	secretHints: {
		appKey: "128 characters; in the text that is hashed it is called appkey",
		partnerKey: "32 characters, for package",
		appSecret: "32 characters, of the official account",
		apiKey: "32 characters, of the newer API",
	},
	show: (what) => `Show ${what}`,
	hide: (what) => `Hide ${what}`,
	characters: (count) => (count === 1 ? "1 character" : `${count} characters`),
	otherSecrets: "Other keys, in case one of them was used by mistake",

	detailsTitle: "What was read",
	messageLabel: "Message",
	messageAuto: "The one these fields tell",
	messages: {
		alarm: "alarm notification 告警通知",
		deliverNotify: "delivery notification 发货通知",
		jsapi: "JSAPI payment, getBrandWCPayRequest",
		nativeUrl: "native payment link, weixin://wxpay/bizpayurl",
		nativePackageRequest: "native package request",
		nativePackageResponse: "native package response",
		payNotify: "payment notification, XML half",
		feedback: "customer feedback 维权",
		orderQuery: "order query",
		appPrepay: "app payment, prepay order",
		appPay: "app payment, final call",
		editAddress: "shared address, editAddress",
	},
	givenLabel: "Signature",
	hashedSummary: "You know more? What your program hashed, your AppID",
	hashedLabel: "What your program hashed",
	hashedHint: "The text just before SHA-1, or the fields as your program has them, from a debugger or a log.",
	hashedUnread: "No field was found in what your program hashed, so it was left aside.",
	appIdLabel: "Your AppID",
	appIdHint: "Then a message of another account is noticed.",

	fieldsTitle: "Fields",
	fieldName: "Name",
	fieldValue: "Value",
	fieldSigned: "Signed?",
	nameOf: (row) => `Name of field ${row}`,
	valueOf: (row) => `Value of field ${row}`,
	signed: "signed",
	notSigned: "not signed",
	unknownField: "not in this message",
	moveUp: (name) => `Move ${name} up`,
	moveDown: (name) => `Move ${name} down`,
	remove: (name) => `Remove ${name}`,
	addField: "Add a field",
	addMissing: (name) => `Add ${name}, which is missing`,
	edited: "The fields were edited: they count now, not the text above.",
	reread: "Read the text again",
	moreFields: (count) => `and ${count} more, which cannot be edited here`,

	explained: "Wrong, and this is why",
	unexplained: "Wrong, and no known mistake",
	states: {
		match: {
			word: "The signature is right",
			sentence: "These fields and this key make exactly this signature.",
		},
		empty: { word: "Paste a message", sentence: "The answer appears here while you type." },
		searching: { word: "Searching …", sentence: "Mistakes are tried alone, in pairs and three together." },
		"needs-key": {
			word: "The key is missing",
			sentence: "Give the paySignKey as well: without it no signature can be checked.",
		},
		"needs-signature": {
			word: "No signature to check",
			sentence: "The text holds none. This is the one that these fields should have.",
		},
		"needs-message": {
			word: "Which message is it?",
			sentence: "The fields do not tell. Choose the message under “What was read”.",
		},
		unreadable: {
			word: "No field was found",
			sentence:
				"Paste what was sent: XML, JSON, a query string, the text that was hashed, or the object or array from your program.",
		},
		"key-pasted": {
			word: "This looks like a key",
			sentence: "It has 128 letters and digits. Keys belong into the fields below; here goes the message.",
		},
		"too-long": {
			word: "Too long for a message",
			sentence: "No message is longer than 65,536 bytes. Paste only the body that was sent.",
		},
		answer: {
			word: "This is WeChat’s answer",
			sentence: "It says that something is wrong, not what. Paste the message that you sent to get it.",
		},
		stopped: {
			word: "Stopped",
			sentence: "The search was ended before everything was tried. Nothing was found until then.",
		},
		refused: { word: "This cannot be examined", sentence: "The library says:" },
		failed: {
			word: "Something broke here",
			sentence:
				"This text brought the examination down, which is our mistake. The page is ready for the next one.",
		},
		"bad-link": {
			word: "This link cannot be read",
			sentence: "It is damaged or incomplete. Ask for it again, or paste the message.",
		},
	},
	resultTitle: "Answer",
	stop: "Stop",
	progress: "Search",
	tried: (tried) => `${tried} candidates tried`,
	triedOf: (tried, total) => `${tried} of ${total} candidates tried`,

	causeTitle: (count) => (count === 1 ? "What is wrong" : `What is wrong: ${count} things together`),
	fix: "Fix",
	nextTitle: "What to check next",
	next: [
		"That the key is this account’s and the current one: after a reset in the console the old one is dead.",
		"That these are the fields as they were signed, not as a log or a framework printed them afterwards.",
		"Give the other keys too: a wrong one is recognised only if it is here.",
		"Give the text that your program hashed: then the difference can be seen.",
	],
	comparisonTitle: "Character by character",
	differs: "differs",
	differencesTitle: "Differences",
	difference: (documented, signed) => `must be ${documented}, was ${signed}`,
	nothing: "nothing",
	sameLines: (count) => `${count} equal lines`,
	symbols: "· space  → tab  ␊ line feed  ␍ carriage return  «128 chars» the key, masked",
	signaturesTitle: "Signatures",
	problemsTitle: "Rules that the fields break",

	stepsTitle: "Step by step",
	steps: {
		fields: {
			title: "Take the fields",
			doc: "Those that this message signs, values exactly as they are: nothing trimmed, nothing decoded. The signature itself and the signing method are not among them.",
		},
		names: {
			title: "Lower-case the names, add the key",
			doc: "Only names become lower case, never values. The paySignKey joins as one more parameter, appkey.",
		},
		sort: {
			title: "Sort by name",
			doc: "Byte by byte: digits, then _, then letters. Not by value, not as sent.",
		},
		join: {
			title: "Join",
			doc: "name=value, with & between the pairs. Nothing is escaped or quoted, and empty values stay.",
		},
		bytes: {
			title: "Take the bytes",
			doc: "UTF-8, in which a Chinese character has three bytes. In GBK it would have two, and another signature.",
		},
		digest: { title: "Digest", doc: "SHA-1 over these bytes, written as 40 lower-case hexadecimal digits." },
	},
	namesWithoutKey: "Only names become lower case, never values. This message has no key of its own.",
	stepsStandIn: "There is no usable paySignKey yet: a stand-in takes its place, and the digest is left out.",
	byteCount: (count) => `${count} bytes`,
	cut: (count) => `… and ${count} more characters`,

	codeTitle: "In your language",
	codeHint: "This signature, and nothing else. The key comes from the environment.",
	codeLanguages: "Language of the code",

	shareTitle: "Pass it on",
	shareHint: "The link holds the message, and none of the keys. They stay here.",
	copyLink: "Copy link",
	linkLabel: "Link to this case",
	removedSecrets: (count) =>
		count === 1
			? "1 value looked like a secret and was left out."
			: `${count} values looked like secrets and were left out.`,
	linkCame: "This case came with a link, and links hold no keys: type yours.",
	copyTest: "Copy as a test",
	testHint: "A unit test for node --test that fails as long as the signature is wrong.",

	copy: "Copy",
	copied: "Copied",
	copyThis: (what) => `Copy: ${what}`,

	examplesTitle: "Examples",
	examplesHint: "One click each. Their keys are samples from documents, or invented.",
	examplesRight: "Right, one for each message",
	examplesWrong: "Wrong, one for each mistake",
	examplesOpen: "Wrong, and no known mistake",
	exampleTitles: {
		"deliver-official-placeholder": "The signature printed in WeChat’s document",
		"deliver other-account": "The key of another account",
		"alarm other-description": "A text that was changed on the way",
	},
	tryOne: "Or begin with an example:",
	allExamples: "All examples",

	callbackLink: "A callback of today, APIv3 or message push?",
	callbackTitle: "Callbacks: APIv3 notifications and message pushes",
	callbackHint:
		"Paste a callback that does not verify, with the keys you have configured. What is decrypted is shown here and nowhere else.",
	callbackRequest: "Paste the callback",
	callbackPlaceholder:
		'Wechatpay-Timestamp: …\nWechatpay-Nonce: …\nWechatpay-Signature: …\nWechatpay-Serial: …\n\n{"id":"…","resource":{…}}\n\nor\n\nPOST /push?signature=…&timestamp=…&nonce=…&msg_signature=…\n\n<xml><Encrypt>…',
	callbackKeys: "What you have configured",
	callbackPem: "Platform certificates and WeChat Pay public keys",
	callbackPemHint: "As PEM, one below the other. For APIv3.",
	callbackV3: "APIv3 key",
	callbackToken: "Token, for pushes",
	callbackAes: "EncodingAESKey, for pushes",
	callbackOther: "Another secret",
	callbackOtherHint: "Such as the APIv2 key: taking the wrong one is a common mistake.",
	callbackApp: "AppId, for pushes",
	callbackReveal: "Show the secrets",
	callbackProgram: "What your program computed",
	callbackText: "The text that it verifies, or the signature that it computes",
	callbackTextHint:
		"For APIv3 the text of three lines, for a push the 40 digits. Then it is told what it does otherwise.",
	callbackStates: {
		...words.en.callbacks.verdicts,
		empty: { word: "No callback yet", sentence: "Paste one, with its headers or its URL." },
		searching: { word: "Looking", sentence: "The forms in which the body may have been sent are tried." },
		neither: {
			word: "Not a callback",
			sentence:
				"There are neither Wechatpay headers with a JSON body nor the query of a push. Paste the whole request.",
		},
		"too-long": { word: "Too long", sentence: "A callback has at most 64 KiB." },
		insecure: {
			word: "Not here",
			sentence: "Browsers do this only for pages over HTTPS or on your own machine.",
		},
	},

	aboutTitle: "How can you be sure?",
	about: [
		"The page’s security policy gives it no way to connect: a request would be refused by the browser, and a test in real browsers proves it.",
		"Nothing is stored: no cookie, no local storage. Reload, and everything is gone.",
		"Save the page, pull the plug: it works the same. It is three files and the npm package paysign.",
		"“Explained” is proof, not a guess: the named mistakes make exactly the signature you have, all 160 bits of it.",
	],
	noScript: "This page computes in your browser, and needs JavaScript and WebAssembly for it.",
};

const zh: Texts = {
	title: "签名为什么不对？",
	lead: "粘贴被拒绝的微信支付消息（签名错误、errcode 49004），就能知道错在哪里，并给出证明。",
	promise: "粘贴的内容不会离开本页。",
	promiseProof: "浏览器禁止本页发出任何请求；本页不保存任何数据；断网也能用。",
	skip: "跳到结果",
	languages: "语言",

	bodyLabel: "粘贴消息",
	bodyPlaceholder:
		'{"appid":"wx…","openid":"…","transid":"…", … ,"app_signature":"…"}\n\nJSON、XML、query、做摘要的原文，或者程序里的数组',
	clear: "清空",
	readAs: (kind, message) => `按${kind}读取：${message}`,
	kinds: { xml: " XML ", literal: " JSON 或程序代码", pairs: "键值对" },
	unknownMessage: "不是本页认识的消息",
	keyInText: "文本里有密钥。它只在这里使用，不会放进链接。",

	keysLabel: "你的密钥",
	keysHint: "手头有的都填上：拿错密钥是最常见的错误。",
	secrets: { appKey: "paySignKey", partnerKey: "partnerKey", appSecret: "AppSecret", apiKey: "API 密钥" },
	secretHints: {
		appKey: "128 个字符；做摘要的原文里叫 appkey",
		partnerKey: "32 个字符，用于 package",
		appSecret: "32 个字符，公众号的",
		apiKey: "32 个字符，新接口的",
	},
	show: (what) => `显示 ${what}`,
	hide: (what) => `隐藏 ${what}`,
	characters: (count) => `${count} 个字符`,
	otherSecrets: "其他密钥：也许误用了其中一个",

	detailsTitle: "读到的内容",
	messageLabel: "消息类型",
	messageAuto: "按字段判断",
	messages: {
		alarm: "告警通知",
		deliverNotify: "发货通知 delivernotify",
		jsapi: "JSAPI 支付 getBrandWCPayRequest",
		nativeUrl: "原生支付链接 weixin://wxpay/bizpayurl",
		nativePackageRequest: "原生支付：微信请求 package",
		nativePackageResponse: "原生支付：返回 package",
		payNotify: "支付通知（XML 部分）",
		feedback: "维权通知",
		orderQuery: "订单查询 orderquery",
		appPrepay: "App 支付：预支付 genprepay",
		appPay: "App 支付：调起支付",
		editAddress: "共享收货地址 editAddress",
	},
	givenLabel: "签名",
	hashedSummary: "还知道什么？程序做摘要的原文、你的 AppID",
	hashedLabel: "程序做摘要的原文",
	hashedHint: "SHA-1 之前的那段文本，或者程序里的各个字段，来自调试器或日志。",
	hashedUnread: "程序做摘要的原文里没有读到字段，没有使用。",
	appIdLabel: "你的 AppID",
	appIdHint: "填上后，能发现消息属于另一个账号。",

	fieldsTitle: "字段",
	fieldName: "名称",
	fieldValue: "值",
	fieldSigned: "参与签名",
	nameOf: (row) => `第 ${row} 个字段的名称`,
	valueOf: (row) => `第 ${row} 个字段的值`,
	signed: "签名",
	notSigned: "不签名",
	unknownField: "此消息没有",
	moveUp: (name) => `上移 ${name}`,
	moveDown: (name) => `下移 ${name}`,
	remove: (name) => `删除 ${name}`,
	addField: "添加字段",
	addMissing: (name) => `添加缺少的 ${name}`,
	edited: "字段已修改：以下表为准，不再读取上面的文本。",
	reread: "重新读取文本",
	moreFields: (count) => `还有 ${count} 个，不能在这里编辑`,

	explained: "签名错误，原因已查明",
	unexplained: "签名错误，原因未查明",
	states: {
		match: { word: "签名正确", sentence: "这些字段和这个密钥正好算出这个签名。" },
		empty: { word: "请粘贴消息", sentence: "边输入边给出结果。" },
		searching: { word: "正在查找……", sentence: "逐个尝试错误，再尝试两个、三个一起。" },
		"needs-key": { word: "还缺密钥", sentence: "请同时填写 paySignKey，没有它无法验证签名。" },
		"needs-signature": { word: "没有签名可查", sentence: "文本里没有签名。这些字段的正确签名如下。" },
		"needs-message": {
			word: "这是哪种消息？",
			sentence: "按字段判断不出来，请在“读到的内容”里选择消息类型。",
		},
		unreadable: {
			word: "没有读到字段",
			sentence: "请粘贴发送的内容：XML、JSON、query、做摘要的原文，或者程序里的对象或数组。",
		},
		"key-pasted": {
			word: "这看起来是密钥",
			sentence: "它有 128 个字母和数字。密钥请填在下面，这里粘贴消息。",
		},
		"too-long": {
			word: "太长，不是一条消息",
			sentence: "任何消息都不超过 65,536 字节。请只粘贴发送的正文。",
		},
		answer: { word: "这是微信的应答", sentence: "它只说有错，没说错在哪里。请粘贴你发出的那条消息。" },
		stopped: { word: "已停止", sentence: "没有试完就停止了查找，在此之前没有发现。" },
		refused: { word: "无法检查", sentence: "程序库的说明：" },
		failed: { word: "出错了", sentence: "这段文本让检查中断，这是我们的问题。本页可以继续使用。" },
		"bad-link": { word: "链接读不了", sentence: "链接已损坏或不完整。请重新获取，或者直接粘贴消息。" },
	},
	resultTitle: "结果",
	stop: "停止",
	progress: "查找进度",
	tried: (tried) => `已尝试 ${tried} 种`,
	triedOf: (tried, total) => `已尝试 ${tried} / ${total} 种`,

	causeTitle: (count) => (count === 1 ? "错在哪里" : `错在哪里：共 ${count} 处`),
	fix: "解决",
	nextTitle: "接下来检查",
	next: [
		"密钥是不是这个账号的、是不是最新的：在后台重置后，旧密钥立即失效。",
		"字段是不是签名时的原样，而不是日志或框架事后打印的样子。",
		"把其他密钥也填上：用错的密钥只有填在这里才能认出来。",
		"填上程序做摘要的原文，就能看出差别。",
	],
	comparisonTitle: "逐字符对比",
	differs: "不同",
	differencesTitle: "差别",
	difference: (documented, signed) => `应为 ${documented}，实为 ${signed}`,
	nothing: "空",
	sameLines: (count) => `${count} 行相同`,
	symbols: "· 空格  → 制表符  ␊ 换行  ␍ 回车  «128 chars» 密钥（已隐藏）",
	signaturesTitle: "签名",
	problemsTitle: "字段不符合的规则",

	stepsTitle: "逐步计算",
	steps: {
		fields: {
			title: "取字段",
			doc: "只取这种消息要签名的字段，值保持原样：不去空格，不解码。签名本身和签名方式不在其中。",
		},
		names: {
			title: "参数名转小写，加入密钥",
			doc: "只有参数名转小写，值不变。paySignKey 作为一个参数加入，名为 appkey。",
		},
		sort: { title: "按参数名排序", doc: "按字节：数字、下划线、字母。不按值，也不按发送的顺序。" },
		join: { title: "拼接", doc: "name=value，之间用 &。不转义，不加引号，空值也保留。" },
		bytes: { title: "取字节", doc: "UTF-8 编码，一个汉字三个字节。GBK 是两个字节，签名就不同了。" },
		digest: { title: "摘要", doc: "对这些字节做 SHA-1，写成 40 位小写十六进制。" },
	},
	namesWithoutKey: "只有参数名转小写，值不变。这种消息没有自己的密钥。",
	stepsStandIn: "还没有可用的 paySignKey：这里用占位的密钥演示，不显示摘要。",
	byteCount: (count) => `${count} 字节`,
	cut: (count) => `……还有 ${count} 个字符`,

	codeTitle: "用你的语言",
	codeHint: "正好计算这个签名。密钥取自环境变量。",
	codeLanguages: "代码的语言",

	shareTitle: "分享",
	shareHint: "链接里有消息，没有任何密钥。密钥只留在这里。",
	copyLink: "复制链接",
	linkLabel: "本例的链接",
	removedSecrets: (count) => `有 ${count} 个值像是密钥，已去掉。`,
	linkCame: "本例来自链接，链接里没有密钥：请填写你的密钥。",
	copyTest: "复制为测试",
	testHint: "一个 node --test 的单元测试，签名不对就不通过。",

	copy: "复制",
	copied: "已复制",
	copyThis: (what) => `复制：${what}`,

	examplesTitle: "例子",
	examplesHint: "点一下即可。密钥来自公开文档，或者是编造的。",
	examplesRight: "正确的，每种消息一个",
	examplesWrong: "错误的，每种错误一个",
	examplesOpen: "错误的，已知的错误都解释不了",
	exampleTitles: {
		"deliver-official-placeholder": "微信文档里印的签名",
		"deliver other-account": "另一个账号的密钥",
		"alarm other-description": "传输中被改动的文本",
	},
	tryOne: "或者先看一个例子：",
	allExamples: "全部例子",

	callbackLink: "是 APIv3 回调或消息推送？",
	callbackTitle: "回调：APIv3 通知与消息推送",
	callbackHint: "粘贴验签或解密失败的回调，以及你配置的密钥。解密结果只显示在本页。",
	callbackRequest: "粘贴回调",
	callbackPlaceholder:
		'Wechatpay-Timestamp: …\nWechatpay-Nonce: …\nWechatpay-Signature: …\nWechatpay-Serial: …\n\n{"id":"…","resource":{…}}\n\n或\n\nPOST /push?signature=…&timestamp=…&nonce=…&msg_signature=…\n\n<xml><Encrypt>…',
	callbackKeys: "你的配置",
	callbackPem: "平台证书与微信支付公钥",
	callbackPemHint: "PEM 格式，可以有多个，依次粘贴。用于 APIv3。",
	callbackV3: "APIv3 密钥",
	callbackToken: "Token（消息推送）",
	callbackAes: "EncodingAESKey（消息推送）",
	callbackOther: "另一个密钥",
	callbackOtherHint: "例如 APIv2 密钥：填错密钥是常见错误。",
	callbackApp: "AppId（消息推送）",
	callbackReveal: "显示密钥",
	callbackProgram: "你的程序算出的内容",
	callbackText: "程序所验的文本，或它算出的签名",
	callbackTextHint: "APIv3 填三行的验签串，消息推送填 40 位签名；随后会告诉你程序哪里不同。",
	callbackStates: {
		...words.zh.callbacks.verdicts,
		empty: { word: "还没有回调", sentence: "请粘贴回调，连同请求头或 URL。" },
		searching: { word: "查找中", sentence: "正在尝试报文主体可能的原始形式。" },
		neither: {
			word: "不是回调",
			sentence: "没有 Wechatpay 请求头与 JSON 主体，也没有消息推送的查询串。请粘贴完整的请求。",
		},
		"too-long": { word: "太长", sentence: "回调最多 64 KiB。" },
		insecure: { word: "此处不可用", sentence: "浏览器只允许 HTTPS 或本机上的页面做这件事。" },
	},

	aboutTitle: "凭什么相信？",
	about: [
		"本页的安全策略不允许任何连接：请求会被浏览器拒绝，真实浏览器里的测试证明了这一点。",
		"什么都不保存：没有 cookie，没有本地存储。刷新后一切消失。",
		"把页面存下来，拔掉网线，照样能用。它只是三个文件和 npm 包 paysign。",
		"“已查明”是证明，不是猜测：说出的错误正好算出你手上的签名，160 位全部相同。",
	],
	noScript: "本页在你的浏览器里计算，需要 JavaScript 和 WebAssembly。",
};

export const texts: Readonly<Record<Language, Texts>> = { en, zh };
