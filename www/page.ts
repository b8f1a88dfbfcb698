// The page: what was typed goes to the worker, what it finds out is drawn.

import examples from "made:examples";
import messages from "made:messages";
import workerSource from "made:worker";
import type { MessageName } from "paysign";
import type { MessageDescription, MessageReading } from "paysign/diagnose";
import { messageNames } from "../pkg/cli/words.js";
import { bodyOf, json } from "./body.ts";
import { callbacks } from "./callback.ts";
import { contextOf } from "./context.ts";
import { announce } from "./copying.ts";
import { byId, element, say } from "./dom.ts";
import { comparison } from "./draw/comparison.ts";
import { exampleGroups, firstExamples } from "./draw/examples.ts";
import { fields, markSigned } from "./draw/fields.ts";
import { results } from "./draw/results.ts";
import { secretFields } from "./draw/secrets.ts";
import type { Example } from "./examples.ts";
import type { Answer, Reply, Row } from "./protocol.ts";
import { openSearch } from "./search.ts";
import { unpack } from "./share.ts";
import type { Language, Texts } from "./texts.ts";
import { type Shown, shownFor, tooLong } from "./verdict.ts";

/** Typing is followed at this distance, in milliseconds. */
const pause = 120;
/** A search that takes longer than this is shown as one. */
const patience = 250;

const body = byId<HTMLTextAreaElement>("body");
const given = byId<HTMLInputElement>("given");
const message = byId<HTMLSelectElement>("message");
const hashed = byId<HTMLTextAreaElement>("hashed-text");
const appId = byId<HTMLInputElement>("app-id");
const verdict = byId("verdict");

let context = contextOf(languageOf(fragment().get("lang") ?? navigator.language));

/** The fields as they were edited; `null` while the text counts. */
let rows: readonly Row[] | null = null;
let reading: MessageReading | null = null;
let answer: Answer | null = null;
let shown: Shown = { state: "empty" };
/** A signature that was typed: it overrules the one in the text, or stands in for it. */
let typed: { readonly value: string; readonly overrules: boolean } | null = null;
let columns = 60;
let job = 0;
let settled = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let waiting: ReturnType<typeof setTimeout> | undefined;
let comparisonPlace: HTMLElement | null = null;
/** Whether an example chose the message, and not the person. */
let chosenByExample = false;
let note: keyof Texts["states"] | "link" | null = null;

const search = openSearch(workerSource, hear, () => settle({ state: "failed" }));
const secrets = secretFields(byId("first-secret"), byId("more-secrets"), context, () => schedule(pause));
const callback = callbacks(context);

// -- What a person does ------------------------------------------------------------------------------------------------

body.addEventListener("input", (event) => {
	rows = null;
	const isPaste = !(event instanceof InputEvent) || event.inputType !== "insertText";
	if (isPaste && typed?.overrules) typed = null;
	if (chosenByExample) message.value = "";
	chosenByExample = false;
	note = null;
	schedule(isPaste ? 0 : pause);
});
given.addEventListener("input", () => {
	const { value } = given;
	typed = value === "" ? null : { value, overrules: rows !== null || (reading?.given ?? null) !== null };
	schedule(pause);
});
message.addEventListener("change", () => {
	chosenByExample = false;
	schedule(0);
});
hashed.addEventListener("input", () => schedule(pause));
appId.addEventListener("input", () => schedule(pause));
byId("clear").addEventListener("click", () => {
	show("", {});
	body.focus();
});
byId("stop").addEventListener("click", () => {
	search.stop();
	settle({ state: "stopped" });
	verdict.focus();
});
byId("skip").addEventListener("click", (event) => {
	// The fragment is the link's: a jump must not overwrite it.
	event.preventDefault();
	verdict.focus();
});
for (const language of ["en", "zh"] as const) {
	byId(`lang-${language}`).addEventListener("click", () => {
		const parameters = fragment();
		parameters.set("lang", language);
		history.replaceState(null, "", `#${parameters}`);
		speak(language);
	});
}
addEventListener("hashchange", () => {
	void open();
});
addEventListener("beforeprint", () => drawComparison(78));
addEventListener("afterprint", () => drawComparison(columns));

function showExample(example: Example): void {
	message.value = example.message;
	chosenByExample = true;
	show(
		bodyOf(descriptionOf(example.message), example.fields, example.given),
		example.secrets,
		example.signedText,
	);
	verdict.focus({ preventScroll: true });
	byId("answer").scrollIntoView({ block: "nearest" });
	if (verdict.getBoundingClientRect().top < 0) scrollTo({ top: 0 });
}

function show(text: string, kept: Example["secrets"], signedText = ""): void {
	if (text === "") message.value = "";
	body.value = text;
	hashed.value = signedText;
	byId<HTMLDetailsElement>("hashed").open = signedText !== "";
	appId.value = "";
	rows = null;
	typed = null;
	note = null;
	secrets.fill(kept);
	byId<HTMLDetailsElement>("other-secrets").open = Object.keys(kept).length > 1;
	schedule(0);
}

// -- What the worker is asked, and says --------------------------------------------------------------------------------

function schedule(after: number): void {
	clearTimeout(timer);
	clearTimeout(waiting);
	search.stop();
	verdict.dataset.state = "reading";
	verdict.setAttribute("aria-busy", "true");
	timer = setTimeout(ask, after);
}

function ask(): void {
	const text = rows === null ? body.value : json(rows);
	if (text.trim() === "" || rows?.length === 0) {
		reading = null;
		settle({ state: "empty" });
		return;
	}
	if (tooLong(text)) {
		reading = null;
		settle({ state: "too-long" });
		return;
	}
	job += 1;
	waiting = setTimeout(showSearch, patience);
	search.ask({
		id: job,
		body: wellFormed(text),
		message: isMessageName(message.value) ? message.value : null,
		given: rows === null ? (typed?.overrules ? typed.value : null) : given.value || null,
		otherwise: typed?.value ?? null,
		secrets: secrets.read(),
		signedText: tooLong(hashed.value) ? null : textOf(hashed),
		appId: textOf(appId),
		now: Math.floor(Date.now() / 1000),
	});
}

/** What a box holds, if anything. */
function textOf(box: HTMLInputElement | HTMLTextAreaElement): string | null {
	return box.value.trim() === "" ? null : wellFormed(box.value);
}

/** A program may have cut a character in two. */
function wellFormed(text: string): string {
	return text.replace(/\p{Cs}/gu, "\uFFFD");
}

function hear(reply: Reply): void {
	switch (reply.type) {
		case "reading":
			reading = reply.reading;
			drawReading();
			if (rows === null) drawFields();
			break;
		case "progress":
			drawProgress(reply.tried, reply.total);
			break;
		case "answer":
			settle(shownFor(reply.answer), reply.answer);
			break;
		case "unreadable":
			reading = null;
			settle({ state: /^\s*[A-Za-z0-9]{128}\s*$/.test(body.value) ? "key-pasted" : "unreadable" });
			break;
		case "refused":
			settle({ state: "refused", sentence: reply.sentence });
			break;
	}
}

function settle(next: Shown, found: Answer | null = null): void {
	clearTimeout(waiting);
	clearTimeout(timer);
	settled += 1;
	shown = note === "bad-link" && next.state === "empty" ? { state: "bad-link" } : next;
	answer = found;
	byId("search").hidden = true;
	verdict.removeAttribute("aria-busy");
	verdict.dataset.for = String(settled);
	draw();
	verdict.dataset.state = shown.state;
}

function showSearch(): void {
	verdict.dataset.state = "searching";
	verdict.dataset.look = "searching";
	drawVerdict({ state: "searching" });
	drawProgress(0, 0);
	byId("search").hidden = false;
	byId("results").dataset.stale = "";
}

// -- Drawing -----------------------------------------------------------------------------------------------------------

function draw(): void {
	const { text, words } = context;
	drawVerdict(shown);
	drawReading();
	if (rows === null || reading === null) drawFields();
	const description = answer?.message ? descriptionOf(answer.message) : null;
	const diagnosis = answer?.hasKey ? (answer.diagnosis ?? null) : null;
	comparisonPlace = diagnosis === null ? null : element("div", { class: "comparison-place" });
	const place = byId("results");
	delete place.dataset.stale;
	if (answer !== null) {
		const drawn = results(context, answer, description, secrets.read(), comparisonPlace);
		place.replaceChildren(
			...(note === "link" ? [element("p", { class: "note" }, text.linkCame)] : []),
			...drawn,
		);
	} else if (shown.state === "empty" || shown.state === "bad-link") {
		place.replaceChildren(firstExamples(context, examples, showExample, showAllExamples));
	} else {
		place.replaceChildren();
	}
	drawComparison(columns);
	if (shown.state !== "empty") {
		const causes =
			diagnosis?.verdict === "explained"
				? diagnosis.mistakes.map(({ sentence }) => sentence[context.language])
				: [];
		const note = diagnosis?.verdict === "unexplained" && diagnosis.exhausted ? [words.exhaustedNote] : [];
		announce(
			[byId("verdict-word").textContent, byId("verdict-sentence").textContent, ...causes, ...note].join(" "),
		);
	}
}

function drawVerdict({ state, sentence }: Shown): void {
	const { text, words } = context;
	const looks: Partial<Record<Shown["state"], string>> = {
		match: "match",
		explained: "explained",
		unexplained: "unexplained",
		empty: "empty",
		searching: "searching",
	};
	const look = looks[state] ?? "wanted";
	verdict.dataset.look = look;
	byId("verdict-sign").setAttribute("href", `#i-${look}`);
	if (state === "explained" || state === "unexplained") {
		say(byId("verdict-word"), text[state]);
		const ended = state === "unexplained" && answer?.diagnosis?.exhausted ? ` ${words.exhaustedNote}` : "";
		say(byId("verdict-sentence"), words.verdicts[state].sentence + ended);
	} else {
		const said = text.states[state];
		say(byId("verdict-word"), said.word);
		say(byId("verdict-sentence"), sentence === undefined ? said.sentence : `${said.sentence} ${sentence}`);
	}
}

function drawReading(): void {
	const { text } = context;
	const place = byId("reading");
	if (reading === null) {
		say(place, "");
		return;
	}
	const name = isMessageName(message.value) ? message.value : reading.message;
	say(
		place,
		text.readAs(text.kinds[reading.kind], name === null ? text.unknownMessage : text.messages[name]),
	);
	if (document.activeElement !== given)
		given.value = typed?.overrules ? typed.value : (reading.given ?? typed?.value ?? "");
}

function drawFields(): void {
	const place = byId("fields");
	const name = isMessageName(message.value) ? message.value : (reading?.message ?? null);
	const view = {
		rows: rows ?? reading?.fields ?? [],
		edited: rows !== null,
		description: name === null ? null : descriptionOf(name),
	};
	place.replaceChildren(
		...fields(
			context,
			view,
			(next, redraw, focus) => {
				if (rows === null && typed === null && given.value !== "")
					typed = { value: given.value, overrules: true };
				const wasEdited = rows !== null;
				rows = next;
				view.rows = next;
				if (redraw || !wasEdited) redrawFields(focus ?? document.activeElement?.id);
				else markSigned(context, place, view);
				schedule(redraw ? 0 : pause);
			},
			() => {
				rows = null;
				schedule(0);
				body.focus();
			},
		),
	);
	markSigned(context, place, view);
}

/** Draws the table anew, and leaves the focus where the person is. */
function redrawFields(focus: string | undefined): void {
	const active = document.activeElement;
	const isText = active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement;
	const at = isText && active.type !== "select-one" ? active.selectionStart : null;
	drawFields();
	const next = focus === undefined || focus === "" ? null : document.getElementById(focus);
	if (next === null) return;
	if (next instanceof HTMLButtonElement && next.disabled) byId("add-field").focus();
	else next.focus();
	const isBox = next instanceof HTMLInputElement || next instanceof HTMLTextAreaElement;
	if (isBox && at !== null && next.id === active?.id) next.setSelectionRange(at, at);
}

function drawProgress(tried: number, total: number): void {
	const bar = byId<HTMLProgressElement>("progress");
	const { text, number } = context;
	bar.setAttribute("aria-label", text.progress);
	if (total > 0) bar.value = tried / total;
	else bar.removeAttribute("value");
	say(byId("tried"), total > 0 ? text.triedOf(number(tried), number(total)) : "");
}

function drawComparison(width: number): void {
	const diagnosis = answer?.diagnosis;
	if (comparisonPlace === null || !diagnosis) return;
	comparisonPlace.replaceChildren(comparison(context, diagnosis, width));
}

function showAllExamples(): void {
	const section = byId("examples");
	section.scrollIntoView();
	section.focus({ preventScroll: true });
}

/** Says everything in a language. */
function speak(language: Language): void {
	context = contextOf(language);
	const { text } = context;
	document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
	document.querySelectorAll<HTMLElement>("[data-text]").forEach((each) => {
		const said = text[each.dataset.text as keyof Texts];
		if (typeof said === "string") say(each, said);
	});
	body.placeholder = text.bodyPlaceholder;
	byId("languages").setAttribute("aria-label", text.languages);
	byId("lang-en").setAttribute("aria-pressed", String(language === "en"));
	byId("lang-zh").setAttribute("aria-pressed", String(language === "zh"));
	const chosen = message.value;
	message.replaceChildren(
		element("option", { value: "" }, text.messageAuto),
		...messages.map(({ name }) => element("option", { value: name }, text.messages[name])),
	);
	message.value = chosen;
	secrets.relabel(context);
	callback.relabel(context);
	byId("about").replaceChildren(...text.about.map((sentence) => element("li", {}, sentence)));
	byId("example-groups").replaceChildren(...exampleGroups(context, examples, showExample));
	if (verdict.dataset.state === "searching") drawVerdict({ state: "searching" });
	else draw();
	drawFields();
}

// -- The address -------------------------------------------------------------------------------------------------------

function fragment(): URLSearchParams {
	return new URLSearchParams(location.hash.slice(1));
}

/** Opens the case that the address holds. */
async function open(): Promise<void> {
	const parameters = fragment();
	const language = parameters.get("lang");
	if (language !== null && languageOf(language) !== context.language) speak(languageOf(language));
	const packed = parameters.get("c");
	if (packed === null) return;
	const shared = await unpack(packed);
	if (shared === null) {
		show("", {});
		note = "bad-link";
		return;
	}
	const { message: name, fields: shownFields, given: signature } = shared;
	message.value = name ?? "";
	show(name === null ? json(shownFields) : bodyOf(descriptionOf(name), shownFields, signature), {});
	if (name === null && signature !== null) typed = { value: signature, overrules: false };
	note = "link";
}

function languageOf(tag: string): Language {
	return tag.toLowerCase().startsWith("zh") ? "zh" : "en";
}

function isMessageName(name: string): name is MessageName {
	return (messageNames as readonly string[]).includes(name);
}

function descriptionOf(name: MessageName): MessageDescription {
	const found = messages.find((each) => each.name === name);
	if (found === undefined) throw new Error(`The table has no message ${name}`);
	return found;
}

/** How many columns of the comparison fit beside each other. */
function measure(): void {
	const ruler = element("span", { class: "ruler mono", "aria-hidden": "true" }, "0".repeat(100));
	document.body.append(ruler);
	const character = ruler.getBoundingClientRect().width / 100;
	ruler.remove();
	const fit = Math.floor((byId("results").clientWidth - 64) / character);
	if (fit === columns || character === 0) return;
	columns = fit;
	drawComparison(columns);
}

measure();
new ResizeObserver(measure).observe(byId("results"));
speak(context.language);
if (fragment().has("c")) void open();
else settle({ state: "empty" });
// What the browser kept in the box over a reload.
if (body.value !== "") schedule(0);
