// The laws of the notification store (pkg-templates/notification-store.ts), checked on whichever store `open` opens.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inboxContract } from "./inbox.contract.mjs";
import { notificationOf, refusedNotificationOf, rejects } from "./support/store.mjs";

const all = { limit: 1_000 };
const messageOf = ({ sequence: _, receivedAt: __, handledAt: ___, ...message }) => message;

const notifications = {
	name: "notifications",
	part: (store) => store.notifications,
	message: notificationOf,
	odd: (text, dedupKey) => notificationOf(text, { account: text, type: text, dedupKey }),
	// A copy, which the laws about copies must not be content with: they change the row, too.
	messageOf,
	content: "content",
	other: "type",
	refused: refusedNotificationOf,
};

/**
 * @param {string} name What is under test.
 * @param {() => Promise<import("paysign").Store>} open Opens a new, empty store.
 */
export function notificationStoreContract(name, open) {
	inboxContract(name, open, notifications);

	function law(title, check) {
		it(title, async () => {
			const store = await open();
			try {
				await check(store.notifications, store);
			} finally {
				await store.close();
			}
		});
	}

	describe(`${name}: notifications of two sources`, () => {
		law("keeps what is protected apart from what is not", async (store) => {
			await store.insert(notificationOf("plain", { isProtected: false, sentAt: 0 }), 1);
			await store.insert(notificationOf("encrypted", { isProtected: true, sentAt: 2 ** 40 }), 1);
			assert.deepEqual(
				(await store.list(all)).map(({ content, isProtected, sentAt }) => [content, isProtected, sentAt]),
				[
					["plain", false, 0],
					["encrypted", true, 2 ** 40],
				],
			);
		});

		law("lists one of them, or both in their order", async (store) => {
			for (const [text, source] of [
				["a", "push"],
				["b", "apiv3"],
				["c", "push"],
				["d", "apiv3"],
			]) {
				await store.insert(notificationOf(text, { source }), 1);
				await store.quarantine(refusedNotificationOf(text, { source }), 10);
			}
			await store.markHandled(notificationOf("c").dedupKey, 2);
			const contents = async (query) =>
				(await store.list({ ...all, ...query })).map(({ content }) => content);
			assert.deepEqual(await contents({}), ["a", "b", "c", "d"]);
			assert.deepEqual(await contents({ source: "push" }), ["a", "c"]);
			assert.deepEqual(await contents({ source: "push", unhandled: true }), ["a"]);
			assert.deepEqual(await contents({ source: "apiv3" }), ["b", "d"]);
			const [first] = await store.list({ limit: 1, source: "apiv3" });
			assert.deepEqual(await contents({ source: "apiv3", after: first.sequence }), ["d"]);
			const refused = await store.listQuarantine({ ...all, source: "apiv3" });
			assert.deepEqual(
				refused.map(({ source, context }) => [source, context]),
				[
					["apiv3", "context of b"],
					["apiv3", "context of d"],
				],
			);
			assert.equal((await store.listQuarantine(all)).length, 4);
		});

		law("bounds the quarantine of each, and touches no other's", async (store, whole) => {
			await whole.quarantine(refusedNotificationOf("alarm"), 10);
			for (const text of ["a", "b"]) {
				await store.quarantine(refusedNotificationOf(text, { source: "apiv3" }), 10);
			}
			for (let index = 0; index < 5; index += 1) {
				await store.quarantine(refusedNotificationOf(`${index}`, { source: "push" }), 2);
			}
			const contexts = (await store.listQuarantine(all)).map(({ context }) => context);
			assert.deepEqual(contexts, ["context of a", "context of b", "context of 3", "context of 4"]);
			await store.quarantine(refusedNotificationOf("none", { source: "push" }), 0);
			assert.equal((await store.listQuarantine({ ...all, source: "push" })).length, 0);
			assert.equal((await store.listQuarantine({ ...all, source: "apiv3" })).length, 2);
			assert.equal((await whole.listQuarantine(all)).length, 1);
		});

		law("keeps odd text as a context", async (store) => {
			const context = "?a=1&b=%00&c=\u{1f6a8} \"\\ ' \u2028 __proto__";
			await store.quarantine(refusedNotificationOf("x", { context }), 10);
			assert.equal((await store.listQuarantine(all))[0].context, context);
		});

		law("refuses a third source, and a time that is not clear", async (store) => {
			for (const source of ["alarm", "", null]) {
				await rejects("ARGUMENT_INVALID", store.insert(notificationOf("x", { source }), 1));
				await rejects("ARGUMENT_INVALID", store.quarantine(refusedNotificationOf("x", { source }), 1));
				await rejects("ARGUMENT_INVALID", store.list({ ...all, source }));
				await rejects("ARGUMENT_INVALID", store.listQuarantine({ ...all, source }));
			}
			await rejects("ARGUMENT_INVALID", store.insert(notificationOf("x", { sentAt: 0.5 }), 1));
			assert.deepEqual([await store.list(all), await store.listQuarantine(all)], [[], []]);
		});
	});
}
