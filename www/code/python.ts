import { codePoint, doubleQuoted, hex } from "./literal.ts";
import { type Plan, program } from "./plan.ts";

const literal = (text: string): string =>
	doubleQuoted(text, (character) => {
		if (codePoint(character) < 0x100) return `\\x${hex(character, 2)}`;
		return codePoint(character) < 0x1_0000 ? `\\u${hex(character, 4)}` : `\\U${hex(character, 8)}`;
	});

export function pythonProgram({ message, recipe, fields, secret }: Plan): string {
	const name = recipe.names === "lower" ? "name.lower()" : "name";
	const kept = recipe.empties === "drop" ? ' if value != ""' : "";
	const { place } = recipe.secret;
	return program(
		`# ${message.name}: ${message.title}. The secret comes from ${secret.environment}.`,
		"",
		"import hashlib",
		"import os",
		"",
		"",
		`def sign(fields${secret.isArgument ? ", key" : ""}):`,
		`    parameters = {${name}: value for name, value in fields.items()${kept}}`,
		place === "param" && `    parameters[${literal(recipe.secret.name)}] = key`,
		"    # Sorted by name, byte by byte; nothing is escaped.",
		'    pairs = [f"{name}={parameters[name]}" for name in sorted(parameters)]',
		place === "suffix" && `    pairs.append(f"${recipe.secret.name}={key}")`,
		'    text = "&".join(pairs)',
		`    return hashlib.${recipe.digest}(text.encode("utf-8")).hexdigest()${recipe.hex === "upper" ? ".upper()" : ""}`,
		"",
		"",
		`${secret.variable} = os.environ[${literal(secret.environment)}]`,
		"fields = {",
		...fields.map(
			([name, value]) => `    ${literal(name)}: ${value === null ? secret.variable : literal(value)},`,
		),
		"}",
		`print(sign(fields${secret.isArgument ? ", key" : ""}))`,
	);
}
