/** An answer of WeChat's API: an errcode and its words. */
export interface Answer {
	readonly errcode: number;
	readonly errmsg: string;
}

/** What the sandbox answers, in the words of WeChat's global return codes (PROTOCOL 3.1). */
export const answers = {
	busy: { errcode: -1, errmsg: "system error" },
	ok: { errcode: 0, errmsg: "ok" },
	deadToken: { errcode: 40001, errmsg: "invalid credential, access_token is invalid or not latest" },
	badGrantType: { errcode: 40002, errmsg: "invalid grant_type" },
	badAppId: { errcode: 40013, errmsg: "invalid appid" },
	escapedText: { errcode: 40033, errmsg: "invalid charset. please check your request, if include \\uxxxx" },
	badSecret: { errcode: 40125, errmsg: "invalid appsecret" },
	noToken: { errcode: 41001, errmsg: "access_token missing" },
	noAppId: { errcode: 41002, errmsg: "appid missing" },
	noSecret: { errcode: 41004, errmsg: "appsecret missing" },
	expiredToken: { errcode: 42001, errmsg: "access_token expired" },
	notPost: { errcode: 43002, errmsg: "require POST method" },
	noBody: { errcode: 44002, errmsg: "empty post data" },
	quotaUsedUp: { errcode: 45009, errmsg: "reach max api daily quota limit" },
	tooFrequent: { errcode: 45011, errmsg: "api minute-quota reach limit, must slower, retry next minute" },
	badJson: { errcode: 47001, errmsg: "data format error" },
	unauthorised: { errcode: 48001, errmsg: "api unauthorized" },
	otherAppId: { errcode: 49001, errmsg: "not same appid with appid of access_token" },
	noOpenidOrTransid: { errcode: 49002, errmsg: "empty openid or transid" },
	otherOpenid: { errcode: 49003, errmsg: "not match openid with appid" },
	badSignature: { errcode: 49004, errmsg: "not match signature" },
	noOrder: { errcode: 49005, errmsg: "not existed transid" },
} as const satisfies Record<string, Answer>;
