import { type Errcode, type FindErrcode, findErrcode } from "../errcodes.js";

const orderNumber =
	"Check transactionId, or mchId and outTradeNo, against the payment; of a service provider mchId is its own number.";
const notOfThisPackage = "The package checks this before it sends: look for a proxy that changes the body.";
const platform =
	"Let the mini program grant the service provider the permission set 142, or call with the mini program's own account.";

/**
 * The errcodes of the shipping calls (PROTOCOL 8.1), and those of the general ones that mean something else there. This
 * is the one place that knows them; `tests/vectors/shipping-errcodes.json` is an independent list of the same codes.
 */
export const shippingErrcodes: readonly Errcode[] = [
	{
		errcode: 40097,
		action: "fix",
		meaning: "an argument is not valid; the appid may be missing",
		fix: "Check the arguments that errmsg names.",
	},
	{
		errcode: 44990,
		action: "retry",
		meaning: "the calls are too many",
		fix: "Send the same call again later, and more slowly.",
	},
	{
		errcode: 47001,
		action: "fix",
		meaning: "the body is not the JSON that WeChat expects: a member is missing or has another type",
		fix: "Look for a proxy or an injected fetch that changes the body.",
	},
	{
		errcode: 48001,
		action: "human",
		meaning: "the mini program may not use this API",
		fix: "Open the order shipping service (发货信息管理服务) in the mini program's console; isTradeManaged() says whether it is.",
	},
	{
		errcode: 61003,
		action: "human",
		meaning: "the service provider has no permission of this mini program",
		fix: platform,
	},
	{
		errcode: 61004,
		action: "human",
		meaning: "this machine's IP address is not in the service provider's white list",
		fix: "Add the outgoing address to the white list of the service provider.",
	},
	{ errcode: 61011, action: "human", meaning: "the service provider is not valid", fix: platform },
	{
		errcode: 10060001,
		action: "retry",
		meaning: "WeChat knows no such order, or does not know it yet",
		fix:
			"In the first minutes after the payment send it again a little later. " +
			`If it stays: ${orderNumber} Orders from before the merchant was linked are never known.`,
	},
	{
		errcode: 10060002,
		action: "fix",
		meaning: "the order is shipped, and nothing of it can be changed any more",
		fix: "Nothing is to be done, unless the notice says something else: look with getOrder().",
	},
	{
		errcode: 10060003,
		action: "fix",
		meaning: "the order is shipped, and its one correction is used",
		fix: "Nothing is to be done, unless the notice says something else: look with getOrder().",
	},
	{
		errcode: 10060004,
		action: "fix",
		meaning: "the order is in a state in which it cannot be shipped",
		fix: "Look with getOrder(): it may have been refunded.",
	},
	{
		errcode: 10060005,
		action: "fix",
		meaning: "the logistics_type is not valid",
		fix: notOfThisPackage,
	},
	{
		errcode: 10060006,
		action: "fix",
		meaning: "only express may go in several parcels",
		fix: notOfThisPackage,
	},
	{
		errcode: 10060007,
		action: "fix",
		meaning: "is_all_delivered is missing, which an order in several parcels needs",
		fix: notOfThisPackage,
	},
	{ errcode: 10060008, action: "fix", meaning: "the item_desc is empty", fix: notOfThisPackage },
	{
		errcode: 10060009,
		action: "fix",
		meaning: "the item_desc is too long",
		fix: "Shorten itemDesc: WeChat may count a sign as more than one character.",
	},
	{
		errcode: 10060012,
		action: "retry",
		meaning: "WeChat's system has failed",
		fix: "Send the same call again a little later.",
	},
	{
		errcode: 10060014,
		action: "fix",
		meaning: "an argument is not valid",
		fix: "Correct what errmsg names.",
	},
	{
		errcode: 10060019,
		action: "retry",
		meaning: "WeChat's system has failed",
		fix: "Send the same call again a little later.",
	},
	{
		errcode: 10060020,
		action: "fix",
		meaning: "an order without any description of goods cannot be shipped completely",
		fix: "Say what is in it, in itemDesc.",
	},
	{
		errcode: 10060023,
		action: "ok",
		meaning: "the order is shipped in just this way already",
		fix: "Nothing is to be done.",
	},
	{
		errcode: 10060024,
		action: "fix",
		meaning: "the order has more than 15 parcels",
		fix: "Put several in one: WeChat counts those of earlier notices, too.",
	},
	{
		errcode: 10060025,
		action: "fix",
		meaning: "the express_company is too long",
		fix: "Check the id of the express company against WeChat's get_delivery_list.",
	},
	{
		errcode: 10060026,
		action: "fix",
		meaning: "the tracking_no is too long",
		fix: "Check the number of the parcel.",
	},
	{
		errcode: 10060028,
		action: "fix",
		meaning: "the order is not shipped, or received already",
		fix: "Look with getOrder() before the buyer is reminded.",
	},
	{
		errcode: 10060029,
		action: "fix",
		meaning: "the time of receipt is not valid",
		fix: "Pass when the parcel was handed over, in Unix seconds: after it was shipped, and not in the future.",
	},
	{
		errcode: 10060030,
		action: "fix",
		meaning: "the buyer of this order has been reminded already",
		fix: "Nothing is to be done: WeChat reminds once for each order.",
	},
	{
		errcode: 10060031,
		action: "fix",
		meaning: "the order is not that of this openid",
		fix: "Send the OpenId that came with this very payment, of the same mini program.",
	},
	{
		errcode: 10060032,
		action: "fix",
		meaning: "only buyers of what went by express can be reminded",
		fix: "Leave the reminder out for other orders.",
	},
	{
		errcode: 268485194,
		action: "fix",
		meaning: "the order_number_type is not valid",
		fix: notOfThisPackage,
	},
	{ errcode: 268485195, action: "fix", meaning: "the transaction_id is missing", fix: notOfThisPackage },
	{ errcode: 268485196, action: "fix", meaning: "the mchid is missing", fix: notOfThisPackage },
	{ errcode: 268485197, action: "fix", meaning: "the out_trade_no is missing", fix: notOfThisPackage },
	{
		errcode: 268485216,
		action: "fix",
		meaning: "the upload_time is not valid",
		fix: "Pass a number, a Date, or RFC 3339 with milliseconds and a time zone.",
	},
	{ errcode: 268485224, action: "fix", meaning: "the delivery_mode is not valid", fix: notOfThisPackage },
	{ errcode: 268485226, action: "fix", meaning: "the tracking_no is missing", fix: notOfThisPackage },
	{ errcode: 268485227, action: "fix", meaning: "the express_company is missing", fix: notOfThisPackage },
	{
		errcode: 268485228,
		action: "fix",
		meaning: "an order that goes in one parcel needs exactly one",
		fix: notOfThisPackage,
	},
];

/** The row of an errcode of the shipping calls, or of all calls. */
export const findShippingErrcode: FindErrcode = (errcode) =>
	shippingErrcodes.find((row) => row.errcode === errcode) ?? findErrcode(errcode);
