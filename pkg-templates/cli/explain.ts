import { invalidArgument } from "../arguments.js";
import { explainSignature } from "../index.js";
import { accountOf, needed } from "./account.js";
import { parse } from "./arguments.js";
import { messageNamed, readFields } from "./fields.js";
import { paint, plain } from "./paint.js";
import { exitCodes } from "./table.js";
import { signatureTexts } from "./texts/signatures.js";
import { messageNames } from "./words.js";
import type { Command } from "./world.js";

/** `paysign explain`: how a signature is made, the key masked. */
export const explain: Command = async (args, world) => {
	const typed = parse(args, "explain", world.language);
	const text = signatureTexts[world.language];
	const [first] = typed.operands;
	const named = messageNamed(first);
	const account = await accountOf(typed, world);
	const reading = await readFields(named === undefined ? typed.operands : typed.operands.slice(1), world);
	const message = named ?? reading.message;
	if (message === null) throw invalidArgument("MESSAGE", text.whichMessage(messageNames.join(", ")));
	const given = typed.values.get("given") ?? reading.given;
	const explanation = explainSignature({
		message,
		fields: Object.fromEntries(reading.fields),
		...(message === "editAddress" ? {} : { appKey: needed(account, "appKey", world) }),
		...(given === null ? {} : { given }),
	});
	const { verdict, steps, problems } = explanation;
	if (typed.flags.has("json")) {
		world.out(`${JSON.stringify(explanation, null, 2)}\n`);
	} else {
		const lines = steps.flatMap(({ id, title, lines: given }, index) => [
			`${index + 1}. ${paint(world, "1", world.language === "en" ? title : text.steps[id])}`,
			...given.map((line) => `   ${id === "digest" ? paint(world, "36", line) : plain(line)}`),
		]);
		const sign = verdict === "match" ? paint(world, "1;32", "✔") : paint(world, "1;31", "✘");
		if (given !== null) {
			const compared = verdict === "match" ? "" : `\n   ${text.given}  ${plain(given)}`;
			lines.push("", `${sign} ${text.verdicts[verdict]}${compared}`);
		}
		if (problems.length > 0) lines.push("", paint(world, "1", text.problems));
		for (const { code, sentence } of problems) lines.push(`  ! ${sentence}  ${paint(world, "2", code)}`);
		world.out(`${lines.join("\n")}\n`);
	}
	return verdict === "mismatch" ? exitCodes.no : exitCodes.yes;
};
