import type { DeliveryNotice, DeliveryProgress } from "../delivery-store.js";
import { nextAttempt } from "./schedule.js";
import type { Verdict } from "./verdict.js";

/** What the steps of a delivery depend on, beside itself. */
export interface ProgressRules {
	/** How long before the deadline a delivery is in danger, in seconds. */
	readonly inDangerSeconds: number;
	/** For how long after the deadline it is still sent, in seconds. */
	readonly lateSeconds: number;
	/** From 0 up to, but not including, 1. */
	readonly random: () => number;
	/** Which notices somebody wants; the others are not owed. */
	readonly wanted: ReadonlySet<DeliveryNotice>;
}

/** Where a step leads, and what there is to tell about it. */
export interface Step {
	readonly progress: DeliveryProgress;
	readonly raised: readonly DeliveryNotice[];
}

// Each step is a function from one state to the next, without a clock of its own: the model that the tests compare the
// outbox with is made of nothing else.

/** A new delivery: to be sent at once. */
export function begin(now: number, deadline: number, rules: ProgressRules): DeliveryProgress {
	return withNoticeAt(
		{
			state: "waiting",
			attemptAt: now,
			noticeAt: null,
			attempts: 0,
			owed: [],
			owedSince: null,
			warnedAt: null,
			deliveredAt: null,
			lastCode: null,
			lastErrcode: null,
			lastSentence: null,
		},
		deadline,
		rules,
	);
}

/** Time has passed: the delivery may be in danger now, or expired. Being on time includes the deadline itself. */
export function passTime(
	progress: DeliveryProgress,
	now: number,
	deadline: number,
	rules: ProgressRules,
): Step {
	const { state, warnedAt } = progress;
	if (state === "delivered" || state === "expired") return { progress, raised: [] };
	if (now > deadline) return raise({ ...progress, state: "expired" }, "expired", now, deadline, rules);
	if (warnedAt !== null || now < deadline - rules.inDangerSeconds) return { progress, raised: [] };
	return raise({ ...progress, warnedAt: now }, "inDanger", now, deadline, rules);
}

/** WeChat has taken it. */
export function succeed(
	progress: DeliveryProgress,
	now: number,
	deadline: number,
	rules: ProgressRules,
): Step {
	const delivered: DeliveryProgress = {
		...progress,
		state: "delivered",
		attempts: progress.attempts + 1,
		attemptAt: null,
		deliveredAt: now,
		// Whoever was to be told of a danger is told that it is over.
		owed: [],
		owedSince: null,
	};
	return raise(delivered, "delivered", now, deadline, rules);
}

/** An attempt has failed. */
export function fail(
	progress: DeliveryProgress,
	verdict: Verdict,
	{ now, sure }: { readonly now: number; readonly sure: number },
	deadline: number,
	rules: ProgressRules,
): Step {
	const attempts = progress.attempts + 1;
	const { code, errcode, sentence, pace, alert } = verdict;
	const { lateSeconds, random } = rules;
	const isNews = progress.lastCode !== code || progress.lastErrcode !== errcode;
	const failed: DeliveryProgress = {
		...progress,
		state: progress.state === "expired" ? "expired" : alert ? "needs-human" : "waiting",
		attempts,
		attemptAt: nextAttempt({ now, sure, attempts, deadline, pace, lateSeconds, random }),
		lastCode: code,
		lastErrcode: errcode,
		lastSentence: sentence,
	};
	// Once for each reason, and again when somebody has said that it is mended.
	const tells = alert && (isNews || progress.state === "waiting");
	if (tells) return raise(failed, "needsHuman", now, deadline, rules);
	return { progress: withNoticeAt(failed, deadline, rules), raised: [] };
}

/** Somebody has been told of these; the others are tried again later, the later the longer it has not worked. */
export function told(
	progress: DeliveryProgress,
	notices: readonly DeliveryNotice[],
	now: number,
	deadline: number,
	rules: ProgressRules,
): DeliveryProgress {
	const owed = progress.owed.filter((notice) => !notices.includes(notice));
	const regular = withNoticeAt({ ...progress, owed, owedSince: null }, deadline, rules);
	if (owed.length === 0) return regular;
	const owedSince = progress.owedSince ?? now;
	const repeatAt = now + Math.min(3600, Math.max(5, now - owedSince));
	return { ...regular, owedSince, noticeAt: Math.min(repeatAt, regular.noticeAt ?? repeatAt) };
}

/** Tells of it, if somebody wants to know. */
function raise(
	progress: DeliveryProgress,
	notice: DeliveryNotice,
	now: number,
	deadline: number,
	rules: ProgressRules,
): Step {
	const { owed, owedSince } = progress;
	const isOwed = rules.wanted.has(notice) && !owed.includes(notice);
	const owing = isOwed ? { ...progress, owed: [...owed, notice], owedSince: owedSince ?? now } : progress;
	return { progress: withNoticeAt(owing, deadline, rules), raised: [notice] };
}

/** With something owed, the row is due for a look at once: after a crash, somebody else finds it. */
function withNoticeAt(
	progress: DeliveryProgress,
	deadline: number,
	{ inDangerSeconds }: ProgressRules,
): DeliveryProgress {
	const { state, warnedAt, owedSince } = progress;
	if (owedSince !== null) return { ...progress, noticeAt: owedSince };
	if (state === "delivered" || state === "expired") return { ...progress, noticeAt: null };
	return { ...progress, noticeAt: warnedAt === null ? deadline - inDangerSeconds : deadline + 1 };
}
