// The table of fields, to look at and to edit.

import type { MessageDescription } from "paysign/diagnose";
import type { Context } from "../context.ts";
import { button, element } from "../dom.ts";
import type { Row } from "../protocol.ts";

/** More rows than this are listed in no table; they are computed with all the same. */
const mostRows = 100;

export interface FieldsView {
	readonly rows: readonly Row[];
	readonly edited: boolean;
	readonly description: MessageDescription | null;
}

/** What happens when somebody edits: the new rows, and whether the table must be drawn again. */
export type Edit = (rows: readonly Row[], redraw: boolean, focus?: string) => void;

export function fields(context: Context, view: FieldsView, edit: Edit, reread: () => void): HTMLElement[] {
	const { text } = context;
	const { rows, edited, description } = view;
	if (rows.length === 0 && !edited) return [];
	const table = element(
		"table",
		{ class: "fields", "aria-label": text.fieldsTitle },
		element(
			"thead",
			{},
			element(
				"tr",
				{},
				element("th", { scope: "col" }, text.fieldName),
				element("th", { scope: "col" }, text.fieldValue),
				element("th", { scope: "col" }, text.fieldSigned),
				element("td", {}),
			),
		),
		element("tbody", {}, ...rows.slice(0, mostRows).map((_, index) => row(context, view, index, edit))),
	);
	const add = (name: string) => () =>
		edit([...rows, [name, ""]], true, name === "" ? `name-${rows.length}` : `value-${rows.length}`);
	return [
		table,
		...(rows.length > mostRows
			? [element("p", { class: "hint" }, text.moreFields(rows.length - mostRows))]
			: []),
		element(
			"div",
			{ class: "row wrap" },
			button(text.addField, { class: "quiet", id: "add-field" }, add("")),
			...missing(description, rows).map((name) =>
				button(text.addMissing(name), { class: "quiet missing" }, add(name)),
			),
		),
		...(edited
			? [
					element(
						"p",
						{ class: "note row wrap" },
						element("span", {}, text.edited),
						button(text.reread, { class: "quiet", id: "reread" }, reread),
					),
				]
			: []),
	];
}

/** Says of each row anew whether it is signed: a name may have been edited. */
export function markSigned({ text }: Context, table: ParentNode, { rows, description }: FieldsView): void {
	table.querySelectorAll<HTMLElement>("tbody tr").forEach((line, index) => {
		const role = roleOf(description, rows[index]?.[0] ?? "");
		const cell = line.querySelector(".role");
		line.dataset.signed = String(role === "signed");
		if (cell === null) return;
		const said = { signed: text.signed, unknown: text.unknownField, other: text.notSigned }[role];
		if (cell.textContent !== said) cell.textContent = said;
	});
}

function roleOf(description: MessageDescription | null, name: string): "signed" | "unknown" | "other" {
	const wanted = name.toLowerCase();
	const field = description?.fields.find((each) => each.name.toLowerCase() === wanted);
	if (description !== null && field === undefined) return "unknown";
	return field?.role === "signed" ? "signed" : "other";
}

function missing(description: MessageDescription | null, rows: readonly Row[]): string[] {
	const present = new Set(rows.map(([name]) => name.toLowerCase()));
	const signed = (description?.fields ?? []).filter(({ role }) => role === "signed");
	return signed.map(({ name }) => name).filter((name) => !present.has(name.toLowerCase()));
}

function row(context: Context, view: FieldsView, index: number, edit: Edit): HTMLElement {
	const { text } = context;
	const current = () => [...view.rows];
	const [name, value] = view.rows[index] ?? ["", ""];
	const replaced = (change: Row): Row[] => current().map((each, at) => (at === index ? change : each));
	const swapped = (other: number): Row[] => {
		const rows = current();
		const [here, there] = [rows[index], rows[other]];
		if (here !== undefined && there !== undefined) [rows[index], rows[other]] = [there, here];
		return rows;
	};

	const common = {
		spellcheck: "false",
		autocomplete: "off",
		autocapitalize: "off",
		translate: "no",
		class: "mono",
	};
	const nameBox = element("input", {
		...common,
		type: "text",
		id: `name-${index}`,
		"aria-label": text.nameOf(index + 1),
	});
	nameBox.value = name;
	const valueBox = element("textarea", {
		...common,
		rows: "1",
		id: `value-${index}`,
		"aria-label": text.valueOf(index + 1),
	});
	valueBox.value = value;
	nameBox.addEventListener("input", () =>
		edit(replaced([nameBox.value, view.rows[index]?.[1] ?? ""]), false),
	);
	valueBox.addEventListener("input", () =>
		edit(replaced([view.rows[index]?.[0] ?? "", valueBox.value]), false),
	);

	const called = name === "" ? text.nameOf(index + 1) : name;
	const tool = (label: string, sign: string, isOff: boolean, id: string, rows: () => Row[], focus: string) =>
		button(
			sign,
			{ class: "tool", "aria-label": label, title: label, disabled: isOff, id: `${id}-${index}` },
			() => edit(rows(), true, focus),
		);
	const last = view.rows.length - 1;
	return element(
		"tr",
		{},
		element("td", { class: "name" }, nameBox),
		element("td", { class: "value" }, valueBox),
		element("td", { class: "role" }),
		element(
			"td",
			{ class: "tools" },
			tool(
				text.moveUp(called),
				"↑",
				index === 0,
				"up",
				() => swapped(index - 1),
				`up-${Math.max(1, index - 1)}`,
			),
			tool(
				text.moveDown(called),
				"↓",
				index === last,
				"down",
				() => swapped(index + 1),
				`down-${Math.min(last - 1, index + 1)}`,
			),
			tool(
				text.remove(called),
				"×",
				false,
				"remove",
				() => current().filter((_, at) => at !== index),
				`remove-${Math.min(index, last - 1)}`,
			),
		),
	);
}
