// What a person may have in hand. The signatures are made here, with node:crypto alone.

import { createHash } from "node:crypto";

/** A key that nobody has. */
export const appKey = "Zk7".repeat(43).slice(0, 128);

const delivery = {
	appid: "wxf8b4f85f3a794e77",
	openid: "oX99MDgNcgwnz3zFN3DNmo8uwa-w",
	transid: "111112222233333",
	out_trade_no: "555666uuu",
	deliver_timestamp: "1369745073",
	deliver_status: "1",
	deliver_msg: "已发货",
};

const signed = (fields, key) => {
	const pairs = Object.entries({ ...fields, appkey: key }).sort(([a], [b]) => (a < b ? -1 : 1));
	return createHash("sha1")
		.update(pairs.map((pair) => pair.join("=")).join("&"))
		.digest("hex");
};

const body = (app_signature) => JSON.stringify({ ...delivery, app_signature, sign_method: "sha1" }, null, 2);

/** A body that WeChat refuses with errcode 49004: the key was read from a file with the line break at its end. */
export const refused = body(signed(delivery, `${appKey}\n`));

/** The same, signed as documented. */
export const right = body(signed(delivery, appKey));

/** No mistake makes this signature, so all of them are tried. */
export const hopeless = body("0123456789abcdef0123456789abcdef01234567");
