// Shipping notices: mistakes that must not compile, and what must.

import type { createClient, Delivery, DeliveryStore, OutboxHook, Store, StoredDelivery } from "paysign";
import {
	createShippingClient,
	createShippingOutbox,
	deliverNotifyAsShipping,
	type Shipping,
	type ShippingOrderState,
	type ShippingResult,
} from "paysign/shipping";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<_Claim extends true>(): void {}

declare const store: Store;
declare const delivery: Delivery;
const account = { appId: "wxf8b4f85f3a794e77", appSecret: "secret" };
const client = createShippingClient(account);
// There is nothing to sign, so there is no key to leak.
// @ts-expect-error
createShippingClient({ ...account, appKey: "k" });

const shipping: Shipping = {
	orderKey: { transactionId: "1" },
	logisticsType: "express",
	shippingList: [{ itemDesc: "a", trackingNo: "1", expressCompany: "ZTO" }],
	payer: { openid: "o" },
};
export const combined = client.uploadCombinedShippingInfo({
	orderKey: { mchId: "1", outTradeNo: "1" },
	subOrders: [{ ...shipping, orderKey: { mchId: "1", outTradeNo: "2" } }],
	payer: shipping.payer,
});
// The names are those of the package, the values names and not the wire's numbers.
// @ts-expect-error
client.uploadShippingInfo({ ...shipping, logisticsType: 1 });
// @ts-expect-error
client.uploadShippingInfo({ ...shipping, orderKey: { mchId: "1" } });
// @ts-expect-error
client.uploadShippingInfo({ ...shipping, upload_time: "" });
// @ts-expect-error
client.uploadShippingInfo({ ...shipping, payer: undefined });

// What comes back is told apart by names, all of them.
export function isTold({ outcome }: ShippingResult): boolean {
	switch (outcome) {
		case "accepted":
		case "unchanged":
			return true;
		case "alreadyShipped":
			return false;
	}
}
declare const state: ShippingOrderState;
// @ts-expect-error
export const wrong = state === "sent";

// Each outbox has its own kind of client, store and hooks; nothing changes for deliveries.
createShippingOutbox({ client, store, onDelivered: ({ delivery }) => delivery.orderKey });
// @ts-expect-error
createShippingOutbox({ client, store, onDelivered: ({ delivery }) => delivery.transid });
// @ts-expect-error
createShippingOutbox({ client, store: { shipments: store.deliveries } });
declare const legacy: ReturnType<typeof createClient>;
// @ts-expect-error
createShippingOutbox({ client: legacy, store });
holds<Equal<StoredDelivery["delivery"], Delivery>>();
holds<Equal<Store["deliveries"], DeliveryStore>>();
holds<Equal<Parameters<OutboxHook>[0]["delivery"], Delivery>>();

// A call of before needs what it never said.
deliverNotifyAsShipping(client, delivery, { logisticsType: "virtual", itemDesc: "a" });
// @ts-expect-error
deliverNotifyAsShipping(client, delivery, { logisticsType: "virtual" });
// @ts-expect-error
deliverNotifyAsShipping(client, delivery);
