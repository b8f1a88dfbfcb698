import { doubleQuoted, hex } from "./literal.ts";
import { type Plan, program } from "./plan.ts";

const literal = (text: string): string => doubleQuoted(text, (character) => `\\u{${hex(character)}}`);

export function nodeProgram({ message, recipe, fields, secret }: Plan): string {
	const name = recipe.names === "lower" ? "name.toLowerCase()" : "name";
	const { place } = recipe.secret;
	return program(
		`// ${message.name}: ${message.title}. The secret comes from ${secret.environment}.`,
		"// node sign.mjs",
		"",
		'import { createHash } from "node:crypto";',
		"",
		`function sign(fields${secret.isArgument ? ", key" : ""}) {`,
		`  const parameters = Object.entries(fields).map(([name, value]) => [${name}, value])${recipe.empties === "drop" ? '.filter(([, value]) => value !== "")' : ""};`,
		place === "param" && `  parameters.push([${literal(recipe.secret.name)}, key]);`,
		"  // Sorted by name, byte by byte; nothing is escaped.",
		"  parameters.sort(([a], [b]) => (a < b ? -1 : 1));",
		place === "suffix" && `  parameters.push([${literal(recipe.secret.name)}, key]);`,
		'  const text = parameters.map((pair) => pair.join("=")).join("&");',
		`  return createHash("${recipe.digest}").update(text, "utf8").digest("hex")${recipe.hex === "upper" ? ".toUpperCase()" : ""};`,
		"}",
		"",
		`const ${secret.variable} = process.env.${secret.environment};`,
		`if (!${secret.variable}) throw new Error(${literal(secret.missing)});`,
		"const fields = {",
		...fields.map(([name, value]) => `  ${name}: ${value === null ? secret.variable : literal(value)},`),
		"};",
		`console.log(sign(fields${secret.isArgument ? ", key" : ""}));`,
	);
}
