// What the tests of shipping notices share.
import { startSandbox } from "paysign/sandbox";
import { createShippingClient } from "paysign/shipping";
import { account, paidAt, stoppedClock } from "../client-support.mjs";

/** An account of today: it has no paySignKey. */
export const shippingAccount = { appId: account.appId, appSecret: account.appSecret };

export const transactionId = "4200001858202306300646157659";

export const shippingOrder = {
	appId: account.appId,
	transid: transactionId,
	outTradeNo: "JfuKdiBig4zZnE4n",
	openid: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
	paidAt,
	goods: "physical",
};

/** A notice about that order. */
export function notice(fields = {}, parcel = {}) {
	return {
		orderKey: { transactionId },
		logisticsType: "express",
		shippingList: [{ itemDesc: "抱枕*1个", trackingNo: "323244567777", expressCompany: "ZTO", ...parcel }],
		payer: { openid: shippingOrder.openid },
		...fields,
	};
}

/** A sandbox with one paid order and a client that talks to it; both end with the test. */
export async function shippingWorld(t, { client: clientOptions, account: more, ...sandboxOptions } = {}) {
	const clock = stoppedClock(paidAt + 60);
	const sandbox = await startSandbox({
		accounts: [{ ...shippingAccount, ...more }],
		now: clock.now,
		...sandboxOptions,
	});
	t.after(() => sandbox.close());
	sandbox.addOrder(shippingOrder);
	const client = createShippingClient({
		...shippingAccount,
		fetch: sandbox.fetch,
		now: clock.now,
		random: () => 0,
		...clientOptions,
	});
	return { client, sandbox, clock };
}
