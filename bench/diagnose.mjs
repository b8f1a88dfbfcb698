// How many candidates a second: paysign/diagnose against the same search written in JavaScript on node:crypto, in one run.
// `node bench/diagnose.mjs` after `cargo xtask build`. The figures are ratios; machines differ.
import { createHash } from "node:crypto";
import { diagnoseSignature } from "paysign/diagnose";

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

function searchInModule() {
	return diagnoseSignature({ message: "deliverNotify", fields, secrets: { appKey: key }, given }).tried;
}

function rate(search) {
	let best = 0;
	for (let round = 0; round < 4; round++) {
		const started = performance.now();
		const tried = search();
		best = Math.max(best, tried / (performance.now() - started));
	}
	return best * 1000;
}

function within(limit, search) {
	const started = performance.now();
	search();
	const took = performance.now() - started;
	return `${took.toFixed(1)} ms (goal ${limit} ms)`;
}

const [ours, theirs] = [rate(searchInModule), rate(searchInJavaScript)];
const pair = { ...fields, deliver_msg: "" };
const signed = { appid: fields.appid, deliver_status: "1", deliver_timestamp: fields.deliver_timestamp };
const text = Object.entries({
	...signed,
	openid: fields.openid,
	out_trade_no: fields.out_trade_no,
	transid: fields.transid,
})
	.map(([name, value]) => `${name}=${value}`)
	.join("&");
const wrong = createHash("sha1").update(`${text}&key=${key}`).digest("hex");
console.log(`node ${process.version}, ${process.platform} ${process.arch}`);
console.log(`module      ${Math.round(ours).toLocaleString("en")} candidates/s`);
console.log(`JavaScript  ${Math.round(theirs).toLocaleString("en")} candidates/s`);
console.log(`ratio       ${(ours / theirs).toFixed(1)}`);
console.log(
	`a pair      ${within(50, () => {
		const { verdict } = diagnoseSignature({
			message: "deliverNotify",
			fields: pair,
			secrets: { appKey: key },
			given: wrong,
		});
		if (verdict !== "explained") throw new Error(`the pair is ${verdict}`);
	})}`,
);
console.log(`everything  ${within(2000, searchInModule)}`);
