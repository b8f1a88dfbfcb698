import { codePoint, doubleQuoted, hex } from "./literal.ts";
import { type Plan, program } from "./plan.ts";

const literal = (text: string): string =>
	doubleQuoted(text, (character) =>
		codePoint(character) < 0x1_0000 ? `\\u${hex(character, 4)}` : `\\U${hex(character, 8)}`,
	);

export function goProgram({ message, recipe, fields, secret }: Plan): string {
	const { place } = recipe.secret;
	const format = recipe.hex === "upper" ? "%X" : "%x";
	return program(
		`// ${message.name}: ${message.title}. The secret comes from ${secret.environment}.`,
		"",
		"package main",
		"",
		"import (",
		`\t"crypto/${recipe.digest}"`,
		'\t"fmt"',
		'\t"log"',
		'\t"os"',
		'\t"sort"',
		'\t"strings"',
		")",
		"",
		"type parameter struct{ name, value string }",
		"",
		`func sign(fields []parameter${secret.isArgument ? ", key string" : ""}) string {`,
		"\tvar parameters []parameter",
		"\tfor _, field := range fields {",
		recipe.empties === "drop" && '\t\tif field.value == "" {\n\t\t\tcontinue\n\t\t}',
		`\t\tparameters = append(parameters, parameter{${recipe.names === "lower" ? "strings.ToLower(field.name)" : "field.name"}, field.value})`,
		"\t}",
		place === "param" && `\tparameters = append(parameters, parameter{${literal(recipe.secret.name)}, key})`,
		"\t// Sorted by name, byte by byte; nothing is escaped.",
		"\tsort.Slice(parameters, func(i, j int) bool { return parameters[i].name < parameters[j].name })",
		place === "suffix" && `\tparameters = append(parameters, parameter{${literal(recipe.secret.name)}, key})`,
		"\tvar pairs []string",
		"\tfor _, parameter := range parameters {",
		'\t\tpairs = append(pairs, parameter.name+"="+parameter.value)',
		"\t}",
		`\treturn fmt.Sprintf("${format}", ${recipe.digest}.Sum([]byte(strings.Join(pairs, "&"))))`,
		"}",
		"",
		"func main() {",
		`\t${secret.variable}, found := os.LookupEnv("${secret.environment}")`,
		"\tif !found {",
		`\t\tlog.Fatal(${literal(secret.missing)})`,
		"\t}",
		"\tfields := []parameter{",
		...fields.map(
			([name, value]) => `\t\t{${literal(name)}, ${value === null ? secret.variable : literal(value)}},`,
		),
		"\t}",
		`\tfmt.Println(sign(fields${secret.isArgument ? ", key" : ""}))`,
		"}",
	);
}
