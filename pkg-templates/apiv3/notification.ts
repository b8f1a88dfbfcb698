/** A value of JSON. */
export type JsonValue =
	| string
	| number
	| boolean
	| null
	| readonly JsonValue[]
	| { readonly [name: string]: JsonValue };

/** A verified and decrypted notification of APIv3. */
export interface Notification {
	/** WeChat Pay's name for the notification, the same in each of its repetitions. */
	readonly id: string;
	/** When it was made, as sent: RFC 3339 with the offset, in some older examples `yyyyMMddHHmmss`. */
	readonly createTime: string;
	/** Such as `TRANSACTION.SUCCESS`, `VIOLATION.PUNISH`, `COMPLAINT.CREATE`. */
	readonly eventType: string;
	/** `encrypt-resource`. */
	readonly resourceType: string;
	/** What happened, for a person to read. */
	readonly summary?: string;
	/** What kind of thing the resource was before it was encrypted, such as `transaction` or `violation`. */
	readonly originalType?: string;
	/** The decrypted resource, as sent: JSON text. */
	readonly content: string;
	/** The same, read. */
	readonly resource: JsonValue;
	/** What a `VIOLATION.…` notification says. */
	readonly violation?: ViolationNotification;
	/** Which key it was verified with: `Wechatpay-Serial`, as sent. */
	readonly serial: string;
	/** When it was sent, this time: `Wechatpay-Timestamp`, Unix seconds. */
	readonly timestamp: number;
	/**
	 * SHA-256 in hexadecimal digits over id, event type and content. All repetitions of a notification share it, although each is
	 * signed and may be encrypted anew, and under another key. The content is part of it because a notification that is
	 * taken for another is lost, and one that is handled twice is not.
	 */
	readonly dedupKey: string;
}

/**
 * What became of a sub-merchant (商户平台处置记录, PROTOCOL 8.3), sent to service providers. Texts as sent; what WeChat Pay left out is
 * absent.
 */
export interface ViolationNotification {
	/** Punished, or transactions of it stopped, or its appeal has moved on. Another event stays `other`. */
	readonly type: "punish" | "intercept" | "appeal" | "other";
	/** The sub-merchant, `sub_mchid`. */
	readonly subMchid?: string;
	/** The sub-merchant's company. */
	readonly companyName?: string;
	/** WeChat Pay's name for the record of it. */
	readonly recordId?: string;
	/** What is done to the sub-merchant, as text for a person; no closed list. */
	readonly punishPlan?: string;
	/** Since when, RFC 3339. */
	readonly punishTime?: string;
	/** What that means for the sub-merchant. */
	readonly punishDescription?: string;
	/** The kind of risk, such as `ONE_YUAN_PURCHASES`; an open list. */
	readonly riskType?: string;
	/** The same in words. */
	readonly riskDescription?: string;
}

const violationTypes: Readonly<Record<string, ViolationNotification["type"]>> = {
	"VIOLATION.PUNISH": "punish",
	"VIOLATION.INTERCEPT": "intercept",
	"VIOLATION.APPEAL": "appeal",
};

/** Wire names of {@link ViolationNotification}. */
const violationFields = {
	sub_mchid: "subMchid",
	company_name: "companyName",
	record_id: "recordId",
	punish_plan: "punishPlan",
	punish_time: "punishTime",
	punish_description: "punishDescription",
	risk_type: "riskType",
	risk_description: "riskDescription",
} as const;

/** The violation in a resource; `undefined` when the event is another one. */
export function readViolation(eventType: string, resource: JsonValue): ViolationNotification | undefined {
	if (!eventType.startsWith("VIOLATION.") || !isObject(resource)) return undefined;
	const fields: { -readonly [Name in keyof ViolationNotification]?: string } = {};
	for (const [name, value] of Object.entries(resource)) {
		// The documents have `"risk_description "`, with a space, in their example.
		const wire = name.trim();
		if (typeof value === "string" && isViolationField(wire)) fields[violationFields[wire]] ??= value;
	}
	return { ...fields, type: violationTypes[eventType] ?? "other" };
}

function isViolationField(name: string): name is keyof typeof violationFields {
	return Object.hasOwn(violationFields, name);
}

/** Whether this is an object of JSON. */
export function isObject(value: unknown): value is { readonly [name: string]: JsonValue } {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
