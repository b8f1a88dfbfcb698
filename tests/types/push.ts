// Mistakes with pushes that must not compile. A line below `@ts-expect-error` that does compile fails the check.

import {
	type OtherEvent,
	type Push,
	type PushAccount,
	type PushEvent,
	type parsePushContent,
	type RemindShippingEvent,
	signTestPush,
	verifyPush,
	type verifyPushUrl,
} from "paysign/push";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<_Claim extends true>(): void {}

declare const account: PushAccount;
declare const event: PushEvent;

holds<Equal<ReturnType<typeof verifyPush>, Push>>();
holds<Equal<ReturnType<typeof verifyPushUrl>, string>>();
holds<Equal<ReturnType<typeof parsePushContent>, PushEvent>>();

// The type of an event narrows it.
if (event.type === "trade_manage_remind_shipping") {
	holds<Equal<typeof event, RemindShippingEvent>>();
	holds<Equal<typeof event.transactionId, string | undefined>>();
}
if (event.type === "other") holds<Equal<typeof event, OtherEvent>>();
// @ts-expect-error Not every event is about an order.
event.transactionId;

// Requests as frameworks have them.
verifyPush({ query: new URL("https://example.com/?a=b").searchParams, body: new Uint8Array() }, account);
verifyPush({ query: "a=b", body: "" }, { ...account, encodingAesKey: ["old", new Uint8Array(43)] });
// @ts-expect-error A body that a parser has read is not what was signed.
verifyPush({ query: "a=b", body: {} }, account);
// @ts-expect-error The token is not optional.
verifyPush({ query: "a=b", body: "" }, { appId: "wx1", encodingAesKey: "k" });
// @ts-expect-error There is no such mode.
verifyPush({ query: "a=b", body: "" }, { ...account, mode: "both" });
// @ts-expect-error Time, nonce and random bytes are the caller's.
signTestPush("{}", account);
