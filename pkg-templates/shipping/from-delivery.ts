import type { LogisticsType, Parcel, Shipping } from "../shipping-info.js";
import type { Delivery } from "../wasm/load.js";
import { token } from "./check.js";
import type { ShippingClient, ShippingResult } from "./client.js";
import { malformed } from "./faults.js";

/** What a shipping notice says and a delivery notification never did: the only parcel, and how it goes. */
export interface ShippingDetails extends Parcel {
	readonly logisticsType: LogisticsType;
}

/**
 * A delivery notification of before as a shipping notice of today.
 *
 * | before | today |
 * | --- | --- |
 * | `openid` | `payer.openid` |
 * | `transid` | `orderKey.transactionId` |
 * | `outTradeNo` | not needed beside `transid` |
 * | `deliverTimestamp` | `uploadTime` |
 * | `deliverStatus` 1 | the notice itself; 0 has no counterpart |
 * | `deliverMsg` | not shown to anybody any more |
 *
 * @param details What has no counterpart before.
 * @throws {WeChatPayError} `FIELD_MALFORMED`: a `deliverStatus` of 0, or a `deliverTimestamp` that is no Unix time. What
 *   else is wrong is found when the notice is sent or enqueued.
 *
 * @example
 * ```ts
 * import { shippingFromDelivery } from "paysign/shipping";
 *
 * const delivery = {
 * 	openid: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
 * 	transid: "4200001858202306300646157659",
 * 	outTradeNo: "JfuKdiBig4zZnE4n",
 * 	deliverTimestamp: 1688125221,
 * 	deliverStatus: 1,
 * 	deliverMsg: "ok",
 * } as const;
 * const shipping = shippingFromDelivery(delivery, { logisticsType: "virtual", itemDesc: "话费充值100元" });
 * console.log(shipping.uploadTime, shipping.orderKey); // 1688125221 { transactionId: '4200001858202306300646157659' }
 * ```
 */
export function shippingFromDelivery(delivery: Delivery, details: ShippingDetails): Shipping {
	const { openid, transid, deliverTimestamp, deliverStatus } = delivery;
	if (String(deliverStatus) !== "1") {
		throw malformed(
			"deliver_status",
			"1: WeChat no longer takes notices of goods that could not be delivered. Refund such an order, which ends it " +
				"with WeChat as well",
		);
	}
	const seconds = Number(deliverTimestamp);
	if (!/^[0-9]{1,10}$/.test(String(deliverTimestamp))) {
		throw malformed("deliver_timestamp", "Unix seconds, at most 10 digits");
	}
	const { logisticsType, ...parcel } = details;
	return {
		orderKey: { transactionId: token(transid, "transid", 64) },
		logisticsType,
		shippingList: [parcel],
		uploadTime: seconds,
		payer: { openid },
	};
}

/**
 * Sends a shipping notice for a call that was made for `deliverNotify` of before.
 *
 * @returns WeChat's answer; every `outcome` means that it knows of the shipment.
 * @throws {WeChatPayError} As {@link shippingFromDelivery} and {@link ShippingClient.uploadShippingInfo}.
 *
 * @example
 * ```ts
 * import { startSandbox } from "paysign/sandbox";
 * import { createShippingClient, deliverNotifyAsShipping } from "paysign/shipping";
 *
 * const account = { appId: "wxf8b4f85f3a794e77", appSecret: "secret" };
 * const order = { openid: "oUpF8uMuAJO", transid: "4200001858202306300646157659", outTradeNo: "JfuKdiBig4zZnE4n" };
 * const paidAt = Math.floor(Date.now() / 1000);
 * const sandbox = await startSandbox({ accounts: [account] });
 * sandbox.addOrder({ appId: account.appId, ...order, paidAt, goods: "virtual" });
 *
 * const client = createShippingClient({ ...account, fetch: sandbox.fetch });
 * const delivery = { ...order, deliverTimestamp: paidAt, deliverStatus: 1, deliverMsg: "ok" } as const;
 * const details = { logisticsType: "virtual", itemDesc: "话费充值100元" } as const;
 * console.log((await deliverNotifyAsShipping(client, delivery, details)).outcome); // accepted
 * await sandbox.close();
 * ```
 */
export async function deliverNotifyAsShipping(
	client: Pick<ShippingClient, "uploadShippingInfo">,
	delivery: Delivery,
	details: ShippingDetails,
): Promise<ShippingResult> {
	return client.uploadShippingInfo(shippingFromDelivery(delivery, details));
}
