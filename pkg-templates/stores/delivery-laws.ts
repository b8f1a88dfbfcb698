import { checkInteger, invalidArgument } from "../arguments.js";
import type {
	DeliveryLease,
	DeliveryProgress,
	DeliveryQuery,
	DeliveryState,
	DeliveryWork,
	NewDelivery,
} from "../delivery-store.js";
import type { Shipping } from "../shipping-info.js";
import type { Delivery } from "../wasm/load.js";
import { checkPage } from "./laws.js";

/** Every {@link DeliveryState}. */
export const deliveryStates: readonly DeliveryState[] = ["waiting", "needs-human", "expired", "delivered"];

// Law 8 of the delivery store, in one place for every store: a database would take a fraction or a negative limit for
// something else, each in its own way.

export function checkNewDelivery(delivery: NewDelivery<unknown>, progress: DeliveryProgress): void {
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

/** What a store has to know of what is to be sent. */
export interface PayloadShape<Payload> {
	/** As a store keeps it: a copy, of what belongs to it alone. */
	plain(payload: Payload): Payload;
	/** Law 2: whether two of them mean the same. */
	isSame(a: Payload, b: Payload): boolean;
}

/** A delivery has its own six members, the times and flags as they go over the wire. */
export const deliveryShape: PayloadShape<Delivery> = {
	plain: ({ openid, transid, outTradeNo, deliverTimestamp, deliverStatus, deliverMsg }) => ({
		openid,
		transid,
		outTradeNo,
		deliverTimestamp: String(deliverTimestamp),
		deliverStatus: String(deliverStatus) === "1" ? "1" : "0",
		deliverMsg,
	}),
	isSame: (a, b) =>
		a.openid === b.openid &&
		a.transid === b.transid &&
		a.outTradeNo === b.outTradeNo &&
		String(a.deliverStatus) === String(b.deliverStatus) &&
		a.deliverMsg === b.deliverMsg,
};

/** Of a shipping notice, which the outbox has checked, only the time of upload is known here. */
export const shippingShape: PayloadShape<Shipping> = {
	plain: (shipping) => JSON.parse(JSON.stringify(shipping)),
	isSame: (a, b) => sortedJson({ ...a, uploadTime: null }) === sortedJson({ ...b, uploadTime: null }),
};

function sortedJson(value: unknown): string {
	return JSON.stringify(value, (_, member: unknown) => {
		if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
		return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
	});
}

/** Law 2: whether two rows with one key mean the same. */
export function isSameDelivery<Payload>(
	a: NewDelivery<Payload>,
	b: NewDelivery<Payload>,
	shape: PayloadShape<Payload>,
): boolean {
	return (
		a.appId === b.appId &&
		shape.isSame(a.delivery, b.delivery) &&
		a.goods === b.goods &&
		a.paidAt === b.paidAt &&
		a.deadline === b.deadline
	);
}
