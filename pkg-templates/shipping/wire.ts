import type { CombinedShipping, Parcel, ShippedGoods, Shipping, ShippingOrder } from "../shipping-info.js";
import { deliveryModes, logisticsTypes } from "./check.js";

// What was checked, under the names and numbers of the wire. Numbers go out as JSON numbers here, which the delivery
// notification of before wants as text.

/** The body of `upload_shipping_info`. */
export function shippingBody({ uploadTime, payer, ...goods }: Shipping): object {
	return { ...goodsBody(goods), upload_time: uploadTime, payer: { openid: payer.openid } };
}

/** The body of `upload_combined_shipping_info`. */
export function combinedBody({ orderKey, subOrders, uploadTime, payer }: CombinedShipping): object {
	return {
		order_key: orderKeyBody(orderKey),
		sub_orders: subOrders.map(goodsBody),
		upload_time: uploadTime,
		payer: { openid: payer.openid },
	};
}

function goodsBody({
	orderKey,
	logisticsType,
	deliveryMode = "unified",
	isAllDelivered,
	shippingList,
}: ShippedGoods) {
	return {
		order_key: orderKeyBody(orderKey),
		logistics_type: logisticsTypes[logisticsType],
		delivery_mode: deliveryModes[deliveryMode],
		// JSON.stringify leaves out what is undefined.
		is_all_delivered: isAllDelivered,
		shipping_list: shippingList.map(parcelBody),
	};
}

function orderKeyBody(order: ShippingOrder): object {
	return "transactionId" in order
		? { order_number_type: 2, transaction_id: order.transactionId }
		: { order_number_type: 1, mchid: order.mchId, out_trade_no: order.outTradeNo };
}

function parcelBody({ itemDesc, trackingNo, expressCompany, contact }: Parcel): object {
	return {
		tracking_no: trackingNo,
		express_company: expressCompany,
		item_desc: itemDesc,
		contact: contact && {
			consignor_contact: contact.consignorContact,
			receiver_contact: contact.receiverContact,
		},
	};
}

/** An order where calls other than the uploads name one. */
export function orderBody(order: ShippingOrder, subMchId: string | undefined): object {
	return "transactionId" in order
		? { transaction_id: order.transactionId }
		: {
				merchant_id: order.mchId,
				...(subMchId === undefined ? {} : { sub_merchant_id: subMchId }),
				merchant_trade_no: order.outTradeNo,
			};
}
