// Makes mistakes.json: messages signed with a known mistake, for testing what finds mistakes.
//
//     node tests/vectors/make-mistakes.mjs
//
// It shares nothing with the package, not even the table of messages: what both get wrong in the same way
// would otherwise stay unseen. Nothing is random or depends on the time: a second run writes the same file.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

// --- The messages ------------------------------------------------------------------------------------------

/** Signed fields, signature and method fields, fields that travel along unsigned. */
const MESSAGES = {
	alarm: ["AppId ErrorType Description AlarmContent TimeStamp", "AppSignature SignMethod"],
	deliverNotify: [
		"appid openid transid out_trade_no deliver_timestamp deliver_status deliver_msg",
		"app_signature sign_method",
	],
	jsapi: ["appId timeStamp nonceStr package", "paySign signType"],
	nativeUrl: ["appid timestamp noncestr productid", "sign"],
	nativePackageRequest: ["OpenId AppId IsSubscribe ProductId TimeStamp NonceStr", "AppSignature SignMethod"],
	nativePackageResponse: ["AppId Package TimeStamp NonceStr RetCode RetErrMsg", "AppSignature SignMethod"],
	payNotify: ["OpenId AppId IsSubscribe TimeStamp NonceStr", "AppSignature SignMethod"],
	feedback: [
		"OpenId AppId TimeStamp",
		"AppSignature SignMethod",
		"MsgType FeedBackId TransId Reason Solution ExtInfo PicInfo/item/PicUrl",
	],
	orderQuery: ["appid package timestamp", "app_signature sign_method"],
	appPrepay: ["appid traceid noncestr package timestamp", "app_signature sign_method"],
	appPay: ["appid partnerid prepayid package noncestr timestamp", "sign"],
	editAddress: ["accessToken appId nonceStr timeStamp url", "addrSign signType", "scope"],
};

/** The message that is signed without a key. */
const KEYLESS = "editAddress";

const TABLE = Object.fromEntries(
	Object.entries(MESSAGES).map(([message, [signed, names, unsigned = ""]]) => {
		const [signature, method = ""] = names.split(" ");
		return [message, { signed: signed.split(" "), signature, method, unsigned: unsigned.split(" ") }];
	}),
);

const TIME = /^(deliver_)?timestamp$/i;

// --- Encodings ---------------------------------------------------------------------------------------------

/** Node decodes GBK and does not encode it: every two-byte sequence is decoded and the table turned round. */
function encoderTable(label) {
	const decoder = new TextDecoder(label, { fatal: true });
	const table = new Map();
	for (let lead = 0x81; lead <= 0xfe; lead++) {
		for (let trail = 0x40; trail <= 0xfe; trail++) {
			if (trail === 0x7f) continue;
			let text = "";
			try {
				text = decoder.decode(Uint8Array.of(lead, trail));
			} catch {
				continue;
			}
			// Up to U+E765 private use is the user-defined area, the same everywhere; beyond, editions differ.
			if ([...text].length !== 1 || /[\ue766-\uf8ff]/.test(text) || table.has(text)) continue;
			table.set(text, [lead, trail]);
		}
	}
	return table;
}

const GBK = encoderTable("gbk");
const GB18030 = encoderTable("gb18030");

/** The four-byte sequence of this number. */
function fourBytes(linear) {
	return [
		0x81 + Math.floor(linear / 12_600),
		0x30 + (Math.floor(linear / 1260) % 10),
		0x81 + (Math.floor(linear / 10) % 126),
		0x30 + (linear % 10),
	];
}

/** What has no two-byte sequence has four bytes: in the first plane by table, in the others by arithmetic. */
{
	const decoder = new TextDecoder("gb18030", { fatal: true });
	for (let linear = 0; linear < 39_420; linear++) {
		const bytes = fourBytes(linear);
		const text = decoder.decode(Uint8Array.from(bytes));
		if (!GB18030.has(text)) GB18030.set(text, bytes);
	}
}

function encodeByTable(text, table, otherwise) {
	return Buffer.from(
		[...text].flatMap((char) => {
			const point = char.codePointAt(0);
			return point < 0x80 ? point : (table.get(char) ?? otherwise(point));
		}),
	);
}

const QUESTION_MARK = 0x3f;

/** GBK as the Encoding Standard decodes it, to compare with: runtimes differ where sequences are bad. */
function decodeGbk(bytes) {
	const known = new Map([...GBK].map(([char, [lead, trail]]) => [lead * 256 + trail, char]));
	let text = "";
	for (let at = 0; at < bytes.length; at++) {
		const [lead, trail] = [bytes[at], bytes[at + 1]];
		if (lead < 0x80) text += String.fromCharCode(lead);
		else if (lead === 0x80) text += "€";
		else if (known.has(lead * 256 + trail)) {
			text += known.get(lead * 256 + trail);
			at++;
		} else {
			text += "\uFFFD";
			if (trail >= 0x80) at++;
		}
	}
	return text;
}

const CHARSETS = {
	utf8: (text) => Buffer.from(text, "utf8"),
	gbk: (text) => encodeByTable(text, GBK, (point) => (point === 0x20ac ? 0x80 : QUESTION_MARK)),
	gb18030: (text) => encodeByTable(text, GB18030, (point) => fourBytes(189_000 + point - 0x10000)),
	latin1: (text) => encodeByTable(text, new Map(), (point) => (point < 0x100 ? point : QUESTION_MARK)),
	bom: (text) => Buffer.from(`\uFEFF${text}`, "utf8"),
	utf16le: (text) => Buffer.from(text, "utf16le"),
	utf16be: (text) => Buffer.from(text, "utf16le").swap16(),
	mojibakeLatin1: (text) => Buffer.from(Buffer.from(text, "utf8").toString("latin1"), "utf8"),
	mojibakeGbk: (text) => Buffer.from(new TextDecoder("gbk").decode(Buffer.from(text, "utf8")), "utf8"),
};

// --- What is done to values --------------------------------------------------------------------------------

const hexByte = (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;

function percentEncode(value, unreserved = /[A-Za-z0-9\-_.~]/) {
	const bytes = [...Buffer.from(value, "utf8")];
	return bytes
		.map((byte) => {
			const char = String.fromCharCode(byte);
			return unreserved.test(char) ? char : hexByte(byte);
		})
		.join("");
}

const each = (change) => (parts) => parts.map(([name, value]) => [name, change(value, name)]);
const replaced = (pattern, change) => each((value) => value.replace(pattern, change));
const inCase = (escaped, upper) => (upper ? escaped.toUpperCase() : escaped.toLowerCase());

/** Runs of escaped bytes beyond ASCII in another charset, in the case in which they stand. */
const recoded = (decode, encode) =>
	replaced(/(%[89A-Fa-f][0-9A-Fa-f])+/g, (run) => {
		const text = decode(Buffer.from(run.replaceAll("%", ""), "hex"));
		const escaped = [...encode(text)].map(hexByte).join("");
		return inCase(escaped, run === run.toUpperCase());
	});

/** One of these characters as JSON writes it for HTML. */
const jsonUnits = (pattern) =>
	replaced(pattern, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);

const escapeMarkup = (value) =>
	value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00A0", hellip: "…" };

/** A double's shortest digits, or so many of them, as mantissa and exponent. */
const scientific = (value, size) =>
	Number(value)
		.toExponential(size === undefined ? undefined : size - 1)
		.replace(/\.?0*e\+/, " ")
		.split(" ");
const withFraction = (mantissa) => (mantissa.includes(".") ? mantissa : `${mantissa}.0`);

const digits = (change) => each((value) => (/^[0-9]+$/.test(value) ? change(value) : value));
const time = (change) => each((value, name) => (TIME.test(name) ? String(change(Number(value))) : value));

/**
 * What a signer can do to the values, in the order in which it would be done: what a parser undoes, what
 * tidies, what formats, what leaves out, what a serialiser escapes. The key is not a field and takes no part.
 */
const STEPS = {
	"mojibake-reversed": each((value) => Buffer.from(value, "latin1").toString("utf8")),
	"mojibake-gbk-reversed": each((value) => {
		const bytes = CHARSETS.gbk(value);
		return Buffer.from(bytes.toString("utf8"), "utf8").equals(bytes) ? bytes.toString("utf8") : value;
	}),
	"values-html-unescaped": replaced(/&(?:#(\d+)|#x([\dA-F]+)|(\w+));/g, (all, decimal, hex, name) => {
		if (name !== undefined) return ENTITIES[name] ?? all;
		return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
	}),
	"values-json-unescaped": replaced(/\\(?:u([\dA-Fa-f]{4})|(.))/g, (_, unit, char) =>
		unit === undefined ? char : String.fromCharCode(Number.parseInt(unit, 16)),
	),
	"values-xml-unescaped": each((value) =>
		value.replace(/&(amp|lt|gt);/g, (_, entity) => ({ amp: "&", lt: "<", gt: ">" })[entity]),
	),
	"values-url-decoded": each((value) => {
		try {
			return decodeURIComponent(value);
		} catch {
			return value;
		}
	}),
	"values-form-decoded": each((value) => {
		try {
			return decodeURIComponent(value.replaceAll("+", " "));
		} catch {
			return value;
		}
	}),
	"values-escapes-lower": replaced(/%[0-9A-Fa-f]{2}/g, (escaped) => inCase(escaped, false)),
	"values-escapes-upper": replaced(/%[0-9A-Fa-f]{2}/g, (escaped) => inCase(escaped, true)),
	"values-space-as-plus": each((value) => value.replaceAll("%20", "+")),
	"values-space-as-percent-20": each((value) => value.replaceAll("+", "%20")),
	"values-escapes-gbk": recoded(
		(bytes) => bytes.toString("utf8"),
		(text) => CHARSETS.gbk(text),
	),
	"values-escapes-utf8": recoded(decodeGbk, (text) => CHARSETS.utf8(text)),
	"package-encoded-twice": each((value, name) =>
		name.toLowerCase() === "package" ? value.replaceAll("%", "%25") : value,
	),
	"values-trimmed": each((value) => value.trim()),
	"values-lf": each((value) => value.replaceAll("\r\n", "\n")),
	"values-crlf": each((value) => value.replace(/(?<!\r)\n/g, "\r\n")),
	"values-nfc": each((value) => value.normalize("NFC")),
	"values-nfd": each((value) => value.normalize("NFD")),
	"values-ascii-digits": each((value) =>
		value.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xff10 + 0x30)),
	),
	"values-full-width-digits": replaced(/[0-9]/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
	"values-half-width": each((value) =>
		value
			.replace(/[\uFF01-\uFF5E]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
			.replaceAll("\u3000", " "),
	),
	"values-cut-at-emoji": replaced(/[\u{10000}-\u{10FFFF}].*$/su, ""),
	"time-milliseconds": time((stamp) => stamp * 1000),
	"time-seconds": time((stamp) => Math.floor(stamp / 1000)),
	"time-regenerated": (parts, row) => time((stamp) => stamp + (row.seconds ?? 0))(parts),
	"number-leading-zeros": digits((value) => value.replace(/^0+(?=[0-9])/, "")),
	"number-integer": each((value) =>
		/^\d+(\.\d+)?([eE]\+?\d+)?$/.test(value) && !/^\d+$/.test(value) && Number.isSafeInteger(Number(value))
			? String(Number(value))
			: value,
	),
	"number-java-double": digits((value) => {
		const [mantissa, exponent] = scientific(value);
		return exponent < 7 ? `${BigInt(value)}.0` : `${withFraction(mantissa)}E${exponent}`;
	}),
	"number-javascript": digits((value) => (value.length > 15 ? String(Number(value)) : value)),
	"number-php-float": digits((value) => {
		const [mantissa, exponent] = scientific(value, 14);
		return exponent < 14 ? value : `${withFraction(mantissa)}E+${exponent}`;
	}),
	"number-spreadsheet": digits((value) => {
		const [mantissa, exponent] = scientific(value, 6);
		return exponent < 11 ? value : `${mantissa}E+${exponent}`;
	}),
	"number-float": digits((value) => `${value}.0`),
	"empties-dropped": (parts) => parts.filter(([, value]) => value !== ""),
	"empties-null": each((value) => (value === "" ? "null" : value)),
	"values-xml-escaped": each(escapeMarkup),
	"values-xml-escaped-quotes": each((value) =>
		escapeMarkup(value).replaceAll('"', "&quot;").replaceAll("'", "&apos;"),
	),
	"values-html-escaped": each((value) =>
		escapeMarkup(value).replaceAll('"', "&quot;").replaceAll("'", "&#039;"),
	),
	"values-numeric-references": replaced(/[^\0-\x7f]/gu, (char) => `&#${char.codePointAt(0)};`),
	"values-json-quoted": each((value) => JSON.stringify(value).slice(1, -1)),
	"values-json-html-safe": jsonUnits(/[&<>]/g),
	"values-json-html-safe-gson": jsonUnits(/[&<>=']/g),
	"values-json-escaped": each((value) =>
		[...Array(value.length).keys()]
			.map((at) => {
				const unit = value.charCodeAt(at);
				return unit < 0x80 ? value[at] : `\\u${unit.toString(16).padStart(4, "0")}`;
			})
			.join(""),
	),
	"values-json-escaped-upper": each((value) =>
		[...Array(value.length).keys()]
			.map((at) => {
				const unit = value.charCodeAt(at);
				return unit < 0x80 ? value[at] : `\\u${unit.toString(16).toUpperCase().padStart(4, "0")}`;
			})
			.join(""),
	),
	"values-json-slashes": each((value) => value.replaceAll("/", "\\/")),
	"values-url-encoded": each((value) => percentEncode(value)),
	"values-url-encoded-lower": each((value) =>
		percentEncode(value).replace(/%../g, (escaped) => escaped.toLowerCase()),
	),
	"values-form-encoded": each((value) => percentEncode(value, /[A-Za-z0-9\-_.~*]/).replaceAll("%20", "+")),
	"values-form-encoded-lower": each((value) =>
		percentEncode(value, /[A-Za-z0-9\-_.~*]/)
			.replaceAll("%20", "+")
			.replace(/%../g, (escaped) => escaped.toLowerCase()),
	),
	"values-cdata": each((value) => `<![CDATA[${value}]]>`),
};

// --- The catalogue -----------------------------------------------------------------------------------------

const trimKey = (key) => key.replace(/^[\s\uFEFF"']+|[\s\uFEFF"']+$/g, "");

/** Mistakes that say the same thing differently fill the same slot: of those a signer makes one. */
const SLOTS = {
	digest: {
		"digest-md5": "md5",
		"digest-sha256": "sha256",
		"digest-hmac-sha1": "hmac-sha1",
		"digest-hmac-sha256": "hmac-sha256",
	},
	case: { "signature-upper-case": "upper" },
	charset: {
		"charset-gbk": "gbk",
		"charset-gb18030": "gb18030",
		"charset-latin1": "latin1",
		"text-bom": "bom",
		"charset-utf16le": "utf16le",
		"charset-utf16be": "utf16be",
		"mojibake-latin1": "mojibakeLatin1",
		"mojibake-gbk": "mojibakeGbk",
	},
	key: {
		"key-newline": (key) => `${key}\n`,
		"key-crlf": (key) => `${key}\r\n`,
		"key-space-after": (key) => `${key} `,
		"key-space-before": (key) => ` ${key}`,
		"key-bom": (key) => `\uFEFF${key}`,
		"key-double-quoted": (key) => `"${key}"`,
		"key-single-quoted": (key) => `'${key}'`,
		"key-lower-case": (key) => key.toLowerCase(),
		"key-upper-case": (key) => key.toUpperCase(),
		"key-trimmed": trimKey,
	},
	secret: {
		"key-other-partnerKey": "partnerKey",
		"key-other-appSecret": "appSecret",
		"key-other-apiKey": "apiKey",
	},
	place: {
		"key-missing": "missing",
		"key-added": "added",
		"key-appended": "appended",
		"key-suffix": "suffix",
		"key-twice": "twice",
		"key-concatenated": "concatenated",
	},
	keyName: {
		"key-named-appKey": "appKey",
		"key-named-key": "key",
		"key-named-appSecret": "appSecret",
		"key-named-paySignKey": "paySignKey",
	},
	names: { "names-as-given": "given", "names-camel": "camel", "names-upper": "upper" },
	order: {
		"order-as-given": "given",
		"order-before-lower-case": "beforeLowerCase",
		"order-by-value": "value",
		"order-ignoring-underscore": "ignoringUnderscore",
	},
	method: { "sign-method-signed": true },
	signature: { "signature-signed": true },
	unsigned: { "unsigned-fields-signed": true },
	unknown: { "unknown-fields-signed": true },
	join: {
		"join-trailing-ampersand": "trailing",
		"join-without-ampersand": "glued",
		"join-quoted": "quoted",
	},
};

const DIALECT = { names: "given", order: "beforeLowerCase", place: "suffix", case: "upper" };
const DROPPED = "field-dropped:";
const DIFFERS = "field-differs:";
const NOT_SENT = "field-not-sent:";

/** What each mistake sets. A dialect is the whole recipe of another interface of WeChat Pay. */
const CATALOGUE = new Map();
for (const [slot, choices] of Object.entries(SLOTS)) {
	for (const [id, choice] of Object.entries(choices)) CATALOGUE.set(id, { [slot]: choice });
}
for (const id of Object.keys(STEPS)) {
	// Empty values and the time stamp are treated in one way; the other steps can follow each other.
	const slot = id.startsWith("empties") ? "empties" : id.startsWith("time") ? "time" : id;
	CATALOGUE.set(id, { [slot]: { step: id } });
}
for (const [id, digest] of [
	["dialect-package-md5", "md5"],
	["dialect-mch-hmac-sha256", "hmac-sha256"],
]) {
	const dialect = { ...DIALECT, digest, empties: { step: "empties-dropped" } };
	CATALOGUE.set(id, dialect);
	// The same mistake with the other key; the row's note says which.
	CATALOGUE.set(`${id}@partnerKey`, { ...dialect, secret: "partnerKey" });
}

/** The ids as rows list them, one of each; those with a colon are followed by the field's name. */
export const IDS = [...CATALOGUE.keys()].filter((id) => !id.includes("@")).concat(DROPPED, DIFFERS, NOT_SENT);

const publicId = (id) => id.replace(/@.*/, "");

function settings(id) {
	if (id.startsWith(DROPPED)) return { dropped: id.slice(DROPPED.length) };
	// Any number of fields can differ.
	if (id.startsWith(DIFFERS) || id.startsWith(NOT_SENT)) return { [id]: true };
	return CATALOGUE.get(id);
}

/** All mistakes in one plan, or nothing if two of them exclude each other. */
function planOf(ids) {
	const plan = {};
	for (const id of ids) {
		for (const [slot, choice] of Object.entries(settings(id))) {
			if (slot in plan) return undefined;
			plan[slot] = choice;
		}
	}
	return plan;
}

// --- Signing -----------------------------------------------------------------------------------------------

const byBytes = (a, b) => Buffer.compare(Buffer.from(a, "utf8"), Buffer.from(b, "utf8"));
const lower = (name) => name.toLowerCase();

const WRITTEN = {
	lower,
	given: (name) => name,
	camel: (name) => name.replace(/^[A-Z]/, lower).replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()),
	upper: (name) => name.toUpperCase(),
};

/** The sort key of a part; the key's own name is never lower-cased. */
const ORDERS = {
	name: ({ name, isKey }) => (isKey ? name : lower(name)),
	beforeLowerCase: ({ name }) => name,
	value: ({ value }) => value,
	ignoringUnderscore: ({ name, isKey }) => (isKey ? name : lower(name)).replaceAll("_", ""),
};

function textOf(row, plan, key) {
	const table = TABLE[row.message];
	const known = [...table.signed, ...table.unsigned, table.method].map(lower);
	const inText = new Map(row.signed);
	const sent = row.fields.map(([name, value]) => [name, plan[DIFFERS + name] ? inText.get(name) : value]);
	const selected = sent.filter(([name]) => {
		if (name === plan.dropped) return false;
		if (name === table.method) return plan.method === true;
		if (table.unsigned.includes(name)) return plan.unsigned === true;
		return table.signed.includes(name) || (plan.unknown === true && !known.includes(lower(name)));
	});

	if (plan.signature === true) selected.push([table.signature, ""]);
	selected.push(...[...inText].filter(([name]) => plan[NOT_SENT + name] === true));

	let fields = selected;
	for (const [id, step] of Object.entries(STEPS)) {
		if (Object.values(plan).some((choice) => choice.step === id)) fields = step(fields, row);
	}

	const parts = fields.map(([name, value]) => ({ name, value, isKey: false }));
	const keyPart = { name: plan.keyName ?? "appkey", value: key, isKey: true };
	const inOrder =
		row.message === KEYLESS ? plan.place === "added" : plan.place === undefined || plan.place === "twice";
	if (inOrder) parts.push(keyPart);
	if (plan.order !== "given") {
		const sortKey = ORDERS[plan.order ?? "name"];
		parts.sort((a, b) => byBytes(sortKey(a), sortKey(b)));
	}
	if (plan.place === "appended") parts.push(keyPart);

	const write = WRITTEN[plan.names ?? "lower"];
	// Whoever writes all names in capitals writes this one so too; the other spellings leave it as it is.
	const nameOf = ({ name, isKey }) => (isKey && plan.names !== "upper" ? name : write(name));
	const pair = (name, value) => (plan.join === "quoted" ? `${name}="${value}"` : `${name}=${value}`);
	const pairs = parts.map((part) => pair(nameOf(part), part.value));
	if (plan.place === "suffix" || plan.place === "twice") pairs.push(pair("key", key));
	const text = pairs.join(plan.join === "glued" ? "" : "&");
	return text + (plan.place === "concatenated" ? key : "") + (plan.join === "trailing" ? "&" : "");
}

/** The signature that a signer with these mistakes makes, or nothing if they exclude each other. */
function sign(row, ids) {
	const plan = planOf(ids);
	if (plan === undefined) return undefined;
	const secret = row.secrets[plan.secret ?? "appKey"];
	if (secret === undefined) return undefined;
	const key = plan.key === undefined ? secret : plan.key(secret);
	const text = textOf(row, plan, key);
	const bytes = CHARSETS[plan.charset ?? "utf8"](text);
	const digest = plan.digest ?? "sha1";
	const hash = digest.startsWith("hmac-")
		? createHmac(digest.slice(5), Buffer.from(key, "utf8"))
		: createHash(digest);
	const hex = hash.update(bytes).digest("hex");
	return plan.case === "upper" ? hex.toUpperCase() : hex;
}

// --- Secrets -----------------------------------------------------------------------------------------------

/** The two keys of the public documents and samples, as in signatures.json. */
const KEY_1 =
	"2Wozy2aksie1puXUBpWD8oZxiD1DfQuEaiC7KcRATv1Ino3mdopKaPGQQ7TtkNySuAmCaDCrw4xhPY5qKTBl7Fzm0RgR3c0WaVYIXZARsxzHV2x7iwPPzOz94dnwPWSn";
const KEY_2 =
	"L8LrMqqeGRxST5reouB0K66CaYAWpqhAVsq7ggKkxHCOastWksvuX1uvmvQclxaHoYd3ElNBrNO2DHnnzgfVG9Qs473M3DTOZug5er46FhuGofumV8H2FVR9qkjSlC5K";

/** A secret that nobody has: a digest of its label, in the form of a partner key or an app secret. */
const invented = (label) =>
	createHash("sha256").update(`paysign corpus, ${label}`).digest("hex").slice(0, 32);

/** API keys are letters and digits. */
const inventedApiKey = (label) =>
	createHash("sha512")
		.update(`paysign corpus, ${label}`)
		.digest("base64")
		.replace(/[^A-Za-z0-9]/g, "")
		.slice(0, 32);

const OTHERS = {
	partnerKey: invented("partner key"),
	appSecret: invented("app secret"),
	apiKey: inventedApiKey("API key"),
};

const FIRST = { appKey: KEY_1, ...OTHERS };
const SECOND = { appKey: KEY_2, ...OTHERS };

// --- The messages in hand ----------------------------------------------------------------------------------

const PACKAGE_GBK =
	"bank_type=WX&body=XXX&fee_type=1&input_charset=GBK&notify_url=http%3a%2f%2fwww.qq.com&out_trade_no=16642817866003386000&partner=1900000109&spbill_create_ip=127.0.0.1&total_fee=1&sign=BEEF37AD19575D92E191C1E4B1474CA9";
const PACKAGE_UTF8 =
	"bank_type=WX&body=%E6%94%AF%E4%BB%98%E6%B5%8B%E8%AF%95&fee_type=1&input_charset=UTF-8&notify_url=http%3A%2F%2Fweixin.qq.com&out_trade_no=7240b65810859cbf2a8d9f76a638c0a3&partner=1900000109&spbill_create_ip=196.168.1.1&total_fee=1&sign=7F77B507B755B3262884291517E380F8";
const PACKAGE_QUERY = "out_trade_no=11122&partner=1900090055&sign=4e8d0df3da0c3d0df38f4e8d0df3da0c3d0df38f";

const APP_1 = "wxf8b4f85f3a794e77";
const APP_2 = "wxd930ea5d5a258f4f";
const OPEN_1 = "oDF3iY9P32sK_5GgYiRkjsCo45bk";
const OPEN_2 = "oX99MDgNcgwnz3zFN3DNmo8uwa-w";

const latin1OfUtf8 = (value) => Buffer.from(value, "utf8").toString("latin1");

function alarm(description, content, more = {}) {
	return {
		message: "alarm",
		fields: [
			["AppId", APP_1],
			["ErrorType", more.errorType ?? "1001"],
			["Description", description],
			["AlarmContent", content],
			["TimeStamp", more.time ?? "1393860740"],
			["SignMethod", "sha1"],
			...(more.unknown ?? []),
		],
		secrets: more.secrets ?? FIRST,
	};
}

function deliver(text, more = {}) {
	return {
		message: "deliverNotify",
		fields: [
			["appid", APP_2],
			["openid", OPEN_2],
			["transid", more.trans ?? "111112222233333"],
			["out_trade_no", more.trade ?? "555666uuu"],
			["deliver_timestamp", more.time ?? "1369745073"],
			["deliver_status", more.status ?? "1"],
			["deliver_msg", text],
			["sign_method", "sha1"],
			...(more.unknown ?? []),
		],
		secrets: more.secrets ?? SECOND,
	};
}

function jsapi(pack, more = {}) {
	return {
		message: "jsapi",
		fields: [
			["appId", APP_1],
			["timeStamp", more.time ?? "189026618"],
			["nonceStr", "adssdasssd13d"],
			["package", pack],
			["signType", "SHA1"],
		],
		secrets: more.secrets ?? FIRST,
	};
}

function packageResponse(text, more = {}) {
	return {
		message: "nativePackageResponse",
		fields: [
			["AppId", APP_1],
			["Package", more.pack ?? PACKAGE_GBK],
			["TimeStamp", "1369745073"],
			["NonceStr", "iuytxA0cH6PyTAVISB28"],
			["RetCode", more.code ?? "0"],
			["RetErrMsg", text],
			["SignMethod", "sha1"],
		],
		secrets: more.secrets ?? FIRST,
	};
}

function appPrepay(pack, more = {}) {
	return {
		message: "appPrepay",
		fields: [
			["appid", APP_2],
			["traceid", more.trace ?? "test_1399514976"],
			["noncestr", "e7d161ac8d8a76529d39d9f5b4249ccb"],
			["package", pack],
			["timestamp", more.time ?? "1399514976"],
			["sign_method", "sha1"],
		],
		secrets: more.secrets ?? SECOND,
	};
}

/** The messages in hand. Each has what its mistakes need: an empty value, a space, text outside of GBK … */
const HANDS = {
	alarm: alarm("错误描述", "错误详情"),
	alarmOdd: alarm("告警通知单", "发货超时"),
	alarmMarkup: alarm("a<b & c>d", "order=1&fee=100% <late>"),
	alarmUrl: alarm("发货接口 超时", "url=http://merchant.example/pay/notify?id=7&t=*"),
	alarmAscii: alarm("delivery timed out", "transaction_id=33534453534"),
	alarmLatin: alarm("Café fermé à Zürich", "paiement refusé"),
	alarmGb18030: alarm("𠮷野家订单超时", "Björn 已退款 😀"),
	alarmEmpty: alarm("", ""),
	alarmOneEmpty: alarm("支付失败", ""),
	alarmSpaced: alarm(" 错误描述 ", "\ttransaction_id=33534453534\n"),
	alarmCrlf: alarm("错误描述\r\n第二行", "one\r\ntwo\r\nthree"),
	alarmLf: alarm("错误描述\n第二行", "one\ntwo\nthree"),
	alarmNfd: alarm("Cafe\u0301 ferme\u0301", "Zu\u0308rich"),
	alarmNfc: alarm("Café fermé", "Zürich 한국"),
	alarmWide: alarm("订单１２３号", "共４５６７件"),
	alarmMojibake: alarm(latin1OfUtf8("错误描述"), latin1OfUtf8("错误详情")),
	alarmMojibakeLatin: alarm(latin1OfUtf8("Café"), "transaction_id=33534453534"),
	alarmEscaped: alarm("a&lt;b &amp; c&gt;d", "order=1&amp;fee=100"),
	alarmPercent: alarm("%E9%94%99%E8%AF%AF", "order%3D1%26fee%3D100%25"),
	alarmZeros: alarm("错误描述", "33534453534", { errorType: "0010" }),
	alarmMilliseconds: alarm("错误描述", "错误详情", { time: "1393860740123" }),
	alarmUnknown: alarm("错误描述", "错误详情", {
		unknown: [
			["Level", "2"],
			["BizType", "pay"],
		],
	}),
	// A small letter among capitals: only here is sorting too early not the same as the key at the end.
	alarmAttach: alarm("错误描述", "错误详情", { unknown: [["attach", "shop 7"]] }),
	alarmMojibakeGbk: alarm(decodeGbk(Buffer.from("支付通知", "utf8")), "ok"),
	alarmQuotes: alarm('it\'s "late" again', "C:\\pay\nnext"),
	alarmEntities: alarm("订单&nbsp;1&hellip;", "&#38169;&#x8BEF; &quot;ok&quot;"),
	alarmJson: alarm("\\u9519\\u8bef", "http:\\/\\/merchant.example"),
	alarmForm: alarm("late%2C+again", "a%3D1+b%26c"),
	alarmWideText: alarm("订单Ａ１，超时！", "（共\u3000３件）"),
	alarmEmoji: alarm("已退款 😀 谢谢", "ok"),
	alarmSecond: alarm("支付回调失败", "http://merchant.example/notify", { secrets: SECOND }),

	deliver: deliver("ok"),
	deliverChinese: deliver("已发货"),
	deliverFailed: deliver("库存不足, 已退款", { status: "0" }),
	deliverEmpty: deliver(""),
	deliverZeros: deliver("ok", { trans: "0000112222233333", trade: "000123" }),
	deliverSpaced: deliver("ok ", { trade: " 555666uuu" }),
	deliverCrlf: deliver("已发货\r\n顺丰"),
	deliverMilliseconds: deliver("ok", { time: "1369745073000" }),
	deliverSlashes: deliver("see http://merchant.example/track/7"),
	deliverUnknown: deliver("ok", {
		unknown: [
			["deliver_zone", "上海"],
			["delivery_no", "SF1000"],
		],
	}),
	deliverAppZone: deliver("ok", { unknown: [["app_zone", "cn"]] }),
	deliverMojibake: deliver(latin1OfUtf8("已发货")),
	deliverWide: deliver("快递单号１２３４"),
	deliverPercent: deliver("%E5%B7%B2%E5%8F%91%E8%B4%A7"),
	deliverFloat: deliver("ok", { status: "1.0", time: "1.369745073E9" }),
	deliverLong: deliver("ok", { trans: "1218614901201405273313473135" }),
	deliverNfd: deliver("livre\u0301"),

	jsapi: jsapi(PACKAGE_GBK),
	jsapiChinese: jsapi("bank_type=WX&body=支付测试&fee_type=1&partner=1900000109&total_fee=1"),
	jsapiMarkup: jsapi("bank_type=WX&body=100%&fee_type=1&notify_url=http://m.example/a?b=c"),
	jsapiSpace: jsapi("bank_type=WX&body=a%20b&fee_type=1"),
	jsapiPlus: jsapi("bank_type=WX&body=a+b&fee_type=1"),
	jsapiGbk: jsapi("bank_type=WX&body=%d6%a7%b8%b6&fee_type=1"),
	jsapiEscaped: jsapi("bank_type=WX&amp;body=XXX&amp;fee_type=1"),
	jsapiMilliseconds: jsapi(PACKAGE_GBK, { time: "1890266180000" }),

	nativeUrl: {
		message: "nativeUrl",
		fields: [
			["productid", "123456"],
			["appid", APP_1],
			["timestamp", "189026618"],
			["noncestr", "adssdasssd13d"],
		],
		secrets: FIRST,
	},
	nativeUrlZeros: {
		message: "nativeUrl",
		fields: [
			["appid", APP_1],
			["timestamp", "189026618"],
			["noncestr", "adssdasssd13d"],
			["productid", "000777"],
		],
		secrets: FIRST,
	},
	packageRequest: {
		message: "nativePackageRequest",
		fields: [
			["OpenId", OPEN_1],
			["AppId", APP_1],
			["IsSubscribe", "1"],
			["ProductId", "777111666"],
			["TimeStamp", "1369743908"],
			["NonceStr", "YvMZOX28YQkoU1i4NdOnlXB1"],
			["SignMethod", "sha1"],
		],
		secrets: FIRST,
	},
	packageResponse: packageResponse(""),
	packageResponseOk: packageResponse("ok"),
	packageResponseChinese: packageResponse("商品已下架", { code: "3" }),
	payNotify: {
		message: "payNotify",
		fields: [
			["OpenId", OPEN_2],
			["AppId", APP_2],
			["IsSubscribe", "1"],
			["TimeStamp", "1369743511"],
			["NonceStr", "jALldRTHAFd5Tgs5"],
			["SignMethod", "sha1"],
		],
		secrets: SECOND,
	},
	feedback: {
		message: "feedback",
		fields: [
			["OpenId", OPEN_1],
			["AppId", APP_1],
			["TimeStamp", "1393400471"],
			["MsgType", "request"],
			["FeedBackId", "7197417460812502768"],
			["TransId", "1900000109201402143240185685"],
			["Reason", "质量问题"],
			["Solution", "换货"],
			["ExtInfo", "备注 12435321321"],
			["SignMethod", "sha1"],
			["ServiceLevel", "gold"],
		],
		secrets: FIRST,
	},
	orderQuery: {
		message: "orderQuery",
		fields: [
			["appid", APP_1],
			["package", PACKAGE_QUERY],
			["timestamp", "1369745073"],
			["sign_method", "sha1"],
		],
		secrets: FIRST,
	},
	appPrepay: appPrepay(PACKAGE_UTF8),
	appPrepayChinese: appPrepay("bank_type=WX&body=支付 测试&total_fee=1", { trace: "trace_0001" }),
	appPrepayRaw: appPrepay("body=100% <new>&notify_url=http://m.example/n", { trace: "00042" }),
	appPay: {
		message: "appPay",
		fields: [
			["appid", APP_2],
			["partnerid", "1900000109"],
			["prepayid", "1101000000140415649af9fc314aa427"],
			["package", "Sign=WXPay"],
			["noncestr", "139042a4157a773f209847829d80894d"],
			["timestamp", "1397527777"],
		],
		secrets: SECOND,
	},
	/** The sample of the official document. */
	address: {
		message: "editAddress",
		fields: [
			["appId", "wx17ef1eaef46752cb"],
			["url", "http://open.weixin.qq.com/"],
			["timeStamp", "1384841012"],
			["nonceStr", "123456"],
			[
				"accessToken",
				"OezXcEiiBSKSxW0eoylIeBFk1b8VbNtfWALJ5g6aMgZHaqZwK4euEskSn78Qd5pLsfQtuMdgmhajVM5QDm24W8X3tJ18kz5mhmkUcI3RoLm7qGgh1cEnCHejWQo8s5L3VvsFAdawhFxUuLmgh5FRA",
			],
			["scope", "jsapi_address"],
		],
		secrets: FIRST,
	},
};

// --- The rows ----------------------------------------------------------------------------------------------

/** A message and the mistakes made on it, one row for each word. */
const SINGLES = {
	alarm: `digest-md5 digest-sha256 signature-upper-case charset-gbk charset-latin1 charset-utf16be mojibake-gbk
		key-newline key-lower-case key-missing key-appended key-named-appKey key-suffix names-as-given names-camel
		names-upper order-as-given order-before-lower-case order-by-value field-dropped:Description
		field-dropped:AlarmContent sign-method-signed values-cdata values-json-escaped time-milliseconds
		join-without-ampersand dialect-package-md5@partnerKey number-float key-other-partnerKey
		number-java-double signature-signed text-bom key-named-paySignKey values-json-escaped-upper
		values-numeric-references values-full-width-digits`,
	alarmOdd: "mojibake-gbk mojibake-latin1",
	alarmMarkup: "values-xml-escaped values-url-encoded values-json-html-safe values-json-html-safe-gson",
	alarmUrl:
		"values-form-encoded values-form-encoded-lower values-url-encoded values-url-encoded-lower values-json-slashes",
	alarmAscii: "key-bom join-quoted digest-hmac-sha256",
	alarmLatin: "charset-latin1 mojibake-latin1",
	alarmGb18030: "charset-gb18030 charset-gbk charset-utf16le values-json-escaped",
	alarmEmpty: "empties-dropped empties-null",
	alarmOneEmpty: "empties-dropped",
	alarmSpaced: "values-trimmed",
	alarmCrlf: "values-lf",
	alarmLf: "values-crlf",
	alarmNfd: "values-nfc",
	alarmNfc: "values-nfd",
	alarmWide: "values-ascii-digits",
	alarmMojibake: "mojibake-reversed",
	alarmMojibakeLatin: "mojibake-reversed",
	alarmEscaped: "values-xml-unescaped",
	alarmPercent: "values-url-decoded",
	alarmZeros: "number-leading-zeros",
	alarmMilliseconds: "time-seconds",
	alarmMojibakeGbk: "mojibake-gbk-reversed",
	alarmQuotes: "values-xml-escaped-quotes values-html-escaped values-json-quoted values-json-html-safe-gson",
	alarmEntities: "values-html-unescaped",
	alarmJson: "values-json-unescaped",
	alarmForm: "values-form-decoded",
	alarmWideText: "values-half-width",
	alarmEmoji: "values-cut-at-emoji values-numeric-references",
	alarmUnknown: "unknown-fields-signed",
	deliverFloat: "number-integer",
	deliverLong: "number-javascript number-php-float number-spreadsheet number-java-double",
	deliver: `digest-hmac-sha1 key-crlf key-other-appSecret key-twice key-named-key key-concatenated names-upper
		order-by-value field-dropped:deliver_status sign-method-signed join-trailing-ampersand number-float
		dialect-mch-hmac-sha256@partnerKey time-milliseconds dialect-package-md5 key-named-appSecret
		signature-signed number-spreadsheet`,
	deliverChinese: "charset-gbk charset-gb18030 names-camel mojibake-latin1 values-cdata",
	deliverEmpty: "empties-null",
	deliverZeros: "number-leading-zeros",
	deliverSpaced: "values-trimmed",
	deliverCrlf: "values-lf",
	deliverMilliseconds: "time-seconds",
	deliverSlashes: "values-json-slashes",
	deliverUnknown: "unknown-fields-signed",
	deliverMojibake: "mojibake-reversed",
	deliverWide: "values-ascii-digits",
	deliverPercent: "values-url-decoded",
	deliverNfd: "values-nfc",
	jsapi: `digest-md5 signature-upper-case key-space-after key-double-quoted key-other-apiKey key-upper-case
		names-as-given key-twice values-url-encoded-lower charset-utf16be values-escapes-upper
		package-encoded-twice signature-signed`,
	jsapiSpace: "values-space-as-plus",
	jsapiPlus: "values-space-as-percent-20",
	jsapiGbk: "values-escapes-utf8",
	jsapiChinese: "charset-utf16le charset-gbk",
	jsapiMarkup: "values-xml-escaped values-form-encoded",
	jsapiEscaped: "values-xml-unescaped",
	nativeUrl: "order-as-given key-missing digest-sha256 field-dropped:productid",
	packageRequest: `order-before-lower-case key-space-before key-single-quoted key-concatenated order-as-given
		join-trailing-ampersand`,
	packageResponse: "empties-dropped empties-null key-suffix names-as-given dialect-mch-hmac-sha256",
	packageResponseChinese: "charset-gbk values-json-escaped",
	payNotify: "key-other-partnerKey key-named-appKey sign-method-signed field-dropped:IsSubscribe",
	feedback:
		"digest-hmac-sha256 key-other-appSecret unknown-fields-signed order-before-lower-case unsigned-fields-signed",
	orderQuery: "key-named-key values-url-encoded key-appended digest-hmac-sha1",
	appPrepay:
		"values-escapes-lower values-escapes-gbk package-encoded-twice key-newline values-form-encoded join-quoted field-dropped:traceid",
	appPay: "key-crlf key-other-apiKey join-without-ampersand key-bom",
	address: "key-added names-as-given values-url-encoded field-dropped:accessToken",
};

/** Keys in hand that are not clean; the signer's was. */
const DIRTY_KEYS = [
	["alarm", "newline", (key) => `${key}\n`],
	["jsapi", "quotes", (key) => `"${key}"`],
	["deliver", "bom", (key) => `\uFEFF${key}`],
	["payNotify", "spaces", (key) => ` ${key} `],
	["appPrepay", "bom-and-crlf", (key) => `\uFEFF${key}\r\n`],
	["feedback", "single-quotes", (key) => `'${key}'`],
];

const REGENERATED = [
	["alarm", 1],
	["jsapi", -3],
	["deliver", 3600],
	["appPay", -86_400],
	["nativeUrl", 28_800],
];

const PAIRS = `
	alarm charset-gbk key-newline
	alarm digest-md5 signature-upper-case
	alarm charset-gbk digest-md5
	alarm charset-gbk signature-upper-case
	alarm names-as-given order-as-given
	alarm names-as-given order-before-lower-case
	alarm charset-gbk names-as-given
	alarm sign-method-signed names-as-given
	alarm mojibake-gbk key-other-partnerKey
	alarm charset-latin1 field-dropped:AlarmContent
	alarm order-as-given sign-method-signed
	alarm values-cdata names-as-given
	alarm names-camel key-named-appKey
	alarm names-upper signature-upper-case
	alarmOneEmpty empties-null charset-gbk
	alarmEmpty empties-dropped key-newline
	alarmEmpty empties-null order-as-given
	alarmSpaced values-trimmed charset-gbk
	alarmSpaced values-trimmed key-crlf
	alarmCrlf values-lf charset-gb18030
	alarmLf values-crlf key-other-appSecret
	alarmNfd values-nfc charset-latin1
	alarmMojibake mojibake-reversed names-as-given
	alarmUrl values-form-encoded key-other-appSecret
	alarmUrl values-json-slashes signature-upper-case
	alarmUrl values-url-encoded-lower order-before-lower-case
	alarmMarkup values-xml-escaped key-space-after
	alarmEscaped values-xml-unescaped order-as-given
	alarmPercent values-url-decoded key-suffix
	alarmZeros number-leading-zeros charset-gbk
	alarmUnknown unknown-fields-signed sign-method-signed
	alarmUnknown unknown-fields-signed order-as-given
	alarmAttach order-before-lower-case unknown-fields-signed
	alarmSecond charset-gbk key-lower-case
	alarmGb18030 charset-gb18030 key-bom
	alarmGb18030 charset-gbk key-newline
	deliver key-suffix digest-md5
	deliver number-float key-newline
	deliver key-suffix signature-upper-case
	deliver key-other-appSecret digest-md5
	deliver names-camel sign-method-signed
	deliver field-dropped:deliver_status digest-sha256
	deliver time-milliseconds join-trailing-ampersand
	deliver key-missing digest-hmac-sha256
	deliverChinese charset-gbk order-by-value
	deliverChinese values-json-escaped key-newline
	deliverChinese mojibake-latin1 digest-md5
	deliverFailed charset-utf16le digest-sha256
	deliverEmpty empties-dropped sign-method-signed
	deliverZeros number-leading-zeros names-camel
	deliverMilliseconds time-seconds key-other-partnerKey
	deliverUnknown order-ignoring-underscore unknown-fields-signed
	deliverAppZone order-ignoring-underscore unknown-fields-signed
	deliverSpaced values-trimmed digest-hmac-sha1
	jsapi key-named-appKey names-as-given
	jsapi key-double-quoted signature-upper-case
	jsapi digest-md5 key-other-partnerKey
	packageRequest names-as-given order-before-lower-case
	jsapi order-as-given key-suffix
	jsapi field-dropped:nonceStr key-missing
	jsapiMilliseconds time-seconds names-as-given
	jsapiMarkup values-url-encoded digest-sha256
	jsapiChinese charset-gbk values-xml-escaped
	nativeUrlZeros number-leading-zeros order-as-given
	packageRequest key-upper-case names-as-given
	packageRequest key-concatenated digest-md5
	packageResponse empties-dropped signature-upper-case
	packageResponse empties-null names-as-given
	packageResponse empties-dropped digest-hmac-sha256
	packageResponseChinese charset-gbk join-quoted
	packageResponseChinese mojibake-latin1 key-other-apiKey
	payNotify join-without-ampersand key-missing
	payNotify order-before-lower-case key-newline
	feedback unknown-fields-signed key-newline
	feedback key-single-quoted names-camel
	orderQuery values-url-encoded-lower key-suffix
	appPrepay key-twice signature-upper-case
	appPrepayChinese charset-gbk key-space-before
	appPrepayRaw values-xml-escaped number-leading-zeros
	appPay key-other-appSecret digest-hmac-sha1
	appPay key-named-key digest-sha256
	alarm signature-signed sign-method-signed
	alarm text-bom names-as-given
	alarm number-java-double charset-gbk
	alarm key-named-paySignKey signature-upper-case
	alarm values-json-escaped-upper key-newline
	alarmQuotes values-json-quoted order-as-given
	alarmQuotes values-html-escaped names-as-given
	alarmEntities values-html-unescaped charset-gbk
	alarmEmoji values-cut-at-emoji charset-gbk
	alarmMarkup values-json-html-safe signature-upper-case
	alarmMojibakeGbk mojibake-gbk-reversed names-as-given
	alarmWideText values-half-width key-crlf
	deliverLong number-javascript key-other-appSecret
	deliverLong number-php-float names-camel
	deliverFloat number-integer key-suffix
	jsapi values-escapes-upper key-newline
	jsapi package-encoded-twice names-as-given
	jsapiSpace values-space-as-plus digest-md5
	jsapiGbk values-escapes-utf8 signature-upper-case
	feedback unsigned-fields-signed unknown-fields-signed
	feedback unsigned-fields-signed sign-method-signed
	appPrepay values-escapes-gbk values-escapes-lower
	appPrepay values-escapes-gbk key-newline
`;

/** Messages beside what was signed, in which the signed text has these values, and the mistakes made. */
const BESIDE = [
	["deliver", { deliver_msg: "已发货" }, ["field-differs:deliver_msg"]],
	["deliver", { deliver_timestamp: "1369845073" }, ["field-differs:deliver_timestamp"]],
	["alarm", { Description: "系统繁忙" }, ["field-differs:Description"]],
	["payNotify", { OpenId: OPEN_1 }, ["field-differs:OpenId"]],
	["orderQuery", { package: PACKAGE_GBK }, ["field-differs:package"]],
	["jsapi", { attach: "shop 7" }, ["field-not-sent:attach"]],
	["deliver", { deliver_msg: "已发货" }, ["field-differs:deliver_msg", "charset-gbk"]],
	[
		"deliver",
		{ openid: OPEN_1, deliver_status: "0" },
		["field-differs:openid", "field-differs:deliver_status"],
	],
	["appPrepay", { noncestr: "n0nce" }, ["field-differs:noncestr", "key-newline"]],
	["alarm", { Attach: "shop 7" }, ["field-not-sent:Attach", "names-as-given"]],
	// What else the text has otherwise was not signed.
	["alarm", { Description: "系统繁忙", ErrorType: "7" }, ["field-differs:Description"]],
	[
		"alarm",
		{ AppId: APP_2, ErrorType: "7", AlarmContent: "详情" },
		["field-differs:AppId", "field-differs:ErrorType", "field-differs:AlarmContent"],
	],
	[
		"alarm",
		{ AppId: APP_2, Description: "系统繁忙", AlarmContent: "详情", TimeStamp: "1393960740" },
		["AppId", "Description", "AlarmContent", "TimeStamp"].map((name) => DIFFERS + name),
	],
	// Of a field that was not signed at all, the other value is no mistake; nor is a field that stands in the text alone.
	[
		"alarm",
		{ AppId: APP_2, Description: "系统繁忙", AlarmContent: "详情", ErrorType: "7", Attach: "shop 7" },
		[..."AppId AlarmContent ErrorType".split(" ").map((name) => DIFFERS + name), "field-dropped:Description"],
	],
	[
		"deliver",
		{ openid: OPEN_1, transid: "7", out_trade_no: "8", deliver_msg: "已发货" },
		[..."openid transid out_trade_no deliver_msg".split(" ").map((name) => DIFFERS + name), "charset-gbk"],
	],
];

/** With another time stamp and a second mistake. */
const REGENERATED_PAIRS = [
	["jsapi", -1, "signature-upper-case"],
	["packageResponseOk", 2, "digest-md5"],
];

const TRIPLES = `
	alarm charset-gbk digest-md5 signature-upper-case
	alarm names-as-given order-as-given key-other-appSecret
	alarmSpaced values-trimmed charset-gbk key-newline
	alarmEmpty empties-dropped key-suffix digest-sha256
	deliver names-camel number-float signature-upper-case
	deliverChinese values-json-escaped key-suffix digest-hmac-sha256
	packageRequest names-as-given order-before-lower-case sign-method-signed
	packageResponse empties-null key-other-partnerKey digest-md5
	packageResponseChinese charset-gbk names-as-given key-crlf
	alarmUnknown unknown-fields-signed sign-method-signed order-as-given
`;

const lines = (text) =>
	text
		.trim()
		.split("\n")
		.map((line) => line.trim().split(/\s+/));

const rank = (id) => IDS.indexOf(id.includes(":") ? id.replace(/(?<=:).*/, "") : publicId(id));

/** Every mistake that can be tried on this row. */
function candidates(row) {
	const dropped = TABLE[row.message].signed.map((name) => DROPPED + name);
	const possible = (id) => {
		if (id === "time-regenerated") return row.seconds !== undefined;
		return id === "key-added" ? row.message === KEYLESS : row.message !== KEYLESS || !id.startsWith("key-");
	};
	const tried = [...CATALOGUE.keys()].filter(possible);
	const names = new Map(row.fields);
	const differs = (row.signed ?? [])
		.filter(([name, value]) => names.get(name) !== value)
		.map(([name]) => (names.has(name) ? DIFFERS : NOT_SENT) + name);
	return [...tried, ...dropped, ...differs];
}

function* sets(ids, size, from = 0) {
	if (size === 0) yield [];
	else {
		for (let at = from; at < ids.length; at++) {
			for (const rest of sets(ids, size - 1, at + 1)) yield [ids[at], ...rest];
		}
	}
}

/** All sets of this size that make this signature. Of triples only those that share two: all take minutes. */
function explanations(row, given, size, known) {
	const ids = candidates(row);
	const tried =
		size < 3
			? sets(ids, size)
			: known.flatMap((left) => ids.map((id) => known.map((other) => (other === left ? id : other))));
	const found = new Set();
	for (const set of tried) {
		if (new Set(set).size !== size || sign(row, set) !== given) continue;
		// With a key of its own, a dialect is one mistake.
		if (set.some((id) => id.startsWith("dialect")) && set.some((id) => id.startsWith("key-other"))) continue;
		found.add(listed(set).join(" "));
	}
	return [...found];
}

const listed = (ids) => [...ids].sort((a, b) => rank(a) - rank(b)).map(publicId);

/** Shows only with another: ignoring underscores changes the order of the known fields of no message. */
export const NEEDS_ANOTHER = { "order-ignoring-underscore": "unknown-fields-signed" };
for (const { signed, method } of Object.values(TABLE)) {
	const parts = [...signed, method, "appkey"].map((name) => ({ name, isKey: false }));
	const sorted = (order) => [...parts].sort((a, b) => byBytes(ORDERS[order](a), ORDERS[order](b)));
	assert.deepEqual(sorted("name"), sorted("ignoringUnderscore"));
}

function check(row, ids, given, id) {
	const documented = sign(row, []);
	for (let size = 1; size < ids.length; size++) {
		const parts = [...sets(ids, size)].map((set) => sign(row, set));
		// A charset may show only in a value of the signed text.
		const needy = row.signed !== undefined || ids.some((mistake) => ids.includes(NEEDS_ANOTHER[mistake]));
		if (!needy) assert(!parts.includes(documented), `${id}: a part of it changes nothing`);
		assert(needy || new Set(parts).size === parts.length, `${id}: two parts of it are the same`);
		const shorter = explanations(row, given, size, ids);
		assert.deepEqual(shorter, [], `${id}: there is a shorter explanation`);
	}
	assert.notEqual(given, documented, `${id}: nothing is changed`);

	if (ids.includes("order-by-value")) {
		const values = row.fields
			.filter(([name]) => TABLE[row.message].signed.includes(name))
			.map(([, value]) => value);
		assert.equal(new Set(values).size, values.length, `${id}: equal values have no order`);
	}
	if (ids.includes("mojibake-gbk")) {
		const bytes = Buffer.from(textOf(row, planOf(ids), row.secrets.appKey), "utf8");
		for (const label of ["gbk", "gb18030"]) {
			assert.equal(new TextDecoder(label).decode(bytes), decodeGbk(bytes), `${id}: runtimes differ`);
		}
	}
	if (ids.some((mistake) => /^values-(url|form)/.test(mistake))) {
		assert(!row.fields.some(([, value]) => value.includes("~")), `${id}: form encoders differ on ~`);
	}
}

function explained(hand, ids, { id: suffix, ...more } = {}) {
	const row = { ...HANDS[hand], ...more };
	const id = [hand, ...ids.map(publicId), suffix].filter((word) => word !== undefined).join(" ");
	const given = sign(row, ids);
	assert(given !== undefined, `${id}: these exclude each other`);
	check(row, ids, given, id);

	const mistakes = listed(ids);
	const also = explanations(row, given, ids.length, ids)
		.filter((set) => set !== mistakes.join(" "))
		.map((set) => set.split(" "));
	const dialectKey = ids[0].includes("@") ? "partnerKey" : "appKey";
	const note = ids[0].startsWith("dialect") ? `The key is the ${dialectKey}.` : undefined;
	return {
		id,
		message: row.message,
		fields: row.fields,
		secrets: row.secrets,
		...(row.signed === undefined ? {} : { signed: row.signed }),
		...(row.seconds === undefined ? {} : { seconds: row.seconds }),
		given,
		expect: { verdict: "explained", mistakes, ...(also.length === 0 ? {} : { also }) },
		...(note === undefined ? {} : { note }),
	};
}

function* explainedRows() {
	for (const [hand, ids] of Object.entries(SINGLES)) {
		for (const id of ids.trim().split(/\s+/)) yield explained(hand, [id]);
	}
	for (const [hand, what, soil] of DIRTY_KEYS) {
		const { secrets } = HANDS[hand];
		const dirty = { ...secrets, appKey: soil(secrets.appKey) };
		const row = explained(hand, ["key-trimmed"], { id: what, secrets: dirty });
		assert.equal(row.given, sign(HANDS[hand], []), "the signer's key was the clean one");
		yield row;
	}
	yield explained("alarm", ["charset-gbk", "key-trimmed"], {
		secrets: { ...FIRST, appKey: `${KEY_1}\n` },
	});
	for (const [hand, seconds] of REGENERATED) {
		yield explained(hand, ["time-regenerated"], { id: String(seconds), seconds });
	}
	for (const [hand, ...ids] of lines(PAIRS)) yield explained(hand, ids);
	for (const [hand, seconds, id] of REGENERATED_PAIRS) {
		yield explained(hand, ["time-regenerated", id], { id: String(seconds), seconds });
	}
	for (const [hand, ...ids] of lines(TRIPLES)) yield explained(hand, ids);
	for (const [hand, changed, ids] of BESIDE) {
		const { fields, message } = HANDS[hand];
		const { signed } = TABLE[message];
		const inText = new Map(fields.filter(([name]) => signed.includes(name)));
		for (const [name, value] of Object.entries(changed)) inText.set(name, value);
		yield explained(hand, ids, { id: `beside ${Object.keys(changed).join(" ")}`, signed: [...inText] });
	}
}

const sha1 = (text, encoding = "hex") => createHash("sha1").update(text, "utf8").digest(encoding);

/** The documented text of this message, with other fields or another key if given. */
function documentedText(hand, changed = {}, appKey = HANDS[hand].secrets.appKey) {
	const fields = HANDS[hand].fields.map(([name, value]) => [name, changed[name] ?? value]);
	return textOf({ ...HANDS[hand], fields }, {}, appKey);
}

/** Signatures that no entry of the catalogue makes, nor two together. */
function* unexplainedRows() {
	const stale = inventedApiKey("key before it was reset").repeat(4);
	const digest = (label, algorithm) => createHash(algorithm).update(label).digest("hex");
	const text = documentedText;
	const rows = [
		["alarm", "stale-key", sha1(text("alarm", {}, stale)), "The key before it was reset."],
		["jsapi", "stale-key", sha1(text("jsapi", {}, stale)), "The key before it was reset."],
		["deliver", "other-account", sha1(text("deliver", {}, KEY_1)), "The key of another account."],
		["payNotify", "other-account", sha1(text("payNotify", {}, KEY_1)), "The key of another account."],
		["alarm", "random-sha1", digest("nothing 1", "sha1"), "No text at all."],
		["appPay", "random-sha1", digest("nothing 2", "sha1"), "No text at all."],
		["deliver", "random-md5", digest("nothing 3", "md5"), "No text at all; the length of MD5."],
		["jsapi", "random-sha256", digest("nothing 4", "sha256"), "No text at all; the length of SHA-256."],
		["alarm", "zeros", "0".repeat(40), "No digest at all."],
		[
			"alarm",
			"other-description",
			sha1(text("alarm", { Description: "系统繁忙" })),
			"Another Description was signed.",
		],
		[
			"orderQuery",
			"other-package",
			sha1(text("orderQuery", { package: PACKAGE_GBK })),
			"Another package was signed.",
		],
		["payNotify", "other-openid", sha1(text("payNotify", { OpenId: OPEN_1 })), "Another OpenId was signed."],
		["alarm", "other-appid", sha1(text("alarm", { AppId: APP_2 })), "Another AppId was signed."],
		[
			"appPrepay",
			"other-nonce",
			sha1(text("appPrepay", { noncestr: digest("nonce", "md5") })),
			"The nonce was made anew after signing.",
		],
		[
			"deliver",
			"time-too-far",
			sha1(text("deliver", { deliver_timestamp: "1369845073" })),
			"A time stamp 100,000 s later was signed: farther than a day.",
		],
		[
			"alarmUrl",
			"truncated",
			sha1(text("alarmUrl").slice(0, 64)),
			"Only the first 64 characters were signed.",
		],
		[
			"jsapi",
			"truncated-package",
			sha1(text("jsapi", { package: "bank_type=WX" })),
			"The package was cut at its first &.",
		],
		["alarmAscii", "semicolons", sha1(text("alarmAscii").replaceAll("&", ";")), "Joined with semicolons."],
		["deliver", "twice", sha1(sha1(text("deliver"))), "The digest of the digest."],
		["feedback", "half-key", sha1(text("feedback", {}, KEY_1.slice(0, 64))), "Half of the key was pasted."],
		[
			"packageRequest",
			"swapped",
			sha1(text("packageRequest", { OpenId: APP_1, AppId: OPEN_1 })),
			"AppId and OpenId changed places.",
		],
		["nativeUrl", "reversed", sha1([...text("nativeUrl")].reverse().join("")), "The text was reversed."],
	];
	for (const [hand, what, given, note] of rows) {
		const row = HANDS[hand];
		assert.notEqual(given, sign(row, []));
		for (const size of [1, 2]) assert.deepEqual(explanations(row, given, size, []), [], `${what}: explained`);
		yield { id: `${hand} ${what}`, ...row, given, expect: { verdict: "unexplained" }, note };
	}
}

function* matchRows() {
	for (const [hand, note] of [
		["alarm"],
		["deliverChinese"],
		["jsapi", "The sample of the official document."],
		["packageResponse", "RetErrMsg is empty and signed."],
		["feedback", "Only three of its fields are signed."],
		["address", "Signed without a key."],
		["alarmUnknown", "Unknown fields are not signed."],
	]) {
		const row = HANDS[hand];
		const given = sha1(documentedText(hand));
		const more = note === undefined ? {} : { note };
		yield { id: `${hand} match`, ...row, given, expect: { verdict: "match" }, ...more };
	}
}

const ABOUT =
	"Signatures with known mistakes, made by make-mistakes.mjs. fields are in hand, in their order; secrets " +
	"are public samples or invented; given is the signature to explain. expect.mistakes is the set of " +
	"mistakes that makes it, expect.also lists the sets of the same size that make the same bytes; seconds is " +
	"how much later than in hand the signed time stamp is. unexplained: no mistake of the catalogue makes it, " +
	"nor two together.";

/** The corpus. */
export function make() {
	const rows = [...explainedRows(), ...unexplainedRows(), ...matchRows()];
	assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length, "two rows have the same id");
	return { about: ABOUT, rows };
}

/** A row a line, and what cannot be seen or is easily lost written as an escape. */
export function write({ about, rows }) {
	const json = (value) =>
		JSON.stringify(value).replace(
			/[\u007f-\u00a0\u2028\u2029\ufeff\ufffd]|\p{Mn}/gu,
			(char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
		);
	return `{\n\t"about": ${json(about)},\n\t"rows": [\n\t\t${rows.map(json).join(",\n\t\t")}\n\t]\n}\n`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
	writeFileSync(new URL("mistakes.json", import.meta.url), write(make()));
}
