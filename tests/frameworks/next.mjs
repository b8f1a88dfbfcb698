// examples/next as a user has it: the tarball and Next.js from the registry, built and started, under the laws.
// It takes a minute or two and hundreds of megabytes, and so it is a command of its own:
// node_modules/.bin/node tests/frameworks/next.mjs
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after } from "node:test";
import { pack, run } from "../package/packed.mjs";
import { root, start } from "./examples.mjs";
import { frameworkLaws } from "./laws.mjs";

const packed = pack();
after(packed.remove);
const route = "app/wxpay/alarm/route.ts";
const project = packed.project("next", { [route]: readFileSync(join(root, "examples/next", route), "utf8") });
const manifest = JSON.parse(readFileSync(join(root, "examples/next/package.json"), "utf8"));
const { paysign: _, ...libraries } = manifest.dependencies;
const wanted = Object.entries({ ...libraries, ...manifest.devDependencies });
run("npm", ["install", "--no-audit", "--no-fund", ...wanted.map((entry) => entry.join("@"))], project);
const next = join(project, "node_modules/next/dist/bin/next");
process.env.NEXT_TELEMETRY_DISABLED = "1";
run(process.execPath, [next, "build"], project);

const listening = /- Local: +(http:\S+)[\s\S]*Ready/;
const args = [next, "start", "--hostname", "127.0.0.1"];
frameworkLaws("next", () => start(process.execPath, args, { cwd: project, listening }), { closes: false });
