/**
 * What the client does, or a person has to do, about an errcode:
 *
 * - `ok`: nothing, it is the success code;
 * - `retry`: send the same call again later;
 * - `refresh`: fetch one fresh access token and send once more, which the client does by itself;
 * - `wait`: stop calling until a quota is reset;
 * - `fix`: correct the call or the configuration;
 * - `human`: somebody has to act in WeChat's console.
 */
export type ErrcodeAction = "ok" | "retry" | "refresh" | "wait" | "fix" | "human";

/** One row of {@link errcodes}. */
export interface Errcode {
	/** WeChat's number. */
	readonly errcode: number;
	readonly action: ErrcodeAction;
	/** What it means: a piece of a sentence, lower-case, without a full stop. */
	readonly meaning: string;
	/** What a person should do: whole sentences. */
	readonly fix: string;
}

const otherProgram =
	"If it stays, another program fetches tokens for this account and each of its calls kills yours: let all of " +
	'them use tokenEndpoint "stable", or share one token store.';
/** Marked as pure where it is called, so that a bundler may leave the table out. */
const orOther = (sentence: string) => `${sentence} ${otherProgram}`;
const otherCall = "No call of this package sends this: look at what else uses the account.";
const confirmIp =
	"Ask the account's administrator to confirm the request that WeChat sent to them, then call again.";
const allowIp =
	"Ask the account's administrator, who has refused this machine's address, before calling again.";
const consoleState = "Log in to mp.weixin.qq.com and look at the state of the account and of its interfaces.";

/**
 * The errcodes that can come back from `/cgi-bin/token`, `/cgi-bin/stable_token` and `/pay/delivernotify`
 * (PROTOCOL 3.1), and those of their family. This is the one place that knows them; `tests/vectors/errcodes.json`
 * is an independent list of the same codes.
 */
export const errcodes: readonly Errcode[] = [
	{
		errcode: -1,
		action: "retry",
		meaning: "WeChat's system is busy",
		fix: "Send the same call again a little later.",
	},
	{ errcode: 0, action: "ok", meaning: "success", fix: "Nothing is to be done." },
	{
		errcode: 40001,
		action: "refresh",
		meaning: "the access_token is invalid or not the latest one, or the AppSecret is wrong",
		fix: /* @__PURE__ */ orOther("Check that appSecret belongs to appId."),
	},
	{
		errcode: 40002,
		action: "fix",
		meaning: "the grant_type is not valid",
		fix: "A token call needs grant_type client_credential: look for a proxy that changes the request.",
	},
	{
		errcode: 40003,
		action: "fix",
		meaning: "the openid is not valid",
		fix: "Send the OpenId of the payment notification, unchanged.",
	},
	{
		errcode: 40013,
		action: "fix",
		meaning: "the appid is not valid",
		fix: "Check appId, letter case included, against the console.",
	},
	{
		errcode: 40014,
		action: "refresh",
		meaning: "the access_token is not valid",
		fix: /* @__PURE__ */ orOther("Check that the token belongs to appId."),
	},
	{
		errcode: 40033,
		action: "fix",
		meaning: "the request contains \\uXXXX escapes",
		fix: "Send the text as raw UTF-8 (JSON.stringify does), without control characters.",
	},
	{
		errcode: 40125,
		action: "fix",
		meaning: "the AppSecret is not the one of this appid",
		fix: "Copy the AppSecret from the console again: it is neither the paySignKey nor the partnerKey.",
	},
	{
		errcode: 40164,
		action: "human",
		meaning: "this machine's IP address is not in the account's white list",
		fix: "Add the outgoing address, which errmsg names, to the IP white list in the console.",
	},
	{
		errcode: 40243,
		action: "human",
		meaning: "the AppSecret is frozen",
		fix: "Let the account's administrator thaw or reset the AppSecret in the console.",
	},
	{
		errcode: 41001,
		action: "fix",
		meaning: "the access_token is missing",
		fix: "Look for a proxy that drops the query of the request.",
	},
	{
		errcode: 41002,
		action: "fix",
		meaning: "the appid is missing",
		fix: "Look for a proxy that drops the query or the body of the request.",
	},
	{
		errcode: 41004,
		action: "fix",
		meaning: "the secret is missing",
		fix: "Look for a proxy that drops the query or the body of the request.",
	},
	{
		errcode: 42001,
		action: "refresh",
		meaning: "the access_token has expired",
		fix: /* @__PURE__ */ orOther("Check this machine's clock."),
	},
	{ errcode: 42005, action: "human", meaning: "the right to use this API has expired", fix: consoleState },
	{
		errcode: 43002,
		action: "fix",
		meaning: "the call has to be a POST",
		fix: "Look for a proxy or an injected fetch that turns POST into GET.",
	},
	{
		errcode: 44002,
		action: "fix",
		meaning: "the POST body is empty",
		fix: "Look for a proxy or an injected fetch that drops the body.",
	},
	{
		errcode: 45009,
		action: "wait",
		meaning: "the account's daily quota for this call is used up",
		fix: 'Wait for the next day, or reset the quota in the console; use tokenEndpoint "stable" for tokens.',
	},
	{
		errcode: 45011,
		action: "retry",
		meaning: "the calls of this minute are too many",
		fix: "Send the same call again after a minute, and more slowly.",
	},
	{
		errcode: 47001,
		action: "fix",
		meaning: "the body is not the JSON that WeChat expects",
		fix: "Look for a proxy or an injected fetch that changes the body.",
	},
	{
		errcode: 48001,
		action: "human",
		meaning: "the account is not authorised for this API",
		fix: "The account has no payment right of version 2: check its interface permissions in the console.",
	},
	{
		errcode: 48002,
		action: "human",
		meaning: "the follower refuses messages (other products reuse the number)",
		fix: otherCall,
	},
	{ errcode: 48004, action: "human", meaning: "the API is banned for this account", fix: consoleState },
	{
		errcode: 48009,
		action: "human",
		meaning: "this API has been switched off",
		fix: "Move to the order shipping service (发货信息管理): WeChat no longer takes delivery notifications here.",
	},
	{
		errcode: 49001,
		action: "fix",
		meaning: "the appid of the message is not the one that the access_token belongs to",
		fix: "Give each account a client with its own appId and appSecret, and do not mix token stores.",
	},
	{
		errcode: 49002,
		action: "fix",
		meaning: "the openid or the transid is empty",
		fix: "Take both from the payment notification: openid from its XML, transid from its query.",
	},
	{
		errcode: 49003,
		action: "fix",
		meaning: "the openid does not belong to this appid",
		fix: "Send the OpenId that came with this very order's payment notification.",
	},
	{
		errcode: 49004,
		action: "fix",
		meaning: "the signature does not match",
		fix: "Check that appKey is the paySignKey of this appId (128 characters), then compare with explainSignature.",
	},
	{
		errcode: 49005,
		action: "fix",
		meaning: "there is no order with this transid for this account",
		fix: "Check transid and outTradeNo against the payment notification, and that the order is this account's.",
	},
	{ errcode: 49006, action: "fix", meaning: "the argument two_dim_code is missing", fix: otherCall },
	{ errcode: 49007, action: "fix", meaning: "the argument two_dim_code is not valid", fix: otherCall },
	{ errcode: 49008, action: "fix", meaning: "the argument qrcode is not valid", fix: otherCall },
	{ errcode: 49009, action: "fix", meaning: "the argument qrcode is missing", fix: otherCall },
	{
		errcode: 49010,
		action: "fix",
		meaning: "the partner id is not valid",
		fix: "Check the partner number in the package of the order query.",
	},
	{ errcode: 49300, action: "fix", meaning: "there is no feedback with this feedbackid", fix: otherCall },
	{ errcode: 49301, action: "fix", meaning: "the feedback exists already", fix: otherCall },
	{
		errcode: 49302,
		action: "fix",
		meaning: "the feedback's status has been changed already",
		fix: otherCall,
	},
	{ errcode: 50001, action: "human", meaning: "the user has not authorised this API", fix: consoleState },
	{
		errcode: 50002,
		action: "human",
		meaning: "the user is restricted; the account may be frozen or closed",
		fix: consoleState,
	},
	{
		errcode: 89501,
		action: "human",
		meaning: "a request to confirm this machine's IP address is still open",
		fix: confirmIp,
	},
	{
		errcode: 89502,
		action: "human",
		meaning: "the administrator has not confirmed this machine's IP address yet",
		fix: confirmIp,
	},
	{
		errcode: 89503,
		action: "human",
		meaning: "the administrator has to confirm calls from this machine's IP address",
		fix: confirmIp,
	},
	{
		errcode: 89504,
		action: "human",
		meaning: "the administrator is being asked to confirm this machine's IP address",
		fix: confirmIp,
	},
	{
		errcode: 89505,
		action: "human",
		meaning: "the administrator is still being asked to confirm this machine's IP address",
		fix: confirmIp,
	},
	{
		errcode: 89506,
		action: "human",
		meaning: "the administrator has refused this machine's IP address for 24 hours",
		fix: allowIp,
	},
	{
		errcode: 89507,
		action: "human",
		meaning: "the administrator has refused this machine's IP address for 1 hour",
		fix: allowIp,
	},
];

/** Looks a number up in what is known: this table, or one that goes before it. */
export type FindErrcode = (errcode: number) => Errcode | undefined;

/** The row of an errcode of this table. */
export const findErrcode: FindErrcode = (errcode) => errcodes.find((row) => row.errcode === errcode);

/** The row of an errcode; an unknown one is worth another attempt, and says that it is unknown. */
export function errcodeRow(errcode: number, find: FindErrcode = findErrcode): Errcode {
	return (
		find(errcode) ?? {
			errcode,
			action: "retry",
			meaning: "a code that the known lists do not have",
			fix: "Send the same call again later; if it stays, look the code up in WeChat's global return codes.",
		}
	);
}
