import type { NewDelivery, StoredDelivery } from "../delivery-store.js";
import type { WeChatPayError } from "../errors.js";
import type { Verdict } from "./verdict.js";

/** What is particular to the things that an outbox sends; everything else is the same for all. */
export interface OutboxJob<Payload, Terms = unknown, Order = unknown> {
	/** The account. */
	readonly appId: string;
	/**
	 * The row of what is to be sent, checked.
	 *
	 * @throws {WeChatPayError} It could never be sent.
	 */
	prepare(payload: Payload, terms: Terms): Omit<NewDelivery<Payload>, "appId" | "enqueuedAt">;
	/** The key of what is sent about an order. */
	keyOf(order: Order): string;
	/** What is thrown when the key is there with another content. */
	conflict(): WeChatPayError;
	/** Sends one. Rejects when WeChat has not taken it. */
	send(row: StoredDelivery<Payload>): Promise<unknown>;
	/** What a rejection of `send` means. */
	judge(error: unknown, row: StoredDelivery<Payload>): Verdict;
}
