import type { Language } from "../words.js";

export type Sentence = Readonly<Record<Language, string>>;

/** An option, without its dashes. */
export interface OptionRow {
	readonly name: string;
	/** What follows it, as `--help` shows it; without it the option stands alone. */
	readonly value?: string;
	/** The values there are, for completions. */
	readonly choices?: readonly string[];
	readonly help: Sentence;
}

/** A command. */
export interface CommandRow {
	readonly name: string;
	/** What stands behind the name, without the options. */
	readonly usage: string;
	/** The words that may come first behind the name. */
	readonly words?: readonly string[];
	/** Whether files are named behind it. */
	readonly files?: true;
	/** A piece of a sentence. */
	readonly summary: Sentence;
	/** What it does, and the shape of what it reads and prints. */
	readonly about: Sentence;
	readonly options: readonly OptionRow[];
	/** The variables of the environment that it reads. */
	readonly environment: readonly string[];
	/** How it ends, but for 3, which means the same everywhere. */
	readonly exits: Readonly<Record<number, Sentence>>;
	readonly examples: readonly string[];
}

/** Options that several commands share. */
export const shared = {
	json: {
		name: "json",
		help: { en: "one JSON document for a program", zh: "输出一个 JSON 文档，供程序使用" },
	},
	jsonLines: {
		name: "json",
		help: { en: "a line of JSON for each row", zh: "每行一条 JSON" },
	},
	secrets: {
		name: "secrets",
		value: "FILE",
		help: {
			en: "a JSON object, or lines NAME=value. Nothing but the line end is taken off a value",
			zh: "JSON 对象，或者每行一个 NAME=value。除了行尾，值不做任何修剪",
		},
	},
	appId: {
		name: "app-id",
		value: "ID",
		help: {
			en: "the AppId of the account; default: PAYSIGN_APP_ID",
			zh: "账号的 AppId；默认取 PAYSIGN_APP_ID",
		},
	},
	publicKeys: {
		name: "public-keys",
		value: "FILE",
		help: {
			en: "for apiv3: WeChat Pay's certificates and public keys as PEM, above each public key a line with its PUB_KEY_ID_…",
			zh: "用于 apiv3：微信支付的平台证书和公钥，PEM 格式，依次排列；每个公钥上面一行写它的 PUB_KEY_ID_…",
		},
	},
	plain: {
		name: "plain",
		help: {
			en: "for push: plain mode, in which nothing protects the body",
			zh: "用于 push：明文模式，消息体不受保护",
		},
	},
	db: {
		name: "db",
		value: "FILE",
		help: { en: "the SQLite file; default: paysign.db", zh: "SQLite 文件；默认 paysign.db" },
	},
	postgres: {
		name: "postgres",
		value: "URL",
		help: {
			en: "a Postgres database instead, without a password; a bare postgres: takes the URL from DATABASE_URL",
			zh: "改用 Postgres，URL 不带密码；只写 postgres: 时从 DATABASE_URL 读取",
		},
	},
	schema: {
		name: "schema",
		value: "NAME",
		help: { en: "the Postgres schema; default: paysign", zh: "Postgres 的 schema；默认 paysign" },
	},
	sandbox: {
		name: "sandbox",
		value: "URL",
		help: {
			en: "the http address on this machine that `paysign sandbox` prints: WeChat is not called",
			zh: "`paysign sandbox` 打印的本机 http 地址：不会调用微信",
		},
	},
	classic: {
		name: "classic",
		help: {
			en: "takes the token from /cgi-bin/token, which kills the one before; default: stable_token",
			zh: "从 /cgi-bin/token 取 token，之前的 token 会失效；默认用 stable_token",
		},
	},
} as const satisfies Record<string, OptionRow>;

/** What pushes and notifications of APIv3 are verified and read with. */
export const callbackSecrets = ["PAYSIGN_PUSH_TOKEN", "PAYSIGN_ENCODING_AES_KEY", "PAYSIGN_API_V3_KEY"];

/** What the variables of the environment hold. */
export const variableHelp: Readonly<Record<string, Sentence>> = {
	PAYSIGN_APP_ID: {
		en: "the AppId (appId in the file of --secrets)",
		zh: "AppId（--secrets 的文件里叫 appId）",
	},
	PAYSIGN_APP_KEY: { en: "the paySignKey, 128 characters (appKey)", zh: "paySignKey，128 个字符（appKey）" },
	PAYSIGN_PARTNER: { en: "the merchant number (partner)", zh: "商户号（partner）" },
	PAYSIGN_PARTNER_KEY: {
		en: "the partnerKey, 32 characters (partnerKey)",
		zh: "partnerKey，32 个字符（partnerKey）",
	},
	PAYSIGN_APP_SECRET: { en: "the AppSecret (appSecret)", zh: "AppSecret（appSecret）" },
	PAYSIGN_API_KEY: { en: "the key of the newer API (apiKey)", zh: "新接口的 API 密钥（apiKey）" },
	PAYSIGN_PUSH_TOKEN: { en: "the Token of the message push (token)", zh: "消息推送的 Token（token）" },
	PAYSIGN_ENCODING_AES_KEY: {
		en: "the EncodingAESKey of the message push, 43 characters (encodingAesKey)",
		zh: "消息推送的 EncodingAESKey，43 个字符（encodingAesKey）",
	},
	PAYSIGN_API_V3_KEY: {
		en: "the APIv3 key, 32 characters (apiV3Key)",
		zh: "APIv3 密钥，32 个字符（apiV3Key）",
	},
	DATABASE_URL: { en: "the URL of the Postgres database", zh: "Postgres 数据库的 URL" },
	PGPASSWORD: { en: "its password; ~/.pgpass works, too", zh: "数据库密码；也可以用 ~/.pgpass" },
};
