import type { Delivery } from "#wasm";
import { checkInteger, invalidArgument } from "../arguments.js";
import type {
	DeliveryLease,
	DeliveryProgress,
	DeliveryQuery,
	DeliveryState,
	DeliveryWork,
	NewDelivery,
} from "../delivery-store.js";
import { checkPage } from "./laws.js";

/** Every {@link DeliveryState}. */
export const deliveryStates: readonly DeliveryState[] = ["waiting", "needs-human", "expired", "delivered"];

// Law 8 of the delivery store, in one place for every store: a database would take a fraction or a negative limit for
// something else, each in its own way.

export function checkNewDelivery(delivery: NewDelivery, progress: DeliveryProgress): void {
	if (delivery.key === "") throw invalidArgument("key", "`key` must not be empty.");
	for (const field of ["paidAt", "deadline", "enqueuedAt"] as const) checkInteger(field, delivery[field]);
	checkProgress(progress);
}

export function checkProgress(progress: DeliveryProgress): void {
	checkInteger("attempts", progress.attempts, 0);
	for (const field of [
		"attemptAt",
		"noticeAt",
		"owedSince",
		"warnedAt",
		"deliveredAt",
		"lastErrcode",
	] as const) {
		const value = progress[field];
		if (value !== null) checkInteger(field, value);
	}
	checkStates([progress.state]);
}

export function checkLease(lease: DeliveryLease): void {
	const { dueBy, now, until, token, limit, deadlineBy } = lease;
	checkInteger("dueBy", dueBy);
	checkInteger("now", now);
	checkInteger("until", until, now + 1);
	checkInteger("limit", limit, 1);
	checkToken(token);
	if (deadlineBy !== undefined) checkInteger("deadlineBy", deadlineBy);
	checkWork(lease.work);
}

export function checkWork(work: DeliveryWork): void {
	if (work === "attempt" || work === "notice") return;
	throw invalidArgument("work", '`work` must be "attempt" or "notice".');
}

export function checkToken(token: string): void {
	if (token === "") throw invalidArgument("token", "`token` must not be empty.");
}

export function checkQuery(query: DeliveryQuery): void {
	checkPage(query);
	if (query.state !== undefined) checkStates([query.state]);
}

export function checkStates(states: readonly DeliveryState[]): void {
	if (states.every((state) => deliveryStates.includes(state))) return;
	throw invalidArgument("state", `A state must be one of ${deliveryStates.join(", ")}.`);
}

/** A delivery as a store keeps it: its own six members, the times and flags as they go over the wire. */
export function plainDelivery(delivery: Delivery): Delivery {
	const { openid, transid, outTradeNo, deliverTimestamp, deliverStatus, deliverMsg } = delivery;
	return {
		openid,
		transid,
		outTradeNo,
		deliverTimestamp: String(deliverTimestamp),
		deliverStatus: String(deliverStatus) === "1" ? "1" : "0",
		deliverMsg,
	};
}

/** Law 2: whether two rows with one key mean the same. */
export function isSameDelivery(a: NewDelivery, b: NewDelivery): boolean {
	return (
		a.appId === b.appId &&
		a.delivery.openid === b.delivery.openid &&
		a.delivery.transid === b.delivery.transid &&
		a.delivery.outTradeNo === b.delivery.outTradeNo &&
		String(a.delivery.deliverStatus) === String(b.delivery.deliverStatus) &&
		a.delivery.deliverMsg === b.delivery.deliverMsg &&
		a.goods === b.goods &&
		a.paidAt === b.paidAt &&
		a.deadline === b.deadline
	);
}
