// The package as npm would publish it, and projects that have installed it.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Runs a program to its end and returns its standard output; what else it said is in the error. */
export function run(program, args, cwd) {
	// On Windows npm is a script, which only a shell starts.
	const shell = process.platform === "win32" && program === "npm";
	return execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], shell });
}

/** Packs pkg/ and returns a folder, inside this one, under which each project is an empty one that installed the tarball. */
export function pack(parent = tmpdir()) {
	const folder = mkdtempSync(join(parent, "paysign-package-"));
	const [report] = JSON.parse(
		run("npm", ["pack", "--json", "--pack-destination", folder], join(root, "pkg")),
	);
	const tarball = join(folder, report.filename);
	return {
		/** The paths in the tarball. */
		files: report.files.map((file) => file.path).sort(),
		/** A new project with these files and the package installed. */
		project(name, files = {}) {
			const project = join(folder, name);
			write(join(project, "package.json"), JSON.stringify({ name, private: true }));
			for (const [path, content] of Object.entries(files)) write(join(project, path), content);
			copyFileSync(tarball, join(project, "paysign.tgz"));
			// There is nothing to fetch: the package has no dependencies.
			const options = ["--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
			run("npm", ["install", "./paysign.tgz", ...options], project);
			return project;
		},
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}

/** Every file under a folder. */
export function filesUnder(folder) {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));
}

function write(path, content) {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, content);
}
