// Every row of the error table, through the package, and the class itself.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { errorCodes, signMessage, verifyAlarm, verifyPayNotify, WeChatPayError } from "paysign";
import { verifyPush } from "paysign/push";

const file = JSON.parse(readFileSync(new URL("../vectors/errors.json", import.meta.url), "utf8"));

function bodyOf(row) {
	if (row.repeat) return row.repeat[0].repeat(row.repeat[1]);
	return row.body ?? Buffer.from(row.body_b64, "base64");
}

const calls = {
	verifyAlarm: (row) => verifyAlarm(bodyOf(row), { appId: file.appId, appKey: row.key ?? file.appKey }),
	verifyPayNotify: (row) => {
		const { appId, appKey, partner, partnerKey } = file;
		return verifyPayNotify({ query: row.query, body: row.body }, { appId, appKey, partner, partnerKey });
	},
	verifyPush: ({ query, body, account }) => verifyPush({ query, body }, account),
	signMessage: (row) => signMessage(row.message, row.fields, row.key ?? file.appKey),
};

for (const row of file.vectors) {
	test(`error ${row.answer.code}: ${row.name}`, () => {
		const { code, field, position, sentence } = row.answer;
		assert.throws(
			() => calls[row.call](row),
			(error) => {
				assert(error instanceof WeChatPayError);
				assert(error instanceof Error);
				assert.equal(error.name, "WeChatPayError");
				assert.equal(error.code, code);
				assert.equal(error.message, sentence);
				assert.deepEqual(error.details, {
					...(field === null ? {} : { field }),
					...(position === null ? {} : { position }),
				});
				assert(!`${error.stack}${JSON.stringify(error)}`.includes(file.appKey));
				return true;
			},
		);
	});
}

test("the union of codes is the table's", () => {
	const rows = [...file.vectors.map((row) => row.answer.code), ...file.package.map((row) => row.code)];
	assert.deepEqual(new Set(errorCodes), new Set(rows));
	assert.equal(errorCodes.length, new Set(errorCodes).size);
});
