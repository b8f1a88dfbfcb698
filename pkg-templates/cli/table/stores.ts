import { callbackKinds, receivedKinds } from "../words.js";
import { type CommandRow, callbackSecrets, shared } from "./types.js";

const where = [shared.db, shared.postgres, shared.schema];
const database = ["DATABASE_URL", "PGPASSWORD"];
const callbackAccount = [...callbackSecrets, "PAYSIGN_PARTNER"];
const page = [
	{
		name: "limit",
		value: "N",
		help: { en: "at most so many rows; default: 100", zh: "最多显示的行数；默认 100" },
	},
	{ name: "after", value: "NUMBER", help: { en: "those behind this number", zh: "从这个序号之后开始" } },
] as const;

const unhandled = {
	name: "unhandled",
	help: { en: "only those not marked as handled", zh: "只看未处理的" },
} as const;

/** How reading rows by their numbers ends. */
const shownOrNot: CommandRow["exits"] = {
	0: { en: "done", zh: "完成" },
	1: { en: "there is none with this number, or the store failed", zh: "没有这个序号，或者存储出错" },
};

export const storeRows: readonly CommandRow[] = [
	{
		name: "serve",
		usage: "",
		summary: {
			en: "receives alarms, pushes or APIv3 notifications, and keeps them",
			zh: "接收并保存告警、消息推送或 APIv3 通知",
		},
		about: {
			en:
				"A receiver that acknowledges what is committed, and nothing before. Put a proxy that speaks TLS in front of it. The " +
				"alarms stay unhandled: alarms list shows them, and notifications list what else is received. SIGTERM and SIGINT let " +
				"requests under way finish. Prints where it listens, then a line for each event. --json: lines of JSON as paysign/logs writes them; the first has event " +
				"listening, url and operationsUrl.",
			zh:
				"写入存储之后才应答成功。请在前面放一个处理 TLS 的代理。收到的告警保持未处理状态，用 alarms list 查看，" +
				"推送和 APIv3 通知用 notifications list。SIGTERM 和 SIGINT 会等正在处理的请求结束。先输出监听地址，然后每个事件一行。--json：paysign/logs 格式的 JSON 行，第一行的 event " +
				"是 listening，带 url 和 operationsUrl。",
		},
		options: [
			{
				name: "message",
				value: "KIND",
				choices: receivedKinds,
				help: {
					en: "what is received: alarm, the default, push or apiv3",
					zh: "接收什么：alarm（默认）、push 或 apiv3",
				},
			},
			{
				name: "port",
				value: "PORT",
				help: { en: "default: 8080; 0: a free one", zh: "默认 8080；0 为任意空闲端口" },
			},
			{ name: "host", value: "ADDRESS", help: { en: "default: 127.0.0.1", zh: "默认 127.0.0.1" } },
			{
				name: "path",
				value: "PATH",
				help: { en: "the path of the alarm URL; default: any", zh: "告警 URL 的路径；默认任意路径" },
			},
			{
				name: "operations-port",
				value: "PORT",
				help: {
					en: "serves /metrics and /healthz there, on 127.0.0.1",
					zh: "在此端口提供 /metrics 和 /healthz，只在 127.0.0.1",
				},
			},
			{
				name: "accounts",
				value: "FILE",
				help: {
					en: 'several accounts: [{"appId":"…","appKey":"…"}]; a key may be a list while it is being rotated',
					zh: '多个账号：[{"appId":"…","appKey":"…"}]；轮换密钥时密钥可以是数组',
				},
			},
			shared.publicKeys,
			shared.plain,
			...where,
			shared.appId,
			shared.secrets,
			shared.jsonLines,
		],
		environment: ["PAYSIGN_APP_ID", "PAYSIGN_APP_KEY", ...callbackAccount, ...database],
		exits: {
			0: { en: "stopped by SIGINT or SIGTERM", zh: "被 SIGINT 或 SIGTERM 停止" },
			1: { en: "it cannot listen, or the store failed", zh: "无法监听，或者存储出错" },
		},
		examples: [
			"paysign serve --port 8080 --path /wxpay/alarm --db alarms.db",
			"paysign serve --postgres postgres: --operations-port 9464 --json",
			"paysign serve --message push --path /wxpay/push --secrets keys.env",
		],
	},
	{
		name: "alarms",
		usage: "list|show NUMBER|reverify",
		words: ["list", "show", "reverify"],
		summary: { en: "the alarms of a store", zh: "查看存储里的告警" },
		about: {
			en:
				"list prints alarms, oldest first; with --quarantine the bodies that were refused. show prints one, whole. reverify " +
				"verifies the refused ones again with the keys as they are now; those that verify become alarms. --json: for list a " +
				"line for each row, sequence, alarm, receivedAt and handledAt, or sequence, digest, code, truncated, receivedAt and bytes; " +
				"for show that row, with body; for reverify inserted, duplicates, refused and truncated.",
			zh:
				"list 按先后列出告警；加 --quarantine 列出被拒绝的报文。show 完整显示一条。reverify 用现在的密钥重新验证被拒绝的报文，" +
				"通过的成为告警。--json：list 每行一条，有 sequence、alarm、receivedAt、handledAt，或者 sequence、digest、code、" +
				"truncated、receivedAt、bytes；show 是那一条，带 body；reverify 是 inserted、duplicates、refused、truncated。",
		},
		options: [
			unhandled,
			{ name: "quarantine", help: { en: "the refused bodies instead", zh: "改看被拒绝的报文" } },
			...page,
			...where,
			{
				name: "accounts",
				value: "FILE",
				help: { en: "for reverify, as in serve", zh: "用于 reverify，同 serve" },
			},
			shared.appId,
			shared.secrets,
			shared.json,
		],
		environment: ["PAYSIGN_APP_ID", "PAYSIGN_APP_KEY", ...database],
		exits: shownOrNot,
		examples: ["paysign alarms list --unhandled", "paysign alarms show 1 --quarantine --db alarms.db"],
	},
	{
		name: "notifications",
		usage: "list|show NUMBER|reverify",
		words: ["list", "show", "reverify"],
		summary: { en: "the pushes and APIv3 notifications of a store", zh: "查看存储里的推送与回调" },
		about: {
			en:
				"list prints what the receivers of paysign/push and paysign/apiv3 have kept, oldest first; with --quarantine what was " +
				"refused. show prints one, whole. Nothing protects the content of a push that is not protected. reverify verifies what was " +
				"refused again, with the keys as they are now. --json: for list a line for each row, as the package's " +
				"StoredNotification, or sequence, digest, source, context, code, truncated, receivedAt and bytes; for show that row, " +
				"with body if it was refused; for reverify inserted, duplicates, refused and truncated.",
			zh:
				"list 按先后列出 paysign/push 和 paysign/apiv3 的接收端保存的推送与回调；加 --quarantine 列出被拒绝的请求。show 完整显示一条。" +
				"未受保护的推送，内容不可信。reverify 用现在的密钥重新验证被拒绝的请求。--json：list 每行一条，即包里的 StoredNotification，或者 " +
				"sequence、digest、source、context、code、truncated、receivedAt、bytes；show 是那一条，被拒绝的带 body；reverify 是 " +
				"inserted、duplicates、refused、truncated。",
		},
		options: [
			{
				name: "source",
				value: "SOURCE",
				choices: callbackKinds,
				help: {
					en: "push or apiv3; default: both, but for reverify",
					zh: "push 或 apiv3；默认两者，reverify 必须指定",
				},
			},
			unhandled,
			{ name: "quarantine", help: { en: "the refused requests instead", zh: "改看被拒绝的请求" } },
			...page,
			...where,
			{
				name: "accounts",
				value: "FILE",
				help: { en: "for reverify, as in serve", zh: "用于 reverify，同 serve" },
			},
			shared.publicKeys,
			shared.plain,
			shared.appId,
			shared.secrets,
			shared.json,
		],
		environment: ["PAYSIGN_APP_ID", ...callbackAccount, ...database],
		exits: shownOrNot,
		examples: [
			"paysign notifications list --source push --unhandled",
			"paysign notifications show 1 --db paysign.db",
			"paysign notifications reverify --source push --secrets keys.env",
		],
	},
	{
		name: "outbox",
		usage: "list|retry NUMBER…",
		words: ["list", "retry"],
		summary: { en: "the deliveries of a store", zh: "查看存储里的发货通知" },
		about: {
			en:
				"list prints deliveries in the order in which they were enqueued; with --shipments the shipping notices of " +
				"paysign/shipping, which have numbers of their own. retry makes some due now, by their numbers: the outbox of your " +
				"program sends them, nothing is sent from here. --json: for list a line for each row, as the package's StoredDelivery; " +
				"for retry a line with sequence and due.",
			zh:
				"list 按入列先后列出发货通知；加 --shipments 列出 paysign/shipping 的发货信息，序号另计。retry 按序号让它们立即到期：" +
				"由你程序里的发件箱发送，这里不发送任何内容。--json：list 每行一条，即包里的 StoredDelivery；retry 每行有 sequence 和 due。",
		},
		options: [
			{
				name: "state",
				value: "STATE",
				choices: ["waiting", "needs-human", "expired", "delivered"],
				help: {
					en: "waiting, needs-human, expired or delivered; default: all",
					zh: "waiting、needs-human、expired 或 delivered；默认全部",
				},
			},
			{
				name: "shipments",
				help: { en: "the shipping notices instead", zh: "改看发货信息" },
			},
			...page,
			...where,
			shared.jsonLines,
		],
		environment: database,
		exits: {
			0: { en: "done", zh: "完成" },
			1: {
				en: "there is none with one of the numbers, or it is delivered, or the store failed",
				zh: "序号不存在或已送达，或者存储出错",
			},
		},
		examples: [
			"paysign outbox list --state needs-human",
			"paysign outbox retry 17 18",
			"paysign outbox list --shipments",
		],
	},
	{
		name: "migrate",
		usage: "",
		summary: { en: "from a SQLite file to Postgres", zh: "把 SQLite 文件搬到 Postgres" },
		about: {
			en:
				"Copies alarms, deliveries, notifications and what was refused from a SQLite store into a Postgres store, oldest first, " +
				"and then makes sure that all of them are there. What is there already stays as it is, so run it again after it was interrupted. The " +
				"file keeps its rows. End every process that uses the file before: what two outboxes have, two send. It uses the " +
				"package pg that is installed where you run it (npm install pg), and needs Node.js 22.13 for the file.",
			zh:
				"把 SQLite 里的告警、发货通知、推送与回调以及隔离区按先后顺序复制到 Postgres，最后核对是否齐全。目标里已有的行不会改动，所以中断后再运行" +
				"一次即可。文件里的数据保留。请先停掉所有使用这个文件的进程：两个发件箱都有的通知，会各发一次。使用当前目录下安装的 pg" +
				"（npm install pg）；读取文件需要 Node.js 22.13。",
		},
		options: [
			{
				name: "from",
				value: "sqlite:FILE",
				help: {
					en: "the file of createSqliteStore. Back it up first: an older schema is brought up to date",
					zh: "createSqliteStore 的文件。请先备份：旧的表结构会升级",
				},
			},
			{
				name: "to",
				value: "postgres:URL",
				help: {
					en:
						"such as postgres://paysign@db.internal/shop, without a password; a bare postgres: takes the URL from " +
						"DATABASE_URL",
					zh: "例如 postgres://paysign@db.internal/shop，不带密码；只写 postgres: 时从 DATABASE_URL 读取",
				},
			},
			shared.schema,
		],
		environment: database,
		exits: {
			0: { en: "everything is there", zh: "全部复制完成" },
			1: { en: "a store failed: run it again", zh: "存储出错，请再运行一次" },
		},
		examples: ["paysign migrate --from sqlite:paysign.db --to postgres:"],
	},
];
