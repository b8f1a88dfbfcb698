// How many candidates a second: paysign/diagnose against the same search written in JavaScript on node:crypto, in one run.
// `node bench/diagnose.mjs` after `cargo xtask build`; `--write` keeps the figures in DIAGNOSE.md, and needs Chromium.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { cpus, loadavg } from "node:os";
import { build } from "esbuild";
import { diagnoseSignature } from "paysign/diagnose";
import { chromium } from "playwright-core";

const key = "k9".repeat(64);
const fields = {
	appid: "wxf8b4f85f3a794e77",
	openid: "oX99MDgNcgwnz3zFN3DNmo8uwa-w",
	transid: "111112222233333",
	out_trade_no: "555666uuu",
	deliver_timestamp: "1369745073",
	deliver_status: "1",
	deliver_msg: "ok",
};
// No mistake makes it, so each search tries all it knows.
const given = "0123456789abcdef0123456789abcdef01234567";

/** The settings of a candidate and their documented values first, as `src/diagnose/plan.rs` has them. */
const settings = {
	key: [
		(k) => k,
		(k) => `${k}\n`,
		(k) => `${k}\r\n`,
		(k) => `${k} `,
		(k) => ` ${k}`,
		(k) => `\ufeff${k}`,
		(k) => `"${k}"`,
		(k) => `'${k}'`,
		(k) => k.toLowerCase(),
		(k) => k.toUpperCase(),
	],
	place: ["sorted", "missing", "appended", "suffix", "twice", "concatenated", "appKey", "key"],
	names: [
		(n) => n.toLowerCase(),
		(n) => n,
		(n) => n.replace(/_(.)/g, (_, c) => c.toUpperCase()),
		(n) => n.toUpperCase(),
	],
	order: ["name", "given", "value", "underscore"],
	empties: ["kept", "dropped", "null"],
	join: ["pairs", "trailing", "glued", "quoted"],
};

function candidate(plan) {
	const secret = settings.key[plan.key](key);
	const place = settings.place[plan.place];
	let parts = Object.entries(fields);
	if (plan.empties === 1) parts = parts.filter(([, value]) => value !== "");
	if (["sorted", "twice", "appKey", "key"].includes(place)) {
		parts.push([place === "appKey" || place === "key" ? place : "appkey", secret]);
	}
	const order = settings.order[plan.order];
	if (order !== "given") {
		const by = (part) => {
			if (order === "value") return part[1];
			return order === "underscore" ? part[0].replaceAll("_", "") : part[0];
		};
		parts.sort((a, b) => (by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : 0));
	}
	const quote = plan.join === 3 ? '"' : "";
	let text = parts
		.map(
			([name, value]) =>
				`${settings.names[plan.names](name)}=${quote}${value || (plan.empties === 2 ? "null" : "")}${quote}`,
		)
		.join(plan.join === 2 ? "" : "&");
	if (place === "appended") text += `&appkey=${secret}`;
	if (place === "suffix" || place === "twice") text += `&key=${secret}`;
	if (place === "concatenated") text += secret;
	if (plan.join === 1) text += "&";
	return createHash("sha1").update(text, "utf8").digest("hex") === given;
}

/** Singles, pairs and triples of the settings; then every time stamp within a day, as the module does. */
function searchInJavaScript() {
	let tried = 0;
	const dimensions = Object.keys(settings);
	const walk = (plan, from, left) => {
		if (left === 0) {
			tried += 1;
			return candidate(plan);
		}
		for (let index = from; index < dimensions.length; index++) {
			const name = dimensions[index];
			for (let option = 1; option < settings[name].length; option++) {
				walk({ ...plan, [name]: option }, index + 1, left - 1);
			}
		}
	};
	const documented = Object.fromEntries(dimensions.map((name) => [name, 0]));
	for (const depth of [0, 1, 2, 3]) walk(documented, 0, depth);
	const time = Number(fields.deliver_timestamp);
	const [before, after] = Object.entries({ ...fields, appkey: key })
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([name, value]) => `${name}=${value}`)
		.join("&")
		.split(fields.deliver_timestamp);
	for (let distance = 1; distance <= 86_400; distance++) {
		for (const seconds of [distance, -distance]) {
			tried += 1;
			const text = `${before}${time + seconds}${after}`;
			if (createHash("sha1").update(text, "utf8").digest("hex") === given) return tried;
		}
	}
	return tried;
}

function rate(search) {
	const started = performance.now();
	return (search() / (performance.now() - started)) * 1000;
}

/** How long the module takes, in milliseconds. It is sent to the browser as text, so it uses nothing of this file. */
function times(diagnoseSignature, { everything, pair }) {
	const once = (options, verdict) => {
		const started = performance.now();
		const diagnosis = diagnoseSignature(options);
		const took = performance.now() - started;
		if (diagnosis.verdict !== verdict) throw new Error(`the verdict is ${diagnosis.verdict}`);
		return { took, tried: diagnosis.tried };
	};
	// The first call of all also waits for the engine's quick compiler.
	const first = once(pair, "explained").took;
	const again = once(pair, "explained").took;
	// No time stamp: singles, pairs and triples alone.
	const { deliver_timestamp: _, ...timeless } = everything.fields;
	const triples = once({ ...everything, fields: timeless }, "unexplained").took;
	const rounds = [1, 2, 3, 4].map(() => once(everything, "unexplained"));
	const best = rounds.reduce((a, b) => (a.took < b.took ? a : b));
	return { first, again, triples, everything: best.took, rate: (best.tried / best.took) * 1000 };
}

async function inChromium(cases) {
	const { outputFiles } = await build({
		stdin: {
			contents: `
				import { diagnoseSignature } from "paysign/diagnose";
				globalThis.result = (${times})(diagnoseSignature, ${JSON.stringify(cases)});
			`,
			resolveDir: import.meta.dirname,
		},
		bundle: true,
		write: false,
		format: "esm",
		platform: "browser",
	});
	const server = createServer((request, response) => {
		const script = request.url === "/page.js";
		response.setHeader("content-type", script ? "text/javascript" : "text/html");
		response.end(
			script ? outputFiles[0].contents : '<!doctype html><script type="module" src="/page.js"></script>',
		);
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
	const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
	try {
		const tab = await browser.newPage();
		await tab.goto(`http://127.0.0.1:${server.address().port}/`);
		const handle = await tab.waitForFunction(() => globalThis.result, undefined, { timeout: 120_000 });
		return { ...(await handle.jsonValue()), version: browser.version() };
	} finally {
		await browser.close();
		server.close();
	}
}

const signed = { appid: fields.appid, deliver_status: "1", deliver_timestamp: fields.deliver_timestamp };
const rest = { openid: fields.openid, out_trade_no: fields.out_trade_no, transid: fields.transid };
const text = Object.entries({ ...signed, ...rest }).map(([name, value]) => `${name}=${value}`);
const wrong = createHash("sha1")
	.update(`${text.join("&")}&key=${key}`)
	.digest("hex");
const secrets = { appKey: key };
const cases = {
	everything: { message: "deliverNotify", fields, secrets, given },
	pair: { message: "deliverNotify", fields: { ...fields, deliver_msg: "" }, secrets, given: wrong },
};

const node = times(diagnoseSignature, cases);
// In turns, so that what else the machine does slows both.
const searchInModule = () => diagnoseSignature(cases.everything).tried;
const turns = [1, 2, 3, 4, 5].map(() => [rate(searchInModule), rate(searchInJavaScript)]);
const [ours, theirs] = [0, 1].map((which) => Math.max(...turns.map((turn) => turn[which])));
node.rate = ours;
const writes = process.argv.includes("--write");
const browser = writes ? await inChromium(cases) : undefined;

const measured = [node, browser].filter(Boolean);
const row = (label, goal, of) =>
	`${[label.padEnd(40), goal.padStart(12), ...measured.map((one) => of(one).padStart(16))].join("")}\n`;
const milliseconds = (value) => `${value.toFixed(1)} ms`;
const perSecond = (value) => `${(value / 1e6).toFixed(2)} M/s`;
const table = [
	row("", "goal", (one) => (one === node ? "Node.js" : "Chromium")),
	row("candidates, paysign/diagnose", "", (one) => perSecond(one.rate)),
	row("candidates, JavaScript on node:crypto", "", (one) => (one === node ? perSecond(theirs) : "")),
	row("the first to the second", "10", (one) => (one === node ? (one.rate / theirs).toFixed(1) : "")),
	row("a pair, the first call of all", "50 ms", (one) => milliseconds(one.first)),
	row("a pair", "50 ms", (one) => milliseconds(one.again)),
	row("every single, pair and triple", "2000 ms", (one) => milliseconds(one.triples)),
	row("everything up to the budget", "2000 ms", (one) => milliseconds(one.everything)),
].join("");
console.log(table);
if (writes) {
	const date = new Date().toISOString().slice(0, 10);
	const machine = `${process.platform} ${process.arch}, ${cpus()[0].model}`;
	writeFileSync(
		new URL("DIAGNOSE.md", import.meta.url),
		`# How fast is the diagnosis?

Written by \`node bench/diagnose.mjs --write\`; what is measured and how stands in [diagnose.mjs](diagnose.mjs). One run, the two
searches in turns. Nearly all candidates are time stamps: JavaScript hashes each of their texts, the module four at once from
the first block that differs. Machines differ, so the ratio is what counts; a busy machine slows the first calls most.

${date}, ${machine}, Node.js ${process.version}, Chromium ${browser.version}, load ${loadavg()[0].toFixed(1)}

\`\`\`text
${table.replace(/ +$/gm, "")}\`\`\`
`,
	);
}
