// The languages' own compilers and interpreters. Each runs many programs, unchanged, in as few processes as it can.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const support = fileURLToPath(new URL("./", import.meta.url));

/** Runs to the end, and gives what was printed, by line. */
function lines(program, args, { cwd, env } = {}) {
	const { PATH, HOME } = process.env;
	// The plainest locale: no program may need another one.
	const plain = { PATH, HOME, LC_ALL: "C", ...env };
	const said = spawnSync(program, args, { cwd, env: plain, encoding: "utf8", timeout: 100_000 });
	assert.equal(said.error, undefined);
	assert.equal(said.status, 0, `${program} ${args.slice(0, 3).join(" ")}\n${said.stderr}`);
	return said.stdout.split("\n").slice(0, -1);
}

/** One process for the programs that are run with the same secrets. */
function together(cases, run) {
	const groups = Map.groupBy(cases, ({ env }) => JSON.stringify(env));
	const printed = new Map();
	for (const group of groups.values()) {
		const answers = run(group, group[0].env);
		assert.equal(answers.length, group.length);
		for (const [index, each] of group.entries()) printed.set(each, answers[index]);
	}
	return cases.map((each) => printed.get(each));
}

const folders = (cases) => cases.map(({ folder }) => folder);

/**
 * `version`: how to ask whether it is here. `file`: under which name a program is saved. `run`: the programs, each in a
 * folder of its own, and what each of them printed.
 */
export const toolchains = {
	node: {
		version: [process.execPath, "--version"],
		file: "sign.mjs",
		run: (cases) =>
			together(cases, (group, env) =>
				lines(process.execPath, [join(support, "run.mjs"), ...folders(group)], { env }),
			),
	},
	python: {
		version: ["python3", "--version"],
		file: "sign.py",
		run: (cases) =>
			together(cases, (group, env) =>
				lines("python3", [join(support, "run.py"), ...folders(group)], { env }),
			),
	},
	java: {
		version: ["javac", "-version"],
		file: "Sign.java",
		run: (cases) =>
			together(cases, (group, env) => lines("java", [join(support, "Run.java"), ...folders(group)], { env })),
	},
	php: {
		version: ["php", "--version"],
		file: "sign.php",
		run: (cases) => cases.flatMap(({ folder, env }) => lines("php", [join(folder, "sign.php")], { env })),
	},
	go: {
		version: ["go", "version"],
		file: "main.go",
		run(cases, folder) {
			assert.deepEqual(lines("gofmt", ["-l", "."], { cwd: folder }), [], "not as gofmt writes it");
			writeFileSync(join(folder, "go.mod"), "module sign\n\ngo 1.19\n");
			mkdirSync(join(folder, "bin"));
			// Without the tables that only a debugger reads, linking takes half the time.
			const env = { GOFLAGS: "-mod=mod", GOPROXY: "off", GOTOOLCHAIN: "local" };
			lines("go", ["build", "-ldflags=-s -w", "-o", "bin/", "./..."], { cwd: folder, env });
			return cases.flatMap(({ name, env }) => lines(join(folder, "bin", name), [], { env }));
		},
	},
	rust: {
		version: ["cargo", "--version"],
		file: "main.rs",
		run(cases, folder) {
			// One program of all: the text of each is a module, as it is.
			const modules = cases.map(({ name, env }) => {
				const secrets = Object.entries(env).map(
					([variable, value]) => `std::env::set_var(${JSON.stringify(variable)}, ${JSON.stringify(value)});`,
				);
				return {
					declared: `mod ${name} { include!("../${name}/main.rs"); pub fn run() { main() } }`,
					called: `${secrets.join(" ")} ${name}::run();`,
				};
			});
			mkdirSync(join(folder, "src"));
			writeFileSync(
				join(folder, "src/main.rs"),
				`${modules.map(({ declared }) => declared).join("\n")}\nfn main() {\n${modules.map(({ called }) => called).join("\n")}\n}\n`,
			);
			// What the programs say that they need.
			const said = cases.flatMap(
				({ source }) => source.match(/^\/\/ \[dependencies\]\n\/\/ (.*)$/m)?.[1] ?? [],
			);
			const dependencies = [...new Set(said)];
			writeFileSync(
				join(folder, "Cargo.toml"),
				[
					"[workspace]",
					'[package]\nname = "sign"\nversion = "0.0.0"\nedition = "2021"',
					`[dependencies]\n${dependencies.join("\n")}`,
					"",
				].join("\n"),
			);
			// The versions that are downloaded already; what only their default features need comes from crates.io.
			cpSync(join(root, "Cargo.lock"), join(folder, "Cargo.lock"));
			return lines("cargo", ["run", "--quiet", "--target-dir", join(root, "target/www-code-rust")], {
				cwd: folder,
				env: { RUSTFLAGS: "--cap-lints=warn", ...rustHomes() },
			});
		},
	},
};

function rustHomes() {
	const { CARGO_HOME, RUSTUP_HOME } = process.env;
	return { ...(CARGO_HOME && { CARGO_HOME }), ...(RUSTUP_HOME && { RUSTUP_HOME }) };
}

/** Its version, or null if this machine does not have it. */
export function versionOf({ version: [program, ...args] }) {
	const said = spawnSync(program, args, { encoding: "utf8" });
	return said.error ? null : `${said.stdout}${said.stderr}`.trim().split("\n")[0];
}

/** What each of the programs prints. */
export function runAll(language, cases) {
	const folder = join(root, "target/www-code", language);
	rmSync(folder, { recursive: true, force: true });
	const { file, run } = toolchains[language];
	const saved = cases.map(({ source, env }, index) => {
		const name = `case${index}`;
		mkdirSync(join(folder, name), { recursive: true });
		writeFileSync(join(folder, name, file), source);
		return { name, folder: join(folder, name), source, env };
	});
	return run(saved, folder);
}

export const vectors = JSON.parse(readFileSync(join(root, "tests/vectors/signatures.json"), "utf8")).vectors;
