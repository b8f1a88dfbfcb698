import type { WeChatPayErrorCode } from "./errors.js";
import type { TokenStoreOperation } from "./token.js";

/** The calls that a client makes. */
export type ClientCall =
	| "GET /cgi-bin/token"
	| "POST /cgi-bin/stable_token"
	| "POST /pay/delivernotify"
	| `POST /wxa/sec/order/${ShippingCallName}`;

/** The calls of a shipping client. */
type ShippingCallName =
	| "upload_shipping_info"
	| "upload_combined_shipping_info"
	| "get_order"
	| "is_trade_managed"
	| "notify_confirm_receive"
	| "set_msg_jump_path";

/** What happened in a client, for logs and metrics. No event holds a key, a token or anything of a delivery. */
export type ClientEvent =
	/** WeChat has taken a delivery notification. */
	| { readonly type: "delivered" }
	/** WeChat knows that an order was shipped; `outcome` says whether it has learnt it from this notice. */
	| { readonly type: "shipped"; readonly outcome: "accepted" | "unchanged" | "alreadyShipped" }
	/** A call was not answered, or refused. `errcode` is WeChat's, when it gave one. */
	| {
			readonly type: "callFailed";
			readonly call: ClientCall;
			readonly code: WeChatPayErrorCode;
			readonly errcode?: number;
	  }
	/** WeChat gave an access token, with so many seconds to live. */
	| { readonly type: "tokenFetched"; readonly endpoint: "stable" | "classic"; readonly expiresIn: number }
	/** WeChat refused an access token, which is replaced now. Often means that another program fetches tokens too. */
	| { readonly type: "tokenRefused"; readonly errcode: number }
	/** The token store rejected or did not answer. What it said may hold the token, so only a system's code is told. */
	| { readonly type: "tokenStoreFailed"; readonly operation: TokenStoreOperation; readonly reason?: string };

/** How long something took in a client. */
export type ClientTiming =
	/** One exchange with WeChat. `outcome` is `ok` or what it ended with; an errcode other than 0 is `API_ERROR`. */
	| {
			readonly operation: "call";
			readonly call: ClientCall;
			readonly outcome: "ok" | WeChatPayErrorCode;
			readonly milliseconds: number;
	  }
	/** One call of the token store. */
	| {
			readonly operation: "tokenStore";
			readonly method: TokenStoreOperation;
			readonly failed: boolean;
			readonly milliseconds: number;
	  };
