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
		prints: "输出",
		repository: "代码仓库",
		source: "本页源文件",
		onlyEnglish: "本页只有英文版。",
	},
};
