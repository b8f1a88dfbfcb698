// What everything that draws needs to know.

import { type Words, words } from "../pkg/cli/words.js";
import { type Language, type Texts, texts } from "./texts.ts";

export interface Context {
	readonly language: Language;
	readonly text: Texts;
	readonly words: Words;
	number(value: number): string;
}

const format = new Intl.NumberFormat("en");

export function contextOf(language: Language): Context {
	return {
		language,
		text: texts[language],
		words: words[language],
		number: (value) => format.format(value),
	};
}
