// Pages that are tables of data: the very rows that the tests read and the package answers with.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { errorCodes } from "paysign";
import { describeMessages } from "paysign/diagnose";
import { root } from "./contents.mjs";

const readJson = (file) => JSON.parse(readFileSync(join(root, file), "utf8"));
const inPackage = (file) => import(pathToFileURL(join(root, "target/npm/modules", file)).href);
const { errcodes } = await inPackage("errcodes.js");
const { shippingErrcodes } = await inPackage("shipping/errcodes.js");
const { words } = await inPackage("cli/words.js");

/** A cell: nothing in it may end it, or be taken for Markdown or HTML. */
const cell = (text) => text.replaceAll(/[\\`*_{}[\]<>|]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const code = (text) => `\`${text}\``;

function table(heads, rows) {
	const line = (cells) => `| ${cells.join(" | ")} |`;
	return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

const english = (text) => `<span lang="en">${cell(text)}</span>`;

function errcodePage(language, rows, { vectors }, texts) {
	const { title, of } = texts[language];
	const official = new Map(vectors.map((row) => [row.errcode, row.official]));
	const say = {
		en: {
			lead:
				"The client throws `API_ERROR` with `errcode`, `meaning` and `fix` in its `details`. WeChat's wording is as its " +
				"documents have it; – where none gives one.",
			heads: ["errcode", "meaning", "what to do", "WeChat's wording", "the client"],
			actions: {
				ok: "success",
				retry: "retryable",
				refresh: "fetches one fresh token and sends once more",
				wait: "wait for the quota to be reset",
				fix: "correct the call or the configuration",
				human: "somebody has to act in the console",
			},
		},
		zh: {
			lead:
				"客户端会抛出 `API_ERROR`，其 `details` 里有 `errcode`、`meaning` 和 `fix`。“含义”一栏是微信文档的原文（没有的写 –）；" +
				"“怎么办”目前只有英文，与错误对象里的完全一致。",
			heads: ["errcode", "含义（微信原文）", "含义与怎么办（英文）", "客户端的处理"],
			actions: {
				ok: "成功",
				retry: "可重试",
				refresh: "换一个新 token，重发一次",
				wait: "等配额恢复",
				fix: "需改正请求或配置",
				human: "需有人到公众平台处理",
			},
		},
	}[language];
	const cells = rows.map(({ errcode, action, meaning, fix }) => {
		const wording = official.get(errcode);
		const chinese = wording ? `<span lang="zh-CN">${cell(wording)}</span>` : "–";
		return language === "en"
			? [code(errcode), cell(meaning), cell(fix), chinese, say.actions[action]]
			: [code(errcode), chinese, `${english(`${meaning}. ${fix}`)}`, say.actions[action]];
	});
	return `# ${title}\n\n${of} ${say.lead}\n\n${table(say.heads, cells)}\n`;
}

/** `mistakes` is the catalogue of the core, as `examples/mistakes.rs` prints it. */
export const madePages = (mistakes) => ({
	errors(language) {
		const { vectors } = readJson("tests/vectors/errors.json");
		const say = {
			en: {
				title: "Error codes",
				lead:
					"Every error of the package is a `WeChatPayError` with one of these codes. Branch on `code`; show `message` to a " +
					"person. The sentences are those that the tests demand, word for word; where a value stands in one, it is a " +
					"field's name or a position, never content.",
				heads: ["code", "sentences"],
				own: "Depends on the call; see the [reference](api/index.html).",
			},
			zh: {
				title: "错误码",
				lead:
					"这个包抛出的每个错误都是 `WeChatPayError`，`code` 必为下列之一。程序按 `code` 分支，`message` 给人看。这里的句子就是测试" +
					"逐字核对的原文（目前只有英文）；句中只会出现字段名或位置，绝不会出现内容。",
				heads: ["错误码", "英文原句"],
				own: "视调用而定，见 [API 参考](../api/index.html)。",
			},
		}[language];
		const rows = errorCodes.map((name) => {
			const sentences = vectors
				.filter(({ answer }) => answer?.code === name)
				.map(({ answer }) => answer.sentence);
			const distinct = [...new Set(sentences)].map(language === "en" ? cell : english);
			return [code(name), distinct.length > 0 ? distinct.join("<br>") : say.own];
		});
		return `# ${say.title}\n\n${say.lead}\n\n${table(say.heads, rows)}\n`;
	},

	errcodes(language) {
		return errcodePage(language, errcodes, readJson("tests/vectors/errcodes.json"), {
			en: {
				title: "WeChat's errcodes",
				of: "What the token end points and `/pay/delivernotify` can answer.",
			},
			zh: {
				title: "微信 errcode",
				of: "获取 access_token 的接口和 `/pay/delivernotify` 可能返回的 errcode。",
			},
		});
	},

	shippingErrcodes(language) {
		return errcodePage(language, shippingErrcodes, readJson("tests/vectors/shipping-errcodes.json"), {
			en: {
				title: "Errcodes of shipping notices",
				of:
					"What the calls of the order shipping service can answer beside [the general codes](errcodes.html); where a number " +
					"stands in both tables, this one is right for these calls.",
			},
			zh: {
				title: "发货信息 errcode",
				of: "发货信息管理服务各接口在[通用 errcode](errcodes.html) 之外可能返回的 errcode；两表都有的，以此表为准。",
			},
		});
	},

	mistakes(language) {
		const say = {
			en: {
				title: "Known mistakes",
				lead:
					"What [`diagnoseSignature`](api/diagnose.html#diagnosesignature) tries, alone and up to three together, in this " +
					"order within the whole catalogue. A mistake is named only when it makes exactly the signature in hand. " +
					"For each case it also tries a field left out (`field-dropped:…`), each other secret (`key-other-…`), a time " +
					"stamp made anew (`time-regenerated`) and, with the signed text in hand, each field that differs (`field-differs:…`).",
				heads: ["id", "what is wrong", "what to do"],
			},
			zh: {
				title: "已知错误一览",
				lead:
					"[`diagnoseSignature`](../api/diagnose.html#diagnosesignature) 会逐个尝试这些错误，并尝试最多三个的组合。只有恰好能算出" +
					"你手上那个签名的错误才会被报告。此外还会针对每个案例尝试：漏签某个字段（`field-dropped:…`）、误用其他密钥" +
					"（`key-other-…`）、时间戳重新生成（`time-regenerated`）；若同时给出签名原文，还有逐个字段的差异（`field-differs:…`）。",
				heads: ["编号", "错在哪里", "怎么改"],
			},
		}[language];
		const families = Map.groupBy(mistakes, ({ family }) => family);
		const parts = [...families].map(([family, listed]) => {
			const title = words[language].families[family];
			const rows = listed.map(({ id, sentence, fix }) => [
				code(id),
				cell(sentence[language]),
				cell(fix[language]),
			]);
			return `## ${title[0].toUpperCase()}${title.slice(1)}\n\n${table(say.heads, rows)}\n`;
		});
		return `# ${say.title}\n\n${say.lead}\n\n${parts.join("\n")}`;
	},

	messages(language) {
		const say = {
			en: {
				title: "Messages and their fields",
				lead:
					"The table of the core, `src/message.rs`, as [`describeMessages`](api/diagnose.html#describemessages) gives it. A " +
					"signature is made of the fields whose role is *signed*, in the way that stands above each table.",
				heads: ["field", "role", "how often"],
				roles: {
					signed: "signed",
					unsigned: "not signed",
					signature: "the signature",
					method: "names the method",
				},
				presence: { once: "once", optional: "at most once", list: (max) => `a list, up to ${max}` },
			},
			zh: {
				title: "消息与字段",
				lead:
					"这就是核心里的那张表 `src/message.rs`，与 [`describeMessages`](../api/diagnose.html#describemessages) 的输出一致。" +
					"只有标为“参与签名”的字段才参与签名，做法写在每张表的上方。",
				heads: ["字段", "角色", "出现次数"],
				roles: { signed: "参与签名", unsigned: "不参与签名", signature: "签名值", method: "签名方法" },
				presence: { once: "一次", optional: "至多一次", list: (max) => `列表，最多 ${max} 项` },
			},
		}[language];
		const parts = describeMessages().map(({ name, title, recipe, fields }) => {
			const rows = fields.map((field) => [
				code(field.name),
				say.roles[field.role],
				say.presence[field.presence] ?? say.presence.list(field.presence.list.max),
			]);
			return `## ${code(name)} ${cell(title)}\n\n${howSigned(recipe, language)}\n\n${table(say.heads, rows)}\n`;
		});
		return `# ${say.title}\n\n${say.lead}\n\n${parts.join("\n")}`;
	},
});

/** A recipe in a line. */
function howSigned({ names, empties, secret, digest, charset, hex }, language) {
	const said = {
		en: {
			names: { lower: "names lower-cased", "as-is": "names as they are" },
			secret: {
				param: `the key added as the parameter ${secret.name}`,
				suffix: `the key at the end as &${secret.name}=`,
				value: `no key: the value of ${secret.name} is the secret`,
			},
			empties: { keep: "empty values kept", drop: "empty values dropped" },
			joined: "sorted by name, byte by byte; joined as name=value with &",
			charset: { utf8: "UTF-8", "as-received": "the bytes as received" },
			hex: { lower: "lower-case digits", upper: "upper-case digits" },
		},
		zh: {
			names: { lower: "参数名转小写", "as-is": "参数名保持原样" },
			secret: {
				param: `密钥作为参数 ${secret.name} 加入`,
				suffix: `密钥以 &${secret.name}= 拼在末尾`,
				value: `没有密钥，${secret.name} 的值就是秘密`,
			},
			empties: { keep: "保留空值", drop: "去掉空值" },
			joined: "按参数名逐字节排序，用 & 拼接 name=value",
			charset: { utf8: "UTF-8", "as-received": "按收到的字节" },
			hex: { lower: "小写十六进制", upper: "大写十六进制" },
		},
	}[language];
	const steps = [
		said.names[names],
		said.secret[secret.place],
		said.empties[empties],
		said.joined,
		`${digest === "sha1" ? "SHA-1" : "MD5"}, ${said.charset[charset]}`,
		said.hex[hex],
	];
	return language === "en" ? `${cell(steps.join("; "))}.` : `${cell(steps.join("；"))}。`;
}
