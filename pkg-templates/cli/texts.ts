// What the command line says, in both languages.

import type { CopyPart } from "../stores/copy.js";
import { type Language, messageNames, type Words, words } from "./words.js";

/** What `--lang` says; else what the environment says. Any Chinese is Chinese, everything else is English. */
export function languageOf(args: readonly string[], environment: NodeJS.ProcessEnv): Language {
	const { LC_ALL, LC_MESSAGES, LANG } = environment;
	const at = args.indexOf("--lang");
	const asked = at >= 0 ? args[at + 1] : args.find((word) => word.startsWith("--lang="))?.slice(7);
	const wanted = asked ?? [LC_ALL, LC_MESSAGES, LANG].find((value) => value !== undefined && value !== "");
	return wanted?.toLowerCase().startsWith("zh") ? "zh" : "en";
}

interface Texts extends Words {
	help: string;
	diagnoseHelp: string;
	seeHelp: string;
	unknownCommand: (known: string) => string;
	unknownOption: (known: readonly string[]) => string;
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
	migrateHelp: string;
	migrateFrom: string;
	migrateTo: string;
	migratePassword: string;
	migrateNoFile: string;
	migrateNoPg: string;
	migrateDamaged: (movedTo: string) => string;
	migrateAgain: string;
	migrateParts: Readonly<Record<CopyPart, string>>;
	migrateRow: (part: string, copied: number, present: number) => string;
	migrateDone: string;
}

const en: Texts = {
	...words.en,
	help: `paysign: WeChat Pay paySign messages

  paysign diagnose [FILE]   why a signature does not match, with proof
  paysign migrate           from a SQLite file to Postgres
  paysign COMMAND --help    what a command takes and prints
  paysign --version

  --lang en|zh              the language; default: that of the environment (LC_ALL, LC_MESSAGES, LANG)
`,
	diagnoseHelp: `paysign diagnose [FILE|-] [--message NAME] [--given HEX] [--signed-text FILE] [--secrets FILE]
                 [--app-id ID] [--lang en|zh] [--json]

Finds out how a wrong signature was made. It searches the mistakes that people make: another key, a key with a line
end, another charset, a field left out, names not lower-cased, values escaped … alone and up to three together. What it
names makes exactly your signature, so it is proof and not a guess. Nothing leaves this machine.

  FILE             what was sent, or the text that was hashed: XML, JSON, a query string, or the array as it stands in
                   your program. Without it, or with -, standard input. UTF-8, or else GBK.
  --message NAME   which message it is. Default: the one whose fields these are. One of
                   ${wrapped(19)}
  --given HEX      the signature that does not match. Default: the one in FILE.
  --signed-text FILE
                   what your program signed, when FILE is what it sent: the text that was hashed, or the fields. Fields
                   that differ are shown, and proven. - is standard input.
  --secrets FILE   a JSON object, or lines NAME=value. Nothing but the line end is taken off a value.
  --app-id ID      the AppId of the account whose key it is: a message of another one is remarked
  --json           the whole diagnosis for a program
  --lang en|zh     the language; default: that of the environment

Secrets come from the environment or from --secrets, never from the command line:

  PAYSIGN_APP_KEY      the paySignKey, 128 characters (appKey in the file)
  PAYSIGN_PARTNER_KEY  the partnerKey, 32 characters (partnerKey)
  PAYSIGN_APP_SECRET   the AppSecret (appSecret)
  PAYSIGN_API_KEY      the key of the newer API (apiKey)

Give all that you have: taking the wrong one is a common mistake. None of them is ever printed.

  PAYSIGN_APP_KEY="$(cat app.key)" paysign diagnose body.json
  paysign diagnose --secrets keys.env --message deliverNotify --given 51c061bb… < fields.txt

Exit code: 0 the signature is right, 1 it is wrong and explained, 2 wrong and unexplained, 3 the call or the input
cannot be used.
`,
	seeHelp: "paysign diagnose --help says what it takes.",
	unknownCommand: (known) => `paysign: There is no such command. Known: ${known}. paysign --help says more.`,
	unknownOption: (known) => `There is no such option. Known: ${known.map((name) => `--${name}`).join(" ")}.`,
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
	migrateHelp: `paysign migrate --from sqlite:FILE --to postgres:URL [--schema NAME] [--lang en|zh]

Copies alarms, the quarantine and deliveries from a SQLite store into a Postgres store, oldest first, and then makes sure
that all of them are there. What is there already stays as it is, so run it again after it was interrupted. The file keeps
its rows. End every process that uses the file before: what two outboxes have, two send.

  --from sqlite:FILE    the file of createSqliteStore. Back it up first: an older schema is brought up to date.
  --to postgres:URL     such as postgres://paysign@db.internal/shop, without a password; a bare postgres: takes the URL
                        from DATABASE_URL. Passwords come from PGPASSWORD, ~/.pgpass or DATABASE_URL.
  --schema NAME         the Postgres schema of createPostgresStore. Default: paysign
  --lang en|zh          the language; default: that of the environment

It uses the package pg that is installed where you run it (npm install pg), and needs Node.js 22.13 for the file.

Exit code: 0 everything is there, 1 a store failed (run it again), 3 the call cannot be used.
`,
	migrateFrom: "--from wants a SQLite file: --from sqlite:paysign.db.",
	migrateTo:
		"--to wants a Postgres database: --to postgres://user@host/database, or postgres: with DATABASE_URL.",
	migratePassword:
		"A password does not belong on the command line: the shell writes it into its history, and every user of this " +
		"machine can see it in the list of processes. Leave it out of --to and put it into PGPASSWORD or ~/.pgpass, or put " +
		"the whole URL into DATABASE_URL and pass --to postgres:; and change the one that has just been typed.",
	migrateNoFile: "The file of --from is not there.",
	migrateNoPg:
		"The package pg was not found from this folder. Install it, npm install pg, and run this again.",
	migrateDamaged: (movedTo) =>
		`The file of --from is damaged. It was moved, whole, to ${movedTo}, and nothing was copied. Restore a backup first.`,
	migrateAgain: "What was copied stays. Run the same command again to go on.",
	migrateParts: { alarms: "alarms", quarantine: "quarantine", deliveries: "deliveries" },
	migrateRow: (part, copied, present) => `${part.padEnd(12)}${copied} copied, ${present} already there`,
	migrateDone: "Everything of the file is in the database.",
};

const zh: Texts = {
	...words.zh,
	help: `paysign：微信支付 paySign 消息

  paysign diagnose [FILE]   签名为什么不对，给出证明
  paysign migrate           把 SQLite 文件搬到 Postgres
  paysign COMMAND --help    某个命令的用法
  paysign --version

  --lang en|zh              语言；默认取环境变量 LC_ALL、LC_MESSAGES、LANG
`,
	diagnoseHelp: `paysign diagnose [FILE|-] [--message NAME] [--given HEX] [--signed-text FILE] [--secrets FILE]
                 [--app-id ID] [--lang en|zh] [--json]

找出错误的签名是怎样算出来的。它搜索常见的错误：用错密钥、密钥带换行、编码不是 UTF-8、漏了字段、参数名没有转小写、
值被转义……逐个尝试，再尝试两个、三个一起。它说出的错误正好能算出你的签名，所以是证明，不是猜测。数据不离开本机。

  FILE             发送的内容，或者做摘要的原文：XML、JSON、query，或者程序里的数组。不写或写 - 时读标准输入。编码为 UTF-8 或 GBK。
  --message NAME   是哪种消息；默认按字段判断。可以是
                   ${wrapped(19)}
  --given HEX      不匹配的签名；默认取 FILE 里的。
  --signed-text FILE
                   FILE 是发送的内容时，这里给出程序签名的内容：做摘要的原文，或者各个字段。列出不同的字段并给出证明。
                   写 - 时读标准输入。
  --secrets FILE   JSON 对象，或者每行一个 NAME=value。除了行尾，值不做任何修剪。
  --app-id ID      密钥所属公众号的 AppId；消息里的 AppId 不一致时会提示
  --json           完整的诊断结果，供程序使用
  --lang en|zh     语言；默认取环境变量

密钥从环境变量或者 --secrets 读取，不能写在命令行里：

  PAYSIGN_APP_KEY      paySignKey，128 个字符（文件里叫 appKey）
  PAYSIGN_PARTNER_KEY  partnerKey，32 个字符（partnerKey）
  PAYSIGN_APP_SECRET   AppSecret（appSecret）
  PAYSIGN_API_KEY      新接口的 API 密钥（apiKey）

手头有的都给上：拿错密钥是常见的错误。任何密钥都不会打印出来。

  PAYSIGN_APP_KEY="$(cat app.key)" paysign diagnose body.json
  paysign diagnose --secrets keys.env --message deliverNotify --given 51c061bb… < fields.txt

退出码：0 签名正确，1 签名错误且已查明，2 签名错误但未查明，3 用法或输入不对。
`,
	seeHelp: "用法见 paysign diagnose --help。",
	unknownCommand: (known) => `paysign: 没有这个命令。可用：${known}。详见 paysign --help。`,
	unknownOption: (known) => `没有这个选项。可用：${known.map((name) => `--${name}`).join(" ")}。`,
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
	migrateHelp: `paysign migrate --from sqlite:FILE --to postgres:URL [--schema NAME] [--lang en|zh]

把 SQLite 里的告警、隔离区和发货通知按先后顺序复制到 Postgres，最后核对是否齐全。目标里已有的行不会改动，所以中断后再运行
一次即可。文件里的数据保留。请先停掉所有使用这个文件的进程：两个发件箱都有的通知，会各发一次。

  --from sqlite:FILE    createSqliteStore 的文件。请先备份：旧的表结构会升级。
  --to postgres:URL     例如 postgres://paysign@db.internal/shop，不带密码；只写 postgres: 时从 DATABASE_URL 读取。
                        密码取自 PGPASSWORD、~/.pgpass 或 DATABASE_URL。
  --schema NAME         createPostgresStore 的 schema，默认 paysign
  --lang en|zh          语言；默认取环境变量

使用当前目录下安装的 pg（npm install pg）；读取文件需要 Node.js 22.13。

退出码：0 全部复制完成，1 存储出错（请再运行一次），3 用法不对。
`,
	migrateFrom: "--from 要写 SQLite 文件：--from sqlite:paysign.db。",
	migrateTo:
		"--to 要写 Postgres 数据库：--to postgres://user@host/database，或者 postgres: 加 DATABASE_URL。",
	migratePassword:
		"密码不能写在命令行里：它会进入 shell 的历史记录，本机所有用户都能在进程列表里看到。请从 --to 里去掉，放进 PGPASSWORD 或 " +
		"~/.pgpass；或者把整个 URL 放进 DATABASE_URL，并写 --to postgres:。刚才输入的密码请更换。",
	migrateNoFile: "--from 指定的文件不存在。",
	migrateNoPg: "在当前目录找不到 pg。请先安装（npm install pg），再运行一次。",
	migrateDamaged: (movedTo) => `--from 的文件已损坏，已原样移到 ${movedTo}，没有复制任何数据。请先恢复备份。`,
	migrateAgain: "已复制的数据保留。再运行一次同样的命令即可继续。",
	migrateParts: { alarms: "告警", quarantine: "隔离区", deliveries: "发货通知" },
	migrateRow: (part, copied, present) => `${part}：复制 ${copied} 条，已有 ${present} 条`,
	migrateDone: "文件里的数据已全部在数据库中。",
};

export const texts: Readonly<Record<Language, Texts>> = { en, zh };

/** The names of the messages, indented and broken into lines. */
function wrapped(indent: number): string {
	const half = Math.ceil(messageNames.length / 2);
	const lines = [messageNames.slice(0, half), messageNames.slice(half)].map((names) => names.join(", "));
	return lines.join(`,\n${" ".repeat(indent)}`);
}
