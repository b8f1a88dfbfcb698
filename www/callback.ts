// The part about callbacks: what was pasted is looked into here, beside the rest of the page, and drawn below.

import { type CallbackDiagnosis, diagnoseNotification } from "paysign/apiv3/diagnose";
import { diagnosePush } from "paysign/push/diagnose";
import { type CallbackKind, callbackKind } from "../pkg/callbacks/request.js";
import { indented } from "../pkg/cli/glyphs.js";
import type { Context } from "./context.ts";
import { announce } from "./copying.ts";
import { byId, element, say } from "./dom.ts";
import { mistakeList } from "./draw/results.ts";
import type { CallbackState } from "./texts.ts";
import { tooLong } from "./verdict.ts";

/** Typing is followed at this distance, in milliseconds. */
const pause = 250;
/** A search that takes longer than this is shown as one. */
const patience = 250;

export interface CallbackView {
	/** Says everything in this language. */
	relabel(context: Context): void;
}

const masked = ["callback-v3", "callback-token", "callback-aes", "callback-other"];
const boxes = ["callback-request", "callback-pem", "callback-app", "callback-text", ...masked];

export function callbacks(context: Context): CallbackView {
	let now = context;
	let state: CallbackState = "empty";
	let kind: CallbackKind | null = null;
	let found: CallbackDiagnosis | null = null;
	let asked = 0;
	let settled = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;
	const box = (id: string) => byId<HTMLInputElement | HTMLTextAreaElement>(id);
	const textIn = (id: string) => box(id).value;
	const verdict = byId("callback-verdict");

	for (const id of boxes) box(id).addEventListener("input", () => schedule());
	byId("callback-clear").addEventListener("click", () => {
		for (const id of boxes) box(id).value = "";
		settle("empty", null);
		box("callback-request").focus();
	});
	byId("callback-reveal").addEventListener("click", () => {
		const isShown = byId("callback-reveal").getAttribute("aria-pressed") === "true";
		byId("callback-reveal").setAttribute("aria-pressed", String(!isShown));
		for (const id of masked) byId<HTMLInputElement>(id).type = isShown ? "password" : "text";
	});
	byId("to-callback").addEventListener("click", () => {
		byId("callback").scrollIntoView();
		byId("callback").focus({ preventScroll: true });
	});

	function schedule(): void {
		clearTimeout(timer);
		asked += 1;
		verdict.dataset.state = "reading";
		timer = setTimeout(() => void ask(asked), pause);
	}

	async function ask(question: number): Promise<void> {
		const raw = textIn("callback-request");
		if (raw.trim() === "") return settle("empty", null);
		if (tooLong(raw)) return settle("too-long", null);
		kind = callbackKind(raw);
		if (kind === null) return settle("neither", null);
		// Over plain HTTP there is no WebCrypto.
		if (!globalThis.isSecureContext) return settle("insecure", null);
		const waiting = setTimeout(() => {
			if (question === asked) draw("searching", null);
		}, patience);
		try {
			const diagnosis = await diagnose(kind, raw);
			if (question === asked) settle(diagnosis.verdict, diagnosis);
		} finally {
			clearTimeout(waiting);
		}
	}

	function diagnose(asked: CallbackKind, raw: string): Promise<CallbackDiagnosis> {
		const other = textIn("callback-other");
		const computed = textIn("callback-text");
		if (asked === "apiv3") {
			return diagnoseNotification({
				raw,
				publicKeys: [textIn("callback-pem")],
				apiV3Key: textIn("callback-v3"),
				secrets: { other },
				// A paste ends where its last line ends, so that a line feed which is not there says nothing.
				...(computed !== "" && { programText: `${computed.replace(/\n$/, "")}\n` }),
			});
		}
		return diagnosePush({
			raw,
			appId: textIn("callback-app").trim(),
			token: textIn("callback-token"),
			encodingAesKey: textIn("callback-aes"),
			secrets: { other },
			...(computed !== "" && { computed }),
		});
	}

	function settle(next: CallbackState, diagnosis: CallbackDiagnosis | null): void {
		clearTimeout(timer);
		settled += 1;
		draw(next, diagnosis);
		verdict.dataset.for = String(settled);
		if (next === "empty") return;
		const causes = diagnosis?.mistakes.map(({ sentence }) => sentence[now.language]) ?? [];
		const { word, sentence } = now.text.callbackStates[next];
		announce([word, sentence, ...causes].join(" "));
	}

	function draw(next: CallbackState, diagnosis: CallbackDiagnosis | null): void {
		state = next;
		found = diagnosis;
		const { word, sentence } = now.text.callbackStates[state];
		const look = ["match", "explained", "unexplained", "empty", "searching"].includes(state)
			? state
			: "wanted";
		verdict.dataset.state = state;
		verdict.dataset.look = look;
		byId("callback-sign").setAttribute("href", `#i-${look}`);
		say(byId("callback-word"), word);
		say(byId("callback-sentence"), sentence);
		byId("callback-results").replaceChildren(...(found === null ? [] : results(now, kind, found)));
	}

	return {
		relabel(context) {
			now = context;
			box("callback-request").placeholder = context.text.callbackPlaceholder;
			draw(state, found);
		},
	};
}

function results(context: Context, kind: CallbackKind | null, diagnosis: CallbackDiagnosis): HTMLElement[] {
	const { text, language, words } = context;
	const { mistakes, lints, decrypted } = diagnosis;
	const check = (name: "signature" | "content") => [
		element("dt", {}, words.callbacks.checks[name]),
		element(
			"dd",
			{ id: `callback-${name}`, "data-check": diagnosis[name] },
			words.callbacks.check[diagnosis[name]],
		),
	];
	const drawn: Array<HTMLElement | null> = [
		mistakes.length === 0
			? null
			: element(
					"section",
					{ class: "causes", "aria-labelledby": "callback-cause-title" },
					element("h3", { id: "callback-cause-title" }, text.causeTitle(mistakes.length)),
					mistakeList(context, mistakes, "callback-mistakes"),
				),
		element(
			"section",
			{ class: "checks", "aria-labelledby": "callback-kind" },
			element("h3", { id: "callback-kind" }, kind === null ? "" : words.callbacks.kinds[kind]),
			element("dl", {}, ...check("signature"), ...check("content")),
		),
		lints.length === 0
			? null
			: element(
					"section",
					{ class: "lints", "aria-labelledby": "callback-lints-title" },
					element("h3", { id: "callback-lints-title" }, words.lintsTitle),
					element(
						"ul",
						{ id: "callback-lints" },
						...lints.map(({ id, sentence }) => element("li", { "data-lint": id }, sentence[language])),
					),
				),
		decrypted === null
			? null
			: element(
					"section",
					{ class: "decrypted", "aria-labelledby": "callback-decrypted-title" },
					element("h3", { id: "callback-decrypted-title" }, words.callbacks.decrypted),
					diagnosis.signature === "right"
						? null
						: element("p", { class: "note" }, words.callbacks.unbelieved),
					element("pre", { id: "callback-decrypted", translate: "no", tabindex: "0" }, indented(decrypted)),
				),
	];
	return drawn.filter((section) => section !== null);
}
