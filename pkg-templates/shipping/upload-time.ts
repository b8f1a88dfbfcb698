import type { UploadTime } from "../shipping-info.js";
import { malformed } from "./faults.js";

const field = "upload_time";
const beijingHours = 8;

/** RFC 3339 with milliseconds, in Beijing's time, as WeChat's sample has it. */
export function rfc3339(milliseconds: number): string {
	const shifted = new Date(milliseconds + beijingHours * 3_600_000).toISOString();
	return shifted.replace("Z", `+0${beijingHours}:00`);
}

/**
 * A time of upload as it goes over the wire.
 *
 * @throws {WeChatPayError} `FIELD_MALFORMED`.
 */
export function uploadTimeOf(time: UploadTime): string {
	if (typeof time === "string") {
		const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}(?:Z|[+-]\d{2}:\d{2})$/.test(time);
		if (isTime && Number.isFinite(Date.parse(time))) return time;
		throw malformed(
			field,
			"RFC 3339 with milliseconds and a time zone, as 2022-12-15T13:29:35.120+08:00, Unix seconds or a Date",
		);
	}
	const milliseconds = time instanceof Date ? time.getTime() : Math.round(time * 1000);
	// Milliseconds passed for seconds would lie in the far future, and no later notice would ever be later.
	if (!(milliseconds >= 0 && milliseconds < 1e14)) {
		throw malformed(field, "Unix seconds, not milliseconds, or a valid Date");
	}
	return rfc3339(milliseconds);
}
