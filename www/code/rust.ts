import { doubleQuoted, hex } from "./literal.ts";
import { type Plan, program } from "./plan.ts";

const literal = (text: string): string => doubleQuoted(text, (character) => `\\u{${hex(character)}}`);

/** The standard library has no digests: a crate, its type. */
const digests = { sha1: ['sha1 = "0.11"', "sha1", "Sha1"], md5: ['md-5 = "0.11"', "md5", "Md5"] } as const;

export function rustProgram({ message, recipe, fields, secret }: Plan): string {
	const { place } = recipe.secret;
	const [dependency, crate, type] = digests[recipe.digest];
	const name = recipe.names === "lower" ? "name.to_ascii_lowercase()" : "name.to_string()";
	return program(
		`// ${message.name}: ${message.title}. The secret comes from ${secret.environment}.`,
		"//",
		"// Cargo.toml:",
		"// [dependencies]",
		`// ${dependency}`,
		"",
		"use std::collections::BTreeMap;",
		"use std::env;",
		"",
		`use ${crate}::{Digest, ${type}};`,
		"",
		`fn sign(fields: &[(&str, &str)]${secret.isArgument ? ", key: &str" : ""}) -> String {`,
		"    // A BTreeMap is sorted by name, byte by byte.",
		"    let mut parameters = BTreeMap::new();",
		`    for (name, value) in fields${recipe.empties === "drop" ? ".iter().filter(|(_, value)| !value.is_empty())" : ""} {`,
		`        parameters.insert(${name}, *value);`,
		"    }",
		place === "param" && `    parameters.insert(${literal(recipe.secret.name)}.to_string(), key);`,
		"    // Nothing is escaped.",
		`    let ${place === "suffix" ? "mut " : ""}pairs: Vec<String> = parameters`,
		"        .iter()",
		'        .map(|(name, value)| format!("{name}={value}"))',
		"        .collect();",
		place === "suffix" && `    pairs.push(format!("${recipe.secret.name}={key}"));`,
		`    let digest = ${type}::digest(pairs.join("&"));`,
		`    digest.iter().map(|byte| format!("{byte:02${recipe.hex === "upper" ? "X" : "x"}}")).collect()`,
		"}",
		"",
		"fn main() {",
		`    let ${secret.variable} = env::var("${secret.environment}").expect(${literal(secret.missing)});`,
		"    let fields = [",
		...fields.map(
			([name, value]) =>
				`        (${literal(name)}, ${value === null ? `&*${secret.variable}` : literal(value)}),`,
		),
		"    ];",
		`    println!("{}", sign(&fields${secret.isArgument ? ", &key" : ""}));`,
		"}",
	);
}
