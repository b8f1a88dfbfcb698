import { codePoint, doubleQuoted } from "./literal.ts";
import { type Plan, program } from "./plan.ts";

/** Below 256 in octal digits, because `\u` escapes are replaced before the compiler looks for the end of the literal. */
const escaped = (character: string): string =>
	codePoint(character) < 0x100
		? `\\${codePoint(character).toString(8).padStart(3, "0")}`
		: character.replaceAll(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

const isAscii = (character: string): boolean => /[ -~]/.test(character);

/** Only ASCII: before Java 18 the compiler read the source in the machine's own charset. */
function literal(text: string): string {
	// A constant has at most 65,535 bytes, and a character can take six.
	if (text.length <= 10_000) return doubleQuoted(text, escaped, isAscii);
	const chunks = text.match(/[\s\S]{1,10000}/g) ?? [];
	return `String.join("", ${chunks.map(literal).join(", ")})`;
}

export function javaProgram({ message, recipe, fields, secret }: Plan): string {
	const { place } = recipe.secret;
	const digest = recipe.digest === "sha1" ? "SHA-1" : "MD5";
	return program(
		`// ${message.name}. The secret comes from ${secret.environment}.`,
		"",
		"import java.nio.charset.StandardCharsets;",
		"import java.security.GeneralSecurityException;",
		"import java.security.MessageDigest;",
		"import java.util.LinkedHashMap;",
		recipe.names === "lower" && "import java.util.Locale;",
		"import java.util.Map;",
		"import java.util.StringJoiner;",
		"import java.util.TreeMap;",
		"",
		"public class Sign {",
		`    static String sign(Map<String, String> fields${secret.isArgument ? ", String key" : ""}) throws GeneralSecurityException {`,
		"        // Sorted by name, byte by byte.",
		"        Map<String, String> parameters = new TreeMap<>();",
		`        fields.forEach((name, value) -> parameters.put(${recipe.names === "lower" ? "name.toLowerCase(Locale.ROOT)" : "name"}, value));`,
		recipe.empties === "drop" && "        parameters.values().removeIf(String::isEmpty);",
		place === "param" && `        parameters.put(${literal(recipe.secret.name)}, key);`,
		"        // Nothing is escaped.",
		'        StringJoiner text = new StringJoiner("&");',
		'        parameters.forEach((name, value) -> text.add(name + "=" + value));',
		place === "suffix" && `        text.add(${literal(`${recipe.secret.name}=`)} + key);`,
		"",
		`        MessageDigest digest = MessageDigest.getInstance("${digest}");`,
		"        StringBuilder hex = new StringBuilder();",
		"        for (byte b : digest.digest(text.toString().getBytes(StandardCharsets.UTF_8))) {",
		`            hex.append(String.format("%02${recipe.hex === "upper" ? "X" : "x"}", b));`,
		"        }",
		"        return hex.toString();",
		"    }",
		"",
		"    public static void main(String[] args) throws GeneralSecurityException {",
		`        String ${secret.variable} = System.getenv("${secret.environment}");`,
		`        if (${secret.variable} == null) {`,
		`            throw new IllegalStateException(${literal(secret.missing)});`,
		"        }",
		"        Map<String, String> fields = new LinkedHashMap<>();",
		...fields.map(
			([name, value]) =>
				`        fields.put(${literal(name)}, ${value === null ? secret.variable : literal(value)});`,
		),
		`        System.out.println(sign(fields${secret.isArgument ? ", key" : ""}));`,
		"    }",
		"}",
	);
}
