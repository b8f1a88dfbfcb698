import { doubleQuoted, hex, isVisible } from "./literal.ts";
import { type Plan, program } from "./plan.ts";

/** In single quotes nothing is replaced, so they are for all that needs no escape. */
function literal(text: string): string {
	if (Array.from(text).every(isVisible)) return `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
	const escaped = (character: string): string => (character === "$" ? "\\$" : `\\u{${hex(character)}}`);
	return doubleQuoted(text, escaped, (character) => character !== "$" && isVisible(character));
}

export function phpProgram({ message, recipe, fields, secret }: Plan): string {
	const { place } = recipe.secret;
	const digest = `${recipe.digest}(implode('&', $pairs))`;
	return program(
		"<?php",
		"",
		`// ${message.name}: ${message.title}. The secret comes from ${secret.environment}.`,
		"",
		"declare(strict_types=1);",
		"",
		`function sign(array $parameters${secret.isArgument ? ", string $key" : ""}): string`,
		"{",
		recipe.names === "lower" && "    $parameters = array_change_key_case($parameters, CASE_LOWER);",
		recipe.empties === "drop" &&
			"    $parameters = array_filter($parameters, fn (string $value): bool => $value !== '');",
		place === "param" && `    $parameters[${literal(recipe.secret.name)}] = $key;`,
		"    // Sorted by name, byte by byte; nothing is escaped.",
		"    ksort($parameters, SORT_STRING);",
		place === "suffix" && `    $parameters[${literal(recipe.secret.name)}] = $key;`,
		"    $pairs = [];",
		"    foreach ($parameters as $name => $value) {",
		"        $pairs[] = $name . '=' . $value;",
		"    }",
		`    return ${recipe.hex === "upper" ? `strtoupper(${digest})` : digest};`,
		"}",
		"",
		`$${secret.variable} = getenv(${literal(secret.environment)});`,
		`if ($${secret.variable} === false) {`,
		`    throw new RuntimeException(${literal(secret.missing)});`,
		"}",
		"$fields = [",
		...fields.map(
			([name, value]) =>
				`    ${literal(name)} => ${value === null ? `$${secret.variable}` : literal(value)},`,
		),
		"];",
		`echo sign($fields${secret.isArgument ? ", $key" : ""}), "\\n";`,
	);
}
