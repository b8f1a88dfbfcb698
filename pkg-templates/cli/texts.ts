// What the command line says, in both languages.

import type { CopyPart } from "../stores/copy.js";
import { type Language, type Words, words } from "./words.js";

/** What `--lang` says; else what the environment says. Any Chinese is Chinese, everything else is English. */
export function languageOf(args: readonly string[], environment: NodeJS.ProcessEnv): Language {
	const { LC_ALL, LC_MESSAGES, LANG } = environment;
	const at = args.indexOf("--lang");
	const asked = at >= 0 ? args[at + 1] : args.find((word) => word.startsWith("--lang="))?.slice(7);
	const wanted = asked ?? [LC_ALL, LC_MESSAGES, LANG].find((value) => value !== undefined && value !== "");
	return wanted?.toLowerCase().startsWith("zh") ? "zh" : "en";
}

interface Texts extends Words {
	help: {
		title: string;
		more: readonly string[];
		options: string;
		optionsTitle: string;
		environment: string;
		secrets: string;
		examples: string;
		exit: string;
		exitCode: (exits: readonly string[]) => string;
		unusable: string;
	};
	seeHelp: (command: string) => string;
	unknownCommand: (known: string, meant?: string) => string;
	unknownOption: (known: readonly string[], meant?: string) => string;
	oneOf: (name: string, known: readonly string[]) => string;
	whole: (name: string) => string;
	missing: (variable: string, name: string) => string;
	accountsFile: (example: string) => string;
	noOperand: string;
	fileOrFields: string;
	searching: (percent: number) => string;
	needsValue: (name: string) => string;
	badLanguage: string;
	refusedSecret: string;
	secretsNotJson: string;
	secretsNotLines: (line: number) => string;
	notReadable: (argument: string, reason: string) => string;
	unknownCharset: (argument: string) => string;
	typing: string;
	readAsGbk: (argument: string) => string;
	oneFile: string;
	oneInput: string;
	noField: (argument: string) => string;
	noMessage: (known: string) => string;
	noSignature: string;
	migrateFrom: string;
	postgresWanted: (option: string) => string;
	postgresPassword: (option: string) => string;
	migrateNoFile: string;
	postgresNoPg: string;
	migrateDamaged: (movedTo: string) => string;
	migrateAgain: string;
	migrateParts: Readonly<Record<CopyPart, string>>;
	migrateRow: (part: string, copied: number, present: number) => string;
	migrateDone: string;
}

const en: Texts = {
	...words.en,
	help: {
		title: "paysign: WeChat Pay paySign messages",
		more: [
			"  paysign COMMAND --help    what a command takes and prints (paysign --version: which one this is)",
			"  --lang en|zh              the language; default: that of the environment (LC_ALL, LC_MESSAGES, LANG)",
		],
		options: " [OPTIONS]",
		optionsTitle: "Options",
		environment: "Environment",
		secrets:
			"Secrets come from the environment or from --secrets, never from the command line. None of them is ever printed.",
		examples: "Examples",
		exit: "Exit code: 0 yes or done, 1 no or failed, 2 undecided, 3 the call, the input or the set-up cannot be used.",
		exitCode: (exits) => `Exit code: ${exits.join(", ")}.`,
		unusable: "the call, the input or the set-up cannot be used",
	},
	seeHelp: (command) => `paysign ${command} --help says what it takes.`,
	unknownCommand: (known, meant) =>
		`paysign: There is no such command.${meant === undefined ? "" : ` Did you mean ${meant}?`} Known: ${known}. paysign --help says more.`,
	unknownOption: (known, meant) =>
		`There is no such option.${meant === undefined ? "" : ` Did you mean --${meant}?`} Known: ${known.map((name) => `--${name}`).join(" ")}.`,
	oneOf: (name, known) => `Pass ${name} with one of: ${known.join(", ")}.`,
	whole: (name) => `--${name} wants a whole number.`,
	missing: (variable, name) =>
		`The ${name} of the account is missing. Set ${variable} in the environment, or write ${name}=… into a file for --secrets.`,
	accountsFile: (example) =>
		`The file of --accounts is no JSON array of accounts, such as [${example}]. It may be a mistake in the JSON.`,
	noOperand: "This command takes nothing but options.",
	fileOrFields: "Pass a FILE or fields as name=value, not both.",
	searching: (percent) => `searching … ${percent} %`,
	needsValue: (name) => `--${name} wants a value.`,
	badLanguage: "--lang is en or zh.",
	refusedSecret:
		"A secret does not belong on the command line: the shell writes it into its history, and every user of this " +
		"machine can see it in the list of processes. Put it into the environment, PAYSIGN_APP_KEY for the paySignKey, " +
		"or into a file for --secrets; and change the one that has just been typed.",
	secretsNotJson:
		'The file of --secrets begins with { but is no JSON object of names and strings, such as {"appKey":"…"}.',
	secretsNotLines: (line) => `Line ${line} of the file of --secrets is not NAME=value.`,
	notReadable: (argument, reason) => `${argument} cannot be read: ${reason}.`,
	unknownCharset: (argument) =>
		`${argument} is in no charset that is read here. Save it as UTF-8, for example: iconv -f BIG5 -t UTF-8.`,
	readAsGbk: (argument) => `${argument} is not UTF-8; it was read as GBK.`,
	typing: "Paste the message, then press Ctrl-D.",
	oneFile: "There can be one FILE only.",
	oneInput: "FILE and --signed-text cannot both be standard input.",
	noField: (argument) =>
		`No field was found in ${argument}. It may be XML, JSON, a query string, the text that was hashed, or an object ` +
		"or array as a program writes it, of at most 65,536 bytes.",
	noMessage: (known) => `Which message this is cannot be told. Pass --message with one of: ${known}.`,
	noSignature: "There is no signature in FILE. Pass the one that does not match: --given HEX.",
	migrateFrom: "--from wants a SQLite file: --from sqlite:paysign.db.",
	postgresWanted: (option) =>
		`--${option} wants a Postgres database: --${option} postgres://user@host/database, or postgres: with DATABASE_URL.`,
	postgresPassword: (option) =>
		"A password does not belong on the command line: the shell writes it into its history, and every user of this " +
		`machine can see it in the list of processes. Leave it out of --${option} and put it into PGPASSWORD or ~/.pgpass, or put ` +
		`the whole URL into DATABASE_URL and pass --${option} postgres:; and change the one that has just been typed.`,
	migrateNoFile: "The file of --from is not there.",
	postgresNoPg:
		"The package pg was not found from this folder. Install it, npm install pg, and run this again.",
	migrateDamaged: (movedTo) =>
		`The file of --from is damaged. It was moved, whole, to ${movedTo}, and nothing was copied. Restore a backup first.`,
	migrateAgain: "What was copied stays. Run the same command again to go on.",
	migrateParts: {
		alarms: "alarms",
		quarantine: "quarantine",
		deliveries: "deliveries",
		shipments: "shipping notices",
		notifications: "notifications",
		notificationQuarantine: "refused notifications",
	},
	migrateRow: (part, copied, present) => `${part.padEnd(23)}${copied} copied, ${present} already there`,
	migrateDone: "Everything of the file is in the database.",
};

const zh: Texts = {
	...words.zh,
	help: {
		title: "paysign：微信支付 paySign 消息",
		more: [
			"  paysign COMMAND --help    某个命令的用法（paysign --version：版本）",
			"  --lang en|zh              语言；默认取环境变量 LC_ALL、LC_MESSAGES、LANG",
		],
		options: " [OPTIONS]",
		optionsTitle: "选项",
		environment: "环境变量",
		secrets: "密钥从环境变量或者 --secrets 读取，不能写在命令行里。任何密钥都不会打印出来。",
		examples: "例子",
		exit: "退出码：0 是或完成，1 否或失败，2 无法确定，3 用法、输入或环境不对。",
		exitCode: (exits) => `退出码：${exits.join("，")}。`,
		unusable: "用法、输入或环境不对",
	},
	seeHelp: (command) => `用法见 paysign ${command} --help。`,
	unknownCommand: (known, meant) =>
		`paysign: 没有这个命令。${meant === undefined ? "" : `是不是 ${meant}？`}可用：${known}。详见 paysign --help。`,
	unknownOption: (known, meant) =>
		`没有这个选项。${meant === undefined ? "" : `是不是 --${meant}？`}可用：${known.map((name) => `--${name}`).join(" ")}。`,
	oneOf: (name, known) => `请用 ${name} 指定其中之一：${known.join(", ")}。`,
	whole: (name) => `--${name} 要写整数。`,
	missing: (variable, name) =>
		`缺少账号的 ${name}。请设置环境变量 ${variable}，或者在 --secrets 的文件里写 ${name}=…。`,
	accountsFile: (example) => `--accounts 的文件不是账号的 JSON 数组，例如 [${example}]。`,
	noOperand: "这个命令只接受选项。",
	fileOrFields: "FILE 和 name=value 只能用一种。",
	searching: (percent) => `正在搜索……${percent} %`,
	needsValue: (name) => `--${name} 后面要有值。`,
	badLanguage: "--lang 只能是 en 或 zh。",
	refusedSecret:
		"密钥不能写在命令行里：它会留在 shell 的历史记录里，本机的其他用户也能在进程列表里看到。请放进环境变量" +
		"（paySignKey 用 PAYSIGN_APP_KEY），或者放进 --secrets 的文件；刚才输入过的密钥请更换。",
	secretsNotJson: '--secrets 的文件以 { 开头，却不是名字到字符串的 JSON 对象，例如 {"appKey":"…"}。',
	secretsNotLines: (line) => `--secrets 的文件第 ${line} 行不是 NAME=value。`,
	notReadable: (argument, reason) => `${argument} 读不了：${reason}。`,
	unknownCharset: (argument) => `${argument} 的编码读不了。请先存为 UTF-8，例如：iconv -f BIG5 -t UTF-8。`,
	readAsGbk: (argument) => `${argument} 不是 UTF-8，已按 GBK 读取。`,
	typing: "请粘贴消息，然后按 Ctrl-D。",
	oneFile: "只能有一个 FILE。",
	oneInput: "FILE 和 --signed-text 不能同时读标准输入。",
	noField: (argument) =>
		`${argument} 里没有读到任何字段。可以是 XML、JSON、query、做摘要的原文，或者程序里的对象或数组，不超过 65,536 字节。`,
	noMessage: (known) => `判断不出是哪种消息。请用 --message 指定：${known}。`,
	noSignature: "FILE 里没有签名。请用 --given HEX 给出不匹配的签名。",
	migrateFrom: "--from 要写 SQLite 文件：--from sqlite:paysign.db。",
	postgresWanted: (option) =>
		`--${option} 要写 Postgres 数据库：--${option} postgres://user@host/database，或者 postgres: 加 DATABASE_URL。`,
	postgresPassword: (option) =>
		`密码不能写在命令行里：它会进入 shell 的历史记录，本机所有用户都能在进程列表里看到。请从 --${option} 里去掉，放进 PGPASSWORD 或 ` +
		`~/.pgpass；或者把整个 URL 放进 DATABASE_URL，并写 --${option} postgres:。刚才输入的密码请更换。`,
	migrateNoFile: "--from 指定的文件不存在。",
	postgresNoPg: "在当前目录找不到 pg。请先安装（npm install pg），再运行一次。",
	migrateDamaged: (movedTo) => `--from 的文件已损坏，已原样移到 ${movedTo}，没有复制任何数据。请先恢复备份。`,
	migrateAgain: "已复制的数据保留。再运行一次同样的命令即可继续。",
	migrateParts: {
		alarms: "告警",
		quarantine: "隔离区",
		deliveries: "发货通知",
		shipments: "发货信息",
		notifications: "推送与回调",
		notificationQuarantine: "被拒绝的推送与回调",
	},
	migrateRow: (part, copied, present) => `${part}：复制 ${copied} 条，已有 ${present} 条`,
	migrateDone: "文件里的数据已全部在数据库中。",
};

export const texts: Readonly<Record<Language, Texts>> = { en, zh };
