// What delivery stores are given in tests.

export const appId = "wxf8b4f85f3a794e77";
export const otherAppId = "wx0000000000000000";
export const paidAt = 1_393_860_740;

/** A delivery as the outbox passes it on; the number makes it another one. */
export function rowOf(number, fields = {}) {
	return {
		key: `key ${number}`,
		appId,
		delivery: deliveryOf(number),
		goods: "virtual",
		paidAt,
		deadline: paidAt + 86_400,
		enqueuedAt: paidAt + 10,
		...fields,
	};
}

export function deliveryOf(number, fields = {}) {
	return {
		openid: "o0pk9uIVnlY-fJkzFKEbQ6LJ4cFc",
		transid: `1218614901201405273${String(number).padStart(9, "0")}`,
		outTradeNo: `order-${number}`,
		deliverTimestamp: "1393860800",
		deliverStatus: "1",
		deliverMsg: "ok",
		...fields,
	};
}

/** A shipping notice as the outbox passes it on. */
export function shippingOf(number, fields = {}) {
	return {
		orderKey: { transactionId: `4200001858202306300${String(number).padStart(9, "0")}` },
		logisticsType: "express",
		deliveryMode: "unified",
		shippingList: [{ itemDesc: `parcel ${number}`, trackingNo: "323244567777", expressCompany: "ZTO" }],
		uploadTime: "2014-03-03T23:33:20.000+08:00",
		payer: { openid: "o0pk9uIVnlY-fJkzFKEbQ6LJ4cFc" },
		...fields,
	};
}

const parcel = (fields) => ({ shippingList: [{ ...shippingOf(1).shippingList[0], ...fields }] });

/** What the contract of a store has to know of what it keeps; `deliveries` and `shipments` obey the same one. */
export const kinds = {
	deliveries: {
		part: "deliveries",
		payloadOf: deliveryOf,
		withText: (text) => ({ deliverMsg: text, outTradeNo: text }),
		/** Spelled in another way, and the same. */
		respelled: { deliverTimestamp: 1_393_860_800, deliverStatus: 1 },
		kept: {},
		/** Another delivery. */
		changes: [{ openid: "another" }, { deliverStatus: 0 }, { deliverMsg: "" }],
		/** The same, told of again. */
		again: { deliverTimestamp: 1_400_000_000 },
		touch(payload) {
			payload.deliverMsg = "changed";
		},
	},
	shipments: {
		part: "shipments",
		payloadOf: shippingOf,
		withText: (text) => ({ orderKey: { mchId: "1", outTradeNo: text }, ...parcel({ itemDesc: text }) }),
		respelled: { uploadTime: new Date(1_393_860_800_000) },
		kept: { uploadTime: "2014-03-03T15:33:20.000Z" },
		changes: [
			{ payer: { openid: "another" } },
			{ logisticsType: "sameCity" },
			parcel({ trackingNo: "another" }),
			{ isAllDelivered: true },
		],
		again: { uploadTime: 1_400_000_000 },
		touch(payload) {
			payload.shippingList[0].itemDesc = "changed";
		},
	},
};

/** How a new delivery stands: due at once. */
export function progressOf(fields = {}) {
	return {
		state: "waiting",
		attemptAt: paidAt + 10,
		noticeAt: paidAt + 80_000,
		attempts: 0,
		owed: [],
		owedSince: null,
		warnedAt: null,
		deliveredAt: null,
		lastCode: null,
		lastErrcode: null,
		lastSentence: null,
		...fields,
	};
}

/** How a delivery stands that WeChat has taken. */
export const delivered = progressOf({
	state: "delivered",
	attemptAt: null,
	noticeAt: null,
	attempts: 1,
	deliveredAt: paidAt + 60,
});

let leases = 0;

/** A lease for everything that is due, with a token of its own. */
export function leaseOf(fields = {}) {
	leases += 1;
	const now = paidAt + 100;
	return {
		appId,
		work: "attempt",
		dueBy: now,
		now,
		until: now + 60,
		token: `lease ${leases}`,
		limit: 1_000,
		...fields,
	};
}
