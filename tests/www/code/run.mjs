// node run.mjs FOLDER…: runs each folder's sign.mjs.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

for (const folder of process.argv.slice(2)) await import(pathToFileURL(join(folder, "sign.mjs")).href);
