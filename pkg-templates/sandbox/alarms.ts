import { paySign } from "./signature.js";
import type { AlarmPost, SandboxAccount, SandboxAlarm } from "./types.js";

const postTimeoutMs = 5000;

/** An alarm as XML, in the shape of the documented sample: its order, its CDATA sections, its four spaces. */
export function alarmXml(alarm: SandboxAlarm, { appId, appKey }: SandboxAccount, now: number): string {
	const fields = {
		AppId: appId,
		ErrorType: alarm.errorType ?? "1001",
		Description: alarm.description ?? "发货超时",
		AlarmContent: alarm.alarmContent,
		TimeStamp: String(alarm.timeStamp ?? now),
	};
	if (alarm.appSignature === undefined && appKey === undefined) {
		throw new TypeError("This account of the sandbox has no appKey, so it gets no alarms.");
	}
	const signature = alarm.appSignature ?? paySign(fields, appKey ?? "");
	return [
		"<xml>",
		`    <AppId>${cdata(fields.AppId)}</AppId>`,
		`    <ErrorType>${fields.ErrorType}</ErrorType>`,
		`    <Description>${cdata(fields.Description)}</Description>`,
		`    <AlarmContent>${cdata(fields.AlarmContent)}</AlarmContent>`,
		`    <TimeStamp>${fields.TimeStamp}</TimeStamp>`,
		`    <AppSignature>${cdata(signature)}</AppSignature>`,
		`    <SignMethod>${cdata("sha1")}</SignMethod>`,
		"</xml>",
	].join("\n");
}

// A CDATA section ends at the first "]]>", so one in the text has to lie across two sections.
function cdata(text: string): string {
	return `<![CDATA[${text.replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
}

/** Posts an alarm. Whatever goes wrong is an alarm that nobody acknowledged, not an error. */
export async function postAlarm(
	body: string,
	account: SandboxAccount,
	transid: string | null,
): Promise<AlarmPost> {
	const post = { appId: account.appId, transid, body };
	if (account.alarmUrl === undefined) throw new TypeError("This account of the sandbox has no alarmUrl.");
	try {
		const response = await fetch(account.alarmUrl, {
			method: "POST",
			headers: { "content-type": "text/xml" },
			body,
			redirect: "manual",
			signal: AbortSignal.timeout(postTimeoutMs),
		});
		const answer = Buffer.from(await response.arrayBuffer());
		const acknowledged = response.status === 200 && answer.equals(Buffer.from("success"));
		return { ...post, httpStatus: response.status, answer: answer.toString("utf8"), acknowledged };
	} catch {
		return { ...post, httpStatus: null, answer: null, acknowledged: false };
	}
}
