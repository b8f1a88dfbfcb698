// What every language's program is made from: the fields that are signed, the recipe, and where the secret comes from.

import type { MessageDescription, Recipe } from "paysign/diagnose";

/** What is to be signed. */
export interface Signing {
	readonly message: MessageDescription;
	/** Names in any letter case, in any order; what the message does not sign is left out of the program. */
	readonly fields: ReadonlyArray<readonly [name: string, value: string]>;
}

export interface Plan {
	readonly message: MessageDescription;
	readonly recipe: Recipe;
	/** `null` is the value that is itself the secret: the program reads it instead of holding it. */
	readonly fields: ReadonlyArray<readonly [name: string, value: string | null]>;
	readonly secret: {
		/** Whether the function that signs is given it; otherwise it is one of the fields. */
		readonly isArgument: boolean;
		/** Its name in the program. */
		readonly variable: "key" | "secret";
		/** The environment variable that holds it. */
		readonly environment: string;
		/** What to say when that is not set. */
		readonly missing: string;
	};
}

// Only ASCII: a name with the Kelvin sign is another name.
const lower = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

export function planOf({ message, fields }: Signing): Plan {
	const { recipe } = message;
	const { place, name: secretName } = recipe.secret;
	const signed: Array<[string, string | null]> = [];
	for (const { name, role } of message.fields) {
		if (role !== "signed") continue;
		// Of several with one name the last takes part, as everywhere in this package.
		const field = fields.filter(([given]) => lower(given) === lower(name)).at(-1);
		if (field !== undefined)
			signed.push([field[0], place === "value" && name === secretName ? null : field[1]]);
	}
	const [environment, called] = {
		param: ["PAYSIGN_APP_KEY", "the paySignKey"],
		suffix: ["PAYSIGN_PARTNER_KEY", "the partnerKey"],
		value: [`PAYSIGN_${secretName.replace(/[A-Z]/g, "_$&").toUpperCase()}`, `the ${secretName}`],
	}[place] as [string, string];
	return {
		message,
		recipe,
		fields: signed,
		secret: {
			isArgument: place !== "value",
			variable: place === "value" ? "secret" : "key",
			environment,
			missing: `Set ${environment} to ${called}.`,
		},
	};
}

/** The lines of a program; those that are `false` are not in it. */
export const program = (...lines: ReadonlyArray<string | false>): string =>
	`${lines.filter((line) => line !== false).join("\n")}\n`;
