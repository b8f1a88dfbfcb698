import { padded, widthOf } from "./glyphs.js";
import { paint, wrapped } from "./paint.js";
import { type CommandRow, variableHelp } from "./table/types.js";
import { commands, optionsOf } from "./table.js";
import { texts } from "./texts.js";
import type { World } from "./world.js";

type Look = Pick<World, "language" | "colour" | "columns">;

/** What `paysign --help` says: one screen. */
export function overview(look: Look): string {
	const text = texts[look.language].help;
	const left = Math.max(...commands.map((row) => row.name.length)) + 2;
	const rows = commands.map(
		(row) => `  paysign ${paint(look, "36", padded(row.name, left))}${row.summary[look.language]}`,
	);
	return `${[
		paint(look, "1", text.title),
		"",
		...rows,
		"",
		...text.more,
		"",
		paint(look, "1", text.examples),
		'  PAYSIGN_APP_KEY="$(cat app.key)" paysign diagnose [FILE]',
		"  paysign serve --port 8080 --path /wxpay/alarm",
		"",
		text.exit,
	].join("\n")}\n`;
}

/** What `paysign COMMAND --help` says. */
export function helpOf(row: CommandRow, look: Look): string {
	const { language } = look;
	const text = texts[language].help;
	const width = Math.min(look.columns, 110);
	const list = (pairs: readonly (readonly [string, string])[]) => {
		const left = Math.max(...pairs.map(([name]) => widthOf(name))) + 4;
		return pairs.flatMap(([name, said]) =>
			wrapped(said, width - left).map(
				(line, index) => `${padded(index === 0 ? `  ${name}` : "", left)}${line}`,
			),
		);
	};
	const section = (title: string, lines: readonly string[]) => ["", paint(look, "1", title), ...lines];
	const options = optionsOf(row).map(
		({ name, value, help }) =>
			[value === undefined ? `--${name}` : `--${name} ${value}`, help[language]] as const,
	);
	const variables = row.environment.map((name) => [name, variableHelp[name]?.[language] ?? ""] as const);
	const exits = Object.entries({ ...row.exits, 3: text.unusable }).map(([code, said]) =>
		typeof said === "string" ? `${code} ${said}` : `${code} ${said[language]}`,
	);
	return `${[
		`paysign ${row.name} ${row.usage}`.trimEnd() + text.options,
		"",
		...wrapped(row.about[language], width),
		...section(text.optionsTitle, list(options)),
		...(variables.length === 0 ? [] : section(text.environment, list(variables))),
		...(row.environment.some((name) => /KEY|SECRET/.test(name)) ? wrapped(text.secrets, width) : []),
		...section(
			text.examples,
			row.examples.map((example) => `  ${example}`),
		),
		"",
		...wrapped(text.exitCode(exits), width),
	].join("\n")}\n`;
}
