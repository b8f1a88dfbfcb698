// What the site itself says, in each language.

export const languages = ["en", "zh"];

export const texts = {
	en: {
		language: "English",
		htmlLanguage: "en",
		site: "paysign",
		contents: "Contents",
		onThisPage: "On this page",
		skip: "Skip to the text",
		previous: "Previous",
		next: "Next",
		table: "Table",
		code: (language) => `Code, ${language}`,
		prints: "prints",
		repository: "Repository",
		source: "Source of this page",
		onlyEnglish: undefined,
	},
	zh: {
		language: "中文",
		htmlLanguage: "zh-CN",
		site: "paysign",
		contents: "目录",
		onThisPage: "本页内容",
		skip: "跳到正文",
		previous: "上一页",
		next: "下一页",
		table: "表格",
		code: (language) => `代码，${language}`,
		prints: "输出",
		repository: "代码仓库",
		source: "本页源文件",
		onlyEnglish: "本页只有英文版。",
	},
};
