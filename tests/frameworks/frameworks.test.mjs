// examples/<framework>, as a user would copy it, under the framework itself.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { edit, removeEdited, root, start } from "./examples.mjs";
import { bodyParserSpared, bodyParserTrap, frameworkLaws } from "./laws.mjs";

const node = (file) => start(process.execPath, [file]);
const server = (name) => `examples/${name}/server.mjs`;

const manifest = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));

for (const name of ["node", "express", "fastify", "koa", "hono"]) {
	test(`${name}: the versions that it asks for are those tested here`, () => {
		const { paysign, ...wanted } = manifest(`examples/${name}/package.json`).dependencies;
		const { devDependencies } = manifest("package.json");
		assert.equal(paysign, "file:../../pkg");
		for (const [library, version] of Object.entries(wanted)) assert.equal(version, devDependencies[library]);
	});
	frameworkLaws(name, () => node(join(root, server(name))));
}

const route = "examples/next/app/wxpay/alarm/route.ts";
const host = join(root, "tests/frameworks/next-host.mjs");
const next = (file) => start(process.execPath, [host, file]);
frameworkLaws("next, the handler alone", () => next(join(root, route)), { closes: false });

// The line of each example before which people mount their parsers.
const parsers = {
	express: (parser) => ["app.all(", `app.use(${parser});\napp.all(`],
	koa: (parser) => ["app.use((context", `app.use(${parser});\napp.use((context`],
};
const says = {
	express: /Express: mount the receiver before express\.json\(\)/,
	koa: /Koa: mount it before the body parser/,
	fastify: /Fastify: in the plugin of its route, removeAllContentTypeParsers\(\)/,
	fetch: /pass the request to the receiver before any body parser or middleware reads it/,
};

describe("a body parser before the receiver", () => {
	after(removeEdited);

	for (const [parser, type] of [
		['express.text({ type: "*/*" })', "text/xml"],
		["express.urlencoded({ extended: false })", "application/x-www-form-urlencoded"],
	]) {
		const mistake = parsers.express(parser);
		bodyParserTrap(parser, () => node(edit(server("express"), mistake)), { type, says: says.express });
	}
	for (const type of ["text/xml", "text/plain"]) {
		const mistake = parsers.koa('bodyParser({ enableTypes: ["text", "xml"] })');
		bodyParserTrap(`@koa/bodyparser, ${type}`, () => node(edit(server("koa"), mistake)), {
			type,
			says: says.koa,
		});
	}
	const own = ["\talarms.removeAllContentTypeParsers();\n", ""];
	bodyParserTrap("Fastify's own text parser", () => node(edit(server("fastify"), own)), {
		type: "text/plain",
		says: says.fastify,
	});
	const text = ["(context) => receiver(", "async (context) => (await context.req.text(), receiver)("];
	bodyParserTrap("Hono's context.req.text()", () => node(edit(server("hono"), text)), {
		type: "text/xml",
		says: says.fetch,
	});
	const read = ["\treturn made(", "\tawait request.text();\n\treturn made("];
	bodyParserTrap("request.text() in a route handler", () => next(edit(route, read)), {
		type: "text/xml",
		says: says.fetch,
	});
});

describe("a body parser that leaves the bytes where they can be had", () => {
	after(removeEdited);

	for (const [name, change, type] of [
		["express", parsers.express('express.raw({ type: "*/*" })'), "text/xml"],
		["express", parsers.express("express.json()"), "text/xml"],
		[
			"express",
			parsers.express("express.text({ type: '*/*', verify: (req, _, bytes) => (req.rawBody = bytes) })"),
			"text/xml",
		],
		["koa", parsers.koa("bodyParser()"), "text/xml"],
	]) {
		bodyParserSpared(change[1].split("\n")[0], () => node(edit(server(name), change)), { type });
	}
});
