// What serve, alarms, notifications and outbox say.

import type { Language, Received } from "../words.js";

interface StoreTexts {
	readonly oneStore: string;
	readonly noSqlite: (version: string) => string;
	readonly noFile: string;
	readonly atLeastOne: string;
	readonly received: Readonly<Record<Received, string>>;
	readonly listening: (what: string, url: string, store: string) => string;
	readonly operations: (url: string) => string;
	readonly stopping: string;
	readonly stopped: string;
	readonly which: (known: string) => string;
	readonly whichSource: string;
	readonly whichNumber: string;
	readonly none: string;
	readonly noRow: string;
	readonly more: (sequence: number) => string;
	readonly alarmHead: readonly string[];
	readonly refusedHead: readonly string[];
	/** What stands before the numbers of an order; their names are those of the wire. */
	readonly outboxHead: readonly string[];
	readonly lastError: string;
	readonly notificationHead: readonly string[];
	readonly refusedNotificationHead: readonly string[];
	readonly isProtected: (isIt: boolean) => string;
	readonly cut: string;
	readonly reverified: (inserted: number, duplicates: number, refused: number, truncated: number) => string;
	readonly due: (sequence: number) => string;
	readonly notDue: (sequence: number) => string;
}

const en: StoreTexts = {
	oneStore: "Pass --db or --postgres, not both.",
	noSqlite: (version) =>
		`A SQLite file needs node:sqlite, which Node.js has since 22.13; this is ${version}. Run a newer Node.js, or pass ` +
		"--postgres.",
	noFile: "The SQLite file is not there. Pass the one that your receiver or outbox uses: --db FILE.",
	atLeastOne: "--limit wants at least 1.",
	received: { alarm: "Alarms", push: "Pushes", apiv3: "Notifications of APIv3" },
	listening: (what, url, store) => `${what} are received on ${url} and kept in ${store}. Ctrl-C stops it.`,
	operations: (url) => `Metrics on ${url}/metrics, health on ${url}/healthz.`,
	stopping: "stopping: requests under way are finished",
	stopped: "stopped",
	which: (known) => `Say what to do: ${known}.`,
	whichSource: "Say whose keys these are: --source push or --source apiv3.",
	whichNumber: "Say which, by its number in the list.",
	none: "There are none.",
	noRow: "There is no row with this number.",
	more: (sequence) => `There are more: --after ${sequence}.`,
	alarmHead: ["number", "received", "handled", "type", "description", "content"],
	refusedHead: ["number", "received", "code", "bytes", "sha-256"],
	outboxHead: ["number", "state", "deadline", "attempts", "next attempt"],
	lastError: "last error",
	notificationHead: ["number", "received", "handled", "source", "account", "protected", "type"],
	refusedNotificationHead: ["number", "received", "source", "code", "bytes", "sha-256"],
	isProtected: (isIt) => (isIt ? "yes" : "no"),
	cut: "longer than what was kept",
	reverified: (inserted, duplicates, refused, truncated) =>
		`${inserted} verified and stored, ${duplicates} known already, ${refused} still refused, ${truncated} not kept whole`,
	due: (sequence) => `${sequence} is due now; the outbox of your program sends it.`,
	notDue: (sequence) => `${sequence} is not there, or is delivered already.`,
};

const zh: StoreTexts = {
	oneStore: "--db 和 --postgres 只能用一个。",
	noSqlite: (version) =>
		`SQLite 文件需要 node:sqlite，Node.js 22.13 起才有；当前是 ${version}。请换用更新的 Node.js，或者用 --postgres。`,
	noFile: "SQLite 文件不存在。请指定接收端或发件箱使用的文件：--db FILE。",
	atLeastOne: "--limit 至少为 1。",
	received: { alarm: "告警", push: "消息推送", apiv3: " APIv3 通知" },
	listening: (what, url, store) => `正在 ${url} 接收${what}，保存到 ${store}。按 Ctrl-C 停止。`,
	operations: (url) => `指标：${url}/metrics，健康检查：${url}/healthz。`,
	stopping: "正在停止：等待处理中的请求结束",
	stopped: "已停止",
	which: (known) => `请指定操作：${known}。`,
	whichSource: "请指定是谁的密钥：--source push 或 --source apiv3。",
	whichNumber: "请用列表里的序号指定是哪一条。",
	none: "没有记录。",
	noRow: "没有这个序号。",
	more: (sequence) => `还有更多：--after ${sequence}。`,
	alarmHead: ["序号", "收到", "已处理", "类型", "描述", "内容"],
	refusedHead: ["序号", "收到", "错误码", "字节", "SHA-256"],
	outboxHead: ["序号", "状态", "期限", "次数", "下次发送"],
	lastError: "最近的错误",
	notificationHead: ["序号", "收到", "已处理", "来源", "账号", "受保护", "类型"],
	refusedNotificationHead: ["序号", "收到", "来源", "错误码", "字节", "SHA-256"],
	isProtected: (isIt) => (isIt ? "是" : "否"),
	cut: "超出保存的长度",
	reverified: (inserted, duplicates, refused, truncated) =>
		`验证通过并保存 ${inserted} 条，已有 ${duplicates} 条，仍被拒绝 ${refused} 条，保存不完整 ${truncated} 条`,
	due: (sequence) => `${sequence} 已到期，由你程序里的发件箱发送。`,
	notDue: (sequence) => `${sequence} 不存在，或者已送达。`,
};

export const storeTexts: Readonly<Record<Language, StoreTexts>> = { en, zh };
